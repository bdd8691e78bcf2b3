"""Make each rule of the checks fail once: by rule, what to look at and how."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.catalogue.store_watch import UNREAD
from cityatlas.city.property_checks import check_properties
from cityatlas.city.type_checks import Known, type_faults
from cityatlas.editing.change_checks import QUIET, change_faults
from cityatlas.editing.publishing_rules import Objection
from cityatlas.geo.geojson import Unreadable, read_geometry
from cityatlas.schema.faults import Fault
from cityatlas.schema.property_types import Number, Property, Type, both
from cityatlas.settings import Settings
from cityatlas.store.log.desk_lists import Around
from cityatlas.store.log.revisions import Revision
from cityatlas.versioning.content import content_of
from faults import found_in
from sheet_files import toy_catalogue, toy_layer
from toy import CITY_TOML, PAPER, Json, feature, figures, point, sights, text, with_properties, works, write_city
from toy_plan import path, paths, write_walkable

CITED = {"source": "Town paper"}
TALK = {"id": "talk", "title": {"zh": "讲座"}} | CITED
BY_BOAT = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}]}
SOUND: Json = {
    "name": {"zh": "馆"},
    "kind": "museum",
    "position": {"class": "schematic", "located_by": {"zh": "估"}},
    "sources": [PAPER],
}


def phase(**parts: Any) -> Json:
    return {"phases": [{"phase": "piling"} | CITED | parts]}


def sailing(**parts: Any) -> Json:
    return BY_BOAT | {"sailings": [{"times": "09:00 09:10"} | CITED | parts]}


PROPERTIES: Mapping[str, Any] = {  # Any: the one that is no table
    "missing": {"kind": None},
    "empty_text": {"name": {"zh": " "}},
    "not_text": {"summary": "馆"},
    "not_string": {"hours_source": 5},
    "language": {"name": {"zh": "馆", "fr": "musée"}},
    "long": {"name": {"zh": "长" * 201}},
    "control": {"name": {"zh": "a\x01"}},
    "unknown_key": phase(since="2023"),
    "not_list": {"themes": "family"},
    "not_table": {"facts": [3]},
    "not_slug": {"programmes": [TALK | {"id": "A talk"}]},
    "whole_range": {"visit_min": 2000},
    "open_range": {"stated": [{"what": "length_m", "value": 0} | CITED]},
    "not_id": {"figures": ["No 1"]},
    "not_short_text": {"aliases": [3]},
    "not_choice": {"position": {"class": "gps"}},
    "not_truth": {"is_loop": 1},
    "not_date": {"sources": [PAPER | {"date": "昨天"}]},
    "not_month": phase(**{"from": "春天"}),
    "not_address": {"sources": [PAPER | {"url": "ftp"}]},
    "no_properties": None,
    "unknown_property": {"价": 1},
    "misspelt_property": {"opening_hour": "Mo"},
    "not_sources": {"sources": "Town paper"},
    "not_kind": {"kind": "castle"},
    "not_theme": {"themes": ["golf"]},
    "phase_ends": phase(**{"from": "2024-02", "to": "2024-01"}),
    "phase_order": {"phases": [{"phase": "open", "from": f} | CITED for f in ("2024-02", "2024-01")]},
    "no_hours": {"opening_hours": 9, "hours_source": "Town paper"},
    "no_photo_file": {"photos": [{"file": "../x"}]},
    "no_accuracy": {"position": {"class": "approximate"} | CITED},
    "no_located_by": {"position": {"class": "schematic"}},
    "no_position_source": {"position": {"class": "surveyed"}},
    "legs_count": {"stops": ["quay", "hall"], "legs": []},
    "no_source": {"facts": [{"label": {"zh": "高"}, "value": {"zh": "9"}}]},
    "no_own_source": {"opening_hours": "Mo 09:00-10:00"},
    "unknown_source": {"opening_hours": "Mo 09:00-10:00", "hours_source": "Hearsay"},
    "not_phone": {"phone": "85012345/85012346", "phone_source": "Town paper"},
    "not_currency": {"price": [{"amount": 10, "currency": "元"} | CITED]},
    "ends_early": {"notices": [{"text": {"zh": "修缮"}, "from": "2026-02", "to": "2026-01-31"} | CITED]},
    "hours_syntax": {"opening_hours": "9h-5", "hours_source": "Town paper"},
    "hours_long": {"opening_hours": "Mo" * 200, "hours_source": "Town paper"},
    "hours_empty": {"opening_hours": " ", "hours_source": "Town paper"},
    "hours_rule": {"opening_hours": "Mo-Fr 09:00-17:00;", "hours_source": "Town paper"},
    "hours_day": {"opening_hours": "Feb 30 10:00-12:00", "hours_source": "Town paper"},
    "not_departures": {"programmes": [TALK | {"departures": "9:30, 14:00"}]},
    "not_days": {"programmes": [TALK | {"days": "Sat 09:00"}]},
    "not_by_boat": {"sailings": [{"times": "09:00 09:10"} | CITED]},
    "run_length": sailing(times="09:00"),
    "run_order": sailing(times="09:30 09:10"),
    "many_runs": sailing(times="; ".join(["09:00 09:10"] * 101)),
}


def of_properties(_: Path, changed: Json | None) -> list[Fault]:
    properties = None if changed is None else SOUND | changed
    return list(check_properties(properties, toy_layer().spec, toy_catalogue().city))


# What a property is checked for by a type that none has yet: the type, and a value that is none of it.
TYPES: Mapping[str, tuple[Type, Any]] = {
    "number_range": (Number(0.5, 9), 10),
}


def of_type(_: Path, of: Type, given: Any) -> list[Fault]:
    one = Property("area", of, both("面积", "Area"))
    return list(type_faults(one, given, Known()))


RING = [[121, 30.7], [121.01, 30.7], [121.01, 30.71], [121, 30.7]]
BOW_TIE = [[121, 30.7], [121.01, 30.71], [121.01, 30.7], [121, 30.71], [121, 30.7]]
GEOMETRIES: Mapping[str, tuple[str, Any] | None] = {
    "no_geometry": None,
    "geometry_type": ("MultiPoint", []),
    "geometry_nesting": ("Polygon", [121.0, 30.7]),
    "geometry_empty": ("LineString", []),
    "many_vertices": ("LineString", [[121.0, 30.7]] * 5001),
    "no_extent": ("LineString", [[121.0, 30.7], [121.0, 30.7]]),
    "geometry_invalid": ("Polygon", [BOW_TIE]),
    "not_position": ("Point", ["a", 30.7]),
    "swapped": ("Point", [30.7, 121.0]),
    "outside": ("Point", [116.4, 39.9]),
    "ring_open": ("Polygon", [[*RING[:-1], [121.0, 30.71]]]),
    "ring_empty": ("Polygon", [RING, []]),
    "ring_short": ("Polygon", [[[121, 30.7], [121.01, 30.7], [121, 30.7]]]),
}


def of_geometry(_: Path, given: tuple[str, Any] | None) -> list[Fault]:
    member = {"type": given[0], "coordinates": given[1]} if given else None
    try:
        read_geometry(member, toy_catalogue().city.extent)
    except Unreadable as error:
        return [error.fault]
    return []


GOOD = json.dumps(sights(), ensure_ascii=False)
FILES: Mapping[str, bytes] = {
    "empty_file": b"",
    "byte_order_mark": b"\xef\xbb\xbf{}",
    "not_utf8": b'{"a": "\xff"}',
    "is_gbk": GOOD.encode("gbk"),
    "not_json": b"{'a': 1}",
    "json_depth": b"[" * 100_000,
    "json_constant": b"[NaN]",
    "json_infinite": b"[1e999]",
    "json_twice": b'{"id": 1, "id": 2}',
    "json_digits": b"[" + b"1" * 5000 + b"]",
    "not_collection": b"[]",
    "no_features": b'{"type": "FeatureCollection"}',
    "not_wgs84": b'{"type": "FeatureCollection", "features": [], "datum": "GCJ-02"}',
    "not_feature": b'{"type": "FeatureCollection", "features": [7]}',
    "not_slug": GOOD.replace('"id": "mill"', '"id": "Old Mill"').encode(),
    "used_twice": GOOD.replace('"id": "mill"', '"id": "quay"').encode(),
    "more_faults": json.dumps({"type": "FeatureCollection", "features": [7] * 501}).encode(),
}
TILES = """
[[basemaps]]
id = "tiles"
title = { zh = "底图", en = "Tiles" }
datum = "WGS-84"
tiles = ["https://t{s}.example/{z}/{x}/{y}.png"]
subdomains = "01"
attribution = { zh = "某公司", en = "A company" }
max_zoom = 18

[retired]"""
EXTENT = "[120.9, 30.6, 121.1, 30.8]"
CITIES: Mapping[str, tuple[str, str]] = {
    "not_toml": ('id = "toy"', "id = toy"),
    "city_key": ('id = "toy"', ""),
    "city_value": ("zoom = { min = 10, max = 18 }", 'zoom = { min = "ten", max = 18 }'),
    "city_unknown_key": ('shape = "circle"', 'shape = "circle"\nradius = 4'),
    "city_missing_key": ('shape = "circle"\n', ""),
    "not_numbers": (EXTENT, "[120.9, 30.6]"),
    "not_finite": (EXTENT, "[nan, 30.6, 121.1, 30.8]"),
    "not_plain_id": ('id = "works"', 'id = "../works"'),
    "not_colour": ('"#00695c"', '"red;}"'),
    "not_option": ('shape = "circle"', 'shape = "star"'),
    "not_in_table": ('group = "visit"', 'group = "tour"'),
    "not_tile_address": ("\n[retired]", TILES.replace("https://", "javascript://")),
    "not_subdomains": ("\n[retired]", TILES.replace('"01"', '" ;*"')),
    "not_title": ('title = { zh = "景点", en = "Sights" }', 'title = { zh = "景点" }'),
    "not_both": ('tagline = { zh = "六个地点", en = "Six places" }', 'tagline = "Six places"'),
    "not_words": ("\n[retired]", "\n[words]\nhouse = [7]\n[retired]"),
    "not_successor": ('old-mill = "mill"', "old-mill = 7"),
    "same_layers": ('id = "works"', 'id = "sights"'),
    "unknown_rule": ("\n[retired]", '\n[publishing]\nspelling = "block"\n[retired]'),
    "not_level": ("\n[retired]", '\n[publishing]\nname = "loud"\n[retired]'),
    "not_extent": (EXTENT, "[30.6, 120.9, 30.8, 121.1]"),
    "view_outside": ("lon = 121.015, lat = 30.7,", "lon = 30.7, lat = 121.015,"),
    "zoom_range": ("min = 10, max = 18", "min = 15, max = 18"),
    "no_timezone": ("Asia/Shanghai", "Asia/Pinghu"),
    "retired_in_use": ("old-mill =", "quay ="),
    "no_successor": ('old-mill = "mill"', 'old-mill = "pier"'),
    "no_district": ('group = "visit"', 'group = "visit"\ndistrict = "pier"'),
}
FIGURES: Mapping[str, Json] = {
    "figure_twice": {"id": "talks"},
    "not_number": {"value": "600000"},
    "feature_nowhere": {"feature": "pier"},
    "not_programme": {"programme": 7},
}
BASES: Mapping[str, Json] = {
    "not_base_feature": {"properties": None},
    "not_word": {"properties": {"class": "<b>"}},
    "not_zoom": {"properties": {"class": "lake", "min_zoom": "12"}},
    "not_label": {"properties": {"class": "lake"}},
}
LANE = path("lane", [121.0, 30.7], [121.0, 30.71])
PATHS: Mapping[str, list[Any]] = {
    "not_path": [7],
    "path_twice": [LANE, LANE],
    "not_known_truth": [LANE | {"properties": {"mode": "walk", "step_free": "yes"}}],
    "unknown_path_property": [LANE | {"properties": {"mode": "walk", "width": 3}}],
    "path_not_line": [LANE | {"geometry": point(121.0)}],
}
YEAR: Json = {"year": 2026, "off": ["2026-10-01"], "workdays": ["2026-10-10"], "source": PAPER}
HOLIDAYS: Mapping[str, Any] = {
    "no_years": [],
    "not_year": {"years": [1]},
    "year_twice": {"years": [YEAR, YEAR]},
    "many_days": {"years": [YEAR | {"off": "2026-10-01"}]},
    "not_day": {"years": [YEAR | {"off": ["2025-10-01"]}]},
    "day_twice": {"years": [YEAR | {"off": ["2026-10-01"] * 2}]},
    "day_both": {"years": [YEAR | {"off": ["2026-10-10"]}]},
    "day_weekday": {"years": [YEAR | {"workdays": ["2026-10-08"]}]},
    "holidays_large": {"years": [], "note": "a" * 200_001},
}


def of_file(folder: Path, name: str, content: bytes) -> list[Fault]:
    """Return the faults of the toy city with one file made of these bytes."""
    write_city(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return found_in(folder)


def of_city(folder: Path, good: str, bad: str) -> list[Fault]:
    assert good in CITY_TOML
    return of_file(folder, "city.toml", CITY_TOML.replace(good, bad, 1).encode())


def of_figure(folder: Path, change: Json) -> list[Fault]:
    document = figures()
    document["figures"][2] |= change
    return of_file(folder, "figures.json", json.dumps(document).encode())


def of_base(folder: Path, change: Json) -> list[Fault]:
    row = {"type": "Feature", "properties": {}, "geometry": point(121.0)} | change
    content = {"type": "FeatureCollection", "features": [row]}
    return of_file(folder, "base/labels.geojson", json.dumps(content).encode())


def of_paths(folder: Path, features: list[Any]) -> list[Fault]:
    content = {"type": "FeatureCollection", "features": features}
    return of_file(folder, "paths.geojson", json.dumps(content).encode())


def warnings_of(folder: Path, *more: Json) -> Iterable[Fault]:
    write_walkable(folder, paths=paths(*more))
    return build_catalogue(Settings(geodata=folder)).network.warnings


def islet(number: int) -> Json:
    return path(f"islet-{number}", [121.05, 30.72 + number * 0.001], [121.05, 30.721 + number * 0.001])


def is_linked(folder: Path, name: str) -> list[Fault]:
    """Return the faults of the toy city with a link in the place of a file."""
    write_city(folder)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(folder / "city.toml")
    return found_in(folder)


def of_photo(folder: Path, *, is_link: bool) -> list[Fault]:
    photo = {"file": "mill.jpg", "alt": {"zh": "磨坊"}}
    write_city(folder, sights=with_properties(sights(), "mill", photos=[photo]))
    if is_link:
        (folder / "photos").mkdir()
        (folder / "photos" / "mill.jpg").symlink_to(folder / "city.toml")
    return found_in(folder)


def without(folder: Path, name: str) -> list[Fault]:
    write_city(folder)
    (folder / name).unlink()
    return found_in(folder)


def as_folder(folder: Path, name: str) -> list[Fault]:
    """Return the faults of the toy city with a folder in the place of a file."""
    write_city(folder)
    (folder / name).unlink()
    (folder / name).mkdir()
    return found_in(folder)


def with_works(folder: Path, row: Json) -> list[Fault]:
    layer = works()
    layer["features"].append(row)
    return found_in(write_city(folder, works=layer))


def with_sights(folder: Path, feature_id: str, **properties: Any) -> list[Fault]:
    return found_in(write_city(folder, sights=with_properties(sights(), feature_id, **properties)))


def change(layer: str = "sights", lon: float = 121.0, lat: float = 30.7, **properties: Any) -> Any:
    return content_of(layer, point(lon, lat), SOUND | properties)


def of_change(feature_id: str, content: Any, around: Around = QUIET) -> list[Fault]:
    return change_faults(toy_catalogue(), feature_id, content, around)


def revision(feature_id: str, properties: Json, ends: str | None) -> Revision:
    said = (json.dumps(point(121.0)), json.dumps(SOUND | properties))
    made = ("ann", "2026-01-01T00:00:00Z", "", "published", None, 0, None, 0, None, None, ends)
    return Revision(1, feature_id, "sights", *said, *made)  # type: ignore[arg-type]  # the rest as the columns are


ENDS = Around("2026-01-01", {"mill": revision("mill", {}, "2026-12-01T00:00:00Z")})
WAITS = Around("2026-01-01", {}, {"new-tour": revision("new-tour", {"stops": ["school", "mill"]}, None)})
SHIFTED = feature("mill-works", "project", text("老磨坊", "Old mill"), point(121.004339, 30.697681))
Case = Callable[[Path], Iterable[Fault]]
OTHERS: Mapping[str, Case] = {
    "symbolic_link": lambda folder: is_linked(folder, "works.geojson"),
    "holidays_link": lambda folder: is_linked(folder, "holidays.json"),
    "no_file": lambda folder: without(folder, "works.geojson"),
    "no_city": lambda folder: without(folder, "city.toml"),
    "unreadable": lambda folder: as_folder(folder, "city.toml"),
    "large_file": lambda folder: found_in(write_city(folder), max_file_mb=0),
    "many_features": lambda folder: found_in(write_city(folder), max_features=1),
    "id_elsewhere": lambda folder: with_works(folder, feature("mill", "project", text("甲", "A"), point(121.0))),
    "shifted_file": lambda folder: with_works(folder, SHIFTED),
    "no_stop": lambda folder: with_sights(folder, "boat-tour", stops=["mill", "pier", "hall"]),
    "no_figure": lambda folder: with_sights(folder, "mill", figures=["sales"]),
    "photo_link": lambda folder: of_photo(folder, is_link=True),
    "no_photo": lambda folder: of_photo(folder, is_link=False),
    "no_figures": lambda folder: of_file(folder, "figures.json", b"[]"),
    "not_object": lambda folder: of_file(folder, "figures.json", b'{"figures": [7]}'),
    "paths_apart": lambda folder: warnings_of(folder, islet(0)),
    "paths_apart_more": lambda folder: warnings_of(folder, *map(islet, (*range(4), *range(10, 15)))),
    "paths_gap": lambda folder: warnings_of(folder, path("lane", [121.000005, 30.7], [121.0, 30.71])),
    "no_layer": lambda _: of_change("mill", change("gone")),
    "many_items": lambda _: of_change("mill", change(aliases=[f"m{n}" for n in range(501)])),
    "line_break": lambda _: of_change("mill", change(name={"zh": "老\n磨坊"})),
    "needed_stop": lambda _: of_change("mill", None),
    "needed_figure": lambda _: of_change("mill", None),
    "needed_district": lambda folder: of_district(folder),
    "needed_waiting": lambda _: of_change("school", None, WAITS),
    "stop_leaves": lambda _: of_change("new-tour", change(stops=["mill"]), ENDS),
    "shifted": lambda _: of_change("new", change(name={"zh": "老磨坊"}, lon=121.004339, lat=30.697681)),
    "withdrawn": lambda _: of_change("old-mill", change()),
    "unpublishable": lambda _: [Objection("name", "name.en").fault],
    "store_unread": lambda _: [UNREAD],
}


def of_district(folder: Path) -> list[Fault]:
    write_city(folder)
    toml = CITY_TOML.replace('group = "visit"', 'group = "visit"\ndistrict = "old-town"', 1)
    (folder / "city.toml").write_text(toml, "utf-8")
    return change_faults(build_catalogue(Settings(geodata=folder)), "old-town", None)


def case(of: Callable[..., Iterable[Fault]], *given: Any) -> Case:
    return lambda folder: of(folder, *given)


CASES: Mapping[str, Case] = {
    **{rule: case(of_type, *given) for rule, given in TYPES.items()},
    **{rule: case(of_properties, given) for rule, given in PROPERTIES.items()},
    **{rule: case(of_geometry, given) for rule, given in GEOMETRIES.items()},
    **{rule: case(of_file, "sights.geojson", given) for rule, given in FILES.items()},
    **{rule: case(of_city, *given) for rule, given in CITIES.items()},
    **{rule: case(of_figure, given) for rule, given in FIGURES.items()},
    **{rule: case(of_base, given) for rule, given in BASES.items()},
    **{rule: case(of_paths, given) for rule, given in PATHS.items()},
    **{rule: case(of_file, "holidays.json", json.dumps(given).encode()) for rule, given in HOLIDAYS.items()},
    **OTHERS,
}
