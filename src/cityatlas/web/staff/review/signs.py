"""Give staff the signs of stops, with the word that stamps them, and a new word where one has been spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, g, redirect
from werkzeug import Response as Redirect

from ....catalogue.catalogue import Catalogue
from ....city.layers import Feature
from ....errors import NotAllowed
from ....handouts.signs import Sign, sign_pdf, word_of
from ....i18n import say
from ....store.signs import FIRST, SignNumber, renew_sign, renewed_signs, sign_number
from ...http.desk import DeskPage, desk_store, read_secret
from ...http.languages import localised, page
from ...http.sending.file_names import disposition
from ...http.snapshots import now, snapshot
from ...public.stamps import routes_of, stop_of_routes
from ...public.structured_data import public_url
from ..auth.gate import me

bp = Blueprint("staff_signs", __name__)


@dataclass(frozen=True)
class StopSign:
    """Hold a stop with its routes, the word on its sign, when it was renewed, and whether I may renew it."""

    stop: Feature
    routes: Sequence[Feature]
    word: str
    renewed: SignNumber | None
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class SignsPage(DeskPage):
    """Hold the signs of all stops of tour routes."""

    template = "staff/review/signs.html"
    signs: Sequence[StopSign]


@page(bp, "/staff/stamps")
def show() -> str:
    """Show the sign of each stop, in the order of the routes."""
    catalogue, renewed = snapshot(), renewed_signs(desk_store())
    return SignsPage(signs=[_stop_sign(catalogue, stop, renewed.get(stop.id)) for stop in _stops(catalogue)]).fill()


@page(bp, "/staff/stamps/<site_id>.pdf")
def sign(site_id: str) -> Response:
    """Answer with a stop's sign to hang up; its code leads to the address without a language, for every visitor."""
    catalogue = snapshot()
    stop = stop_of_routes(catalogue, site_id)
    word = _word(stop.id, sign_number(desk_store(), stop.id))
    address = f"{public_url()}/sites/{stop.id}/stamp#{word}"
    pdf = sign_pdf(Sign(catalogue.city.title, stop.name, word, address), now(catalogue))
    response = Response(pdf, mimetype="application/pdf")
    name = say(stop.name, g.language).text
    response.headers["Content-Disposition"] = disposition("inline", f"sign-{stop.id}", name, "pdf")
    return response


@page(bp, "/staff/stamps/<site_id>/renew", methods=["POST"])
def renew(site_id: str) -> Redirect:
    """Give a stop's sign another word; what hangs there holds no more."""
    stop = stop_of_routes(snapshot(), site_id)
    if not me().account.may_publish(stop.layer):
        raise NotAllowed(f'You may not change "{stop.layer}".', "Ask an editor of this layer.", reason="layer")
    renew_sign(desk_store(), stop.id, me().account.login)
    flash("signs.renewed")
    return redirect(localised("staff_signs.show"), 303)


def _stops(catalogue: Catalogue) -> list[Feature]:
    ids = dict.fromkeys(stop for route in catalogue.of_role("route") for stop in route.stops)
    return [catalogue.features[stop] for stop in ids]


def _stop_sign(catalogue: Catalogue, stop: Feature, renewed: SignNumber | None) -> StopSign:
    word = _word(stop.id, renewed.number if renewed else FIRST)
    return StopSign(stop, routes_of(catalogue, stop), word, renewed, me().account.may_publish(stop.layer))


def _word(stop_id: str, number: int) -> str:
    return word_of(read_secret(current_app.config["SETTINGS"]), stop_id, number)
