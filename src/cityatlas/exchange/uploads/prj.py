"""Tell from a .prj file which grid a Shapefile is drawn in, without handing its text to PROJ."""

from __future__ import annotations

import math
import re

from .refused import Refused

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
