"""Let staff upload photos, and show all that were uploaded with their words.

Offer uploaded photos to the form of a feature, and take over what was said of one when it was uploaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, current_app, flash, g, jsonify, redirect, request
from werkzeug import Response as BaseResponse

from ....city.layers import Feature
from ....city.photos import is_upload, uploads, write_photo
from ....city.value_checks import check_title
from ....errors import CityatlasError, FileTooLarge, InvalidFile, StoreUnavailable, status_of
from ....exchange.uploads.photos import EncodedPhoto, read_photo
from ....i18n import Language, say, translate
from ....limits import ALT_LETTERS, CREDIT_LETTERS, FILE_MB, MEGAPIXELS
from ....settings import Settings
from ....store import Store
from ....store.media import StoredPhoto as Row
from ....store.media import add_photo, find_photo, photo_choices, photos
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ...public.files.photos import MIMETYPE, as_data, path_of, photo_files
from ..auth.gate import me
from ..auth.refusals import wants_json

FILE = re.compile(r"(photos\.\d{1,6})\.file")
MOST_CHOICES = 1_000  # more would make the form heavy; the newest come first


def offered_photos(store: Store, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the names and words of photos to choose from: uploads, then those of the city's folder in use."""
    uploads = [(photo.name, f"{say(photo.alt, language)} · {photo.credit}") for photo in photo_choices(store)]
    in_use = (photo.file for feature in snapshot().features.values() for photo in feature.photos)
    return (*uploads, *((name, name) for name in dict.fromkeys(in_use) if not is_upload(name)))[:MOST_CHOICES]


def with_photo_words(store: Store, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with the words and credit of each uploaded photo where they were left empty."""
    filled = dict(fields)
    for name, value in fields.items():
        row = FILE.fullmatch(name)
        photo = find_photo(store, value) if row and is_upload(value) else None
        if row and photo:
            said = {"alt.zh": photo.alt_zh, "alt.en": photo.alt_en, "credit": photo.item["credit"]}
            empty = {
                f"{row[1]}.{key}": text for key, text in said.items() if not fields.get(f"{row[1]}.{key}", "").strip()
            }
            filled |= empty
    return filled


bp = Blueprint("staff_media", __name__)
Answer = BaseResponse | str | tuple[str, int]
MOST_LETTERS = {  # all of them are required
    **dict.fromkeys(("alt_zh", "alt_en"), ALT_LETTERS),
    **dict.fromkeys(("credit", "licence"), CREDIT_LETTERS),
}
PER_PAGE = 24


@dataclass(frozen=True, kw_only=True)
class MediaPage(DeskPage):
    """Hold the form with what was said in it, and one page of the photos that were uploaded."""

    template = "staff/edit/media.html"
    most: ClassVar = MOST_LETTERS
    max_mb = FILE_MB
    max_megapixels = MEGAPIXELS
    faults: list[str]
    said: Mapping[str, str]
    photos: Sequence[Row]
    count: int
    number: int
    last_page: int
    shown_by: dict[str, list[Feature]]


@page(bp, "/staff/media", ["page"])
def show() -> str:
    """Show the form, and below it what was uploaded, the newest first."""
    return _media_page()


@page(bp, "/staff/media/add", methods=["POST"])
def add() -> Answer:
    """Take a photo with its words; without all of them nothing is kept. A script is answered in JSON."""
    said = {name: request.form.get(name, "").strip() for name in MOST_LETTERS}
    if faults := [translate(f"media.lacks_{name}", g.language) for name in MOST_LETTERS if not is_said(said, name)]:
        return _refused(faults, said, 422)
    sent = request.files.get("photo")
    try:
        photo = read_photo(sent.read() if sent else b"")
    except (InvalidFile, FileTooLarge) as error:
        return _refused([sentence_of(error)], said, status_of(error))
    kept, told = keep_photo(photo, said)
    if wants_json():
        picture = photo_files(kept.name)[0].address
        return jsonify(kept.item | {"picture": picture, "told": translate(told, g.language)})
    flash(told)
    return redirect(localised("staff_media.show"), 303)


@bp.get("/staff/media/<name>")
def file(name: str) -> Response:
    """Answer with one file of an uploaded photo, published or not."""
    return as_data(Response(path_of(name).read_bytes(), mimetype=MIMETYPE))


def _refused(faults: list[str], said: Mapping[str, str], status: int) -> Answer:
    if wants_json():
        response = jsonify({"faults": faults})
        response.status_code = status
        return response
    return _media_page(faults, said), status


def keep_photo(photo: EncodedPhoto, said: Mapping[str, str]) -> tuple[Row, str]:
    """Write the files, then the row: a row without files would be a photo that nobody can see. Tell which was done."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        write_photo(uploads(settings), photo.files)
    except OSError as error:
        raise StoreUnavailable(f"The photo cannot be written: {error.strerror}.", "Look at CITYATLAS_VAR.") from error
    words_said = (said["alt_zh"], said["alt_en"], said["credit"], said["licence"])
    row = Row(photo.name, *words_said, me().account.login, photo.width_px, photo.height_px, photo.digest)
    kept = add_photo(desk_store(), row)
    return kept, "media.added" if (kept.owner, kept.alt) == (row.owner, row.alt) else "media.was_there"


def is_said(said: Mapping[str, str], name: str) -> bool:
    """Return whether one of a photo's words is there, and can be shown."""
    return len(said[name]) <= MOST_LETTERS[name] and not list(check_title(said[name]))


def sentence_of(error: CityatlasError) -> str:
    """Return what is wrong with a file, in the language of the page."""
    values = {key: value for key, value in error.values.items() if key != "reason"}
    return translate(error.values["reason"], g.language, **values)


def _media_page(faults: list[str] | None = None, said: Mapping[str, str] | None = None) -> str:
    number = max(1, request.args.get("page", 1, type=int))
    found, count = photos(desk_store(), (number - 1) * PER_PAGE, PER_PAGE)
    return MediaPage(
        faults=faults or [],
        said=said or {},
        photos=found,
        count=count,
        number=number,
        last_page=max(1, -(-count // PER_PAGE)),
        shown_by=_shown_by(),
    ).fill()


def _shown_by() -> dict[str, list[Feature]]:
    """Return the published features that show each photo."""
    found: dict[str, list[Feature]] = {}
    for feature in snapshot().features.values():
        for photo in feature.photos:
            found.setdefault(photo.file, []).append(feature)
    return found
