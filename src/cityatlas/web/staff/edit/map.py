"""Give the page on which a feature is edited its map, and its scripts their words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import g
from markupsafe import Markup

from ....city.spec import View
from ....i18n import messages
from ....render.folium_map import build_map
from ....schema.strict_json import JsonTable
from ...http.html_page import HtmlPart
from ...http.languages import localised
from ...http.snapshots import snapshot
from ...public.explore import UI_ICONS
from ...public.map_config import atlas
from ...public.subjects import core_view
from ..auth.gate import me

MAP_PX = (560, 420)  # about, on a desk
SCRIPT_WORDS = "editmap.js_"


@dataclass(frozen=True, kw_only=True)
class EditMap(HtmlPart):
    """Hold the map beside the form, and the words of its scripts."""

    map_html: Markup
    atlas: JsonTable
    edit_words: JsonTable
    icons: list[str]


def edit_map(layer_id: str) -> EditMap:
    """Return the map of the page on which a feature of a layer is edited; a new one's opens where most others lie."""
    catalogue = snapshot()
    words = {key: text for key, text in messages(g.language).items() if key.startswith(SCRIPT_WORDS)}
    view = _home(catalogue.tag, layer_id)
    edit_words = {
        "lang": g.language,
        "words": words,
        "account": me().account.login,
        "home": [view.lon, view.lat],
        "zoom": view.zoom,
        "addresses": {
            "hours": localised("staff_hours.show"),
            "route": localised("staff_route.show"),
            "search": localised("api.search"),
        },
    }
    icons = [*UI_ICONS, *(kind.icon for kind in catalogue.city.kinds.values())]
    table = atlas(catalogue, g.language) | {"months": []}
    return EditMap(map_html=_map_html(catalogue.tag), atlas=table, edit_words=edit_words, icons=icons)


@lru_cache(maxsize=64)
def _home(_tag: str, layer_id: str) -> View:
    """Return the view of most of a layer's places in the snapshot with the tag, or the city's while it has none."""
    features = list(snapshot().layers[layer_id].features)
    return core_view(features, MAP_PX) if features else snapshot().city.view


@lru_cache(maxsize=4)
def _map_html(tag: str) -> Markup:
    """Return the map's container, kept for the snapshot with the tag; its script has an address of its own."""
    return build_map(snapshot().city).html
