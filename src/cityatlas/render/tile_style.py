"""Describe vector tiles for programs that draw them: TileJSON 3.0, and a style of MapLibre's kind."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Layer
from ..city.spec import LayerSpec
from ..i18n import LANGUAGES, Text, say, translate
from ..schema.items import Attribution
from ..schema.strict_json import JsonTable
from ..tiles.vector_layer import TYPES, vector_layer
from ..tiles.vector_tiles import zooms_of
from .basemap import OUTSIDE


def tile_json(catalogue: Catalogue, layer: Layer, root: str) -> JsonTable:
    """Return what a layer's tiles are; `root` is the site's address."""
    city, spec = catalogue.city, layer.spec
    zooms = (city.min_zoom, city.max_zoom)
    first, deepest = zooms_of(layer, zooms)
    return {
        "tilejson": "3.0.0",
        "name": _both(spec.title),
        "description": translate("formats.about_positions_text", "en"),
        "version": "1.0.0",
        "attribution": credits_html([layer]),
        "scheme": "xyz",
        "tiles": [f"{root}/tiles/{spec.id}/{{z}}/{{x}}/{{y}}.mvt?v={catalogue.tag}"],
        "minzoom": first,
        "maxzoom": deepest,
        "bounds": list(vector_layer(layer, zooms).index.bbox) if layer.features else list(city.extent),
        "center": [city.view.lon, city.view.lat, first],
        "vector_layers": [fields_row(layer, zooms)],
        "data": f"{root}/layers/{spec.id}.geojson",
        "terms": f"{root}/about#terms",
    }


def fields_row(layer: Layer, city_zooms: tuple[int, int]) -> JsonTable:
    """Return what a layer's tiles hold, as TileJSON and PMTiles tell it."""
    first, deepest = zooms_of(layer, city_zooms)
    return {"id": layer.spec.id, "fields": TYPES, "minzoom": first, "maxzoom": deepest}


def credits_html(layers: Iterable[Layer]) -> str:
    """Return whose layers are, with links to their licences; programs show it as HTML."""
    return " · ".join(dict.fromkeys(str(_credit(one)) for layer in layers for one in layer.credits))


def style_json(catalogue: Catalogue, root: str) -> JsonTable:
    """Return a style that draws all layers in their colours, areas below lines below points."""
    city = catalogue.city
    drawn = [(kind, spec) for kind in ("fill", "line", "circle") for spec in city.layers]
    return {
        "version": 8,
        "name": _both(city.title),
        "center": [city.view.lon, city.view.lat],
        "zoom": city.view.zoom - 1,  # of tiles of 512 pixels
        "sources": {spec.id: {"type": "vector", "url": f"{root}/tiles/{spec.id}.json"} for spec in city.layers},
        "layers": [
            {"id": "ground", "type": "background", "paint": {"background-color": OUTSIDE}},
            *(_style_layer(kind, spec) for kind, spec in drawn),
        ],
    }


def _style_layer(kind: str, spec: LayerSpec) -> JsonTable:
    paints: dict[str, tuple[str, JsonTable]] = {
        "fill": ("Polygon", {"fill-color": spec.colour, "fill-opacity": 0.12, "fill-outline-color": spec.colour}),
        "line": ("LineString", {"line-color": spec.colour, "line-width": 3}),
        "circle": (
            "Point",
            {
                "circle-color": spec.colour,
                "circle-radius": 5,
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 1.5,
            },
        ),
    }
    geometry, paint = paints[kind]
    return {
        "id": f"{spec.id}-{kind}",
        "type": kind,
        "source": spec.id,
        "source-layer": spec.id,
        "filter": ["==", ["geometry-type"], geometry],
        "layout": {"visibility": "visible" if spec.visible else "none"},
        "paint": paint,
    }


def _both(text: Text) -> str:
    return " / ".join(dict.fromkeys(text[language] for language in LANGUAGES if text.get(language)))


def _credit(one: Attribution) -> Markup:
    text = say(one.text, "en")
    return Markup('<a href="{}">{}</a>').format(one.url, text) if one.url else Markup("{}").format(text)
