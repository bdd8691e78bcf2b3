"""Hold the server to the vectors in tests/data, and tests/js/rules.test.js the scripts: one rule, one table."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.cross_checks import away_m
from cityatlas.catalogue.filters import Selection, read_selection, select, select_undated
from cityatlas.city.layers import Feature
from cityatlas.city.opening.opening_hours import check_hours, intervals_on
from cityatlas.city.spec import City
from cityatlas.geo.extent import core_bbox
from cityatlas.i18n import length_words, messages
from cityatlas.limits import TOUR_LEAST_MIN, TOUR_MUSTS
from cityatlas.planner.request.read import read_request
from cityatlas.render.basemap import WIDTH_GROWTH, line_width_px
from cityatlas.render.naming.crowd import settle_marks, spread
from cityatlas.render.naming.labels import place_labels
from cityatlas.render.naming.name_lines import break_name
from cityatlas.render.naming.names import name_weight
from cityatlas.render.naming.openings import find_openings
from cityatlas.render.naming.spots import Label
from cityatlas.schema.items import Phase, PlaceNotice
from cityatlas.schema.phases import PHASES, PhaseState, latest, state_at
from cityatlas.settings import Settings
from cityatlas.tiles.base_tiles import GRIDS
from cityatlas.tiles.layer_tiles import TILE_PX
from cityatlas.web.plan.form import joined
from toy import write_city

DATA = Path(__file__).parents[2] / "data"
MONDAY = date(2026, 11, 30)  # of a week without holidays
PHASE = ("phase", "from", "to")
NOW = datetime(2026, 12, 1, 10, 7, tzinfo=ZoneInfo("Asia/Shanghai"))


def read_vector(name: str) -> Any:  # Any: JSON of any shape
    return json.loads((DATA / name).read_text("utf-8"))


def as_stored(rows: list[list[str | None]]) -> list[dict[str, str | None]]:
    """Return phases as a folder holds them, of rows as the map's data has them."""
    return [dict(zip(PHASE, row, strict=False)) for row in rows]


def as_folder(row: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a feature as a folder holds them, of a row as the map's data has it."""
    first, last = row.get("runs", ["", ""])
    return row | {"phases": as_stored(row.get("phases", [])), "valid_from": first or None, "valid_to": last or None}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city's snapshot."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("city"))))


def test_the_core_of_a_lot_leaves_out_what_lies_far_off() -> None:
    for case in read_vector("extents.json"):
        assert core_bbox([tuple(bbox) for bbox in case["bboxes"]]) == tuple(case["core"])


def test_the_phases_have_one_order() -> None:
    assert list(PHASES) == read_vector("phases.json")["order"]


@pytest.mark.parametrize("case", read_vector("phases.json")["cases"])
def test_the_phase_at_a_month(case: dict[str, Any]) -> None:
    stored = [Phase.of(row) for row in as_stored(case["phases"])]
    found = state_at(stored, case["month"]) if case["month"] else latest(stored)
    assert found == (PhaseState(**case["state"]) if case["state"] else None)


@pytest.mark.parametrize("case", [case for case in read_vector("filters.json")["cases"] if case["open"] is None])
def test_a_selection_leaves_what_filters_leave(case: dict[str, Any]) -> None:
    state = case["state"]
    wanted = Selection(
        themes=tuple(state["theme"]), kinds=tuple(state["kind"]), phases=tuple(state["phase"]), month=state["month"]
    )
    features = [
        Feature(row["id"], "", row["kind"], cast(Any, None), 0, 0, as_folder(row))
        for row in read_vector("filters.json")["features"]
    ]
    city = cast(Catalogue, SimpleNamespace(features={one.id: one for one in features}, city=cast(City, None)))
    assert [feature.id for feature in select(city, wanted)] == case["ids"]
    assert [feature.id for feature in select_undated(city, wanted)] == case.get("undated", [])


@pytest.mark.parametrize("case", read_vector("notices.json"))
def test_a_notice_holds_on_its_days(case: dict[str, Any]) -> None:
    notice = PlaceNotice.of({"text": {"en": "Repairs"}, "from": case["from"], "to": case["to"]})
    assert [notice.first_day, notice.last_day] == case["row"]
    assert notice.covers(date.fromisoformat(case["day"])) is case["holds"]


def test_distances_are_one() -> None:
    with (DATA / "distances.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lon1, lat1, lon2, lat2, flat_m, ellipsoid_m = map(float, row.values())
            found_m = away_m(lon1, lat1, lon2, lat2)
            assert found_m == pytest.approx(flat_m, abs=0.01)
            assert found_m == pytest.approx(ellipsoid_m, rel=0.0035)


def times_of(row: dict[str, Any], day: str) -> list[tuple[str, str]]:
    return sorted((part["from"], part["to"]) for part in row["rows"] or () if day in part["days"])


@pytest.mark.parametrize("row", read_vector("hours_rows.json"), ids=lambda row: row["text"])
def test_hours_mean_their_rows_and_are_written_with_the_same_meaning(row: dict[str, Any]) -> None:
    check_hours(row["text"])
    if row["rows"] is None or row["is_always"]:
        return  # what rows cannot say the scripts leave alone
    for number, day in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")):
        for text in (row["text"], row["written"]):
            open_ = intervals_on(text, MONDAY + timedelta(days=number), timezone="Asia/Shanghai")
            told = [(f"{begin:%H:%M}", f"{end:%H:%M}") for begin, end in open_]
            assert told == times_of(row, day), (text, day)


@pytest.mark.parametrize(("metres", "said"), read_vector("lengths.json")["cases"])
def test_lengths_that_are_about_right_are_told_alike(metres: float, said: str) -> None:
    assert length_words(metres, "en", is_about=True) == said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_scripts_and_pages_word_lengths_alike(language: Any) -> None:
    for unit, words in read_vector("lengths.json")["words"].items():
        assert messages(language)[f"unit.{unit}"] == words[language] == messages(language)[f"planmap.js_{unit}"]


@pytest.mark.parametrize("case", read_vector("numbers.json"))
def test_numbers_stand_where_the_script_has_them(case: dict[str, Any]) -> None:
    placed = spread([(x, y) for x, y in case["spots"]], case["apart"])
    assert [list(place) for place in placed] == [pytest.approx(place, abs=1e-9) for place in case["placed"]]


@pytest.mark.parametrize("case", read_vector("labels.json")["cases"], ids=lambda case: case["name"])
def test_names_stand_where_the_script_has_them(case: dict[str, Any]) -> None:
    labels = [Label(**label) for label in case["labels"]]
    placed = place_labels(labels, find_openings(labels, case["marks"], case["frame"]))
    found = [spot and [*spot] for spot in placed]
    assert found == [spot and pytest.approx(spot, abs=1e-6) for spot in case["placed"]]


@pytest.mark.parametrize("case", read_vector("labels.json")["crowds"], ids=lambda case: case["name"])
def test_marks_in_a_crowd_shrink_and_part_as_the_script_has_them(case: dict[str, Any]) -> None:
    settled = settle_marks([(x, y) for x, y in case["spots"]])
    assert [[mark.x, mark.y, mark.side_px] for mark in settled] == [pytest.approx(m, abs=1e-6) for m in case["settled"]]


@pytest.mark.parametrize(("kind", "min_zoom", "weight"), read_vector("labels.json")["weights"])
def test_towns_come_before_streets_in_both(kind: str, min_zoom: int, weight: float) -> None:
    assert name_weight(kind, min_zoom) == pytest.approx(weight)


@pytest.mark.parametrize("case", read_vector("labels.json")["lines"], ids=lambda case: case["text"] or "empty")
def test_names_are_broken_into_the_lines_of_the_script(case: dict[str, Any]) -> None:
    assert list(break_name(case["text"], case["most_em"])) == case["lines"]


@pytest.mark.parametrize("case", read_vector("addresses.json")["map"], ids=lambda case: case["query"] or "empty")
def test_an_address_of_the_map_says_the_same_to_both(catalogue: Catalogue, case: dict[str, Any]) -> None:
    found = read_selection(dict(parse_qsl(urlsplit(case["query"]).query)), catalogue.city)
    state = case["state"]
    lists = {"layers": found.layers, "theme": found.themes, "kind": found.kinds, "phase": found.phases}
    assert {key: list(value) for key, value in lists.items() if value} == {
        key: state[key] for key in lists if key in state
    }
    assert (found.site, found.month) == (state.get("site", ""), state.get("month", ""))
    assert (f"{found.at:%Y-%m-%dT%H:%M}" if found.at else "") == state.get("at", "")
    assert ([found.view.lon, found.view.lat, found.view.zoom] if found.view else None) == state.get("view")


@pytest.mark.parametrize("case", read_vector("addresses.json")["plan"])
def test_the_form_of_the_planner_asks_by_one_address(catalogue: Catalogue, case: dict[str, Any]) -> None:
    fields = MultiDict([(name, value) for name, value in case["fields"]])
    asked = MultiDict(parse_qsl(joined(fields))) or fields  # what a form says of places is joined first
    wish = read_request(asked, catalogue, NOW)
    assert dict(parse_qsl(wish.to_query())) == case["query"]


def test_limits_are_the_scripts() -> None:
    limits = read_vector("limits.json")
    assert limits["most_must"] == TOUR_MUSTS
    assert limits["shortest_s"] == TOUR_LEAST_MIN * 60
    assert sorted(GRIDS.items()) == [tuple(level) for level in limits["base_levels"]]
    assert limits["tile_px"] == TILE_PX
    assert limits["line_growth"] == WIDTH_GROWTH
    for width, zoom, px in limits["line_widths_px"]:
        assert line_width_px(width, zoom) == px
