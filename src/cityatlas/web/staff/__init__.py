"""Join the desk of the people who keep the city: everything below /staff, behind a login."""

from __future__ import annotations

from flask import Flask

from .auth import accounts, gate, known_devices, login, me, second_factor, session_cookie
from .edit import edit, hours, photo_drop, photos, route_line, verify
from .files import imports, layers
from .review import batches, changes, desk, drafts, embeds, erase, histories, reports, searches, signs, told


def init_app(app: Flask) -> None:
    """Put the gate before every address below /staff, and add the pages of the desk and of accounts."""
    session_cookie.init_app(app)
    known_devices.init_app(app)  # before what makes redirects anew, so that it is asked after that
    gate.init_app(app)
    told.init_app(app)
    for module in (
        login,
        second_factor,
        desk,
        drafts,
        histories,
        me,
        accounts,
        hours,
        verify,
        photos,
        photo_drop,
        layers,
        imports,
        reports,
        embeds,
        changes,
        batches,
        signs,
        erase,
        told,
        searches,
        route_line,
        edit,
    ):
        app.register_blueprint(module.bp)
