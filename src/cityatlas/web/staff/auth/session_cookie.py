"""Give the desk, and nothing else, a session: a signed cookie that holds a random word and no more is believed."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from ....errors import StoreUnavailable
from ....settings import MIN_SECRET, Settings

DESK = re.compile(r"/(?:(?:zh|en)/)?staff(?:/|$)")


def is_desk(path: str) -> bool:
    """Return whether an address belongs to the desk."""
    return DESK.match(path) is not None


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
    if len(secret) < MIN_SECRET:
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


class DeskSessions(SecureCookieSessionInterface):
    """Open a session below /staff only: a public page neither reads nor sets a cookie, so that caches may keep it."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session; without a secret, or on a public page, one that holds nothing and takes nothing."""
        if not is_desk(request.path):
            return None
        if not app.secret_key and app.extensions["cityatlas_store"].exists():
            try:
                app.secret_key = read_secret(app.config["SETTINGS"])
            except StoreUnavailable:  # the gate asks again, and says so
                return None
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Set how the cookie is sent: never to scripts, never from other sites' forms, over https where there is one."""
    settings: Settings = app.config["SETTINGS"]
    is_secure = settings.public_url.startswith("https://")
    app.session_interface = DeskSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if is_secure else "desk",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_h),
    )
