"""Keep photos that have no place or no words yet, where only we read them, for some days."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app

from ....errors import NotFound, StoreUnavailable
from ....exchange.uploads.photos import EncodedPhoto
from ....limits import PHOTOS_WAIT_DAYS, PHOTOS_WAITING

TOKEN = re.compile(r"[0-9a-f]{32}")
NOTE = "photo.json"
DAY_S = 24 * 3600


@dataclass(frozen=True)
class WaitingPhoto:
    """Hold a photo that waits: who handed it in, what its file was called, and which place it seems to be of, by what.

    Where it was taken is not kept, only how many metres from that place. `said` are those of its words that are there.
    """

    token: str
    owner: str
    file: str
    name: str
    width_px: int
    height_px: int
    digest: str
    feature_id: str = ""
    by: str = ""
    away_m: int = 0
    said: Mapping[str, str] = field(default_factory=dict)


class WaitingPhotos:
    """Hold the folder: a folder for each photo, with names of ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, photo: EncodedPhoto, said: WaitingPhoto) -> None:
        """Keep a photo with what is known of it; one that waits already goes on.

        Raises StoreUnavailable on a full disk.
        """
        aside = self._folder / f"{secrets.token_hex(8)}.part"
        try:
            aside.mkdir(mode=0o700, parents=True)
            self._folder.chmod(0o700)
            for name, content in photo.files.items():
                (aside / name).write_bytes(content)
            (aside / NOTE).write_text(json.dumps(asdict(said)), "utf-8")
            aside.replace(self._folder / said.token)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            if self.find(said.token):  # it was sent twice at once
                return
            raise StoreUnavailable(f"A photo cannot be kept: {error.strerror}.", "Nothing was saved.") from error

    def all(self) -> list[WaitingPhoto]:
        """Return the photos that wait, the oldest first; those whose days are over are gone."""
        self._clean()
        found = [(path.stat().st_mtime, self._read(path)) for path in self._folder.glob("*") if _is_token(path.name)]
        return [photo for _, photo in sorted(found, key=lambda pair: pair[0]) if photo]

    def find(self, token: str) -> WaitingPhoto | None:
        """Return a photo that waits, or None."""
        return self._read(self._folder / token) if _is_token(token) else None

    @property
    def is_full(self) -> bool:
        """Return whether as many wait as may."""
        return len(self.all()) >= PHOTOS_WAITING

    def path(self, token: str) -> Path:
        """Return a photo's narrowest file. Raises NotFound."""
        folder = self._folder / token
        files = sorted(folder.glob("*.webp"), key=lambda path: path.stat().st_size) if _is_token(token) else []
        if not files:
            raise NotFound("This photo no longer waits.", "It has its place, was dropped, or waited too long.")
        return files[0]

    def encoded(self, photo: WaitingPhoto) -> EncodedPhoto:
        """Return a photo as it was encoded."""
        files = {path.name: path.read_bytes() for path in (self._folder / photo.token).glob("*.webp")}
        return EncodedPhoto(photo.name, photo.width_px, photo.height_px, files, photo.digest)

    def drop(self, token: str) -> None:
        """Take a photo away."""
        if _is_token(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    def _clean(self) -> None:
        end_s = time.time() - PHOTOS_WAIT_DAYS * DAY_S
        for path in self._folder.glob("*"):
            if path.stat().st_mtime < end_s:
                shutil.rmtree(path, ignore_errors=True)

    def _read(self, folder: Path) -> WaitingPhoto | None:
        try:
            told: dict[str, Any] = json.loads((folder / NOTE).read_text("utf-8"))  # Any: what JSON holds
        except (FileNotFoundError, ValueError):  # another process took it away
            return None
        return WaitingPhoto(**told)


def _is_token(text: str) -> bool:
    return TOKEN.fullmatch(text) is not None


def waiting_photos() -> WaitingPhotos:
    """Return the folder of the application."""
    return WaitingPhotos(current_app.config["SETTINGS"].shared_folder / "photos_waiting")
