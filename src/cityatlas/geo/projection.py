"""Measure in metres, and project: the only home of CRS changes.

geopandas is imported by what projects: a process that parses one file from outside begins without it in half the time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    import geopandas as gpd

WGS84 = "EPSG:4326"
EQUATOR_M = 40_075_016.686  # round WGS 84
TILE_PX = 256
MAX_LAT = 85.0511287798066  # where Web Mercator is square (EPSG:3857)
MERCATOR_M = math.pi * 6_378_137  # from the middle of that square to its sides

Bbox = tuple[float, float, float, float]  # west, south, east, north


def to_metres(frame: gpd.GeoDataFrame | gpd.GeoSeries, lon: float, lat: float) -> gpd.GeoDataFrame | gpd.GeoSeries:
    """Return a WGS-84 frame in the UTM zone (metres) of a point, so that all layers share one zone."""
    zone = min(60, int((lon + 180) // 6) + 1)
    return frame.to_crs(f"EPSG:{(32600 if lat >= 0 else 32700) + zone}")


def lon_lat_of_grid(positions: Sequence[tuple[float, float]], grid: Mapping[str, float]) -> list[tuple[float, float]]:
    """Return WGS-84 lon, lat of x, y in metres of a transverse Mercator grid, as Gauss-Krueger and UTM are.

    `grid` holds PROJ's numbers lon_0, lat_0, k, x_0 and y_0. CGCS2000 counts as WGS-84: they differ by decimetres.
    """
    import geopandas as gpd

    numbers = " ".join(f"+{name}={grid[name]:.12g}" for name in ("lon_0", "lat_0", "k", "x_0", "y_0"))
    xs, ys = zip(*positions, strict=True)
    points = gpd.GeoSeries(gpd.points_from_xy(xs, ys), crs=f"+proj=tmerc {numbers} +datum=WGS84 +units=m +type=crs")
    return [(point.x, point.y) for point in points.to_crs(WGS84)]


def in_crs(shapes: Sequence[BaseGeometry], crs: str) -> list[BaseGeometry]:
    """Return WGS-84 shapes in another CRS, east before north whatever its own order is."""
    import geopandas as gpd

    return list(gpd.GeoSeries(list(shapes), crs=WGS84).to_crs(crs))


def lon_lat_of_mercator(x: float, y: float) -> tuple[float, float]:
    """Return lon, lat of metres in EPSG:3857; what lies far beyond the world is brought near to it."""
    worlds_x, worlds_y = (max(-10, min(10, metres / (2 * MERCATOR_M))) for metres in (x, y))
    return lon_lat_of_px((0.5 + worlds_x) * TILE_PX, (0.5 - worlds_y) * TILE_PX, 0)


def web_mercator_px(lon: float, lat: float, zoom: float) -> tuple[float, float]:
    """Return x, y in pixels from the north-west corner of the world (256 px tiles, y down)."""
    size_px = TILE_PX * 2**zoom
    sin_lat = math.sin(math.radians(max(-MAX_LAT, min(MAX_LAT, lat))))
    y = 0.5 - math.log((1 + sin_lat) / (1 - sin_lat)) / (4 * math.pi)
    return (lon + 180) / 360 * size_px, y * size_px


def lon_lat_of_px(x: float, y: float, zoom: float) -> tuple[float, float]:
    """Return lon, lat of a pixel: the inverse of `web_mercator_px`."""
    size_px = TILE_PX * 2**zoom
    return x / size_px * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / size_px))))


def metres_per_px(lat: float, zoom: float) -> float:
    """Return how many metres of ground a pixel of a Web Mercator picture shows at a latitude (256 px tiles)."""
    return EQUATOR_M * math.cos(math.radians(lat)) / (TILE_PX * 2**zoom)


def view_bbox(lon: float, lat: float, zoom: float, width_px: int, height_px: int) -> Bbox:
    """Return the extent that a view of this size shows, in degrees."""
    x, y = web_mercator_px(lon, lat, zoom)
    west, north = lon_lat_of_px(x - width_px / 2, y - height_px / 2, zoom)
    east, south = lon_lat_of_px(x + width_px / 2, y + height_px / 2, zoom)
    return west, south, east, north


def fitting_zoom(bbox: Bbox, width_px: int, height_px: int, most: float) -> float:
    """Return the largest whole zoom, at most `most`, at which an extent fits into a picture."""
    west, south, east, north = bbox
    for zoom in range(int(most), 0, -1):
        (left, bottom), (right, top) = web_mercator_px(west, south, zoom), web_mercator_px(east, north, zoom)
        if right - left <= width_px and bottom - top <= height_px:
            return zoom
    return 0


def representative_lon_lat(geometry: BaseGeometry) -> tuple[float, float]:
    """Return a point that lies on the geometry: itself, the middle of a line, or inside an area."""
    if geometry.geom_type == "LineString":
        point = geometry.interpolate(0.5, normalized=True)
    else:
        point = geometry.representative_point()
    return round(point.x, 6), round(point.y, 6)
