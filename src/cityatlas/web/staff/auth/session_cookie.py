"""Give the desk, and nothing else, a session: a signed cookie that holds a random word and no more is believed."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

from ....errors import StoreUnavailable
from ....settings import Settings
from ...http.desk import is_desk, read_secret

USER = "_user_id"  # where Flask-Login keeps who it is


class DeskSessions(SecureCookieSessionInterface):
    """Open a session below /staff only: a public page neither reads nor sets a cookie, so that caches may keep it."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session; without a secret, or on a public page, one that holds nothing and takes nothing."""
        if not is_desk(request.path):
            return None
        return super().open_session(app, request) if _may_sign(app) else None


def _may_sign(app: Flask) -> bool:
    """Return whether nothing is wrong with the secret; where there is no desk yet, there is none."""
    if not app.secret_key and app.extensions["cityatlas_store"].exists():
        try:
            app.secret_key = read_secret(app.config["SETTINGS"])
        except StoreUnavailable:  # the gate asks again, and says so
            return False
    return True


def is_login(app: Flask, cookie: str) -> bool:
    """Return whether a header Cookie holds a session that we signed for somebody who had logged in."""
    signing = DeskSessions().get_signing_serializer(app) if _may_sign(app) else None
    try:
        told = signing.loads(parse_cookie(cookie).get(app.config["SESSION_COOKIE_NAME"], "")) if signing else {}
    except BadSignature:
        return False
    return USER in told


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
