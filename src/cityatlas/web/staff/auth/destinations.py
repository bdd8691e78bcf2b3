"""Decide where a login may lead: to a page of the desk, whatever `next=` says."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from ...http.desk import is_desk
from ...http.languages import localised

# No sign that a browser takes for a slash, a scheme or nothing: backslash, colon, tab, line break.
PLAIN = re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9_./~%?&=,+-]*")
MAX_LETTERS = 2_000


def destination(wanted: str) -> str:
    """Return the address to go on to after a login: the wanted one if it is a page of the desk, else the desk."""
    return wanted if is_inside(wanted) else localised("desk.show")


def is_inside(wanted: str) -> bool:
    """Return whether an address is that of a page of the desk, in a form that no browser reads as another site's."""
    if len(wanted) > MAX_LETTERS or not PLAIN.fullmatch(wanted):
        return False
    path, _, query = wanted.partition("?")
    if not is_desk(path) or "//" in path:
        return False
    try:
        current_app.url_map.bind("").match(unquote(path), method="GET", query_args=query)
    except HTTPException:  # no such page, or one that would send the browser on
        return False
    return True


def here() -> str | None:
    """Return the present address for `next=`, or nothing when a login would not lead back to it."""
    address = request.full_path.rstrip("?")
    return address if is_inside(address) else None
