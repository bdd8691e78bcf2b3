"""Convert positions between WGS-84 and the two shifted datums of Chinese web maps.

All positions are (lon, lat) in degrees. GCJ-02 (Amap, Tencent, Apple in China) lies about half a
kilometre from WGS-84 in mainland China, BD-09 (Baidu) about one kilometre. The formulas are the publicly
known approximation; vendors may differ from it by a few decimetres. Outside China all three are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Literal

from ..errors import InvalidValue

Datum = Literal["WGS-84", "GCJ-02", "BD-09"]

_RADIUS_M = 6378245.0  # Krasovsky ellipsoid, semi-major axis
_ECCENTRICITY_2 = 1 - (1 - 1 / 298.3) ** 2
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north: a plain rectangle by definition
_BD_WAVE = pi * 3000 / 180
_BD_OFFSET = (0.0065, 0.006)  # degrees added to lon, lat
_ROUNDS = 10  # five bring the inverse under 2 nm at 31 N


def convert(lon: float, lat: float, source: Datum, target: Datum) -> tuple[float, float]:
    """Return (lon, lat) of the same place in another datum, in degrees.

    Raises InvalidValue when the position is not a number or not on the globe.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidValue(
            f"The position {lon}, {lat} is not on the globe.", "Give longitude, then latitude, in degrees."
        )
    if source == target:
        return lon, lat
    return _FROM_WGS[target](*_to_wgs(lon, lat, _FROM_WGS[source]))


def _to_wgs(lon: float, lat: float, forward: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    """Return the WGS-84 position that `forward` moves to (lon, lat), by fixed-point rounds."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        moved_lon, moved_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon - (moved_lon - lon), guess_lat - (moved_lat - lat)
    return guess_lon, guess_lat


def _wgs_to_wgs(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat


def _wgs_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    if not _is_in_china(lon, lat):
        return lon, lat
    east_m, north_m = _shift_m(lon - 105, lat - 35)
    curve = 1 - _ECCENTRICITY_2 * sin(radians(lat)) ** 2
    prime_vertical_m = _RADIUS_M / sqrt(curve) * cos(radians(lat))
    meridian_m = _RADIUS_M * (1 - _ECCENTRICITY_2) / curve**1.5
    return lon + east_m / prime_vertical_m * 180 / pi, lat + north_m / meridian_m * 180 / pi


def _wgs_to_bd(lon: float, lat: float) -> tuple[float, float]:
    if not _is_in_china(lon, lat):
        return lon, lat
    x, y = _wgs_to_gcj(lon, lat)
    radius = hypot(x, y) + 2e-5 * sin(y * _BD_WAVE)
    angle = atan2(y, x) + 3e-6 * cos(x * _BD_WAVE)
    return radius * cos(angle) + _BD_OFFSET[0], radius * sin(angle) + _BD_OFFSET[1]


def _is_in_china(lon: float, lat: float) -> bool:
    west, south, east, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Return the GCJ-02 shift (east, north) on the ellipsoid for degrees east of 105 and north of 35."""
    shared = (20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + shared
    east_m += (20 * sin(pi * x) + 40 * sin(pi * x / 3)) * 2 / 3
    east_m += (150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + shared
    north_m += (20 * sin(pi * y) + 40 * sin(pi * y / 3)) * 2 / 3
    north_m += (160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    return east_m, north_m


_FROM_WGS: dict[Datum, Callable[[float, float], tuple[float, float]]] = {
    "WGS-84": _wgs_to_wgs,
    "GCJ-02": _wgs_to_gcj,
    "BD-09": _wgs_to_bd,
}
