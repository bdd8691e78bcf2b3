"""Check the datum formulas against an independent implementation's values and by round trip."""

from __future__ import annotations

import csv
from math import cos, hypot, nan, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityatlas.errors import InvalidValue
from cityatlas.geo.datum import Datum, convert

VALUES = Path(__file__).parents[2] / "data" / "datum.csv"
COLUMNS: dict[Datum, str] = {"WGS-84": "wgs84", "GCJ-02": "gcj02", "BD-09": "bd09"}
PAIRS = [(source, target) for source in COLUMNS for target in COLUMNS]

county_lon = st.floats(120.9, 121.3)
county_lat = st.floats(30.55, 30.85)


def rows() -> list[dict[str, str]]:
    with VALUES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    east_deg = (one[0] - other[0]) * cos(radians(one[1]))
    return hypot(east_deg, one[1] - other[1]) * 111_320


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["wgs84_lon"])
def test_reference_values_agree_to_a_billionth_of_a_degree(row: dict[str, str], source: Datum, target: Datum) -> None:
    lon, lat = (float(row[f"{COLUMNS[source]}_{axis}"]) for axis in ("lon", "lat"))
    expected = tuple(float(row[f"{COLUMNS[target]}_{axis}"]) for axis in ("lon", "lat"))
    # The values in the file end at the ninth decimal, on both sides.
    assert convert(lon, lat, source, target) == pytest.approx(expected, abs=2e-9)


def test_a_second_published_value_agrees() -> None:
    expected = (121.531541859215, 31.17530398364597)
    assert convert(121.5272106, 31.1774276, "WGS-84", "GCJ-02") == pytest.approx(expected, abs=1e-12)


@given(county_lon, county_lat, st.sampled_from(PAIRS))
def test_there_and_back_ends_within_a_millimetre(lon: float, lat: float, pair: tuple[Datum, Datum]) -> None:
    source, target = pair
    there = convert(lon, lat, source, target)
    assert metres_between((lon, lat), convert(*there, target, source)) < 0.001


@given(county_lon, county_lat)
def test_the_shift_in_the_county_is_half_a_kilometre_and_one_kilometre(lon: float, lat: float) -> None:
    here = (lon, lat)
    assert 470 < metres_between(here, convert(lon, lat, "WGS-84", "GCJ-02")) < 510
    assert 1060 < metres_between(here, convert(lon, lat, "WGS-84", "BD-09")) < 1170


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.85), (-74.0, 40.7), (151.2, -33.9), (180.0, 90.0)])
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_outside_china_nothing_moves(lon: float, lat: float, source: Datum, target: Datum) -> None:
    assert convert(lon, lat, source, target) == (lon, lat)


@pytest.mark.parametrize(("lon", "lat"), [(nan, 30.7), (121.0, nan), (30.7, 121.0), (float("inf"), 0.0)])
def test_a_position_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InvalidValue, match="not on the globe") as caught:
        convert(lon, lat, "WGS-84", "GCJ-02")
    assert caught.value.hint == "Give longitude, then latitude, in degrees."


@pytest.mark.parametrize(("lon", "lat"), [(-180.0, 0.0), (180.0, 0.0), (0.0, -90.0), (0.0, 90.0)])
def test_the_globe_reaches_to_its_edge_and_no_step_further(lon: float, lat: float) -> None:
    assert convert(lon, lat, "WGS-84", "BD-09") == (lon, lat)
    with pytest.raises(InvalidValue):
        convert(lon * 1.001, lat * 1.001, "WGS-84", "BD-09")


@pytest.mark.parametrize(
    ("edge", "outwards"),
    [((72.004, 30.0), (-1, 0)), ((137.8347, 30.0), (1, 0)), ((105.5, 0.8293), (0, -1)), ((105.5, 55.8271), (0, 1))],
)
def test_china_is_moved_on_its_edge_and_not_behind_it(edge: tuple[float, float], outwards: tuple[int, int]) -> None:
    assert metres_between(edge, convert(*edge, "WGS-84", "GCJ-02")) > 50
    behind = (edge[0] + 0.0001 * outwards[0], edge[1] + 0.0001 * outwards[1])
    assert convert(*behind, "WGS-84", "GCJ-02") == behind
