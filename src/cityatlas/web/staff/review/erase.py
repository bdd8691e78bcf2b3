"""Let admins erase what must go, and tell all staff that something was erased, when and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug import Response

from ....catalogue.changes.erasing import finish_erasure
from ....catalogue.folder_export import content_of_feature
from ....catalogue.live import LiveCatalogue
from ....errors import InvalidAccount, InvalidValue, UnknownRevision, status_of
from ....store.log.erase import Erased, Erasure, all_erasures, erase_feature, erase_person, erase_photo, erase_revision
from ....versioning.content import Content
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me

bp = Blueprint("staff_erase", __name__)
Answer = Response | str | tuple[str, int]
LEFT = "left"  # the category of a flashed message that names a file of the city


@dataclass(frozen=True, kw_only=True)
class ErasuresPage(DeskPage):
    """Hold what was erased, the newest first, and why nothing was just now: the end of the key of its sentence."""

    template = "staff/review/erasures.html"
    erasures: Sequence[Erasure]
    fault: str


@page(bp, "/staff/erasures")
def show() -> str:
    """Show that something was erased, when and by whom; to admins also forms for photos and persons."""
    return _page()


@page(bp, "/staff/features/<feature_id>/history/erase", methods=["POST"])
def revision(feature_id: str) -> Answer:
    """Erase what a version says and visitors no longer see; of that, only texts with some words if they are given."""
    _check_sure()
    number, words = request.form.get("number", 0, type=int), request.form.get("words", "")
    shown = _shown(feature_id)
    return _finished(erase_revision(desk_store(), feature_id, number, me().account.login, shown=shown, words=words))


@page(bp, "/staff/features/<feature_id>/history/erase_all", methods=["POST"])
def feature(feature_id: str) -> Answer:
    """Erase all that was ever said of a feature that is off the map."""
    _check_sure()
    return _finished(erase_feature(desk_store(), feature_id, me().account.login, shown=_shown(feature_id)))


@page(bp, "/staff/erasures/photo", methods=["POST"])
def photo() -> Answer:
    """Erase an uploaded photo that is on no map: its files, its words, its entries in drafts and history."""
    _check_sure()
    name = request.form.get("photo", "").strip().rpartition("/")[2]
    seen = tuple(key for key, one in snapshot().features.items() if any(name == p.file for p in one.photos))
    return _finished(erase_photo(desk_store(), name, me().account.login, shown_by=seen))


@page(bp, "/staff/erasures/person", methods=["POST"])
def person() -> Answer:
    """Erase a person's names from all that they did, and close their account."""
    _check_sure()
    return _finished(erase_person(desk_store(), request.form.get("login", ""), me().account.login))


@bp.errorhandler(InvalidValue)
@bp.errorhandler(InvalidAccount)
@bp.errorhandler(UnknownRevision)
def refused(error: InvalidValue | UnknownRevision) -> Answer:
    """Say why nothing was erased."""
    known = ("sure", "erase_shown", "erase_nothing", "erase_short", "last_admin")
    return _page(error.reason if error.reason in known else "erase_nothing"), status_of(error)


def _check_sure() -> None:
    """Raise InvalidValue unless the box is ticked that says that nothing brings it back."""
    if request.form.get("sure") != "yes":
        raise InvalidValue("The box is not ticked.", "Tick it: nothing brings back what is erased.", reason="sure")


def _shown(feature_id: str) -> Content | None:
    """Return what visitors see of a feature, None for nothing."""
    found = snapshot().features.get(feature_id)
    return content_of_feature(found) if found else None


def _finished(erased: Erased) -> Response:
    """Erase in files too, let this process forget, and go on to the list; others forget within a moment."""
    left = finish_erasure(current_app.config["SETTINGS"], desk_store(), erased, snapshot())
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    live.look_at_store()
    flash("erase.done")
    for name in left:
        flash(name, LEFT)
    return redirect(localised("staff_erase.show"), 303)


def _page(fault: str = "") -> str:
    return ErasuresPage(erasures=all_erasures(desk_store()), fault=fault).fill()
