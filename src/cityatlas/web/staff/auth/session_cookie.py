"""Give the desk, and nothing else, a session: a signed cookie that holds a random word and no more is believed."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from ....errors import StoreUnavailable
from ....settings import Settings
from ...http.desk import is_desk, read_secret


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
