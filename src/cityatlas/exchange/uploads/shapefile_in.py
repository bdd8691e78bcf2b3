"""Read a zipped Shapefile from outside without GDAL."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import shapefile

from ...limits import TEXT_LETTERS
from ...schema.strict_json import JsonTable
from .collected import Collected
from .prj import projection
from .refused import Refused

_ENCODINGS = {"utf8": "utf-8", "65001": "utf-8", "gbk": "gb18030", "936": "gb18030", "cp936": "gb18030"}
_LONG_BYTES = 200  # of a field that holds texts rather than codes and names; a DBF has no longer ones than 254
_SPARE_BYTES = 8  # a text that was cut between two letters, and lost the space at its end, is so much shorter
_GEOGRAPHIC = 400  # degrees are smaller; metres of any grid are larger


def parse(raw: bytes, _: dict[str, str]) -> JsonTable:
    """Return columns, features in the file's own coordinates, and `projection`: null for degrees.

    Several Shapefiles in a zip, as points and lines of one layer, are read one after another.
    """
    collected, grids = Collected(), []
    cut: set[str] = set()
    for parts in _found(raw):
        grid = _read(collected, parts, cut)
        if grid not in grids:
            grids.append(grid)
    if len(grids) > 1:
        raise Refused("files.many_grids")
    return collected.result(projection=grids[0], cut=sorted(cut))


def _found(raw: bytes) -> Iterator[Mapping[str, bytes]]:
    """Yield the bytes of each Shapefile in a zip, by suffix. Names only choose; nothing is written."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if "__MACOSX" not in name and not name.endswith("/")]
        stems = sorted(name[:-4].lower() for name in names if name.lower().endswith(".shp"))
        for stem in stems:
            mine = [name for name in names if name.lower().rpartition(".")[0] == stem]
            parts = {PurePosixPath(name.lower()).suffix: archive.read(name) for name in mine}
            if ".dbf" not in parts:
                raise Refused("files.no_shapefile")
            yield parts


def _read(collected: Collected, parts: Mapping[str, bytes], cut: set[str]) -> dict[str, float] | None:
    """Take the features of one Shapefile, and return the grid that it is drawn in; `cut` gets its cut columns."""
    encoding = _encoding(parts)
    try:
        with shapefile.Reader(encoding=encoding, encodingErrors="replace", **_opened(parts)) as reader:
            full = {field[0]: field[2] - _SPARE_BYTES for field in reader.fields if field[2] >= _LONG_BYTES}
            for record in reader.iterShapeRecords():
                _add(collected, record)
                told = record.record.as_dict()
                cut |= {name for name, most in full.items() if len(str(told[name]).encode(encoding, "replace")) >= most}
            is_geographic = not reader.numRecords or all(abs(edge) < _GEOGRAPHIC for edge in reader.bbox)
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, AssertionError):
        raise Refused("files.unreadable") from None
    if ".prj" in parts:
        return projection(parts[".prj"].decode("utf-8", "replace"))
    if not is_geographic:
        raise Refused("files.no_crs")
    return None


def _opened(parts: Mapping[str, bytes]) -> dict[str, io.BytesIO]:
    return {suffix[1:]: io.BytesIO(parts[suffix]) for suffix in (".shp", ".dbf", ".shx") if suffix in parts}


def _encoding(parts: Mapping[str, bytes]) -> str:
    """Return the encoding that .cpg names; without one, UTF-8 if all fits, else what Chinese offices use."""
    named = re.sub(r"[^a-z0-9]", "", parts.get(".cpg", b"").decode("ascii", "ignore").lower())
    if named:
        return _ENCODINGS.get(named, _ENCODINGS.get(named.removeprefix("cp"), "utf-8"))
    try:
        parts[".dbf"][32:].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _add(collected: Collected, record: Any) -> None:  # Any: a shape and its record
    told = {name: _plain(value) for name, value in record.record.as_dict().items()}
    geometry = record.shape.__geo_interface__ if record.shape.shapeType else None
    kind = geometry["type"] if geometry else ""
    if not geometry or not geometry["coordinates"] or kind == "GeometryCollection":
        collected.add(None, told, "files.no_geometry")
        return
    positions = _listed(geometry["coordinates"])
    if kind == "MultiPoint" and len(positions) == 1:
        kind, positions = "Point", positions[0]
    collected.add({"type": kind, "coordinates": positions}, told)


def _listed(node: Any) -> Any:
    """Return coordinates as lists; heights and measures are dropped."""
    if isinstance(node[0], int | float):
        return [float(node[0]), float(node[1])]
    return [_listed(part) for part in node]


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return str(value).rstrip("\0 ")[:TEXT_LETTERS]
