"""Know a browser again in which somebody has logged in, so that a guesser elsewhere cannot lock them out of it."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

NAME = "known"
YEAR_S = 365 * 24 * 3600


def known_device(login: str) -> str:
    """Return the random name of this browser if the person has logged in from it, else nothing."""
    try:
        owner, name = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):  # none, forged, or of another form
        return ""
    return str(name) if owner == login else ""


def remember_device(login: str) -> None:
    """Give this browser a name of its own, signed, for the person who has just logged in; it opens nothing."""
    g.known_device = _signer().dumps([login, known_device(login) or secrets.token_hex(8)])


def init_app(app: Flask) -> None:
    """Send the name with the answer to a login."""
    app.after_request(_send)


def _send(response: Response) -> Response:
    if value := g.get("known_device"):
        is_secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(_cookie(), str(value), YEAR_S, secure=is_secure, httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{NAME}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=NAME)
