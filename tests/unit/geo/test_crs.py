"""Check the reference systems of OGC API: order of axes, boxes and shapes in each."""

from __future__ import annotations

import pytest
from shapely.geometry import LineString, Point

from cityatlas.errors import InvalidQuery
from cityatlas.geo.crs import CRS84, KNOWN, read_crs

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
# 121 degrees east are 121/180 of half the equator, 20 037 508.34 m; 30.7 north is ln tan(45 + 15.35) of its radius.
X_M, Y_M = 13_469_658.39, 3_593_849.41


@pytest.mark.parametrize("code", ["4326", "4490"])
def test_degrees_of_epsg_have_latitude_first(code: str) -> None:
    crs = read_crs("crs", EPSG + code)
    assert crs.of_shapes([LineString([(121, 30.7), (121.5, 31)])])[0].coords[:] == [(30.7, 121), (31, 121.5)]
    assert crs.lon_lat_box((30.6, 121), (30.8, 121.5)) == (121, 30.6, 121.5, 30.8)


def test_mercator_is_metres() -> None:
    (point,) = read_crs("crs", EPSG + "3857").of_shapes([Point(121, 30.7)])
    assert point.coords[0] == pytest.approx((X_M, Y_M), abs=0.01)


def test_a_box_in_mercator_is_one_in_degrees() -> None:
    box = read_crs("bbox-crs", EPSG + "3857").lon_lat_box((X_M, Y_M), (1e300, 1e300))
    assert box[:2] == pytest.approx((121, 30.7), abs=1e-7)
    assert box[2] > 180
    assert box[3] == pytest.approx(90)


def test_longitude_comes_first_unless_said() -> None:
    assert read_crs("crs", None) is CRS84
    assert CRS84.lon_lat_box((121, 30.6), (121.5, 30.8)) == (121, 30.6, 121.5, 30.8)


@pytest.mark.parametrize("uri", ["", "EPSG:4326", EPSG + "4258", "http://www.opengis.net/def/crs/OGC/1.3/CRS83"])
def test_another_crs_is_refused(uri: str) -> None:
    with pytest.raises(InvalidQuery, match="not known"):
        read_crs("crs", uri)
    assert uri not in KNOWN
