"""Join the desk of the people who keep the city: everything below /staff, behind a login."""

from __future__ import annotations

from flask import Flask

from . import (
    accounts,
    auth,
    cookies,
    desk,
    devices,
    drafts,
    edit,
    gate,
    histories,
    hours,
    imports,
    layers,
    me,
    photos,
    reports,
    route_line,
)


def init_app(app: Flask) -> None:
    """Put the gate before every address below /staff, and add the pages of the desk and of accounts."""
    cookies.init_app(app)
    devices.init_app(app)  # before what makes redirects anew, so that it is asked after that
    gate.init_app(app)
    for module in (
        auth,
        desk,
        drafts,
        histories,
        me,
        accounts,
        hours,
        photos,
        layers,
        imports,
        reports,
        route_line,
        edit,
    ):
        app.register_blueprint(module.bp)
