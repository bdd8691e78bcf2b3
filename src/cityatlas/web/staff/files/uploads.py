"""Keep a file that somebody hands in for an hour, where only we read it, while they look at what it would change."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import current_app

from ....errors import NotFound, StoreUnavailable
from ....i18n import Text
from ....limits import UPLOAD_H, UPLOADS

TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """Hold what is known of a file: who handed it in, for which layer, and what they chose about it so far.

    `drafts` are (feature id, draft id) once it was taken in, `names` what the features are called; then the file itself
    is gone.
    """

    token: str
    owner: str
    layer: str
    file: str
    is_sheet: bool = True
    choices: Mapping[str, Any] = field(default_factory=dict)  # Any: what JSON holds
    drafts: tuple[tuple[str, str], ...] = ()
    archived: tuple[str, ...] = ()
    is_taken: bool = False
    names: Mapping[str, Text] = field(default_factory=dict)
    batch: str = ""  # the bulk change that the drafts are of


class Uploads:
    """Hold the folder. Names in it are random words of ours, never those of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, upload: Upload, raw: bytes = b"") -> Upload:
        """Keep a file and return what is known of it, now with its token. Raises StoreUnavailable on a full disk."""
        self.clean()
        told = [(path, self._read(path)) for path, _ in self._aged("*.json")]
        own = [path for path, known in told if known and known["owner"] == upload.owner]
        for path in own[: max(0, len(own) - UPLOADS + 1)]:
            self.drop(path.stem)
        kept = replace(upload, token=secrets.token_hex(16))
        if raw:
            self._write(kept.token, raw)
        self.note(kept)
        return kept

    def note(self, upload: Upload) -> None:
        """Write down what is known of a file; once it is taken in, the file itself goes."""
        self._write(f"{upload.token}.json", json.dumps(asdict(upload)).encode())
        if upload.is_taken:
            (self._folder / upload.token).unlink(missing_ok=True)

    def find(self, token: str, owner: str) -> Upload:
        """Return what is known of somebody's own file. Raises NotFound for others', and when its hour is over."""
        self.clean()
        told = self._read(self._folder / f"{token}.json") if TOKEN.fullmatch(token) else None
        if not told or told["owner"] != owner:
            raise NotFound("This file is no longer here.", "Files are kept for an hour; hand it in again.")
        drafts = tuple((feature, branch) for feature, branch in told.pop("drafts"))
        return Upload(drafts=drafts, archived=tuple(told.pop("archived")), **told)

    def read(self, token: str) -> bytes:
        """Return a file's bytes. Raises NotFound when it is gone."""
        try:
            return (self._folder / token).read_bytes()
        except FileNotFoundError:
            raise NotFound("This file is no longer here.", "Hand it in again.") from None

    def has(self, token: str) -> bool:
        """Return whether a file is still here: taking it away cancels what is done with it, in every process."""
        return (self._folder / token).exists()

    def drop(self, token: str) -> None:
        """Take a file away, and what is known of it."""
        for name in (token, f"{token}.json"):
            (self._folder / name).unlink(missing_ok=True)

    def clean(self) -> None:
        """Take away what is older than an hour."""
        end_s = time.time() - UPLOAD_H * 3600
        for path, seen_s in self._aged("*"):
            if seen_s < end_s:
                path.unlink(missing_ok=True)

    def _aged(self, names: str) -> list[tuple[Path, float]]:
        """Return files and when they were written, oldest first."""
        found = []
        for path in self._folder.glob(names):
            try:
                found.append((path, path.stat().st_mtime))
            except FileNotFoundError:  # another process takes files away too
                continue
        return sorted(found, key=lambda pair: pair[1])

    def _read(self, path: Path) -> Any:  # Any: what JSON holds
        try:
            return json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # another process took it away, or writes it just now
            return None

    def _write(self, name: str, raw: bytes) -> None:
        """Write a file whole or not at all, readable by us alone."""
        draft = self._folder / f"{secrets.token_hex(8)}.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(raw)
            draft.replace(self._folder / name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreUnavailable(f"A file cannot be kept: {error.strerror}.", "Nothing was saved.") from error


def uploads() -> Uploads:
    """Return the folder of the application."""
    return Uploads(current_app.config["SETTINGS"].shared_folder / "uploads")
