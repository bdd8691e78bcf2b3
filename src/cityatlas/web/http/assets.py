"""Serve our built scripts, styles and icons from memory, by names that carry their content's hash."""

from __future__ import annotations

import mimetypes
import struct

from flask import Blueprint, Response, current_app, request

from ...errors import NotFound
from ...paths import static_dir
from ...render.built import manifest
from ...render.city_map import to_png
from .sending.answers import Answer, AnswerCache, make_answer, respond
from .sending.caching import IMMUTABLE

bp = Blueprint("assets", __name__)
ICON_PX, ICO_HEAD_BYTES = 48, 22


def asset(name: str) -> str:
    """Return the address of a built file."""
    return f"/static/{manifest()[name]['file']}"


@bp.get("/static/<name>")
def static_file(name: str) -> Response:
    """Answer with a built file; its name changes with its content, so it is kept for ever."""
    if name not in {entry["file"] for entry in manifest().values()}:
        raise NotFound(f'There is no file "{name[:80]}".', "A page names the files of its time; load it again.")
    return send_built(name, IMMUTABLE)


def send_built(file: str, cache_control: str) -> Response:
    """Answer with a built file of the manifest."""
    answers: AnswerCache = current_app.extensions["cityatlas_answers"]
    return respond(answers.get(("static", file), lambda: _read(file)), request, cache_control)


@bp.get("/static/THIRD-PARTY.txt")
def licences() -> Response:
    """Answer with the licences of what the scripts hold of others."""
    text = (static_dir() / "THIRD-PARTY.txt").read_bytes()
    return respond(make_answer(text, "text/plain", is_lasting=False), request)


@bp.get("/favicon.ico")
def favicon() -> Response:
    """Answer with our icon under the name by which browsers ask for it where no page names it."""
    answers: AnswerCache = current_app.extensions["cityatlas_answers"]
    return respond(answers.get("favicon", _favicon), request)


def _favicon() -> Answer:
    """Return the icon as PNG in the container that its name promises: one picture of 32 bits a pixel."""
    png = to_png((static_dir() / manifest()["favicon.svg"]["file"]).read_text("utf-8"), ICON_PX)
    head = struct.pack("<3H 4B 2H 2I", 0, 1, 1, ICON_PX, ICON_PX, 0, 0, 1, 32, len(png), ICO_HEAD_BYTES)
    return make_answer(head + png, "image/vnd.microsoft.icon", is_lasting=True)


def _read(name: str) -> Answer:
    """Return a built file with the compressed forms that the build has put beside it."""
    packed = {"br": static_dir() / f"{name}.br", "gzip": static_dir() / f"{name}.gz"}
    bodies = {coding: path.read_bytes() for coding, path in packed.items() if path.exists()}
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Answer((static_dir() / name).read_bytes(), mimetype, name, ready=bodies)
