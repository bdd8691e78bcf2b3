"""Check that alternatives are real ones: other stops, less or more walking, another theme, and every rule kept."""

from __future__ import annotations

import math
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.planner.advice.alternatives import LESS, MORE, Alternative, find_alternatives, leading_theme
from cityatlas.planner.day.candidates import open_spans
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.read import read_request
from cityatlas.settings import Settings

NOW = datetime(2026, 12, 1, 10, 7, tzinfo=ZoneInfo("Asia/Shanghai"))


@cache
def shipped() -> Catalogue:
    """Return the city that is shipped."""
    return build_catalogue(Settings())


def planned(**values: Any) -> tuple[Itinerary, tuple[Alternative, ...]]:
    """Return the plan of a Saturday and its alternatives."""
    city = shipped()
    wish = {"date": "2026-12-05", "unknown_hours": "yes"} | values
    made = plan(city, read_request(wish, city, NOW))
    return made, find_alternatives(city, made)


def ids(made: Itinerary) -> set[str]:
    return {stop.feature.id for stop in made.stops}


def test_a_free_morning_has_all_three() -> None:
    _, others = planned(start="09:00", end="13:00")
    assert [other.kind for other in others] == ["less", "more", "theme"]


def test_the_same_wish_has_the_same_alternatives() -> None:
    (_, first), (_, second) = planned(theme="art"), planned(theme="art")
    assert [(o.kind, o.theme, [s.feature.id for s in o.itinerary.stops]) for o in first] == [
        (o.kind, o.theme, [s.feature.id for s in o.itinerary.stops]) for o in second
    ]


def test_a_plan_of_one_place_or_of_none_has_no_alternatives() -> None:
    assert planned(unknown_hours="no", start="06:00", end="07:00")[1] == ()
    assert planned(unknown_hours="no")[1] == ()  # one museum has published hours


@pytest.mark.parametrize(
    ("must", "keep"),
    [("", "tcm-hospital-bus-area,jianguo-road-tunnel"), ("pinghu-museum", "tcm-hospital-bus-area")],
    ids=["all kept", "kept beside a must"],
)
def test_a_plan_that_begins_with_what_was_kept_past_the_wish_has_alternatives(must: str, keep: str) -> None:
    made, others = planned(date="2027-03-06", must=must, keep=keep, walk_max="3000")
    assert made.stops[0].feature.id in keep.split(",")
    assert others
    assert all(ids(other.itinerary) - ids(made) for other in others)


def test_the_leading_theme_is_the_one_wanted_most() -> None:
    made, _ = planned(theme="art,canal_town:3")
    assert leading_theme(made.request, made.stops) == "canal_town"


WISHES = st.fixed_dictionaries(
    {
        "start": st.sampled_from(["09:00", "10:30", "13:00"]),
        "minutes": st.sampled_from(["60", "120", "240", "420"]),
        "start_at": st.sampled_from(["", "east-lake-wharf", "pinghu-museum"]),
        "end_at": st.sampled_from(["", "pinghu-coach-centre"]),
        "theme": st.sampled_from(["", "art", "canal_town:2,family", "red_heritage"]),
        "must": st.sampled_from(["", "mo-manor", "li-shutong-memorial,baoben-pagoda"]),
        "fullness": st.sampled_from(["relaxed", "full"]),
        "lunch": st.sampled_from(["yes", ""]),
        "boat": st.sampled_from(["yes", ""]),
        "step_free": st.sampled_from(["yes", ""]),
        "walk_max": st.sampled_from(["", "4000"]),
        "order": st.sampled_from(["", "mo-manor,east-lake"]),
    }
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(WISHES)
def test_whatever_is_asked_alternatives_differ_and_keep_the_rules(wish: dict[str, str]) -> None:
    made, others = planned(**wish)
    assert len({other.kind for other in others}) == len(others)
    assert len({frozenset(ids(other.itinerary)) for other in others}) == len(others)
    for other in others:
        other_ids = ids(other.itinerary)
        assert len(other_ids - ids(made)) >= math.ceil(len(other_ids) / 3)
        assert set(made.request.must) <= other_ids
        _keeps_the_rules(other.itinerary)
        _is_of_its_kind(made, other)


def _keeps_the_rules(made: Itinerary) -> None:
    wish = made.request
    assert made.end_s <= wish.end_s
    free_s = wish.start_s
    for stop in made.stops:
        assert free_s <= stop.arrive_s <= stop.begin_s < stop.end_s <= stop.leave_s
        free_s = stop.leave_s
        if stop.feature.opening_hours:
            spans = open_spans(shipped(), stop.feature, wish) or ()
            assert any(opens_s <= stop.begin_s and stop.end_s <= closes_s for opens_s, closes_s in spans)
    if wish.most_walk_m:
        assert made.walk_m <= wish.most_walk_m
    taken = [stop.feature.id for stop in made.stops if stop.feature.id in wish.order]
    assert taken == [feature_id for feature_id in wish.order if feature_id in taken]
    assert made.lunch is not None or not wish.has_lunch or "lunch_left_out" in made.notices


def _is_of_its_kind(made: Itinerary, other: Alternative) -> None:
    plan_now = other.itinerary
    if other.kind == "less":
        length_s, planned_s = plan_now.end_s - plan_now.begin_s, made.end_s - made.begin_s
        assert plan_now.walk_m <= LESS * made.walk_m or length_s <= LESS * planned_s
    elif other.kind == "more":
        assert plan_now.walk_m >= MORE * made.walk_m
    else:
        free = [stop for stop in plan_now.stops if not stop.is_must]
        themed = [stop for stop in free if other.theme in stop.feature.themes]
        assert len(themed) >= len(free) / 2 > 0
        assert other.theme != leading_theme(made.request, made.stops)


@pytest.mark.parametrize("kind", ["less", "more", "theme"])
def test_an_alternative_is_an_address_of_its_own(kind: str) -> None:
    _, others = planned()
    (other,) = [other for other in others if other.kind == kind]
    assert other.itinerary.request.to_query().endswith(f"&variant={kind}")
