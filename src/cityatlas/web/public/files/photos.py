"""Serve the photos that staff uploaded: to everybody those that a published feature shows, at the desk all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, g, request, url_for

from ....city.photos import find_photo, is_upload, photo_folders, sizes_of
from ....errors import NotFound
from ....settings import Settings
from ...http.desk import is_desk
from ...http.pages import send
from ...http.sending.caching import IMMUTABLE
from ...http.snapshots import snapshot

bp = Blueprint("media", __name__)
MIMETYPE = "image/webp"


@dataclass(frozen=True)
class Shown:
    """Hold the address of one file of a photo; its width in pixels, 0 where nobody knows it."""

    address: str
    width_px: int = 0


def photo_files(name: str) -> list[Shown]:
    """Return where the page in hand finds a photo, narrow files first; at the desk also what is not published."""
    sizes = sizes_of(name)
    if not sizes:
        return [Shown(url_for("public.photo", name=name))]
    endpoint = "staff_media.file" if is_desk(request.path) else "media.file"
    return [Shown(url_for(endpoint, name=sized.file), sized.width_px) for sized in sizes]


def path_of(name: str) -> Path:
    """Return the file of an uploaded photo. Raises NotFound when it is not there."""
    settings: Settings = current_app.config["SETTINGS"]
    path = find_photo(name, photo_folders(settings)) if is_upload(name) else None
    if path is None:
        raise no_photo(name)
    return path


def no_photo(name: str) -> NotFound:
    """Return the error for a photo that is not there, or not shown."""
    return NotFound(f'There is no photo "{name[:80]}".', "The page of a place names its photos.")


@bp.get("/media/<name>")
def file(name: str) -> Response:
    """Answer with one file of a photo, if a published feature shows it; its name changes with its content."""
    if name not in snapshot().photos:
        raise no_photo(name)
    path = path_of(name)
    g.language, g.is_language_fixed = "zh", True  # a photo holds no words
    return as_data(send(lambda catalogue: path.read_bytes(), MIMETYPE, cache=IMMUTABLE, is_repeated=False))


def as_data(response: Response) -> Response:
    """Return a photo's response with a policy under which nothing in it could ever run."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


def init_app(app: Flask) -> None:
    """Let templates find photos."""

    @app.context_processor
    def photos() -> dict[str, object]:
        return {"photo_files": photo_files}

    app.register_blueprint(bp)
