"""Tell our scripts what the map is made of: addresses, titles and styles, as JSON in the page."""

from __future__ import annotations

from dataclasses import asdict

from flask import current_app

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import Basemap, City, LayerSpec
from ...i18n import Language, messages, say
from ...render.basemap import BASE_STYLES
from ...render.marks import MARK_SHAPES
from ...schema.phases import PHASES
from ...schema.strict_json import JsonTable
from ...tiles.layer_tiles import is_large, tile_index
from ..http.languages import localised


def atlas(
    catalogue: Catalogue, language: Language, chosen: Feature | None = None, *, is_embedded: bool = False
) -> JsonTable:
    """Return what the map's script needs besides the features; texts are in one language."""
    city = catalogue.city
    base_tiles = localised("api.base_tile", level=0, x=0, y=0, v=catalogue.tag)
    return {
        "lang": language,
        "tag": catalogue.tag,
        "timezone": city.timezone,
        "view": asdict(city.view),
        "extent": city.extent,
        "embedded": is_embedded,
        "chosen": found(chosen, language) if chosen else None,
        "home": localised("embed.show" if is_embedded else "public.show_map"),
        "site": localised("public.site", site_id="-"),
        "card": localised("public.card", site_id="-", v=catalogue.tag),
        "search": localised("api.search"),
        "hours": localised("api.opening"),
        "base": localised("api.base", v=catalogue.tag),
        "base_tiles": base_tiles if catalogue.base_tiles.tiles else "",
        "is_schematic": catalogue.base.is_schematic,
        "credits": [{"text": say(one.text, language).text, "url": one.url} for one in catalogue.attributions],
        "months": catalogue.months,
        "layers": [layer_row(spec, catalogue, language) for spec in city.layers],
        "groups": {group: say(title, language).text for group, title in city.groups.items()},
        "kinds": kind_rows(city, language),
        "themes": {theme: say(title, language).text for theme, title in city.themes.items()},
        "phases": [[phase, messages(language)[f"phase.{phase}"]] for phase in PHASES],
        "basemaps": [_basemap(basemap, language) for basemap in city.basemaps if basemap.enabled],
        "styles": BASE_STYLES,
        "shapes": {spec.shape: MARK_SHAPES[spec.shape] for spec in city.layers},
        "words": {key[3:]: text for key, text in messages(language).items() if key.startswith("js.")}
        | ({} if catalogue.base.is_schematic else {"schematic_base": messages(language)["js.basemap"]}),
    }


def kind_rows(city: City, language: Language) -> dict[str, JsonTable]:
    """Return what our scripts need of each kind of place."""
    return {k: {"title": say(v.title, language).text, "icon": v.icon, "role": v.role} for k, v in city.kinds.items()}


def found(feature: Feature, language: Language | None) -> JsonTable:
    """Return what our scripts need of one feature to go to it before its layer is there; without a language, in all."""
    name = say(feature.name, language).text if language else feature.name
    return {
        "id": feature.id,
        "name": name,
        "kind": feature.kind,
        "layer": feature.layer,
        "lon": feature.lon,
        "lat": feature.lat,
    }


def layer_row(spec: LayerSpec, catalogue: Catalogue, language: Language) -> JsonTable:
    """Return what our scripts need of a layer."""
    layer, city = catalogue.layers[spec.id], catalogue.city
    count = len(layer.features)
    is_tiled = is_large(layer, current_app.config["SETTINGS"].tile_threshold)
    address = {"layer_id": spec.id, "v": catalogue.tag}
    table = {
        "id": spec.id,
        "title": say(spec.title, language).text,
        "group": spec.group,
        "colour": spec.colour,
        "shape": spec.shape,
        "visible": spec.visible,
        "count": count,
        "url": localised("api.map_layer", **address),
    }
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
