"""Check the map as a picture: well-formed, all of a view's features linked, nothing in it that runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.city.layers import Feature
from cityatlas.city.spec import View
from cityatlas.i18n import Language
from cityatlas.render.basemap import line_width_px
from cityatlas.render.city_map import draw_map
from cityatlas.settings import Settings
from toy import Json, point, sights, text, with_properties, write_city

SVG = "{http://www.w3.org/2000/svg}"
CENTRE = View(121.015, 30.7, 14)


def catalogue_of(folder: Path, layer: Json | None = None) -> Catalogue:
    """Return the toy city's snapshot with another first layer."""
    return build_catalogue(Settings(geodata=write_city(folder, sights=layer or sights())))


def address(feature: Feature) -> str:
    """Return where a mark leads."""
    return f"/sites/{feature.id}"


def draw(catalogue: Catalogue, view: View = CENTRE, language: Language = "en") -> Element:
    """Return a picture of 800 by 600 pixels as a tree."""
    features = list(catalogue.features.values())
    tree: Element = ElementTree.fromstring(draw_map(catalogue, features, view, (800, 600), language, address))
    return tree


def linked(tree: Element) -> set[str | None]:
    """Return where the picture's links lead."""
    return {link.get("href") for link in tree.iter(f"{SVG}a")}


def marks(tree: Element) -> dict[str, tuple[float, float]]:
    """Return the left upper corner of each mark, in pixels from the picture's, by where it leads."""
    found = {}
    for link in tree.iter(f"{SVG}a"):
        for mark in link.iter(f"{SVG}svg"):
            found[link.get("href", "")] = (float(mark.get("x", "")), float(mark.get("y", "")))
    return found


def test_every_feature_in_the_view_is_a_named_link(tmp_path: Path) -> None:
    tree = draw(catalogue_of(tmp_path))
    sites = {"mill", "quay", "hall", "boat-tour", "old-town", "school"}
    assert linked(tree) == {f"/sites/{site}" for site in sites}
    assert "Old mill" in {title.text for title in tree.iter(f"{SVG}title")}


def test_names_follow_the_language(tmp_path: Path) -> None:
    titles = {title.text for title in draw(catalogue_of(tmp_path), language="zh").iter(f"{SVG}title")}
    assert {"老磨坊", "纪念馆"} <= titles


def test_the_next_picture_of_the_same_places_has_their_new_names_and_spots(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path)
    draw(catalogue)
    layer = sights()
    layer["features"][0]["properties"]["name"] = text("水磨", "Watermill")
    layer["features"][1]["geometry"]["coordinates"] = [121.012, 30.702]
    renamed = draw(catalogue_of(tmp_path, layer))
    assert {"Watermill"} <= {drawn.text for drawn in renamed.iter(f"{SVG}text")}
    assert marks(renamed)["/sites/quay"] != marks(draw(catalogue))["/sites/quay"]


def test_what_lies_outside_the_view_is_left_out(tmp_path: Path) -> None:
    # At zoom 17 the picture is 0.0086 degrees wide: the mill and the beginning of the tour are in it.
    tree = draw(catalogue_of(tmp_path), View(121.0, 30.7, 17))
    assert linked(tree) == {"/sites/mill", "/sites/boat-tour"}


def test_the_centre_of_the_view_is_the_centre_of_the_picture(tmp_path: Path) -> None:
    tree = draw(catalogue_of(tmp_path), View(121.0, 30.7, 17))
    assert marks(tree) == {"/sites/mill": (387.0, 287.0)}  # 400, 300 less half of a mark's 26 pixels


def test_east_is_right_and_north_is_up(tmp_path: Path) -> None:
    layer = sights()
    layer["features"][1]["geometry"] = point(121.01, 30.71)  # the quay, moved to the north of the mill
    tree = draw(catalogue_of(tmp_path, layer))
    places = marks(tree)
    assert places["/sites/quay"][0] > places["/sites/mill"][0]
    assert places["/sites/quay"][1] < places["/sites/mill"][1]


def test_schematic_places_are_dashed(tmp_path: Path) -> None:
    tree = draw(catalogue_of(tmp_path))
    dashed = {}
    for link in tree.iter(f"{SVG}a"):
        paths = [path for path in link.iter(f"{SVG}path") if path.get("stroke-dasharray")]
        dashed[link.get("href")] = bool(paths)
    assert dashed["/sites/mill"]
    assert not dashed["/sites/hall"]


@pytest.mark.parametrize(
    "name",
    ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "]]>&amp;<!--", "\u2028\u202e{{7*191}}", "'\"\\"],
)
def test_a_hostile_name_is_text_and_nothing_else(tmp_path: Path, name: str) -> None:
    tree = draw(catalogue_of(tmp_path, with_properties(sights(), "mill", name=text(name, name))))
    assert name in {title.text for title in tree.iter(f"{SVG}title")}
    allowed = {"svg", "title", "rect", "path", "a", "text", "use", "defs", "symbol", "g", "circle", "polygon"}
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= allowed
    assert not [key for element in tree.iter() for key in element.attrib if key.lower().startswith("on")]


def test_a_picture_asks_no_other_host(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path)
    drawn = draw_map(catalogue, list(catalogue.features.values()), CENTRE, (800, 600), "en", address)
    assert re.findall(r'https?://[^"\s]+', drawn) == ["http://www.w3.org/2000/svg"]


def test_the_same_view_is_drawn_the_same(tmp_path: Path) -> None:
    first, second = catalogue_of(tmp_path / "1"), catalogue_of(tmp_path / "2")
    drawn = {draw_map(c, list(c.features.values()), CENTRE, (800, 600), "en", address) for c in (first, second)}
    assert len(drawn) == 1


def test_the_basemap_lies_under_all_marks(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    (folder / "base").mkdir()
    ring = [[120.9, 30.6], [121.1, 30.6], [121.1, 30.8], [120.9, 30.8], [120.9, 30.6]]
    lake = {
        "type": "Feature",
        "properties": {"class": "lake", "min_zoom": 12},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [lake]})
    (folder / "base" / "water.geojson").write_text(content)
    catalogue = build_catalogue(Settings(geodata=folder))
    order = [e.get("fill") if e.tag == f"{SVG}path" else e.tag for e in draw(catalogue).iter()]
    assert order.index("#bcd5d9") < order.index(f"{SVG}a")
    assert "#bcd5d9" not in [path.get("fill") for path in draw(catalogue, View(121.015, 30.7, 11)).iter(f"{SVG}path")]


def crowded(count: int) -> Json:
    """Return a layer of places that lie 20 m apart, too near for a large mark each, with long names."""
    layer = sights()
    mill = layer["features"][0]
    for n in range(count):
        name = text(f"一座名字相当长的博物馆{n}", f"A museum with quite a long name {n}")
        place = mill | {"id": f"museum-{n}", "geometry": point(121.015 + n % 6 * 0.0002, 30.7 + n // 6 * 0.0002)}
        layer["features"].append(place | {"properties": mill["properties"] | {"name": name}})
    return layer


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_place_of_a_crowd_is_named_or_numbered_in_the_key(tmp_path: Path, language: Language) -> None:
    tree = draw(catalogue_of(tmp_path, crowded(24)), View(121.0155, 30.7003, 14), language)
    places = [link for link in tree.iter(f"{SVG}a") if link.find(f"{SVG}svg") is not None]
    named = [link for link in places if link.find(f"{SVG}text") is not None]
    numbers = [one.text for one in tree.findall(f"{SVG}g/{SVG}text")]
    assert len(places) == 29
    assert len(named) > 10
    assert numbers == [str(n) for n in range(1, len(places) - len(named) + 1)]
    key = [one.text for one in tree.findall(f"{SVG}text") if one.get("font-weight") == "bold"]
    assert key == numbers


def test_the_names_of_the_shipped_city_are_legible_and_most_are_there() -> None:
    catalogue = build_catalogue(Settings())
    features = [one for one in catalogue.features.values() if catalogue.city.kinds[one.kind].role != "route"]
    for zoom in (14, 15, 16):
        view = View(catalogue.city.view.lon, catalogue.city.view.lat, zoom)
        tree = ElementTree.fromstring(draw_map(catalogue, features, view, (800, 600), "zh", address))
        places = [link for link in tree.iter(f"{SVG}a") if link.find(f"{SVG}svg") is not None]
        named = [link for link in places if link.find(f"{SVG}text") is not None]
        assert len(named) >= 0.6 * len(places), zoom
        assert all(float(one.get("font-size", "")) >= 11 for link in named for one in link.findall(f"{SVG}text"))


def test_where_no_key_to_all_finds_room_one_to_most_of_them_does() -> None:
    catalogue = build_catalogue(Settings())
    features = [one for one in catalogue.features.values() if catalogue.city.kinds[one.kind].role != "route"]
    view = View(catalogue.city.view.lon, catalogue.city.view.lat, 13)
    tree = ElementTree.fromstring(draw_map(catalogue, features, view, (1200, 300), "en", address))
    places = [link for link in tree.iter(f"{SVG}a") if link.find(f"{SVG}svg") is not None]
    named = [link for link in places if link.find(f"{SVG}text") is not None]
    numbers = [one.text for one in tree.findall(f"{SVG}g/{SVG}text")]
    key = [one for one in tree.findall(f"{SVG}text") if one.get("font-weight") == "bold"]
    assert numbers == [one.text for one in key] == [str(n) for n in range(1, len(key) + 1)]
    assert len({one.get("x") for one in key}) > 1  # in columns
    assert len(named) + len(key) >= 0.75 * len(places)


@pytest.mark.parametrize(("zoom", "width_px"), [(14, 2.0), (15, 2.9), (13, 1.4), (1, 0.4), (30, 26.0)])
def test_lines_grow_with_the_zoom_between_bounds(zoom: float, width_px: float) -> None:
    assert line_width_px(2.0, zoom) == width_px
