"""Check what becomes of an imported file: columns mapped, everything checked, the file cited, the datum watched."""

from __future__ import annotations

from typing import Any

import pytest

from cityatlas.city.property_checks import check_properties
from cityatlas.exchange.incoming.new_features import ImportChoices, ImportedFeatures, suggest_mapping, to_features
from cityatlas.exchange.layers.exports import export_layers
from cityatlas.exchange.uploads.shapes import read_upload
from cityatlas.geo import datum
from cityatlas.i18n import LANGUAGES
from sheet_files import toy_catalogue, toy_layer
from upload_files import at, geojson, row, shapes, zipped

CITY = toy_catalogue().city
SPEC = toy_layer().spec
PLAIN = {"name.zh": "名称"}


def bring(raw: bytes, **chosen: Any) -> ImportedFeatures:
    """Import a file into the toy city's sights as museums, unless said otherwise."""
    choices = {"mapping": PLAIN, "day": "2026-11-24", "kind": "museum"} | chosen
    features = toy_catalogue().features
    return to_features(
        read_upload(raw, "调查.geojson"),
        SPEC,
        CITY,
        ImportChoices(**choices),
        taken=features,
        existing=features.values(),
    )


def one(geometry: dict[str, Any] | None, **properties: Any) -> bytes:
    """Return a file of one feature with a name."""
    return geojson(row(geometry, **{"名称": "平湖馆"} | properties))


def test_an_imported_place_cites_its_file_and_says_how_it_was_located() -> None:
    (feature,) = bring(one(at(121.02))).features
    properties = feature["properties"]
    assert feature["id"] == "ping-hu-guan"
    assert properties["sources"] == [{"title": "调查.geojson", "date": "2026-11-24", "url": None}]
    assert properties["position"]["class"] == "schematic"
    assert properties["position"]["source"] == "调查.geojson"
    assert properties["position"]["located_by"]["zh"] == "由文件“调查.geojson”导入"
    assert list(check_properties(properties, SPEC, CITY)) == []


def test_an_approximate_position_carries_its_error() -> None:
    (feature,) = bring(one(at(121.02)), position_class="approximate", accuracy_m=30).features
    assert feature["properties"]["position"]["accuracy_m"] == 30
    told = bring(one(at(121.02)), position_class="approximate")
    assert [fault.key for fault in told.faults] == ["fault.no_accuracy"]


def test_columns_of_others_are_recognised() -> None:
    raw = zipped(shapes([(121.0, 30.7)], ["老磨坊"]))
    assert suggest_mapping(read_upload(raw, "x"), SPEC, CITY) == {"name.zh": "NAME", "visit_min": "VISIT_MIN"}
    raw = geojson(row(at(121.0), 名称="a", 地址="b", 开放时间="09:00-17:00", 电话="c", 传真="d"))
    found = suggest_mapping(read_upload(raw, "x"), SPEC, CITY)
    assert found == {"name.zh": "名称", "address.zh": "地址", "opening_hours": "开放时间", "phone": "电话"}


def test_a_column_whose_values_are_something_else_is_not_suggested() -> None:
    raw = geojson(row(at(121.0), name="a", type="Shop"), row(at(121.0), name="b", type="Bank"))
    assert suggest_mapping(read_upload(raw, "x"), SPEC, CITY) == {"name.zh": "name"}


@pytest.mark.parametrize("name", ["geojson", "kml", "shapefile"])
def test_a_layer_that_we_wrote_comes_back_whole(name: str) -> None:
    layer = toy_layer()
    raw = export_layers([layer], CITY, name, "zh").content
    imported = read_upload(raw, "ours")
    mapping = suggest_mapping(imported, SPEC, CITY)
    found = to_features(imported, SPEC, CITY, ImportChoices(mapping, "2026-11-24"))
    assert found.faults == ()
    by_id = {feature["id"]: feature["properties"] for feature in found.features}
    assert set(by_id) == {"mill", "quay", "hall", "boat-tour"}
    for feature in layer.features:
        for key in (
            "name",
            "kind",
            "summary",
            "themes",
            "opening_hours",
            "access",
            "stops",
            "legs",
            "is_loop",
            "facts",
        ):
            assert by_id[feature.id].get(key) == feature.properties.get(key), (feature.id, key)


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        (at(30.7, 121.0), "files.swapped"),
        (at(2.35, 48.85), "files.outside"),
        (None, "files.no_geometry"),
        ({"type": "MultiPoint", "coordinates": [[121, 30.7], [121.1, 30.7]]}, "files.mixed_geometry"),
        ({"type": "Circle", "coordinates": [121, 30.7]}, "files.geometry_type"),
        ({"type": "LineString", "coordinates": [[121.0, 30.7]] * 5_001}, "files.feature_vertices"),
        ({"type": "Point", "coordinates": ["121", "30.7"]}, "fault.not_position"),
        ({"type": "Polygon", "coordinates": [[[121, 30.7], [121.1, 30.8], [121.1, 30.7], [121, 30.8], [121, 30.7]]]},
         "fault.geometry_invalid"),
        ({"type": "Polygon", "coordinates": [[[121, 30.7], [121.1, 30.8], [121.1, 30.7]]]}, "fault.ring_open"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_used_is_told_and_not_repaired(geometry: dict[str, Any] | None, key: str) -> None:
    found = bring(one(geometry))
    assert [(fault.where, fault.key) for fault in found.faults] == [("1", key)]
    assert found.features == ()
    for language in LANGUAGES:
        assert found.faults[0].say(language).startswith({"zh": "1：", "en": "1: "}[language])


def test_the_other_features_of_a_file_with_faults_still_come() -> None:
    found = bring(geojson(row(at(30.7, 121.0), 名称="a"), row(at(121.0), 名称="b")))
    assert [feature["properties"]["name"] for feature in found.features] == [{"zh": "b"}]
    assert found.numbers == {"b": 2}


@pytest.mark.parametrize(
    ("properties", "chosen", "faults"),
    [
        ({"名称": ""}, {}, [("1", "files.no_name")]),
        ({}, {"kind": ""}, [("1", "files.no_kind")]),
        ({"类别": "店"}, {"mapping": PLAIN | {"kind": "类别"}}, [("1", "files.not_choice")]),
        ({"时间": "9点"}, {"mapping": PLAIN | {"opening_hours": "时间"}}, [("1", "files.not_hours")]),
        ({"名称": "长" * 201}, {}, [("1", "fault.long")]),
    ],
)
def test_attributes_are_checked_as_any_other(
    properties: dict[str, Any], chosen: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    assert [(fault.where, fault.key) for fault in bring(one(at(121.0), **properties), **chosen).faults] == faults


def test_ids_of_a_file_are_kept_where_they_are_free() -> None:
    mapping = PLAIN | {"id": "编号"}
    rows = [row(at(121.0), 名称=f"馆{n}", 编号=code) for n, code in enumerate(["new-one", "mill", "Bad Id", "new-one"])]
    ids = [feature["id"] for feature in bring(geojson(*rows), mapping=mapping).features]
    assert ids == ["new-one", "guan-1", "guan-2", "guan-3"]


def test_a_file_in_gcj_02_is_told_by_a_place_that_is_on_the_map_already() -> None:
    lon, lat = datum.convert(121.0, 30.7, "WGS-84", "GCJ-02")
    raw = one(at(lon, lat), 名称="老磨坊")
    (warning,) = bring(raw).warnings
    assert warning.key == "files.looks_shifted"
    assert dict(warning.values)["datum"] == "GCJ-02"
    assert 400 < int(dict(warning.values)["away"]) < 600
    found = bring(raw, datum="GCJ-02")
    assert found.warnings == ()
    assert found.features[0]["geometry"] == at(121.0)


def test_a_file_in_wgs_84_that_is_called_gcj_02_is_told_as_well() -> None:
    (warning,) = bring(one(at(121.0), 名称="老磨坊"), datum="GCJ-02").warnings
    assert dict(warning.values)["datum"] == "WGS-84"
