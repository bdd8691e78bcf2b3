"""Show the help for those who embed the map: its options are those of the frame, its texts messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import LayerSpec
from ..help.handbook import blocks
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..http.sending.caching import DAY_S, EDIT_S
from ..public.structured_data import public_url
from .design import LEAST_PX, MOST_PX
from .options import EMBED_KEYS, OPTION_KEYS, OPTIONS

bp = Blueprint("embed_help", __name__)
PARTS = (
    "start",
    "addresses",
    "options",
    "wrong",
    "page",
    "wordpress",
    "picture",
    "wechat",
    "policy",
    "caching",
    "pins",
)
EXAMPLES = {"at": "2026-12-05T13:30", "month": "2026-05", "c": "121.0165,30.6905", "z": "14"}


@dataclass(frozen=True, kw_only=True)
class EmbedHelpPage(HtmlPage):
    """Hold the parts of the help; `keys` are the options that the map's own page has too."""

    template = "help/embed.html"
    parts = PARTS
    options = OPTIONS
    keys = tuple(sorted(EMBED_KEYS - OPTION_KEYS))
    examples = EXAMPLES
    numbers: dict[str, str]
    layer: LayerSpec
    place: Feature | None
    route: Feature | None

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/embed")
def show() -> Response:
    """Show the help."""
    return send_page(_help_page)


def _help_page(catalogue: Catalogue) -> EmbedHelpPage:
    """Return the help; its pictures are of the first place, of its layer, and of the first route."""
    routes = catalogue.of_role("route")
    place = next((feature for feature in catalogue.features.values() if feature not in routes), None)
    layer = catalogue.layers[place.layer] if place else next(iter(catalogue.layers.values()))
    return EmbedHelpPage(numbers=_numbers(), layer=layer.spec, place=place, route=next(iter(routes), None))


def _numbers() -> dict[str, str]:
    """Return what the texts name of limits, caching and this site, by place in their sentences."""
    told = {"least": LEAST_PX, "most": MOST_PX, "edit_s": EDIT_S, "day_h": DAY_S // 3600}
    return {name: str(number) for name, number in told.items()} | {"host": public_url()}
