"""Tell our scripts what the map is made of: addresses, titles and styles, as JSON in the page."""

from __future__ import annotations

from flask import current_app

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import Basemap, LayerSpec
from ...i18n import Language, say
from ...render.map_table import dark_colours, found, layer_table, map_table
from ...schema.strict_json import JsonTable
from ...tiles.layer_tiles import is_large, tile_index
from ..http.languages import localised


def atlas(
    catalogue: Catalogue, language: Language, chosen: Feature | None = None, *, is_embedded: bool = False
) -> JsonTable:
    """Return what the map's script needs besides the features; texts are in one language."""
    city = catalogue.city
    base_tiles = localised("api.base_tile", level=0, x=0, y=0, v=catalogue.tag)
    return map_table(catalogue, language) | {
        "embedded": is_embedded,
        "chosen": found(chosen, language) if chosen else None,
        "home": localised("embed.show" if is_embedded else "public.show_map"),
        "site": localised("public.site", site_id="-"),
        "card": localised("public.card", site_id="-", v=catalogue.tag),
        "search": "" if current_app.config["IS_FROZEN"] else localised("api.search"),
        "search_index": localised("api.search_index"),
        "hours": localised("api.opening"),
        "extent_of": "" if current_app.config["IS_FROZEN"] else localised("api.extent"),
        "base": localised("api.base", v=catalogue.tag),
        "base_tiles": base_tiles if catalogue.base_tiles.tiles else "",
        "layers": [layer_row(spec, catalogue, language) for spec in city.layers],
        "basemaps": [_basemap(basemap, language) for basemap in city.basemaps if basemap.enabled],
        "dark": dark_colours(city),
    }


def layer_row(spec: LayerSpec, catalogue: Catalogue, language: Language) -> JsonTable:
    """Return what our scripts need of a layer."""
    layer, city = catalogue.layers[spec.id], catalogue.city
    is_tiled = is_large(layer, current_app.config["SETTINGS"].tile_threshold)
    address = {"layer_id": spec.id, "v": catalogue.tag}
    table = layer_table(spec, catalogue, language) | {"url": localised("api.map_layer", **address)}
    if is_tiled:
        index = tile_index(layer, (city.min_zoom, city.max_zoom))
        table["url"] = localised("api.tile", z=0, x=0, y=0, **address)
        table["tiles"] = {"zooms": index.zooms, "bbox": index.bbox}
    return table


def _basemap(basemap: Basemap, language: Language) -> JsonTable:
    key = current_app.config["SETTINGS"].tile_key
    return {
        "id": basemap.id,
        "title": say(basemap.title, language).text,
        "datum": basemap.datum,
        "tiles": [url.replace("{key}", key) for url in basemap.tiles],
        "subdomains": basemap.subdomains,
        "attribution": say(basemap.attribution, language).text,
        "max_zoom": basemap.max_zoom,
    }
