"""Answer programs, our own map's script among them: layers, basemap, opening, search."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, g, jsonify, request

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection, extent_of, read_selection, select
from ...catalogue.last_index import search_entry
from ...city.basemap import distinct
from ...city.opening.feature_opening import state_of
from ...errors import NotFound
from ...exchange.layers.about import told_table
from ...i18n import Language, translate
from ...render.folium_map import build_map
from ...render.looks import dark_sheet
from ...render.map_table import colour_rules, found
from ...search.word_list import text_of, word_list
from ...tiles import geojson
from ...tiles.layer_tiles import encode_tile
from ..http.languages import page
from ..http.pages import GEOJSON, JSON, send
from ..http.pins import SUFFIX
from ..http.sending.caching import IMMUTABLE, PUBLIC
from ..http.sending.file_names import disposition, licensed
from ..http.snapshots import now, snapshot
from ..public.files.downloads import labelled
from ..public.structured_data import public_url
from ..public.vain_searches import note_search
from .deltas import EVERYTHING, delta_geojson, delta_since
from .ogc.documents import credit

bp = Blueprint("api", __name__)
SUGGESTED = 8
CHOICES = ("layers", "theme", "kind", "phase", "at", "month")  # of an address, what leaves places out


@bp.get("/layers/<layer_id>.geojson")
@bp.get(f"/layers/<layer_id>.geojson{SUFFIX}")
def layer(layer_id: str) -> Response:
    """Answer with a layer: a FeatureCollection in WGS-84 with all properties; with `since`, what has changed in it."""
    g.language, g.is_language_fixed = "zh", True  # both languages are in the file
    snapshot().layer(layer_id)
    if since := request.args.get("since"):
        return send(
            lambda c: _changes(c, layer_id, since), GEOJSON, key=("since", since), is_hard=False, is_repeated=False
        )
    response = send(lambda catalogue: geojson.layer_geojson(catalogue.layer(layer_id)), GEOJSON)
    return labelled(response, "layer", {"layer_id": layer_id}, "geojson")


def _changes(catalogue: Catalogue, layer_id: str, since: str) -> bytes:
    def again() -> str:
        return f"{public_url()}/layers/{layer_id}.geojson?since={EVERYTHING}"

    layer = catalogue.layer(layer_id)
    delta = delta_since(catalogue, layer_id, since, again)
    return delta_geojson(catalogue, layer, delta, credit(layer.credits))


@bp.get("/sites/<site_id>.geojson")
@bp.get(f"/sites/<site_id>.geojson{SUFFIX}")
def feature(site_id: str) -> Response:
    """Answer with one feature and all its properties."""
    g.language, g.is_language_fixed = "zh", True
    snapshot().feature(site_id)
    response = send(lambda catalogue: _feature(catalogue, site_id), GEOJSON)
    return labelled(response, "site", {"site_id": site_id}, "geojson")


def _feature(catalogue: Catalogue, site_id: str) -> bytes:
    found = catalogue.feature(site_id)
    return geojson.feature_geojson(found, catalogue.layer(found.layer))


@page(bp, "/layers/<layer_id>.map.json", is_pinnable=True)
def map_layer(layer_id: str) -> Response:
    """Answer with what our map draws of a layer, in the language of the address."""
    snapshot().layer(layer_id)
    return send(lambda c: geojson.map_geojson(c.layer(layer_id), g.language), GEOJSON, cache=_lasting())


@page(bp, "/map-tiles/<layer_id>/<int:z>/<int:x>/<int:y>.json", is_pinnable=True)
def tile(layer_id: str, z: int, x: int, y: int) -> Response:
    """Answer with a tile of a layer for our own map, 204 when nothing is in it; tiles are 512 pixels wide."""
    layer, city = snapshot().layer(layer_id), snapshot().city
    zooms = (city.min_zoom, city.max_zoom)
    response = send(lambda _: encode_tile(layer, z, x, y, g.language, zooms), JSON, cache=_lasting(), is_hard=False)
    if not response.content_length and response.status_code == 200:
        response.status_code = 204
    return response


@page(bp, "/base.json", is_pinnable=True)
def base() -> Response:
    """Answer with the shapes of the basemap that every view shows."""
    return send(lambda c: geojson.base_json(c.base_tiles.overview, g.language), GEOJSON, cache=_lasting())


@page(bp, "/base/<int:level>/<int:x>/<int:y>.json", is_pinnable=True)
def base_tile(level: int, x: int, y: int) -> Response:
    """Answer with a tile of a large basemap; one in which nothing lies is empty."""
    shapes = snapshot().base_tiles.tiles.get((level, x, y), ())
    return send(lambda _: geojson.base_json(shapes, g.language), GEOJSON, cache=_lasting(), is_hard=False)


def _lasting() -> str:
    """Return how long an answer holds: for ever when its address names the present snapshot."""
    return IMMUTABLE if request.args.get("v") == snapshot().tag else PUBLIC


@bp.get("/maps/<kind>.<tag>.js")
@bp.get(f"/maps/<kind>.<tag>.js{SUFFIX}")
def map_script(kind: str, tag: str) -> Response:
    """Answer with the script that folium wrote for the map (or for the embedded one)."""
    if kind not in ("map", "embed"):
        raise NotFound(f'There is no map "{kind[:40]}".', "There are: map, embed.")
    g.language, g.is_language_fixed = "zh", True  # the script holds no words
    cache = IMMUTABLE if tag == snapshot().tag else PUBLIC
    return send(
        lambda catalogue: build_map(catalogue.city, is_embedded=kind == "embed").script.encode(),
        "text/javascript",
        cache=cache,
    )


@bp.get("/city.css")
@bp.get(f"/city.css{SUFFIX}")
def colours() -> Response:
    """Answer with the layers' colours as CSS variables."""
    g.language, g.is_language_fixed = "zh", True
    return send(lambda c: colour_rules(c.city).encode(), "text/css", cache=_lasting())


@bp.get("/dark.css")
@bp.get(f"/dark.css{SUFFIX}")
def dark() -> Response:
    """Answer with the style sheet of drawn maps in the dark; pages and frames ask for it where the device decides."""
    g.language, g.is_language_fixed = "zh", True
    return send(lambda catalogue: dark_sheet(spec.colour for spec in catalogue.city.layers).encode(), "text/css")


@page(bp, "/hours.json", is_data=True)
def opening() -> Response:
    """Answer with the opening of every feature whose hours or closures are known, at `at` or now (to the minute)."""
    moment = read_selection(request.args, snapshot().city).at or now(snapshot())
    return send(
        lambda catalogue: _opening(catalogue, moment),
        JSON,
        key=moment.isoformat(),
        is_repeated=False,
        is_hard=False,  # it lasts for a minute
    )


def _opening(catalogue: Catalogue, moment: datetime) -> bytes:
    city = catalogue.city
    table = {}
    for feature in catalogue.features.values():
        if state := state_of(feature, moment, city):
            change = state.changes_at.isoformat(timespec="minutes") if state.changes_at else None
            table[feature.id] = {"open": None if state.is_unknown else state.is_open, "changes_at": change}
    return json.dumps({"at": moment.isoformat(timespec="minutes"), "sites": table}).encode()


@page(bp, "/extent.json", CHOICES, is_data=True, is_pinnable=True)
def extent() -> Response:
    """Answer with where what an address chooses lies, in degrees: of a layer in tiles our map knows the view alone."""
    wanted = read_selection(request.args, snapshot().city)
    return send(lambda c: _extent(c, wanted), JSON, is_hard=False, is_costly=True)


def _extent(catalogue: Catalogue, wanted: Selection) -> bytes:
    found = select(catalogue, wanted)
    return json.dumps({"bbox": extent_of(found), "count": len(found)}).encode()


@page(bp, "/search-index.json")
def search_index() -> Response:
    """Answer with all that features are found by, for a search in the browser where no server answers."""
    return send(lambda c: _index(c, g.language), JSON)


def _index(catalogue: Catalogue, language: Language) -> bytes:
    rows = []
    for feature in catalogue.features.values():
        entry = search_entry(feature, catalogue.city)
        rows.append(found(feature, language) | {"words": word_list(entry), "text": text_of(entry)})
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


@page(bp, "/search.json", is_data=True)
def search() -> Response:
    """Answer with the features that a name, its pinyin or its initials find, best first.

    Without a language in the address names are in all of them.
    """
    query = request.args.get("q", "").strip()
    catalogue = snapshot()
    hits = catalogue.index.find(query, SUGGESTED) if query else []
    note_search(catalogue, query, is_found=bool(hits))
    features = [catalogue.features[hit.id] for hit in hits]
    results = [found(feature, g.language if g.is_language_fixed else None) for feature in features]
    credits = distinct([one for name in {f.layer: None for f in features} for one in catalogue.layers[name].credits])
    told = told_table(public_url(), f"/search?q={quote(query)}", credits)
    response = jsonify({"query": query, "results": results} | told)
    response.headers["Cache-Control"] = PUBLIC  # what was withdrawn must not be found any more
    title = translate("search.title_of", g.language, query=query)
    response.headers["Content-Disposition"] = disposition("inline", f"{catalogue.city.id}-search", title, "json")
    return licensed(response, credits)
