"""Put the vector tiles of layers into one PMTiles archive, for maps that are drawn elsewhere from a plain file."""

from __future__ import annotations

import gzip
import io
import math
from collections.abc import Iterator, Sequence

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from ..catalogue.catalogue import Catalogue
from ..city.layers import Layer
from ..geo.projection import TILE_PX, Bbox, web_mercator_px
from ..render.tile_style import credits_html, fields_row
from ..tiles.layer_tiles import touches
from ..tiles.vector_layer import vector_layer
from ..tiles.vector_tiles import Tile, vector_tile, zooms_of

E7 = 10**7  # the header's units to a degree


def write_archive(catalogue: Catalogue, layers: Sequence[Layer]) -> bytes:
    """Return the tiles of some layers, those of one place joined; a tile's layers bear the ids of ours."""
    output = io.BytesIO()
    writer = Writer(output)
    filled = [layer for layer in layers if layer.features]
    for tile_id, tile in sorted((zxy_to_tileid(*tile), tile) for tile in tiles_around(catalogue, filled)):
        if content := b"".join(_tile(catalogue, layer, tile) for layer in filled):
            writer.write_tile(tile_id, gzip.compress(content, mtime=0))
    metadata = {
        "name": catalogue.city.id,
        "attribution": credits_html(filled),
        "vector_layers": [fields_row(layer, _zooms(catalogue)) for layer in filled],
    }
    writer.finalize(_header(catalogue, filled), metadata)
    return output.getvalue()


def _header(catalogue: Catalogue, layers: Sequence[Layer]) -> dict[str, object]:
    west, south, east, north = catalogue.city.extent
    view, zooms = catalogue.city.view, [zooms_of(layer, _zooms(catalogue)) for layer in layers]
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": min((first for first, _ in zooms), default=0),
        "max_zoom": max((last for _, last in zooms), default=0),
        "min_lon_e7": int(west * E7),
        "min_lat_e7": int(south * E7),
        "max_lon_e7": int(east * E7),
        "max_lat_e7": int(north * E7),
        "center_zoom": int(view.zoom),
        "center_lon_e7": int(view.lon * E7),
        "center_lat_e7": int(view.lat * E7),
    }


def _zooms(catalogue: Catalogue) -> tuple[int, int]:
    return catalogue.city.min_zoom, catalogue.city.max_zoom


def tiles_around(catalogue: Catalogue, layers: Sequence[Layer]) -> Iterator[Tile]:
    """Yield the tiles of the box around each layer, each once."""
    seen = set[Tile]()
    for layer in layers:
        first, last = zooms_of(layer, _zooms(catalogue))
        for z in range(first, last + 1):
            seen.update(_covering(vector_layer(layer, _zooms(catalogue)).index.bbox, z))
    return iter(seen)


def _covering(bbox: Bbox, z: int) -> Iterator[Tile]:
    west, south, east, north = bbox
    (left, top), (right, bottom) = web_mercator_px(west, north, z), web_mercator_px(east, south, z)
    columns = range(math.floor(left / TILE_PX), math.floor(right / TILE_PX) + 1)
    rows = range(math.floor(top / TILE_PX), math.floor(bottom / TILE_PX) + 1)
    return ((z, x, y) for x in columns for y in rows)


def _tile(catalogue: Catalogue, layer: Layer, tile: Tile) -> bytes:
    """Return a layer's tile, nothing where it has none."""
    zooms = _zooms(catalogue)
    first, last = zooms_of(layer, zooms)
    if not (first <= tile[0] <= last and touches(vector_layer(layer, zooms).index, *tile)):
        return b""
    return vector_tile(layer, tile, zooms)
