"""Give a form back that was refused, with all that was typed into it: ready to be copied, and to be sent again.

Only what came from a page of ours is given back, and what sending it again would do is said: else another site could
let somebody who is logged in do with two clicks what they never meant to.

Decide where a login may lead: to a page of the desk, whatever `next=` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from flask import current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ....editing.diff import title_of
from ....editing.form.fields import FIELDS, ROWS
from ....errors import UnknownRevision
from ....i18n import say, translate
from ....store import Store
from ....store.log.desk_lists import read_proposal
from ...http.clients import is_from_own_page
from ...http.desk import is_desk
from ...http.html_page import HtmlPart
from ...http.languages import localised
from ...http.snapshots import snapshot
from .access import ACCESS, OPEN

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


View = TypeVar("View", bound=Callable[..., object])
HOWS = {"login": "login", "old_form": "old", "away": "away"}


@dataclass(frozen=True, kw_only=True)
class ResumedForm(HtmlPart):
    """Hold the fields to give back as (name, value, title), and how and with what effect they can be sent again.

    What people do not read, as the revision that the form began from, has no title.
    """

    kept: list[tuple[str, str, str]]
    kept_how: str
    kept_action: str


def resume_form(status: int, reason: str) -> ResumedForm | None:
    """Return the form that was refused; nothing without any."""
    how = "closed" if status == 503 else HOWS.get(reason)
    action = ACCESS.get(request.endpoint or "", OPEN).action
    if how is None or request.method != "POST" or not action or not is_from_own_page():
        return None
    try:
        fields = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return None
    kept = [(name, value, _title(name) if value else "") for name, value in fields]
    return ResumedForm(kept=kept, kept_how=how, kept_action=_said(action))


def _said(action: str) -> str:
    """Return in words what sending a form again does, and to which place or layer."""
    at = request.view_args or {}
    if spec := snapshot().city.layer(str(at.get("layer_id"))):
        return translate(f"edit.act_{action}", g.language, place=say(spec.title, g.language).text)
    feature_id = at.get("feature_id") or _feature_of(str(at.get("branch")))
    feature = snapshot().features.get(feature_id)
    name = say(feature.name, g.language).text if feature else feature_id
    return translate(f"edit.act_{action}", g.language, place=name)


def _feature_of(branch: str) -> str:
    """Return the feature that a draft is of, for whoever is logged in; else what the address says."""
    if not g.get("is_desk_open") or not current_user.is_authenticated:
        return branch
    store: Store = current_app.extensions["cityatlas_store"]
    try:
        return read_proposal(store, branch).head.feature_id
    except UnknownRevision:
        return branch


def _title(name: str) -> str:
    is_known = name in FIELDS or name.partition(".")[0] in ROWS or name in ("geometry", "lon", "lat")
    return title_of(name, snapshot().city, g.language) if is_known else ""
