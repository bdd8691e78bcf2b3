"""Name the coordinate reference systems that `crs=` and `bbox-crs=` take, and turn boxes and shapes into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from ..errors import InvalidQuery
from .projection import Bbox, in_crs, lon_lat_of_mercator

DEGREES, METRES = 6, 2  # decimals: a tenth of a metre, and a hundredth


@dataclass(frozen=True)
class Crs:
    """Describe a CRS: its URI, its EPSG code, and whether latitude comes first, as EPSG's own degrees have it."""

    uri: str
    epsg: int
    is_lat_first: bool = False
    decimals: int = DEGREES

    def of_shapes(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return WGS-84 shapes in this CRS. CGCS2000 counts as WGS-84: they differ by decimetres."""
        if self.is_lat_first:
            return [shapely.transform(shape, lambda lon_lat: lon_lat[:, ::-1]) for shape in shapes]
        return in_crs(shapes, f"EPSG:{self.epsg}")

    def lon_lat_box(self, first: tuple[float, float], second: tuple[float, float]) -> Bbox:
        """Return the WGS-84 box between two corners, as a bbox in this CRS names them."""
        if self.is_lat_first:
            return first[1], first[0], second[1], second[0]
        if self.epsg == MERCATOR.epsg:
            return *lon_lat_of_mercator(*first), *lon_lat_of_mercator(*second)
        return *first, *second


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326)
MERCATOR = Crs("http://www.opengis.net/def/crs/EPSG/0/3857", 3857, decimals=METRES)
KNOWN = {
    crs.uri: crs
    for crs in (
        CRS84,
        Crs("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, is_lat_first=True),
        Crs("http://www.opengis.net/def/crs/EPSG/0/4490", 4490, is_lat_first=True),
        MERCATOR,
    )
}


def read_crs(key: str, uri: str | None) -> Crs:
    """Return the CRS that a parameter names, CRS84 where it is not given. Raises InvalidQuery for any other."""
    if uri is None:
        return CRS84
    if crs := KNOWN.get(uri):
        return crs
    raise InvalidQuery(f'{key}="{uri[:80]}" is not known.', f"There are: {', '.join(KNOWN)}.")
