"""Bring files back that we wrote: what is as it was changes nothing, what differs is told field by field."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from shapely.geometry import shape

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.city.layers import Feature
from cityatlas.exchange.incoming.new_features import ImportChoices, ImportedFeatures, suggest_mapping, to_features
from cityatlas.exchange.incoming.shape_comparison import compare_shapes, is_same_shape, moved_m
from cityatlas.exchange.incoming.sheet_rows import SheetDifference
from cityatlas.exchange.layers.exports import export_layers
from cityatlas.exchange.layers.sheets import content_version
from cityatlas.exchange.uploads.shapes import read_upload
from cityatlas.settings import Settings
from sheet_files import toy_catalogue
from upload_files import at, geojson, gpx, row, zipped

TOY = toy_catalogue()


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """Return the shipped city, which has lines and areas, long texts and every kind of list."""
    return build_catalogue(Settings())


def back(raw: bytes, catalogue: Catalogue = TOY, layer: str = "sights") -> tuple[SheetDifference, ImportedFeatures]:
    """Return what a file changes in a layer, and what it adds to it."""
    imported = read_upload(raw, "again")
    chosen, city = catalogue.layers[layer], catalogue.city
    choices = ImportChoices(suggest_mapping(imported, chosen.spec, city), "2026-11-25", kind=chosen.spec.kinds[0])
    difference, known = compare_shapes(imported, chosen, city, choices, {}, lambda *_: None)
    features = catalogue.features
    made = to_features(imported, chosen.spec, city, choices, taken=features, existing=features.values(), known=known)
    return difference, made


def written(name: str, catalogue: Catalogue = TOY, layer: str = "sights") -> bytes:
    """Return a layer in a format."""
    versions = {feature.id: content_version(feature) for feature in catalogue.layers[layer].features}
    return export_layers([catalogue.layers[layer]], catalogue.city, name, "zh", versions).content


@pytest.mark.parametrize("name", ["geojson", "kml", "shapefile"])
def test_a_file_that_we_wrote_changes_nothing_in_any_layer(shipped: Catalogue, name: str) -> None:
    for layer in shipped.layers.values():
        difference, made = back(written(name, shipped, layer.spec.id), shipped, layer.spec.id)
        assert difference.is_empty, (layer.spec.id, difference.changes[:1], difference.faults[:1])
        assert difference.unchanged == len(layer.features)
        assert (made.features, made.faults, made.warnings) == ((), (), ())


def test_a_gpx_file_that_we_wrote_adds_nothing_unasked(shipped: Catalogue) -> None:
    difference, made = back(written("gpx", shipped), shipped)
    assert difference.unchanged == 0
    assert made.faults == ()
    assert set(made.twins) == {feature["id"] for feature in made.features}
    assert sorted(made.twins.values()) == sorted(feature.id for feature in shipped.layers["sights"].features)


def test_a_new_point_among_known_ones_is_no_twin() -> None:
    point = '<wpt lat="30.7" lon="121.0"><name>{}</name></wpt>'
    _, made = back(gpx(point.format("老磨坊") + point.format("新亭")))
    assert {feature["properties"]["name"]["zh"]: feature["id"] in made.twins for feature in made.features} == {
        "老磨坊": True,
        "新亭": False,
    }


def told(difference: SheetDifference) -> list[tuple[str, str, Any, Any]]:
    """Return the changes of a difference."""
    return [(change.feature_id, change.column, change.before, change.after) for change in difference.changes]


def changed(raw: bytes, change: Callable[[dict[str, Any]], None], feature_id: str = "mill") -> bytes:
    """Return a GeoJSON file with one feature changed."""
    document = json.loads(raw)
    change(next(feature for feature in document["features"] if feature["id"] == feature_id))
    return json.dumps(document).encode()


def test_one_value_of_a_geojson_file_is_one_change() -> None:
    difference, _ = back(changed(written("geojson"), lambda mill: mill["properties"].update(visit_min=25)))
    assert told(difference) == [("mill", "visit_min", None, 25)]
    (edited,) = difference.edited
    assert (edited["id"], edited["properties"]["visit_min"]) == ("mill", 25)
    assert difference.unchanged == 3


def test_one_value_of_a_kml_file_is_one_change() -> None:
    raw = written("kml").decode()
    difference, _ = back(raw.replace(">Old mill<", ">Older mill<").encode())
    assert told(difference) == [("mill", "name.en", "Old mill", "Older mill")]


def test_a_point_that_was_moved_is_one_change_of_shape() -> None:
    moved = at(121.02, 30.705)
    difference, _ = back(changed(written("geojson"), lambda mill: mill.update(geometry=moved)))
    ((feature_id, column, before, after),) = told(difference)
    assert (feature_id, column, after) == ("mill", "shape", moved)
    assert difference.edited[0]["geometry"] == moved
    assert difference.edited[0]["properties"] == dict(TOY.features["mill"].properties)
    assert moved_m(before, after) > 100


def test_what_is_blanked_in_a_file_is_taken_out_and_what_must_be_there_is_asked_for() -> None:
    raw = changed(written("geojson"), lambda hall: hall["properties"].update(opening_hours=None), "hall")
    assert [line[:2] for line in told(back(raw)[0])] == [("hall", "opening_hours")]
    raw = changed(written("geojson"), lambda hall: hall["properties"].update(name={}), "hall")
    difference, _ = back(raw)
    assert [fault.column for fault in difference.faults] == ["name.zh"]
    assert difference.edited == ()


def test_a_file_of_ids_without_shapes_keeps_the_shapes() -> None:
    rows = [{**row(None, **{"name.zh": "老磨坊", "visit_min": 5}), "id": "mill"}]
    difference, _ = back(geojson(*rows))
    assert [line[1:] for line in told(difference)] == [("visit_min", None, 5)]
    assert shape(difference.edited[0]["geometry"]).equals(TOY.features["mill"].geometry)


def test_an_id_of_another_layer_is_told_and_a_second_of_the_same_too() -> None:
    _, made = back(written("geojson"), layer="works")
    assert {fault.key for fault in made.faults} == {"files.id_elsewhere"}
    mill = {**row(at(121.0), **{"name.zh": "老磨坊"}), "id": "mill"}
    difference, _ = back(geojson(mill, mill))
    assert [(fault.key, fault.where) for fault in difference.faults if fault.key == "files.double_id"] == [
        ("files.double_id", "2")
    ]


def test_a_file_is_compared_with_the_version_that_it_names() -> None:
    imported = read_upload(changed(written("geojson"), lambda mill: mill["properties"].update(visit_min=25)), "x")
    layer, city = TOY.layers["sights"], TOY.city
    choices = ImportChoices(suggest_mapping(imported, layer.spec, city), "2026-11-25")
    asked: list[str] = []

    def base_of(feature_id: str, _: str) -> Feature:
        asked.append(feature_id)
        return TOY.features[feature_id]

    difference, _ = compare_shapes(imported, layer, city, choices, {"mill": "r7"}, base_of)
    assert asked == ["mill"]
    assert difference.based_on["mill"] == content_version(TOY.features["mill"])


def test_rings_are_the_same_wherever_they_begin_and_whichever_way_they_go() -> None:
    ring = [(121.0, 30.7), (121.01, 30.7), (121.01, 30.71), (121.0, 30.7)]
    one = shape({"type": "Polygon", "coordinates": [ring]})
    turned = shape({"type": "MultiPolygon", "coordinates": [[[*ring[1:], ring[1]][::-1]]]})
    other = shape({"type": "Polygon", "coordinates": [[*ring[:2], (121.011, 30.71), ring[0]]]})
    assert is_same_shape(one, turned)
    assert not is_same_shape(one, other)


def test_one_value_of_a_shapefile_is_one_change() -> None:
    with zipfile.ZipFile(io.BytesIO(written("shapefile"))) as archive:
        files = {name: archive.read(name).replace(b"Old mill", b"New mill") for name in archive.namelist()}
    difference, _ = back(zipped(files))
    assert told(difference) == [("mill", "name.en", "Old mill", "New mill")]


def test_texts_that_a_shapefile_cut_are_not_taken_nor_statements_without_their_sources(shipped: Catalogue) -> None:
    imported = read_upload(written("shapefile", shipped), "x")
    assert imported.cut == {"facts", "notices", "sources"}
    mapping = suggest_mapping(imported, shipped.layers["sights"].spec, shipped.city)
    assert mapping["name.zh"] == "name_zh"
    assert not {"facts", "sources", "hours_source", "programmes"} & mapping.keys()
