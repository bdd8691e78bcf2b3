"""Give a form back that was refused, with all that was typed into it: ready to be copied, and to be sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from ...redline import title_of
from ..snapshots import snapshot
from .form import FIELDS, ROWS

View = TypeVar("View", bound=Callable[..., Any])  # Any: flask takes many kinds of answers
# A form from another site is not given back: nobody of ours has typed it.
HOWS = {"login": "login", "old_form": "old"}


def keeps_words(view: View) -> View:
    """Mark a view whose form is given back where it is refused: after a session that ended, people have typed much."""
    view.keeps_words = True  # type: ignore[attr-defined]
    return view


def kept_words(status: int, reason: str) -> dict[str, Any]:  # Any: what a template is given
    """Return the fields to give back as (name, value, title) and how they can be sent again; nothing without any.

    What people do not read, as the revision that the form began from, has no title.
    """
    how = "closed" if status == 503 else HOWS.get(reason)
    view = current_app.view_functions.get(request.endpoint or "")
    if how is None or request.method != "POST" or not getattr(view, "keeps_words", False):
        return {}
    try:
        fields = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return {}
    told = ((name, value, _title(name) if value else "") for name, value in fields)
    return {"kept": list(told), "kept_how": how}


def _title(name: str) -> str:
    is_known = name in FIELDS or name.partition(".")[0] in ROWS or name in ("geometry", "lon", "lat")
    return title_of(name, snapshot().city, g.language) if is_known else ""
