"""Name the files of an uploaded photo, write them once, and find a photo's file wherever it lies."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..limits import PHOTO_PX
from ..settings import Settings

WIDTHS_PX = (480, 960, PHOTO_PX)  # of the files that are made; a narrower photo has fewer
NAME = re.compile(r"([0-9a-f]{32})-([1-9]\d{0,3})x([1-9]\d{0,3})\.webp")

FILE = re.compile(r"[0-9a-f]{32}-[1-9]\d{0,3}(x[1-9]\d{0,3})?\.webp")


@dataclass(frozen=True)
class Sized:
    """Name one file of a photo and its size in pixels."""

    file: str
    width_px: int
    height_px: int


def main_name(digest: str, width_px: int, height_px: int) -> str:
    """Return the name of a photo's widest file, which stands for the photo; `digest` are 32 letters of its content."""
    return f"{digest}-{width_px}x{height_px}.webp"


def sizes_of(name: str) -> tuple[Sized, ...]:
    """Return the files of an uploaded photo, narrow ones first; none for a photo of the city's folder."""
    parts = NAME.fullmatch(name)
    if not parts:
        return ()
    width_px, height_px = int(parts[2]), int(parts[3])
    narrow = [w for w in WIDTHS_PX if w < width_px]
    made = [Sized(f"{parts[1]}-{w}.webp", w, max(1, round(height_px * w / width_px))) for w in narrow]
    return (*made, Sized(name, width_px, height_px))


def is_upload(file: str) -> bool:
    """Return whether a file's name is that of an uploaded photo, in any of its sizes."""
    return FILE.fullmatch(file) is not None


def files_of(name: str) -> tuple[str, ...]:
    """Return the names of all files of a photo, wherever it comes from."""
    return tuple(sized.file for sized in sizes_of(name)) or (name,)


def uploads(settings: Settings) -> Path:
    """Return the folder of uploaded photos; it may not be there yet."""
    return settings.shared_folder / "media"


def photo_folders(settings: Settings) -> tuple[Path, Path]:
    """Return where photos lie: the city's own folder, then that of uploads."""
    return settings.geodata / "photos", uploads(settings)


def find_photo(file: str, folders: Sequence[Path]) -> Path | None:
    """Return the first of the folders' files with this name; a symbolic link is none, as it may lead anywhere."""
    paths = [folder / file for folder in folders]
    return next((path for path in paths if path.is_file() and not path.is_symlink()), None)


def write_photo(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a photo's files, whole or not at all and never over another. Raises OSError when that cannot be done."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write_once(folder / name, content)


def _write_once(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:  # the name is a digest: what is there says the same
        pass
    finally:
        aside.unlink(missing_ok=True)
