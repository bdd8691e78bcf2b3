"""Check that GeoJSON, GPX, KML, KMZ and Shapefiles are read for what they hold, whatever they are called."""

from __future__ import annotations

import pytest

from cityatlas.errors import InvalidFile
from cityatlas.exchange.uploads.shapes import Imported, read_upload
from cityatlas.geo import datum
from upload_files import BEIJING_54, CGCS2000_GK_120, at, geojson, gpx, kml, placemark, row, shapes, zipped


def imported(raw: bytes, file: str = "file") -> Imported:
    return read_upload(raw, file)


def geometries(raw: bytes) -> list[object]:
    return [shape.geometry for shape in imported(raw).shapes]


def test_geojson_keeps_lists_and_spreads_texts_by_language_over_columns() -> None:
    name = {"zh": "老磨坊", "en": "Mill"}
    found = imported(geojson(row(at(121.0), name=name, themes=["art"], height=3.5) | {"id": "mill"}))
    assert found.format == "geojson"
    assert found.columns == ("id", "name.zh", "name.en", "themes", "height")
    (shape,) = found.shapes
    assert shape.attributes == {"id": "mill", "name.zh": "老磨坊", "name.en": "Mill", "themes": ["art"], "height": 3.5}
    assert shape.geometry == {"type": "Point", "coordinates": [121.0, 30.7]}


def test_a_gpx_gives_points_for_waypoints_and_lines_for_routes_and_tracks() -> None:
    points = '<trkpt lat="30.7" lon="121.0"/><trkpt lat="30.71" lon="121.01"/>'
    body = (
        '<wpt lat="30.7" lon="121.02"><ele>3</ele><name>渡口</name><desc>水边</desc></wpt>'
        '<rte><name>r</name><rtept lat="30.7" lon="121.0"/><rtept lat="30.7" lon="121.01"/></rte>'
        f"<trk><name>t</name><trkseg>{points}</trkseg><trkseg>{points}</trkseg></trk>"
    )
    found = imported(gpx(body))
    line = [[121.0, 30.7], [121.01, 30.71]]
    assert [shape.geometry for shape in found.shapes] == [
        {"type": "Point", "coordinates": [121.02, 30.7]},
        {"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7]]},
        {"type": "MultiLineString", "coordinates": [line, line]},
    ]
    assert found.shapes[0].attributes == {"name": "渡口", "description": "水边"}


def test_a_kml_gives_placemarks_of_any_folder_with_their_extended_data() -> None:
    ring = "121.0,30.7 121.01,30.7 121.01,30.71 121.0,30.7"
    hole = "121.004,30.701 121.006,30.701 121.006,30.703 121.004,30.701"
    area = (
        "<Placemark><name>片区</name><ExtendedData><Data name='kind'><value>district</value></Data>"
        "<SchemaData><SimpleData name='address'>河边路</SimpleData></SchemaData></ExtendedData><Polygon>"
        f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
        f"<innerBoundaryIs><LinearRing><coordinates>{hole}</coordinates></LinearRing></innerBoundaryIs>"
        "</Polygon></Placemark>"
    )
    found = imported(kml(f"<Folder>{placemark('渡口')}</Folder>{area}"))
    assert found.shapes[0].geometry == {"type": "Point", "coordinates": [121.0, 30.7]}
    assert found.shapes[1].attributes == {"name": "片区", "kind": "district", "address": "河边路"}
    assert found.shapes[1].geometry == {
        "type": "Polygon",
        "coordinates": [
            [[121.0, 30.7], [121.01, 30.7], [121.01, 30.71], [121.0, 30.7]],
            [[121.004, 30.701], [121.006, 30.701], [121.006, 30.703], [121.004, 30.701]],
        ],
    }


def test_a_kmz_is_a_kml_in_a_zip() -> None:
    raw = zipped({"doc.kml": kml(placemark("渡口")), "files/icon.png": b"x"})
    assert geometries(raw) == [{"type": "Point", "coordinates": [121.0, 30.7]}]


def test_one_placemark_with_shapes_of_several_kinds_is_told() -> None:
    both = "<Point><coordinates>121,30</coordinates></Point>"
    both += "<LineString><coordinates>121,30 121,31</coordinates></LineString>"
    found = imported(kml(f"<Placemark><MultiGeometry>{both}</MultiGeometry></Placemark>"))
    assert [shape.fault for shape in found.shapes] == ["files.mixed_geometry"]


def test_a_shapefile_in_degrees_is_read_with_its_fields() -> None:
    found = imported(zipped(shapes([(121.0, 30.7)], ["老磨坊"])))
    assert found.columns == ("NAME", "VISIT_MIN")
    assert found.shapes[0].attributes == {"NAME": "老磨坊", "VISIT_MIN": 30}
    assert found.shapes[0].geometry == {"type": "Point", "coordinates": [121.0, 30.7]}


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("gb18030", ""), ("gb18030", "GBK"), ("gb18030", "936"), ("utf-8", "UTF-8")]
)
def test_a_shapefile_in_gbk_is_read_with_and_without_its_cpg(encoding: str, cpg: str) -> None:
    found = imported(zipped(shapes([(121.0, 30.7)], ["平湖钟楼"], encoding=encoding, cpg=cpg)))
    assert found.shapes[0].attributes["NAME"] == "平湖钟楼"


def test_a_shapefile_in_a_gauss_krueger_grid_of_cgcs2000_comes_in_degrees() -> None:
    # 121 E 30.7 N lies 95,804.28 m east of 120 E and 3,398,141.12 m north, by Krueger's series to the third order
    found = imported(zipped(shapes([(595804.28, 3398141.12)], ["a"], prj=CGCS2000_GK_120)))
    lon, lat = found.shapes[0].geometry["coordinates"]  # type: ignore[index,misc]
    assert (round(lon, 6), round(lat, 6)) == (121.0, 30.7)


def test_the_zone_before_an_easting_is_known_by_its_false_easting() -> None:
    prj = CGCS2000_GK_120.replace('"False_Easting",500000.0', '"False_Easting",40500000.0')
    found = imported(zipped(shapes([(40595804.28, 3398141.12)], ["a"], prj=prj)))
    assert round(found.shapes[0].geometry["coordinates"][0], 6) == 121.0  # type: ignore[index]


def test_points_and_lines_of_one_layer_may_come_in_one_zip() -> None:
    first, second = shapes([(121.0, 30.7)], ["a"]), shapes([(121.01, 30.7)], ["b"])
    both = first | {name.replace("places", "more"): content for name, content in second.items()}
    assert [shape.attributes["NAME"] for shape in imported(zipped(both)).shapes] == ["b", "a"]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (zipped(shapes([(121.0, 30.7)], ["a"], prj=BEIJING_54)), "files.unknown_crs"),
        (zipped(shapes([(595800.0, 3398187.0)], ["a"], prj="")), "files.no_crs"),
        (
            zipped(shapes([(121.0, 30.7)], ["a"], prj='PROJCS["x",GEOGCS["WGS_1984"],PROJECTION["Albers"]]')),
            "files.unknown_crs",
        ),
        (geojson(row(at(121.0)), crs={"type": "name", "properties": {"name": "EPSG:2437"}}), "files.unknown_crs"),
        (geojson(), "files.no_features"),
        (b'{"type": "Topology"}', "files.not_geojson"),
        (b'{"type": "FeatureCollection",\n "features": [}', "files.not_json"),
        (b"<html></html>", "files.unknown_format"),
        (b"\x89PNG....", "files.unknown_format"),
        (zipped({"readme.txt": "x"}), "files.unknown_format"),
        (zipped({"a.shp": b"x"}), "files.no_shapefile"),
        (gpx("<wpt"), "files.not_xml"),
        (kml(placemark("x", 1, 2).replace("1,2,0", "x,y")), "files.bad_number"),
        (b"", "files.empty"),
    ],
)
def test_what_cannot_be_used_says_why(raw: bytes, key: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        imported(raw)
    assert caught.value.values["reason"] == key


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\地图\\渡口.kml", "渡口.kml"), ("a\x00\n.kml", "a .kml"), ("", "file")],
)
def test_a_file_name_is_only_a_title(given: str, shown: str) -> None:
    assert imported(geojson(row(at(121.0))), given).file == shown


def test_positions_of_another_datum_are_converted() -> None:
    lon, lat = datum.convert(121.0, 30.7, "WGS-84", "GCJ-02")  # held to published values in test_datum.py
    assert abs(lon - 121.0) > 0.004
    line = {"type": "LineString", "coordinates": [[lon, lat], [lon, lat]]}
    found = imported(geojson(row(at(lon, lat)), row(line))).in_datum("GCJ-02")
    assert found.shapes[0].geometry == {"type": "Point", "coordinates": [121.0, 30.7]}
    assert found.shapes[1].geometry == {"type": "LineString", "coordinates": [[121.0, 30.7]] * 2}
