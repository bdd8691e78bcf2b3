"""Part a large basemap: every view gets what is seen from afar, near views ask for tiles of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.basemap import Base, BaseShape
from cityatlas.errors import BrokenGeodata
from cityatlas.settings import Settings
from cityatlas.tiles import base_tiles
from cityatlas.tiles.base_tiles import CLOSE, NEAR, part_base
from cityatlas.tiles.geojson import base_json
from toy import write_city

HOUSE = BaseShape("land", "building", shapely.box(121.0, 30.7, 121.0001, 30.7001), {}, 16)
LAKE = BaseShape("water", "lake", shapely.box(121.0, 30.7, 121.1, 30.8), {}, 10)
ROAD = BaseShape("streets", "main", shapely.LineString([(121.0, 30.7), (121.01, 30.70001), (121.02, 30.7)]), {}, 10)
NAME = BaseShape("labels", "town", shapely.Point(121.0, 30.7), {"zh": "镇"}, 10)


def test_a_small_basemap_is_sent_whole() -> None:
    parts = part_base(Base((HOUSE, ROAD)))
    assert (parts.overview, parts.tiles) == ((HOUSE, ROAD), {})


def test_what_is_sent_bends_where_a_pixel_shows_it() -> None:
    line = [(121.0, 30.7), (121.01, 30.700009), (121.02, 30.7), (121.03, 30.70003), (121.04, 30.7)]
    (row,) = json.loads(base_json([BaseShape("streets", "main", shapely.LineString(line), {}, 10)], "zh"))["features"]
    assert row["geometry"]["coordinates"] == [[121.0, 30.7], [121.02, 30.7], [121.03, 30.70003], [121.04, 30.7]]


def test_a_large_one_keeps_houses_for_near_views_and_streets_simple_for_far_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base_tiles, "WHOLE", 3)
    parts = part_base(Base((HOUSE, LAKE, ROAD, NAME)))
    assert [(shape.kind, shape.max_zoom) for shape in parts.overview] == [
        ("lake", None),
        ("main", NEAR - 1),
        ("town", None),
    ]
    assert len(parts.overview[1].geometry.coords) == 2  # the bend of one metre is not seen from afar
    assert {(level, *(shape.kind for shape in shapes)) for (level, _, _), shapes in parts.tiles.items()} == {
        (NEAR, "main"),
        (CLOSE, "building"),
    }


def test_a_view_gets_what_it_shows_in_the_order_it_is_drawn() -> None:
    base = Base((LAKE, HOUSE, ROAD))
    assert base.within((120.99, 30.69, 121.005, 30.705), 17) == [LAKE, HOUSE, ROAD]
    assert base.within((120.99, 30.69, 121.005, 30.705), 12) == [LAKE, ROAD]
    assert base.within((121.05, 30.75, 121.06, 30.76), 17) == [LAKE]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"attribution": 3}, "attribution"),
        ({"attribution": "x", "licence_url": "javascript:alert(1)"}, "licence_url"),
        ({"is_schematic": "no"}, "is_schematic"),
    ],
)
def test_what_a_file_says_of_itself_is_checked(tmp_path: Path, said: dict[str, Any], word: str) -> None:
    folder = write_city(tmp_path / "toy")
    (folder / "base").mkdir()
    document = {"type": "FeatureCollection", "features": [], **said}
    (folder / "base" / "water.geojson").write_text(json.dumps(document))
    with pytest.raises(BrokenGeodata) as caught:
        build_catalogue(Settings(geodata=folder))
    assert word in str(caught.value.faults[0])
