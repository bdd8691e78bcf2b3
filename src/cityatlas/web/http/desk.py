"""Say what is the desk's: its addresses, its store, and the secret that its cookies are signed with."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import current_app

from ...errors import StoreUnavailable
from ...limits import SECRET_LETTERS
from ...settings import Settings
from ...store import Store
from .html_page import HtmlPage

SEEN, SEEN_DAYS = "changes", 400  # cookie of this browser: the newest revision that it has shown, and for how long
DESK = re.compile(r"/(?:(?:zh|en)/)?staff(?:/|$)")


@dataclass(frozen=True, kw_only=True)
class DeskPage(HtmlPage):
    """Hold a page of the desk.

    A template sets `here` to the page that it belongs to, since after a form that was refused its own address takes no
    GET; `wanted` is where a login leads.
    """

    here = wanted = ""
    here_values: ClassVar[Mapping[str, str]] = {}


def is_desk(path: str) -> bool:
    """Return whether an address belongs to the desk."""
    return DESK.match(path) is not None


def desk_store() -> Store:
    """Return the store of the application."""
    store: Store = current_app.extensions["cityatlas_store"]
    return store


def read_secret(settings: Settings) -> str:
    """Return what cookies are signed with: CITYATLAS_SECRET, else a random one that is made once and kept.

    Raises StoreUnavailable when none can be kept.
    """
    if settings.secret:
        return settings.secret
    path = settings.var / "secret"
    try:
        return _kept(path) or _keep(path)
    except OSError as error:
        raise _unusable(f"The file {path} cannot be used: {error.strerror}.") from None


def _kept(path: Path) -> str:
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise _unusable(f"Others may read the file {path}.")
    secret = path.read_text("utf-8").strip()
    if len(secret) < SECRET_LETTERS:
        raise _unusable(f"The file {path} holds no secret.")
    return secret


def _unusable(message: str) -> StoreUnavailable:
    return StoreUnavailable(
        message, "Delete it: a new one is made, and all log in anew. Or set CITYATLAS_SECRET.", reason="no_secret"
    )


def _keep(path: Path) -> str:
    """Write a new secret, or take that of another process which was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all, and never over another one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _kept(path)
