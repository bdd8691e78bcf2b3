"""Show the handbook for operators: the site as files, what a release brings, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from ... import __version__
from ...limits import KEPT_MB
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from .handbook import blocks

bp = Blueprint("operators_help", __name__)
PARTS = ("frozen", "upload", "host", "proxy", "machines", "large", "offline", "logs", "bill", "release")


@dataclass(frozen=True, kw_only=True)
class OperatorsPage(HtmlPage):
    """Hold the parts of the handbook; `places` are what its texts name of this site."""

    template = "help/operators.html"
    parts = PARTS
    places: dict[str, str]

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/operators")
def show() -> Response:
    """Show the handbook."""
    return send_page(lambda _: OperatorsPage(places={"version": __version__, "kept_mb": str(KEPT_MB)}))
