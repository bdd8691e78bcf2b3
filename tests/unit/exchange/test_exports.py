"""Check what goes out, read back by GDAL, which is what others use."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyogrio
import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.errors import InvalidValue
from cityatlas.exchange.layers.exports import FORMATS, export_layers
from cityatlas.settings import Settings
from hostile import PAYLOADS, write_hostile_city
from sheet_files import toy_catalogue, toy_layer

LAYERS = list(toy_catalogue().layers.values())
CITY = toy_catalogue().city


def written(tmp_path: Path, name: str) -> Path:
    """Return a file of the whole toy city."""
    exported = export_layers(LAYERS, CITY, name, "zh")
    path = tmp_path / exported.file
    path.write_bytes(exported.content)
    return path


def test_gdal_reads_the_gpx(tmp_path: Path) -> None:
    path = written(tmp_path, "gpx")
    points = pyogrio.read_dataframe(path, layer="waypoints")
    assert list(points["name"]) == ["老磨坊", "渡口", "纪念馆", "学校"]
    assert (points.geometry[0].x, points.geometry[0].y) == (121.0, 30.7)
    assert "示意" in points["desc"][0]
    tracks = pyogrio.read_dataframe(path, layer="tracks")
    assert list(tracks["name"]) == ["水上游线", "老城"]


def test_gdal_reads_the_kml_with_a_folder_for_each_layer(tmp_path: Path) -> None:
    path = written(tmp_path, "kml")
    assert [name for name, _ in pyogrio.list_layers(path)] == ["景点", "工程"]
    frame = pyogrio.read_dataframe(path, layer="景点")
    assert list(frame.geom_type) == ["Point", "Point", "Point", "LineString"]
    assert list(frame["Name"]) == ["老磨坊", "渡口", "纪念馆", "水上游线"]
    assert pyogrio.read_dataframe(path, layer="工程").geom_type[0] == "Polygon"


def test_gdal_reads_the_shapefiles_with_chinese_texts_and_their_legend(tmp_path: Path) -> None:
    path = written(tmp_path, "shapefile")
    with zipfile.ZipFile(path) as archive:
        legend = archive.read("legend.csv").decode("utf-8-sig")
        assert archive.read("sights_points.cpg") == b"UTF-8"
    assert "sights,opening_ho,opening_hours,开放时间" in legend
    points = pyogrio.read_dataframe(f"/vsizip/{path}/sights_points.shp")
    assert points.crs.to_epsg() == 4326
    assert list(points["name_zh"]) == ["老磨坊", "渡口", "纪念馆"]
    hall = points.iloc[2]
    assert (hall["visit_min"], hall["opening_ho"], hall["acc_step_f"], hall["acc_lift"]) == (
        45,
        "Tu-Su 08:30-16:30",
        "true",
        None,  # unknown is not false
    )
    lines = pyogrio.read_dataframe(f"/vsizip/{path}/sights_lines.shp")
    assert lines.geometry[0].wkt == "LINESTRING (121 30.7, 121.01 30.7, 121.03 30.7)"
    area = pyogrio.read_dataframe(f"/vsizip/{path}/works_areas.shp").geometry[0]
    assert area.bounds == (121.015, 30.695, 121.025, 30.705)


def test_gdal_reads_the_geopackage_with_a_table_for_each_layer(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg")
    assert [name for name, _ in pyogrio.list_layers(path)] == ["sights", "works"]
    frame = pyogrio.read_dataframe(path, layer="sights")
    assert frame.crs.to_epsg() == 4326
    assert list(frame["id"]) == ["mill", "quay", "hall", "boat-tour"]
    assert list(frame.geom_type) == ["Point", "Point", "Point", "LineString"]
    assert frame["themes"][0] == "family"
    assert frame["visit_min"][2] == 45
    phases = pyogrio.read_dataframe(path, layer="works")["phases"][1]
    assert phases.splitlines()[2] == "桩基施工 | 2024-01 |  | Town paper"


@pytest.mark.parametrize("name", ["geojson", "xlsx", "csv"])
def test_formats_of_one_layer_come_in_a_zip_when_there_are_several(name: str) -> None:
    exported = export_layers(LAYERS, CITY, name, "zh")
    assert exported.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert archive.namelist() == [f"sights.{name}", f"works.{name}"]
        assert archive.read(f"works.{name}") == export_layers([LAYERS[1]], CITY, name, "zh").content or name == "xlsx"


@pytest.mark.parametrize("name", FORMATS)
def test_one_layer_is_called_by_its_id(name: str) -> None:
    exported = export_layers([toy_layer()], CITY, name, "en")
    assert exported.file == f"sights.{FORMATS[name].suffix}"
    assert exported.mimetype == FORMATS[name].mimetype


def test_a_format_that_nobody_writes_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidValue) as caught:
        export_layers(LAYERS, CITY, "dwg", "zh")
    assert "gpkg" in caught.value.hint


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_city_of_attacks_goes_out_as_data(payload: str, tmp_path: Path) -> None:
    catalogue = build_catalogue(Settings(geodata=write_hostile_city(tmp_path / "city", payload)))
    layers = list(catalogue.layers.values())
    for name, column, layer in (("kml", "Name", 0), ("gpx", "name", "waypoints"), ("gpkg", "name_zh", "sights")):
        exported = export_layers(layers, catalogue.city, name, "zh")
        path = tmp_path / f"city.{name}"
        path.write_bytes(exported.content)
        frame = pyogrio.read_dataframe(path, layer=layer)
        assert frame[column][0].split() == f"{payload}中".split()
