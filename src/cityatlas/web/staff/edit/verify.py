"""Let staff stand at a place and say so: the phone's position and photos become a draft that an editor publishes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from flask import Blueprint, g, jsonify, request
from markupsafe import Markup
from werkzeug import Response
from werkzeug.exceptions import RequestEntityTooLarge

from ....catalogue.catalogue import Catalogue
from ....catalogue.folder_export import content_of_feature
from ....city.layers import Feature
from ....editing.edit_base import ground_of
from ....editing.site_fix import APART_M, SiteFix, away_m, holds_fix, is_shifted, is_verified, read_fix, with_fix
from ....editing.worklist import position_tasks
from ....errors import FileTooLarge, InvalidFile, InvalidValue, status_of
from ....exchange.uploads.shapes import file_title
from ....i18n import messages, say, translate
from ....limits import FILE_MB, FIX_MOST_M, PHOTOS_WAITING, VERIFY_PLACES
from ....schema.strict_json import JsonTable
from ....store import Edit, open_draft, save_draft
from ....store.log import desk_lists
from ....versioning.content import Content
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import now, snapshot
from ...public.files.pictures import SITE_PICTURE_PX, picture
from ..auth.gate import me
from .photo_intake import digest_of, join_draft, joined_draft, take_photo
from .photos import MOST_LETTERS, is_said, sentence_of
from .waiting_photos import waiting_photos

bp = Blueprint("staff_verify", __name__)
Answer = Response | tuple[Response, int]
SCRIPT_WORDS = "verify.js_"
TRUST = ("schematic", "approximate", "surveyed")  # what is worth most to be looked at comes first
MOST_DRAWN = 2_000  # marks on the picture: more are a blot
STAND = "stand"  # the answer to the question whether a fix far from another one is to be taken


@dataclass(frozen=True, kw_only=True)
class VerifyPage(DeskPage):
    """Hold the places that somebody may stand at, and how many have a position that somebody stood at.

    `due` are those of them that the worklist has a task for, `due_drawn` the lines and areas that it has one for.
    """

    template = "staff/edit/verify.html"
    most_m = FIX_MOST_M
    photo_mb = FILE_MB
    most: ClassVar = MOST_LETTERS
    places: list[Feature]
    count: int
    verified: int
    due: int
    due_drawn: int
    drafted: frozenset[str]
    picture: Markup
    verify_words: JsonTable


@page(bp, "/staff/verify", ["lon", "lat"])
def show() -> str:
    """Show places with a point: those whose position is worth least, or those near `lon`, `lat` (WGS-84 degrees)."""
    catalogue, here = snapshot(), _here()
    places = sorted(_places(catalogue), key=partial(_away, here) if here else _worth)
    verified = [place for place in places if place.position_class == "surveyed"]
    return VerifyPage(
        places=places[:VERIFY_PLACES],
        count=len(places),
        verified=len(verified),
        due=_due(catalogue, places),
        due_drawn=_due(catalogue, [one for one in catalogue.features.values() if not _is_point(one)]),
        drafted=_drafted(),
        picture=picture(catalogue, verified[:MOST_DRAWN], catalogue.city.view, SITE_PICTURE_PX),
        verify_words=_words(),
    ).fill()


def _here() -> tuple[float, float] | None:
    """Return the lon and lat of the address, None without them or for what is no position."""
    lon, lat = (request.args.get(key, math.nan, type=float) for key in ("lon", "lat"))
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _away(here: tuple[float, float], place: Feature) -> float:
    """Return how far a place is, in degrees of latitude: enough to put places in order."""
    return math.hypot((place.lon - here[0]) * math.cos(math.radians(here[1])), place.lat - here[1])


def _worth(place: Feature) -> tuple[int, str]:
    return TRUST.index(place.position_class), say(place.name, "zh").text


@page(bp, "/staff/verify/<feature_id>", methods=["POST"])
def stand(feature_id: str) -> Response:
    """Save a fix as a draft of a place; the same one sent twice is saved once.

    Answers with `state`: saved, with the draft's address; or far, with `away_m` from another
    fix of the place, until `answer` says that this one is to be taken. `is_shifted` says that the phone may have told
    GCJ-02.
    """
    catalogue = snapshot()
    fix = read_fix(request.form, catalogue.city, now(catalogue))
    ground = ground_of(desk_store(), catalogue, feature_id, me().account.login)
    if not ground.content.geometry or ground.content.geometry["type"] != "Point":
        raise InvalidValue("Only a point can be stood at.", "Draw lines and areas on the map.", reason="no_point")
    others = _others(catalogue, feature_id)
    for draft, content in others:
        if holds_fix(content, fix):
            return _answer("saved", feature_id, fix, ground.content, draft)
    apart_m = max((away_m(content, fix) or 0 for _, content in others if is_verified(content)), default=0)
    if apart_m > APART_M and request.form.get("answer") != STAND:
        return _answer("far", feature_id, fix, ground.content, away=apart_m)
    edit = Edit(feature_id, with_fix(ground.content, fix), me().account.login, ground.seen)
    saved = (
        save_draft(desk_store(), ground.draft, edit) if ground.draft else open_draft(desk_store(), edit, ground.origin)
    )
    return _answer("saved", feature_id, fix, ground.content, saved.revision.branch or ground.draft)


@page(bp, "/staff/verify/<feature_id>/photo", methods=["POST"])
def photograph(feature_id: str) -> Answer:
    """Take a photo of a place from the phone that is there; the same one sent twice is taken once.

    With all its words it joins the draft of the place, which is that of a fix from the same phone; without, it waits
    with other photos for them. Of a place that is there no more it waits as well. Answers with the address of what it
    became, and `state`: joined or waits.
    """
    title, raw = _handed_in()
    said = {name: request.form.get(name, "").strip() for name in MOST_LETTERS}
    place = feature_id if feature_id in snapshot().features else ""
    branch = joined_draft(place, digest_of(raw))
    if branch is None:
        if waiting_photos().is_full:
            return _fault(503, "many_waiting", translate("media.many_waiting", g.language, most=PHOTOS_WAITING))
        waits = take_photo(raw, title, place, said)
        if not place or not all(is_said(said, name) for name in said):
            return jsonify({"state": "waits", "address": f"{localised('staff_photos.show')}#{waits.token}"})
        branch = join_draft(waits, place, said)
    return jsonify({"state": "joined", "address": _draft_address(place, branch)})


def _handed_in() -> tuple[str, bytes]:
    """Return the name and the bytes of the form's photo; empty without one."""
    sent = request.files.get("photo")
    if sent is None:
        return "", b""
    with sent.stream as stream:
        return file_title(sent.filename or ""), stream.read((FILE_MB << 20) + 1)


def _draft_address(feature_id: str, draft: str) -> str:
    """Return where a draft is reviewed; without one, where visitors see the place."""
    return localised("staff_drafts.show", branch=draft) if draft else localised("public.site", site_id=feature_id)


def _answer(state: str, feature_id: str, fix: SiteFix, before: Content, draft: str = "", away: int = 0) -> Response:
    moved = away_m(before, fix)
    return jsonify(
        {
            "state": state,
            "draft": _draft_address(feature_id, draft) if state == "saved" else "",
            "away_m": away or moved,
            "is_shifted": is_shifted(before, fix),
        }
    )


def _others(catalogue: Catalogue, feature_id: str) -> list[tuple[str, Content]]:
    """Return what is public of a place and all its open drafts, each with the draft's id or ""."""
    drafts = [
        (draft.branch, draft.head.content) for draft in desk_lists.open_drafts(desk_store(), feature_id=feature_id)
    ]
    feature = catalogue.features.get(feature_id)
    return drafts + ([("", content_of_feature(feature))] if feature else [])


def _places(catalogue: Catalogue) -> list[Feature]:
    """Return the features that one can stand at."""
    return [feature for feature in catalogue.features.values() if _is_point(feature)]


def _is_point(feature: Feature) -> bool:
    return feature.geometry.geom_type == "Point"


def _due(catalogue: Catalogue, features: list[Feature]) -> int:
    """Return how many features the worklist has a task for, because of their position."""
    today = now(catalogue).date()
    return sum(1 for feature in features for _ in position_tasks(feature, today))


def _drafted() -> frozenset[str]:
    """Return the places of which a draft waits whose position somebody stood at."""
    drafts = desk_lists.open_drafts(desk_store())
    return frozenset(draft.head.feature_id for draft in drafts if is_verified(draft.head.content))


def _words() -> JsonTable:
    words = {key: text for key, text in messages(g.language).items() if key.startswith(SCRIPT_WORDS)}
    return {"lang": g.language, "words": words, "account": me().account.login}


@bp.errorhandler(InvalidValue)
def refused(error: InvalidValue) -> Answer:
    """Say in the reader's language why a fix was not taken; it is not worth keeping."""
    key = f"verify.fault_{error.reason}"
    sentence = translate(key, g.language, most=FIX_MOST_M) if key in messages(g.language) else error.message
    return _fault(422, error.code, sentence, error.hint)


@bp.errorhandler(InvalidFile)
@bp.errorhandler(FileTooLarge)
def no_photo(error: InvalidFile | FileTooLarge) -> Answer:
    """Say why a file is no photo that can be used."""
    return _fault(status_of(error), error.code, sentence_of(error))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Answer:
    """Say how large a photo may be."""
    return _fault(413, FileTooLarge.code, translate("media.too_large_here", g.language, mb=FILE_MB))


def _fault(status: int, code: str, message: str, hint: str = "") -> Answer:
    return jsonify({"error": {"code": code, "message": message, "hint": hint}}), status
