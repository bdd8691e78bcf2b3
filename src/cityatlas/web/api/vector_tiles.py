"""Answer programs that draw their own map: vector tiles of each layer, what they hold (TileJSON), a style of them."""

from __future__ import annotations

import json

from flask import Blueprint, Response, g, request

from ...catalogue.catalogue import Catalogue
from ...render.tile_style import style_json, tile_json
from ...tiles.vector_tiles import MIMETYPE, vector_tile
from ..http.pages import JSON, send
from ..http.sending.caching import IMMUTABLE, PUBLIC
from ..http.snapshots import snapshot
from ..public.files.downloads import labelled
from ..public.structured_data import public_url

bp = Blueprint("vector_tiles", __name__)


@bp.get("/tiles/<layer_id>/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer_id: str, z: int, x: int, y: int) -> Response:
    """Answer with a tile of a layer, 204 when nothing is in it."""
    g.language, g.is_language_fixed = "zh", True  # names are in both languages
    catalogue = snapshot()
    layer, zooms = catalogue.layer(layer_id), (catalogue.city.min_zoom, catalogue.city.max_zoom)
    cache = IMMUTABLE if request.args.get("v") == catalogue.tag else PUBLIC
    response = send(lambda _: vector_tile(layer, (z, x, y), zooms), MIMETYPE, cache=cache, is_hard=False)
    if not response.content_length and response.status_code == 200:
        response.status_code = 204
    return response


@bp.get("/tiles/<layer_id>.json")
def about(layer_id: str) -> Response:
    """Answer with what a layer's tiles are: address, zooms, extent, fields, and whose they are (TileJSON 3.0)."""
    g.language, g.is_language_fixed = "zh", True
    layer = snapshot().layer(layer_id)

    def make(catalogue: Catalogue) -> bytes:
        return json.dumps(tile_json(catalogue, layer, public_url()), ensure_ascii=False).encode()

    return labelled(send(make, JSON), "layer", {"layer_id": layer_id}, "json")


@bp.get("/tiles/style.json")
def style() -> Response:
    """Answer with a style of all layers for MapLibre and programs that read its styles; without words and icons."""
    g.language, g.is_language_fixed = "zh", True
    return send(lambda c: json.dumps(style_json(c, public_url()), ensure_ascii=False).encode(), JSON)
