"""Build the Folium map of a city: the only importer of folium.

folium runs what it is given: branca compiles what it has rendered once more as a Jinja template, on the
server, and its scripts put names and popups into the page as HTML. So nothing that a person or a file wrote
reaches it. It is told the structure alone: ids, colours and numbers that city.py has checked to be plain.
Titles, attributions, names and cards come from the page's own JSON, through `textContent`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any, TypeVar

import folium
from branca.element import Element, Figure, MacroElement
from folium.plugins import Fullscreen, GroupedLayerControl, LocateControl, MarkerCluster, MiniMap
from folium.template import Template
from markupsafe import Markup

from ..city.spec import City, LayerSpec

# Folium draws lines under areas' marks only if panes say so; the numbers are CSS z-indices.
PANES = {"base": 150, "areas": 410, "lines": 420, "marks": 610, "plan": 620}
# What one bundle of ours brings; folium's own links to foreign hosts are dropped.
BUNDLED = frozenset(
    """
    leaflet leaflet_css jquery bootstrap bootstrap_css glyphicons_css
    awesome_markers awesome_markers_css awesome_markers_font_css awesome_rotate_css
    markerclusterjs markerclustercss markerclusterdefaultcss
    leaflet.groupedlayercontrol.min.js leaflet.groupedlayercontrol.min.css
    Control.Fullscreen.js Control.FullScreen.css Control_locate_min_js Control_locate_min_css
    Control_MiniMap_js Control_MiniMap_css
    """.split()  # noqa: SIM905 (a list of twenty quoted names is harder to read)
)
CLUSTER = {
    "maxClusterRadius": 28,  # as wide as a mark: only what would overlap is gathered
    "disableClusteringAtZoom": 17,  # for few marks the script lowers it
    "showCoverageOnHover": False,
    "chunkedLoading": True,
}
AnyElement = TypeVar("AnyElement", bound=Element)
PLAIN = re.compile("[A-Za-z0-9_-]+")


class UnknownAsset(Exception):
    """A folium plugin wants a script or style that our bundle does not bring."""


@dataclass(frozen=True)
class MapParts:
    """Hold what a page needs of a map: the container's HTML and the script."""

    html: Markup
    script: str


class CatalogueLayer(folium.map.Layer):
    """Stand for a layer that the browser fetches from us by its id."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = "
        "cityatlas.layer({{ this.layer_id|tojson }});{% endmacro %}"
    )

    def __init__(self, spec: LayerSpec) -> None:
        super().__init__(name=_plain(spec.id), overlay=True, control=False, show=spec.visible)
        self._name = "CatalogueLayer"
        self.layer_id = _plain(spec.id)

    def render(self, **kwargs: Any) -> str:  # Any: what branca passes down
        """Add the layer's script; whether it is shown is the browser's to say, from the address."""
        MacroElement.render(self, **kwargs)
        return ""


class BasemapElement(folium.map.Layer):
    """Stand for the schematic basemap, or for a tiled one of city.toml, by its id."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = "
        "cityatlas.basemap({{ this.basemap_id|tojson }});{% endmacro %}"
    )

    def __init__(self, basemap_id: str) -> None:
        super().__init__(name=_plain(basemap_id), overlay=False, control=False, show=False)
        self._name = "Basemap"
        self.basemap_id = _plain(basemap_id)


class OverviewMap(MiniMap):
    """Show a mini-map over the schematic basemap instead of a foreign tile service."""

    _template = Template(
        "{% macro script(this, kwargs) %}cityatlas.overview("
        "{{ this._parent.get_name() }}, {{ this.options|tojavascript }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__(
            tile_layer=folium.TileLayer(tiles="/none", attr="-"), toggle_display=True, width=140, height=110
        )


class Start(MacroElement):
    """Hand the finished map to our script, with its cluster, layers and basemaps, which it fills by address."""

    _template = Template(
        "{% macro script(this, kwargs) %}cityatlas.start({{ this._parent.get_name() }}, {{ this.cluster }}, { "
        "{% for id, name in this.layers.items() %}{{ id|tojson }}: {{ name }}, {% endfor %}}, { "
        "{% for id, name in this.basemaps.items() %}{{ id|tojson }}: {{ name }}, {% endfor %}});{% endmacro %}"
    )

    def __init__(self, cluster: str, layers: dict[str, str], basemaps: dict[str, str]) -> None:
        super().__init__()
        self._name = "Start"
        self.cluster, self.layers, self.basemaps = cluster, layers, basemaps


def build_map(city: City, *, is_embedded: bool = False) -> MapParts:
    """Return the parts of a city's map; the same city gives the same text, to the letter.

    An embedded map has no mini-map, no locate-me, no choice of layers and no clusters: its page decides about those.
    """
    count = itertools.count(1)

    def add(element: AnyElement, parent: Element | None = None) -> AnyElement:
        element._id = f"{next(count):x}"  # in place of folium's random id
        if parent:
            element.add_to(parent)
        return element

    figure = add(Figure())
    city_map = add(_city_map(city), figure)
    for pane, z_index in PANES.items():
        add(folium.map.CustomPane(pane, z_index=z_index, pointer_events=True), city_map)
    basemaps = [
        add(BasemapElement(base), city_map) for base in ("schematic", *(b.id for b in city.basemaps if b.enabled))
    ]
    layers = {spec.id: add(CatalogueLayer(spec), city_map) for spec in city.layers}
    cluster = "null" if is_embedded else add(MarkerCluster(control=False, options=CLUSTER), city_map).get_name()
    add(Fullscreen(position="topright"), city_map)
    if not is_embedded:
        add(_grouped(city, layers), city_map)
        add(LocateControl(position="topright", auto_start=False, flyTo=False), city_map)
        add(OverviewMap(), city_map)
    names = {layer_id: layer.get_name() for layer_id, layer in layers.items()}
    add(Start(cluster, names, {base.basemap_id: base.get_name() for base in basemaps}), city_map)
    return _parts(figure)


def _city_map(city: City) -> folium.Map:
    west, south, east, north = city.extent
    city_map = folium.Map(
        location=(city.view.lat, city.view.lon),  # folium wants lat, lon
        zoom_start=int(city.view.zoom),
        tiles=None,
        min_lat=south,
        max_lat=north,
        min_lon=west,
        max_lon=east,
        max_bounds=True,
        control_scale=True,
        zoom_control="topright",
    )
    # folium leaves the zooms to a tile layer, and there is none
    city_map.options |= {"minZoom": city.min_zoom, "maxZoom": city.max_zoom}
    return city_map


def _grouped(city: City, layers: dict[str, CatalogueLayer]) -> GroupedLayerControl:
    groups = {group: [layers[s.id] for s in city.layers if s.group == group] for group in city.groups}
    return GroupedLayerControl(groups=groups, exclusive_groups=False, collapsed=True, position="topright")


def _plain(text: str) -> str:
    """Return an id on its way into folium; anything but plain letters stops the build."""
    if not PLAIN.fullmatch(text):
        raise UnknownAsset(f"{text!r} may not reach folium")
    return text


def _parts(figure: Figure) -> MapParts:
    """Render once (folium grows a map that is rendered twice) and keep the container and the script."""
    for child in list(figure._children.values()):
        child.render()
    for name, element in figure.header._children.items():
        if hasattr(element, "url") and name not in BUNDLED:
            raise UnknownAsset(f"folium wants {name} ({element.url}); add it to the bundle")
    html = Markup(figure.html.render().strip())  # nosec B704 # folium was given ids, colours and numbers only
    return MapParts(html, figure.script.render())
