"""Check what a tour may visit on its day, when that may begin and what it is worth, in numbers worked out by hand.

2026-12-04 is a Friday. The hall is open 08:30-16:30 but on Mondays, takes 45 minutes and lets in until 16:00; the mill
takes half an hour and has no hours; the school is being built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.planner.day import candidates
from cityatlas.planner.day.candidates import Candidate, candidate_of, choose, open_spans, route_order, visit_windows
from cityatlas.planner.request.request import TourRequest, clock
from toy import text
from toy_plan import walkable

FRIDAY = date(2026, 12, 4)
HOUR_S = 3600
ALL_BY_BOAT = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}]}
NEW_SCHOOL = {
    "visit_min": 20,
    "phases": [
        {"phase": "piling", "from": "2026-01", "to": "2026-12", "source": "Town paper"},
        {"phase": "open", "from": "2027-01", "to": None, "source": "Town paper"},
    ],
}
CLOSED = {"text": text("修缮", "Repairs"), "from": "2026-12-04", "to": "2026-12-04", "closes": True}
Places = Mapping[str, Mapping[str, Any]]  # Any: what JSON holds


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def told(toy: Catalogue, **places: Mapping[str, Any]) -> Catalogue:
    """Return the city in which places have other properties; a name with "_" stands for the id with "-"."""
    features = dict(toy.features)
    for name, properties in places.items():
        feature = features[name.replace("_", "-")]
        features[feature.id] = replace(feature, properties={**feature.properties, **properties})
    return replace(toy, features=features)


def programme(programme_id: str, departures: str = "", **more: Any) -> dict[str, Any]:
    return {"id": programme_id, "title": text("行程", "Trip"), "departures": departures, "source": "Town paper"} | more


def wish(start: str = "09:00", end: str = "17:00", **more: Any) -> TourRequest:
    return TourRequest(more.pop("day", FRIDAY), at(start), at(end), **more)


def at(said: str) -> int:
    hours, minutes = said.split(":")
    return int(hours) * HOUR_S + int(minutes) * 60


def windows(city: Catalogue, request: TourRequest, place: str = "hall", minutes: int = 45, **more: Any) -> list[str]:
    found = visit_windows(city, city.features[place], request, minutes * 60, **more)
    return [f"{clock(first_s)}-{clock(last_s)}" for first_s, last_s in found]


def made(city: Catalogue, place: str = "hall", **more: Any) -> Candidate:
    found = candidate_of(city, city.features[place], wish(**more))
    assert isinstance(found, Candidate), found
    return found


def why(city: Catalogue, place: str = "hall", **more: Any) -> str:
    found = candidate_of(city, city.features[place], wish(**more))
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("hall", "request_", "expected"),
    [
        ({}, wish(), ["09:00-15:45"]),  # it ends as the hall closes
        ({}, wish("08:00", "12:00"), ["08:30-11:15"]),  # it begins as the hall opens, and ends as the tour does
        ({"last_entry_min": 60}, wish(), ["09:00-15:30"]),
        ({"opening_hours": "09:10-11:00,13:05-16:00"}, wish(), ["09:10-10:15", "13:05-15:15"]),
        ({"opening_hours": "09:10-11:00,13:05-16:00"}, wish("10:30"), ["13:05-15:15"]),
        ({"opening_hours": "18:00-02:00"}, wish("20:00", "26:00"), ["20:00-25:15"]),
        ({}, wish("09:00", "09:45"), ["09:00-09:00"]),
        ({}, wish("09:00", "09:44"), []),
        ({}, wish(begins=(("hall", at("10:05")),)), ["10:05-10:05"]),
        ({}, wish(begins=(("mill", at("10:05")),)), ["09:00-15:45"]),
        ({}, wish(begins=(("hall", at("15:46")),)), []),
        ({}, wish(begins=(("hall", at("08:45")),)), []),
        ({"opening_hours": "Mo off"}, wish(), []),
        ({"opening_hours": None, "last_entry_min": 120}, wish(), ["09:00-16:15"]),  # nobody knows them: any time
    ],
)
def test_a_visit_ends_before_closing_and_before_the_tour(
    toy: Catalogue, hall: Mapping[str, Any], request_: TourRequest, expected: list[str]
) -> None:
    assert windows(told(toy, hall=hall), request_) == expected


def test_what_leaves_by_a_timetable_begins_at_one_of_its_moments(toy: Catalogue) -> None:
    moments = [at(said) for said in ("08:59", "09:00", "11:20", "15:45", "15:46")]
    assert windows(toy, wish(), departures=moments) == ["09:00-09:00", "11:20-11:20", "15:45-15:45"]
    assert windows(toy, wish(), departures=[]) == []


def test_spans_are_seconds_of_the_day_none_when_closed_and_unknown_without_hours(toy: Catalogue) -> None:
    night = told(toy, hall={"opening_hours": "Fr 22:15-24:00,10:00-11:00; Sa 00:00-01:30"})
    assert open_spans(night, night.features["hall"], wish()) == [(36_000, 39_600), (80_100, 91_800)]
    assert open_spans(toy, toy.features["hall"], wish(day=date(2026, 12, 7))) == []
    assert open_spans(toy, toy.features["mill"], wish()) is None


@pytest.mark.parametrize(
    ("place", "places", "asked", "expected"),
    [
        ("hall", {}, {"avoid": ("hall",)}, "avoid"),
        ("boat-tour", {}, {"boat": "yes"}, "route"),  # partly on foot
        ("school", {}, {}, "works"),
        ("school", {"school": NEW_SCHOOL}, {}, "works"),  # it opens next month
        ("hall", {"hall": {"notices": [CLOSED | {"source": "Town paper"}]}}, {}, "closure"),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT | {"valid_to": "2026-11"}}, {"boat": "yes"}, "season"),
        ("hall", {"hall": {"access": {"step_free": False}}}, {"is_step_free": True}, "steps"),
        (
            "boat-tour",
            {"boat_tour": ALL_BY_BOAT | {"access": {"boat_gangway": False}}},
            {"is_step_free": True, "boat": "yes"},
            "steps",
        ),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {}, "boat"),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT | {"programmes": [programme("trip", "10:00")]}}, {}, "boat_off"),
        (
            "boat-tour",
            {"boat_tour": ALL_BY_BOAT | {"programmes": [programme("trip", "10:00", days="Sa")]}},
            {},
            "boat",
        ),
        (
            "boat-tour",
            {"boat_tour": ALL_BY_BOAT | {"programmes": [programme("trip", party_max=5)]}},
            {"boat": "yes", "party": 6},
            "party",
        ),
        ("hall", {}, {"programmes": (("hall", "talk"),), "party": 4}, "party"),  # it takes 5 to 20
        ("mill", {}, {}, "hours_unknown"),
    ],
)
def test_what_is_out_of_the_question_says_why(
    toy: Catalogue, place: str, places: Places, asked: Mapping[str, Any], expected: str
) -> None:
    assert why(told(toy, **places), place, **asked) == expected


@pytest.mark.parametrize(
    ("place", "places", "asked"),
    [
        ("hall", {"hall": {"access": {"step_free": None}}}, {"is_step_free": True}),  # nobody knows of steps
        ("hall", {"hall": {"access": {"step_free": False}}}, {}),
        ("hall", {"hall": {"access": {"step_free": True, "boat_gangway": False}}}, {"is_step_free": True}),
        ("hall", {}, {"party": 4}),  # the talk has limits, and was not chosen
        ("hall", {}, {"programmes": (("hall", "talk"),), "party": 5}),
        ("mill", {}, {"allows_unknown_hours": True}),
        ("school", {"school": NEW_SCHOOL}, {"day": date(2027, 1, 1), "allows_unknown_hours": True}),
        ("mill", {}, {"begins": (("mill", at("10:00")),)}),  # somebody there said yes
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {"boat": "yes"}),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {"boat": "only"}),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {"route": "boat-tour"}),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {"begins": (("boat-tour", at("10:00")),)}),
        (
            "boat-tour",
            {"boat_tour": ALL_BY_BOAT | {"programmes": [programme("trip")]}},
            {"programmes": (("boat-tour", "trip"),)},
        ),
    ],
)
def test_what_is_allowed_agreed_or_chosen_can_be_visited(
    toy: Catalogue, place: str, places: Places, asked: Mapping[str, Any]
) -> None:
    assert made(told(toy, **places), place, **asked).id == place


@pytest.mark.parametrize(
    ("places", "asked", "expected"),
    [
        ({}, {"day": date(2026, 12, 7)}, "closed"),  # a Monday
        ({}, {"start": "16:00"}, "too_short"),  # open for half an hour
        ({}, {"start": "10:00", "end": "10:45", "day": date(2026, 12, 7)}, "closed"),
        ({}, {"start": "10:00", "end": "10:44"}, "time"),
        ({"hall": {"opening_hours": None}}, {"end": "09:44", "allows_unknown_hours": True}, "time"),
        ({}, {"begins": (("hall", at("08:59")),)}, "begin_outside"),
        ({"hall": {"opening_hours": "12:00-16:00"}}, {"begins": (("hall", at("09:00")),)}, "begin_closed"),
        ({"hall": {"opening_hours": "12:00-16:00"}}, {"begins": (("hall", at("16:15")),)}, "begin_closed"),
        ({}, {"end": "12:00", "begins": (("hall", at("11:16")),)}, "begin_outside"),
        ({"hall": {"programmes": [programme("talk", "08:00")]}}, {"programmes": (("hall", "talk"),)}, "departure"),
        (
            {"hall": {"programmes": [programme("talk", "10:00")]}},
            {"programmes": (("hall", "talk"),), "day": date(2026, 12, 7)},
            "closed",
        ),
    ],
)
def test_what_has_no_moment_says_why(toy: Catalogue, places: Places, asked: Mapping[str, Any], expected: str) -> None:
    assert why(told(toy, **places), **asked) == expected


def test_a_visit_is_told_with_its_length_place_and_how_sure_it_is(toy: Catalogue) -> None:
    hall = made(toy, must=("hall",))
    assert (hall.id, hall.place, hall.visit_s, hall.programme) == ("hall", hall.feature, 2_700, None)
    assert (hall.is_must, hall.are_hours_known, hall.is_estimated, hall.is_boat) == (True, True, False, False)
    assert (hall.windows, hall.is_begin_fixed) == (((at("09:00"), at("15:45")),), False)
    assert made(toy, begins=(("hall", at("10:00")),)).is_begin_fixed
    mill = made(toy, "mill", allows_unknown_hours=True)
    assert (mill.is_must, mill.are_hours_known, mill.is_estimated, mill.visit_s) == (False, False, False, 1_800)
    assert made(told(toy, mill={"visit_min": None}), "mill", allows_unknown_hours=True).is_estimated


def test_a_boat_trip_begins_at_its_first_stop_and_keeps_its_timetable(toy: Catalogue) -> None:
    trips = [programme("short", "10:00 14:00", duration_min=40), programme("long", "11:30", duration_min=50)]
    city = told(toy, boat_tour=ALL_BY_BOAT | {"programmes": trips, "stated": []})
    boat = made(city, "boat-tour", boat="yes")
    assert (boat.place.id, boat.is_boat, boat.are_hours_known) == ("quay", True, True)
    assert boat.visit_s == 50 * 60  # whichever one takes, one is back by then
    small = told(toy, boat_tour=ALL_BY_BOAT | {"programmes": [trips[0], trips[1] | {"party_max": 5}], "stated": []})
    assert made(small, "boat-tour", boat="yes", party=6).visit_s == 40 * 60
    assert [clock(first_s) for first_s, _ in boat.windows] == ["10:00", "11:30", "14:00"]
    weekend = told(toy, boat_tour=ALL_BY_BOAT | {"programmes": [trips[0], trips[1] | {"days": "Sa,Su"}]})
    assert [clock(first_s) for first_s, _ in made(weekend, "boat-tour", boat="yes").windows] == ["10:00", "14:00"]
    chosen = made(city, "boat-tour", programmes=(("boat-tour", "short"),))
    assert chosen.programme is not None
    assert (chosen.programme.id, chosen.visit_s, len(chosen.windows)) == ("short", 2_400, 2)
    assert not made(told(toy, boat_tour=ALL_BY_BOAT), "boat-tour", boat="yes").are_hours_known


def test_a_visit_is_as_long_as_the_visitor_the_programme_or_the_editors_say(toy: Catalogue) -> None:
    def length(**asked: Any) -> tuple[int, bool]:
        hall = made(told(toy, hall={"programmes": [programme("talk"), programme("tour", duration_min=20)]}), **asked)
        return hall.visit_s // 60, hall.is_estimated

    assert length() == (45, False)
    assert length(programmes=(("hall", "tour"),)) == (20, False)
    assert length(programmes=(("hall", "talk"),)) == (45, True)  # nobody says how long it takes
    assert length(programmes=(("hall", "talk"),), stays=(("hall", 100),)) == (100, False)
    assert length(stays=(("mill", 100),)) == (45, False)


@pytest.mark.parametrize(
    ("place", "places", "asked", "score"),
    [
        ("hall", {}, {}, 75),  # 30, and one for each minute
        ("hall", {"hall": {"visit_min": 120}}, {}, 120),  # of at most 90
        ("mill", {}, {"allows_unknown_hours": True}, 48),  # four fifths of 60
        ("mill", {}, {"begins": (("mill", at("10:00")),)}, 60),  # agreed is sure
        ("hall", {}, {"themes": (("art", 3), ("family", 1))}, 225),
        ("hall", {"hall": {"themes": ["art", "family"]}}, {"themes": (("art", 2), ("family", 1))}, 225),
        ("hall", {}, {"themes": (("family", 3),)}, 15),  # a fifth
        ("mill", {"mill": {"visit_min": 1}}, {"themes": (("art", 1),), "allows_unknown_hours": True}, 5),
        ("boat-tour", {"boat_tour": ALL_BY_BOAT}, {"boat": "yes"}, 72),  # an hour, at a time that nobody knows
        (
            "boat-tour",
            {"boat_tour": ALL_BY_BOAT | {"programmes": [programme("trip", "10:00")]}},
            {"boat": "yes"},
            90,
        ),
    ],
)
def test_a_visit_is_worth_its_minutes_by_its_themes_and_how_sure_it_is(
    toy: Catalogue, place: str, places: Places, asked: Mapping[str, Any], score: int
) -> None:
    assert made(told(toy, **places), place, **asked).score == score


def chosen(city: Catalogue, **asked: Any) -> list[tuple[str, bool]]:
    """Return (id, is_must) of what a wish chooses."""
    found, _ = choose(city, wish(**asked))
    return [(candidate.id, candidate.is_must) for candidate in found]


def test_what_can_be_visited_is_chosen_by_id_and_the_rest_tells_why(toy: Catalogue) -> None:
    found, dropped = choose(toy, wish())
    assert [candidate.id for candidate in found] == ["hall"]
    assert dropped == {"mill": "hours_unknown"}  # neither the quay nor what is being built
    assert chosen(toy, allows_unknown_hours=True) == [("hall", False), ("mill", False)]
    assert chosen(toy, allows_unknown_hours=True, must=("quay",)) == [
        *(("hall", False), ("mill", False), ("quay", True)),
    ]


def test_only_musts_are_chosen_where_only_they_are_asked_for(toy: Catalogue) -> None:
    found, dropped = choose(toy, wish(must=("hall",), keeps=(("mill", 1),)), only_musts=True)
    assert ([candidate.id for candidate in found], dropped) == (["hall"], {})


def test_of_a_route_its_stops_are_chosen_and_each_other_one_says_why(toy: Catalogue) -> None:
    city = told(toy, boat_tour={"stops": ["mill", "quay", "school"]})
    found, dropped = choose(city, wish(route="boat-tour", allows_unknown_hours=True))
    assert [candidate.id for candidate in found] == ["mill"]
    assert dropped == {"quay": "not_visited", "school": "works"}
    soon = told(city, school=NEW_SCHOOL)
    assert choose(soon, wish(route="boat-tour", allows_unknown_hours=True))[1]["school"] == "works"
    assert "school" not in choose(soon, wish(allows_unknown_hours=True))[1]
    assert chosen(city, route="boat-tour", allows_unknown_hours=True, keeps=(("hall", 1),)) == [
        *(("hall", False), ("mill", False)),
    ]


def test_the_order_of_a_route_begins_with_its_boat(toy: Catalogue) -> None:
    assert route_order(toy, wish()) == ()
    assert route_order(toy, wish(route="boat-tour")) == ("mill", "quay", "hall")
    round_trip = told(toy, boat_tour={"stops": ["quay", "hall", "quay"], "legs": [{"mode": "boat"}] * 2})
    assert route_order(round_trip, wish(route="boat-tour")) == ("boat-tour", "quay", "hall")


def test_one_trip_on_the_water_is_enough_unless_more_are_musts(toy: Catalogue) -> None:
    first = told(toy, boat_tour=ALL_BY_BOAT)
    trip = first.features["boat-tour"]
    long = replace(trip, id="long-tour", properties={**trip.properties, "stated": []})
    timed = replace(trip, id="timed-tour", properties={**trip.properties, "programmes": [programme("trip", "10:00")]})
    city = replace(first, features={**first.features, "long-tour": long, "timed-tour": timed})
    assert chosen(city, boat="yes") == [("hall", False), ("timed-tour", False)]  # the most score a minute
    assert chosen(city, boat="only") == [("hall", False), ("timed-tour", True)]
    assert chosen(city, boat="yes", must=("boat-tour", "long-tour")) == [
        *(("boat-tour", True), ("hall", False), ("long-tour", True)),
    ]
    assert chosen(city, boat="only", must=("hall",), day=date(2026, 12, 5))[1] == ("timed-tour", True)
    assert [c.id for c in choose(city, wish(boat="only"), only_musts=True)[0]] == ["timed-tour"]


def test_what_is_for_residents_is_left_out_for_visitors_who_did_not_choose_its_theme(toy: Catalogue) -> None:
    kinds = {**toy.city.kinds, "museum": replace(toy.city.kinds["museum"], for_locals=True)}
    city = replace(toy, city=replace(toy.city, kinds=kinds))
    assert chosen(city, is_visitor=True) == []
    assert chosen(city) == [("hall", False)]
    assert chosen(city, is_visitor=True, themes=(("art", 1),)) == [("hall", False)]
    assert chosen(city, is_visitor=True, themes=(("family", 1),)) == []
    assert chosen(city, is_visitor=True, must=("hall",)) == [("hall", True)]
    assert chosen(city, is_visitor=True, route="boat-tour") == [("hall", False)]
    assert chosen(toy, is_visitor=True) == [("hall", False)]


def test_the_best_by_the_minute_are_chosen_beside_what_is_asked_for(
    toy: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST", 2)
    hall = toy.features["hall"]
    halls = {
        f"hall-{minutes}": replace(hall, id=f"hall-{minutes}", properties={**hall.properties, "visit_min": minutes})
        for minutes in (20, 30, 40, 50)
    }
    city = replace(toy, features=halls)
    assert chosen(city) == [("hall-20", False), ("hall-30", False)]
    assert chosen(city, must=("hall-50",)) == [("hall-20", False), ("hall-30", False), ("hall-50", True)]
    assert chosen(city, keeps=(("hall-40", 1),)) == [("hall-20", False), ("hall-30", False), ("hall-40", False)]
