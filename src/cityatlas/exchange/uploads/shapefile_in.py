"""Read a zipped Shapefile from outside without GDAL.

Tell from a .prj file which grid a Shapefile is drawn in, without handing its text to PROJ.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import shapefile

from ...limits import TEXT_LETTERS
from ...schema.strict_json import JsonTable
from .limits import Refused
from .shapes import Collected

# Datums that are WGS-84 at the scale of a street. Beijing 1954 and Xi'an 1980 lie up to 100 m off: refused.
_NEAR_WGS84 = (
    "WGS_1984",
    "WGS84",
    "WGS 84",
    "CGCS2000",
    "CHINA_2000",
    "CHINA GEODETIC COORDINATE SYSTEM 2000",
    "CHINA_GEODETIC_COORDINATE_SYSTEM_2000",
)
_PARAMETER = re.compile(r'PARAMETER\["([^"]{1,60})",\s*([-+0-9.eE]{1,30})', re.IGNORECASE)
_UNIT = re.compile(r'UNIT\["(metre|meter|m)",\s*1(?:\.0*)?', re.IGNORECASE)
_NAMES = {
    "central_meridian": "lon_0",
    "longitude_of_natural_origin": "lon_0",
    "latitude_of_origin": "lat_0",
    "latitude_of_natural_origin": "lat_0",
    "scale_factor": "k",
    "scale_factor_at_natural_origin": "k",
    "false_easting": "x_0",
    "false_northing": "y_0",
}
_MAX_PRJ = 10_000  # letters


def projection(wkt: str) -> dict[str, float] | None:
    """Return None for degrees, else the numbers of a transverse Mercator grid (Gauss-Krueger, UTM), in metres.

    Raises Refused for another datum or another kind of grid, naming it.
    """
    upper = wkt[:_MAX_PRJ].upper()
    named = re.search(r'"([^"]*)"', wkt)
    name = named.group(1) if named else wkt[:60]
    if not any(datum in upper for datum in _NEAR_WGS84):
        raise Refused("files.unknown_crs", name=name)
    if upper.lstrip("\ufeff \r\n\t").startswith(("GEOGCS", "GEOGCRS", "GEODCRS")):
        return None
    is_mercator = re.search(r'"(TRANSVERSE_MERCATOR|GAUSS_KRUGER|TRANSVERSE MERCATOR)"', upper)
    if not is_mercator or not _UNIT.search(wkt):
        raise Refused("files.unknown_crs", name=name)
    return _numbers(wkt[:_MAX_PRJ], name)


def _numbers(wkt: str, name: str) -> dict[str, float]:
    found = {"lat_0": 0.0, "k": 1.0, "x_0": 0.0, "y_0": 0.0}
    for label, text in _PARAMETER.findall(wkt):
        key = _NAMES.get(label.lower().replace(" ", "_"))
        try:
            number = float(text)
        except ValueError:
            raise Refused("files.unknown_crs", name=name) from None
        if key and math.isfinite(number):
            found[key] = number
    if not -180 <= found.get("lon_0", 999) <= 180 or not 0.9 < found["k"] < 1.1 or found["lat_0"]:
        raise Refused("files.unknown_crs", name=name)
    return found


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
