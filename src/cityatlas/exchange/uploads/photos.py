"""Read a photo that somebody uploads: decoded in a process of its own, and only what that wrote anew is kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...city.photos import files_of, main_name
from .limits import check_size
from .sandbox import parse_isolated


@dataclass(frozen=True)
class EncodedPhoto:
    """Hold a photo for the web: its name, its files by name, and the digest of what was uploaded.

    `taken_at` is lon and lat in degrees and the error in metres, as the camera noted them; no file holds it.
    """

    name: str
    width_px: int
    height_px: int
    files: Mapping[str, bytes]
    digest: str
    taken_at: tuple[float, float, float] | None = None


def read_photo(raw: bytes) -> EncodedPhoto:
    """Return a photo as WebP in sizes for the web; nothing of the uploaded file but its picture is in them.

    JPEG, PNG, WebP and HEIC are read, whatever the file's name says. Raises FileTooLarge or InvalidFile.
    """
    check_size(len(raw))
    told = parse_isolated("photo", raw)
    written = [base64.b64decode(text) for _, text in sorted(told["files"].items(), key=lambda pair: int(pair[0]))]
    name = main_name(hashlib.sha256(written[-1]).hexdigest()[:32], told["width"], told["height"])
    files = dict(zip(files_of(name), written, strict=True))
    lon, lat, error_m = map(float, told["taken_at"] or (0, 0, 0))
    taken_at = (lon, lat, error_m) if told["taken_at"] else None
    digest = hashlib.sha256(raw).hexdigest()
    return EncodedPhoto(name, told["width"], told["height"], files, digest, taken_at)


def read_size_px(picture: Path) -> tuple[int, int]:
    """Return the width and height of a WebP that the program brings along; what others send is read by `read_photo`."""
    from PIL.WebPImagePlugin import (
        WebPImageFile,
    )  # no other decoder of Pillow comes into this process, nor at its start

    with WebPImageFile(picture) as image:
        return image.size
