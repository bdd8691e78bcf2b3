"""Take many photos at once, find the place of each, and let them wait until somebody says what they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from flask import Blueprint, Response, flash, g, jsonify, redirect, request
from werkzeug import Response as BaseResponse
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from ....errors import FileTooLarge, InvalidFile
from ....exchange.uploads.shapes import file_title
from ....i18n import say, translate
from ....limits import FILE_MB, PHOTOS, PHOTOS_MB, PHOTOS_WAIT_DAYS, PHOTOS_WAITING
from ...http.desk import DeskPage
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ...public.files.photos import MIMETYPE, as_data
from ..auth.refusals import wants_json
from .page import MOST_SUGGESTED
from .photo_intake import join_draft, take_photo
from .photos import MOST_LETTERS, is_said, sentence_of
from .waiting_photos import WaitingPhoto, waiting_photos

bp = Blueprint("staff_photos", __name__)
Answer = BaseResponse | str | tuple[str | Response, int]
OWN = ("alt_zh", "alt_en", "credit", "licence")  # of each photo; the last two may be said once for all
SHARED = ("credit", "licence")


@dataclass(frozen=True)
class Outcome:
    """Hold what became of a table: by feature the draft that its photos joined, by photo what is wrong or missing."""

    drafts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PhotoDropPage(DeskPage):
    """Hold the photos that wait, what was typed of them, and what became of those that were saved."""

    template = "staff/edit/photo_drop.html"
    most_files = PHOTOS
    file_mb = FILE_MB
    most_mb = PHOTOS_MB
    days = PHOTOS_WAIT_DAYS
    most: ClassVar = MOST_LETTERS
    waiting: list[WaitingPhoto]
    places: Mapping[str, str]
    suggested = MOST_SUGGESTED
    said: Mapping[str, str]
    refused: list[str]
    outcome: Outcome


@page(bp, "/staff/photos/")
def show() -> str:
    """Show the field for many photos, and the table of those that wait."""
    return _drop_page()


@page(bp, "/staff/photos/add", methods=["POST"])
def add() -> Answer:
    """Take photos and let them wait with the place each seems to be of; a script, which sends one, is told in JSON."""
    told = [(sent, _take(sent)) for sent in request.files.getlist("photo")[:PHOTOS]]
    refused = [f"{file_title(sent.filename or '')}: {fault}" for sent, fault in told if fault]
    if wants_json():
        return jsonify({"faults": refused})
    if refused or not request.files.getlist("photo"):
        return _drop_page(refused=refused or [translate("media.none_chosen", g.language)]), 422
    return redirect(localised("staff_photos.show"), 303)


@page(bp, "/staff/photos/save", methods=["POST"])
def save() -> Answer:
    """Put each photo that has a place and all its words into a draft of the place, and drop those ticked for it."""
    typed = {name: value.strip() for name, value in request.form.items()}
    waiting, places = waiting_photos(), _ids_by_name()
    drafts: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for photo in waiting.all():
        if typed.get(f"{photo.token}.drop"):
            waiting.drop(photo.token)
        elif f"{photo.token}.place" in typed:
            said = {key: typed.get(f"{photo.token}.{key}") or typed.get(key, "") for key in OWN}
            feature_id = places.get(typed[f"{photo.token}.place"], typed[f"{photo.token}.place"])
            told = [translate(f"media.lacks_{key}", g.language) for key in OWN if not is_said(said, key)]
            told += [] if feature_id in snapshot().features else [translate("media.lacks_place", g.language)]
            if told:
                faults[photo.token] = told
                continue
            drafts[feature_id] = join_draft(photo, feature_id, said)
    if faults:
        return _drop_page(typed, outcome=Outcome(drafts, faults)), 422
    if drafts:
        return _drop_page(outcome=Outcome(drafts))
    flash("media.dropped")
    return redirect(localised("staff_photos.show"), 303)


@bp.get("/staff/photos/<token>")
def file(token: str) -> Response:
    """Answer with the narrowest file of a photo that waits."""
    return as_data(Response(waiting_photos().path(token).read_bytes(), mimetype=MIMETYPE))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Answer:
    """Say how much is taken at once: on the page, or to a script."""
    fault = translate("media.many_mb", g.language, most=PHOTOS_MB)
    return (jsonify({"faults": [fault]}), 413) if wants_json() else (_drop_page(refused=[fault]), 413)


def _take(sent: FileStorage) -> str:
    """Let one photo wait; return what was against it, or nothing."""
    if waiting_photos().is_full:
        return translate("media.many_waiting", g.language, most=PHOTOS_WAITING)
    with sent.stream as stream:
        raw = stream.read((FILE_MB << 20) + 1)
    try:
        take_photo(raw, file_title(sent.filename or ""))
    except (InvalidFile, FileTooLarge) as error:
        return sentence_of(error)
    return ""


def _ids_by_name() -> dict[str, str]:
    """Return the id of each place by what the table calls it."""
    return {name: key for key, name in _names().items()}


def _names() -> dict[str, str]:
    """Return what the table calls each place: its name, with the id behind it where several have the same."""
    names = {feature.id: say(feature.name, g.language).text for feature in snapshot().features.values()}
    times = Counter(names.values())
    return {key: f"{name} ({key})" if times[name] > 1 else name for key, name in names.items()}


def _drop_page(
    said: Mapping[str, str] | None = None, *, refused: list[str] | None = None, outcome: Outcome | None = None
) -> str:
    return PhotoDropPage(
        waiting=waiting_photos().all(),
        places=_names(),
        said=said or {},
        refused=refused or [],
        outcome=outcome or Outcome(),
    ).fill()
