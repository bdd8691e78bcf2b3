"""Fill forms with features and read them back: nothing is lost, and only what was changed changes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cityatlas.city.value_checks import LINE_BREAK
from cityatlas.editing.form.fields import ROWS, read_fields, to_fields
from cityatlas.paths import geodata_dir
from cityatlas.versioning.content import Content, content_of, content_of_row
from toy import sights, works

NOTHING = content_of("sights", None, {})


def rows() -> list[tuple[str, Any]]:
    """Return every feature of the toy city and of the folder that is shipped, with its layer."""
    found = [("sights", row) for row in sights()["features"]] + [("works", row) for row in works()["features"]]
    for path in sorted(Path(geodata_dir()).glob("*.geojson")):
        if path.stem != "paths":
            found += [(path.stem, row) for row in json.loads(path.read_text("utf-8"))["features"]]
    return found


ALL = [content_of_row(layer, row) for layer, row in rows()]
PARTY = {"id": "talk", "title": {"zh": "讲座"}, "party_min": None, "questions": [{"zh": "何时？", "en": "When?"}]}


def mill(**properties: Any) -> Content:
    """Return the content of a mill at 121 E, 30.7 N."""
    return content_of("sights", {"type": "Point", "coordinates": [121.0, 30.7]}, properties)


def without_nulls(node: Any) -> Any:
    """Return JSON without members that are null."""
    if isinstance(node, dict):
        return {key: without_nulls(value) for key, value in node.items() if value is not None}
    return [without_nulls(child) for child in node] if isinstance(node, list) else node


def sent(content: Content, **typed: str) -> dict[str, str]:
    """Return the fields that a browser sends: with line ends of its own, and an empty row behind each list."""
    fields = {name: value.replace("\n", "\r\n") for name, value in to_fields(content).items()}
    fields |= {f"{name}_was": fields[name] for name in ("lon", "lat", "corners") if name in fields}
    for key, kinds in ROWS.items():
        fields |= {f"{key}.90.{name}": "" for name in kinds}
    return fields | {name.replace("__", "."): value for name, value in typed.items()}


def test_every_shipped_and_toy_feature_is_the_same_after_a_form() -> None:
    assert len(ALL) > 60
    for content in ALL:
        assert read_fields(sent(content), content).content == content


def test_a_form_shows_all_that_a_feature_says() -> None:
    for content in ALL:  # read into nothing, so that only what the form shows can come back
        read = read_fields(to_fields(content), NOTHING).content
        assert (read.geometry, read.properties) == (content.geometry, without_nulls(content.properties))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("zh"), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["name", "themes", "phases", "facts", "stops", "legs", "programmes", "access", "unknown"])


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_a_form_that_nobody_touched_changes_nothing_whatever_a_draft_holds(properties: dict[str, Any]) -> None:
    content = content_of("sights", None, properties)
    assert read_fields(to_fields(content), content).content == content


TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.sampled_from(ALL), TYPED, st.data())
def test_a_field_changes_alone(content: Content, typed: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["name.zh", "summary.en", "hours_source", "access.note.en"]))
    assume(name != "name.zh" or not LINE_BREAK.search(typed.strip()))  # such a name is not taken
    read = read_fields(sent(content) | {name: typed}, content).content
    key, *members = name.split(".")
    assert without(read.properties, key) == without(content.properties, key)
    value: Any = read.properties.get(key)
    for member in members:
        value = (value or {}).get(member)
    assert (value or "") == typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def without(properties: dict[str, Any], key: str) -> dict[str, Any]:
    """Return properties without one."""
    return {name: value for name, value in properties.items() if name != key}


def test_what_is_no_number_is_kept_as_it_was_typed() -> None:
    read = read_fields({"visit_min": "about 40", "last_entry_min": "３０"}, mill(visit_min=45)).content
    assert read.properties == {"visit_min": "about 40", "last_entry_min": 30}


def test_an_emptied_field_is_gone_and_one_that_the_form_lacks_stays() -> None:
    base = mill(name={"zh": "磨坊", "en": "Mill"}, address={"zh": "河边"}, visit_min=45)
    read = read_fields({"name.en": "", "address.zh": " "}, base).content
    assert read.properties == {"name": {"zh": "磨坊"}, "visit_min": 45}


def test_no_theme_ticked_is_none_and_two_are_two() -> None:
    base = mill(themes=["art"])
    assert read_fields({"themes": ""}, base).content.properties == {}
    assert read_fields({"themes": "\nfamily\nart"}, base).content.properties == {"themes": ["art", "family"]}


def test_unknown_is_neither_yes_nor_no() -> None:
    base = mill(access={"step_free": True, "lift": False})
    read = read_fields({"access.step_free": "", "access.lift": "yes", "access.toilets": "no"}, base).content
    assert read.properties["access"] == {"lift": True, "toilets": False}


def test_rows_are_added_moved_and_taken_out() -> None:
    base = mill(phases=[{"phase": "planned", "to": None, "source": "A"}, {"phase": "piling", "from": "2024-01"}])
    fields = {
        "phases.0.phase": "piling",
        "phases.0.from": "2024-02",
        "phases.1.phase": "",
        "phases.2.phase": "planned",
        "phases.2.source": "A",
        "phases.3.phase": "open",
        "phases.3.note.zh": "开放",
    }
    assert read_fields(fields, base).content.properties["phases"] == [
        {"phase": "piling", "from": "2024-02"},
        {"phase": "planned", "to": None, "source": "A"},
        {"phase": "open", "note": {"zh": "开放"}},
    ]


def test_a_renamed_row_keeps_what_the_form_does_not_show() -> None:
    base = mill(programmes=[PARTY])
    whole = read_fields(sent(base) | {"programmes.0.id": "lecture"}, base).content
    assert whole.properties["programmes"] == [PARTY | {"id": "lecture"}]


def test_questions_are_lines_in_each_language() -> None:
    base = mill(programmes=[copy.deepcopy(PARTY)])
    read = read_fields(sent(base) | {"programmes.0.questions.zh": "何时？\r\n何地？"}, base).content
    assert read.properties["programmes"][0]["questions"] == [{"zh": "何时？", "en": "When?"}, {"zh": "何地？"}]


def test_a_way_that_nobody_chose_is_not_made_up() -> None:
    read = read_fields({"stops.0.id": "mill", "stops.1.id": "hall"}, mill()).content
    assert read.properties == {"stops": ["mill", "hall"], "legs": [{}]}


def test_a_stop_between_two_has_its_ways() -> None:
    base = content_of("sights", None, {"stops": ["mill", "hall"], "legs": [{"mode": "boat"}]})
    fields = {"stops.0.id": "mill", "stops.0.mode": "walk", "stops.1.id": "quay", "stops.1.mode": "boat"}
    read = read_fields(fields | {"stops.2.id": "hall", "stops.2.mode": ""}, base).content
    assert read.properties == {"stops": ["mill", "quay", "hall"], "legs": [{"mode": "walk"}, {"mode": "boat"}]}


def test_numbers_win_over_the_drawing_only_where_they_were_changed() -> None:
    base, drawn = mill(), '{"type": "Point", "coordinates": [121.01, 30.71]}'
    assert read_fields(sent(base, geometry=drawn), base).content.geometry == json.loads(drawn)
    read = read_fields(sent(base, geometry=drawn, lon="１２１．０２"), base).content
    assert read.geometry == {"type": "Point", "coordinates": [121.02, 30.7]}


def test_numbers_of_another_datum_are_converted() -> None:
    read = read_fields(sent(mill(), lon="121.0045", lat="30.698", datum="GCJ-02"), mill()).content
    assert read.geometry is not None
    lon, lat = read.geometry["coordinates"]
    assert (round(lon, 3), round(lat, 3)) == (121.0, 30.7)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"lon": "east"}, {"lon": "number"}),
        ({"lon": ""}, {"lon": "number"}),
        ({"lat": "nan"}, {"lat": "number"}),
        ({"lat": "307"}, {"lat": "globe"}),
        ({"datum": "mars"}, {"datum": "datum"}),
        ({"geometry": "{"}, {"geometry": "geometry"}),
        ({"geometry": '{"type": "Point", "coordinates": [1e999, 30]}'}, {"geometry": "geometry"}),
        ({"geometry": '{"type": "Point", "coordinates": ["121", 30]}'}, {"geometry": "geometry"}),
        ({"geometry": "[" * 9_000}, {"geometry": "geometry"}),
    ],
    ids=str,
)
def test_a_place_that_cannot_be_read_leaves_the_old_one_and_is_told(
    typed: dict[str, str], fault: dict[str, str]
) -> None:
    read = read_fields(sent(mill(), **typed, name__zh="新"), mill())
    assert (read.faults, read.content.geometry) == (fault, mill().geometry)
    assert read.content.properties == {"name": {"zh": "新"}}


def test_a_line_that_is_drawn_in_place_of_a_point_is_taken_although_its_numbers_are_empty() -> None:
    line = {"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7]]}
    assert read_fields(sent(mill(), geometry=json.dumps(line), lon="", lat=""), mill()).content.geometry == line


def test_themes_keep_the_order_in_which_they_were_stored() -> None:
    content = content_of("sights", None, {"themes": ["art", "family"]})
    assert read_fields(sent(content, themes="family\r\nart"), content).content == content  # as the boxes stand
    read = read_fields(sent(content, themes="family\nwater\nart"), content).content
    assert read.properties["themes"] == ["art", "family", "water"]


LINE = {"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7]]}
AREA = {"type": "Polygon", "coordinates": [[[121.0, 30.7], [121.01, 30.7], [121.01, 30.71], [121.0, 30.7]]]}


@pytest.mark.parametrize(
    ("old", "typed", "new"),
    [
        (LINE, {"corners": "121.0, 30.7\r\n121.02，30.7"}, [[121.0, 30.7], [121.02, 30.7]]),
        (LINE, {"shape": "Polygon", "corners": "121 30.7\n121.01 30.7\n121.01 30.71\n"}, AREA["coordinates"]),
        (
            AREA,
            {"corners": "121, 30.7\n121.01, 30.7\n121.02, 30.71"},
            [[[121, 30.7], [121.01, 30.7], [121.02, 30.71], [121, 30.7]]],
        ),
        (None, {"corners": "121, 30.7\n121.01, 30.7"}, [[121, 30.7], [121.01, 30.7]]),
        (LINE, {"datum": "GCJ-02"}, LINE["coordinates"]),  # said of corners that were not touched
    ],
)
def test_lines_and_areas_are_typed_corner_by_corner(
    old: dict[str, Any] | None, typed: dict[str, str], new: list[Any]
) -> None:
    content = content_of("sights", old, {})
    read = read_fields(sent(content, **typed), content)
    assert read.faults == {}
    assert read.content.geometry is not None
    assert read.content.geometry["coordinates"] == new


def test_corners_of_another_datum_are_converted() -> None:
    content = content_of("sights", LINE, {})
    typed = {"corners": "121.0045, 30.6978\n121.02, 30.7", "datum": "GCJ-02"}
    geometry = read_fields(sent(content, **typed), content).content.geometry
    assert geometry is not None
    lon, lat = geometry["coordinates"][0]
    assert (round(lon, 3), round(lat, 3)) == (121.0, 30.7)


@pytest.mark.parametrize("typed", ["121, 30.7", "121\n122", "here, there\n1, 2", "121, 307\n121, 30"])
def test_corners_that_cannot_be_read_leave_the_old_line_and_are_told(typed: str) -> None:
    content = content_of("sights", LINE, {})
    read = read_fields(sent(content, corners=typed), content)
    assert (read.faults, read.content.geometry) == ({"corners": "corners"}, LINE)


def test_areas_with_holes_have_no_list_of_corners() -> None:
    hole = {"type": "Polygon", "coordinates": [*AREA["coordinates"], *AREA["coordinates"]]}
    assert "corners" not in to_fields(content_of("sights", hole, {}))


def test_a_place_can_be_taken_away() -> None:
    assert read_fields(sent(mill(), lon="", lat=""), mill()).content.geometry is None
