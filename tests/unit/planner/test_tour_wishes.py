"""Check the finer wishes: order, stay, appointment, programme, most walking, a route for the time there is."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.i18n import Language, translate
from cityatlas.planner.itinerary.itinerary import Itinerary, ItineraryStop, plan
from cityatlas.planner.itinerary.timeline import scores_by_theme
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import clock
from cityatlas.settings import Settings
from tour_requests import FRIDAY, NOW, boat_city, read
from toy import Json, feature, text, with_properties
from toy_plan import walkable, walkable_sights, works_at, write_walkable


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets: mill (half an hour, no hours), quay, hall (open 08:30-16:30)."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def day(city: Catalogue, **values: Any) -> Itinerary:
    """Return the plan of a wish for Friday from 9 to 17 with unknown hours, full, unless said otherwise."""
    usual = FRIDAY | {"start": "09:00", "end": "17:00", "unknown_hours": "yes", "fullness": "full"}
    return plan(city, read(city, **usual | values))


def ids(made: Itinerary) -> list[str]:
    return [stop.feature.id for stop in made.stops]


def visit(made: Itinerary, feature_id: str) -> ItineraryStop:
    return next(stop for stop in made.stops if stop.feature.id == feature_id)


def test_an_order_is_kept_also_of_what_is_no_must(city: Catalogue) -> None:
    assert ids(day(city, at="mill", order="hall,mill")) == ["hall", "mill"]
    assert ids(day(city, at="hall", order="mill,hall")) == ["mill", "hall"]


def test_a_stay_is_as_long_as_the_visitor_wants(city: Catalogue) -> None:
    hall = visit(day(city, stay="hall:100"), "hall")
    assert (hall.end_s - hall.begin_s) // 60 == 100
    assert "length_assumed" not in hall.warnings


def test_an_appointment_is_kept_to_the_minute(city: Catalogue) -> None:
    hall = visit(day(city, begin_at="hall:14:20"), "hall")
    assert (clock(hall.begin_s), hall.is_begin_fixed, hall.is_must) == ("14:20", True, True)


# The hall closes at 16:30 and a visit takes 45 minutes.


@pytest.mark.parametrize(
    ("agreed", "end", "why"),
    [
        ("08:15", "17:00", "begin_outside"),  # the tour begins at 9
        ("16:00", "17:00", "begin_closed"),  # would end after closing
        ("11:30", "12:00", "begin_outside"),  # would end after the tour
    ],
)
def test_an_appointment_that_cannot_be_tells_why(city: Catalogue, agreed: str, end: str, why: str) -> None:
    made = day(city, begin_at=f"hall:{agreed}", end=end)
    assert (made.stops, made.missing) == ((), {"hall": why})


def test_an_appointment_stands_for_hours_that_nobody_published(city: Catalogue) -> None:
    mill = visit(day(city, unknown_hours="no", begin_at="mill:10:00"), "mill")
    assert clock(mill.begin_s) == "10:00"
    assert "hours_unknown" in mill.warnings


def test_a_programme_is_the_visit_and_its_party_limits_bind(city: Catalogue) -> None:
    hall = visit(day(city, programme="hall:talk", party="12"), "hall")
    assert (hall.end_s - hall.begin_s) // 60 == 30  # the talk's, not the 45 minutes of a visit
    assert hall.programme
    assert hall.programme.id == "talk"
    assert "length_assumed" not in hall.warnings
    assert day(city, programme="hall:talk", party="4").missing == {"hall": "party"}
    assert day(city, programme="hall:talk", party="21").missing == {"hall": "party"}
    assert "hall" in ids(day(city, party="21"))  # without the programme there is no limit


def test_a_programme_aboard_allows_its_boat_and_says_what_is_assumed(tmp_path: Path) -> None:
    lecture = {
        "id": "lecture",
        "title": text("课", "Lecture"),
        "booking": text("要预约", "Book"),
        "source": "Town paper",
    }
    made = boat_city(tmp_path / "toy", programmes=[lecture], stated=[])
    trip = visit(day(made, programme="boat-tour:lecture"), "boat-tour")
    assert (trip.end_s - trip.begin_s) // 60 == 60  # nobody says how long: the assumption
    assert {"boat_unknown", "length_assumed"} <= set(trip.warnings)
    assert trip.programme
    assert trip.programme.booking["en"] == "Book"


def test_no_tour_walks_more_than_was_asked(city: Catalogue) -> None:
    # From the quay the mill is 957 m away, the hall 1914 m.
    assert ids(day(city, at="quay", walk_max="900")) == []
    assert ids(day(city, at="quay", walk_max="1000")) == ["mill"]
    made = day(city, at="quay", walk_max="3000")
    assert (ids(made), made.walk_m <= 3000) == (["hall"], True)
    assert sorted(ids(day(city, at="quay", walk_max="4000"))) == ["hall", "mill"]


def test_a_must_beyond_the_most_walking_says_so(city: Catalogue) -> None:
    assert day(city, at="quay", must="hall", walk_max="1500").missing == {"hall": "limits"}


def test_a_route_gives_its_stops_in_its_order_and_tells_what_is_none(city: Catalogue) -> None:
    made = day(city, at="hall", route="boat-tour")  # mill, quay, hall, partly on foot
    assert ids(made) == ["mill", "hall"]
    assert made.dropped == {"quay": "not_visited"}
    assert made.left_out == {"not_visited": 1}


def test_a_route_all_by_boat_is_the_boat_trip_first(tmp_path: Path) -> None:
    made = boat_city(tmp_path / "toy")
    planned = day(made, route="boat-tour")
    assert ids(planned) == ["boat-tour", "mill", "hall"]
    assert visit(planned, "boat-tour").is_must
    left = day(made, route="boat-tour", **{"not": "boat-tour"})
    assert ids(left) == ["mill", "hall"]


def old_town(folder: Path, bridge: Json, **properties: Any) -> Catalogue:
    """Return a city whose old town has a bridge in it."""
    layer = with_properties(works_at(121.02, 30.702), "old-town", **{"visit_min": 90} | properties)
    inside = feature("bridge", "project", text("桥", "Bridge"), {"type": "Point", "coordinates": [121.021, 30.7]})
    inside["properties"] |= bridge
    return walkable(folder, works={"type": "FeatureCollection", "features": [*layer["features"], inside]})


def test_a_place_that_a_larger_visit_takes_in_is_no_stop_of_its_own(tmp_path: Path) -> None:
    made = old_town(tmp_path / "toy", {"visit_min": 10})
    assert sorted(ids(day(made))) == ["hall", "mill", "old-town"]
    short = ids(day(made, at="121.021,30.7", end="09:30"))
    assert short == ["bridge"]  # no time for the town: then the bridge alone


def test_two_musts_stand_also_when_one_lies_in_the_other(tmp_path: Path) -> None:
    made = old_town(tmp_path / "toy", {"visit_min": 10})
    assert {"bridge", "old-town"} <= set(ids(day(made, must="bridge,old-town")))
    alone = day(made, must="bridge")
    assert "old-town" not in ids(alone)
    assert alone.dropped["old-town"] == "contained"


def test_a_place_with_a_door_or_half_the_time_is_a_visit_of_its_own(tmp_path: Path) -> None:
    long = old_town(tmp_path / "long", {"visit_min": 46})
    assert {"bridge", "old-town"} <= set(ids(day(long)))
    hours = {"visit_min": 10, "opening_hours": "09:00-17:00", "hours_source": "Town paper"}
    assert {"bridge", "old-town"} <= set(ids(day(old_town(tmp_path / "door", hours))))


def test_a_holiday_by_date_closes_what_is_closed_on_holidays(tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", opening_hours="Tu-Su 08:30-16:30; PH off")
    folder = write_walkable(tmp_path / "toy", sights=layer)
    usual = build_catalogue(Settings(geodata=folder))
    assert ids(day(usual, must="hall"))
    assert day(usual).notices == ("holidays_unknown",)  # nobody said which days are off
    source = {"title": "Notice", "date": None, "url": None}
    year = {"year": 2026, "off": [FRIDAY["date"]], "workdays": [], "source": source}
    (folder / "holidays.json").write_text(json.dumps({"years": [year]}), "utf-8")
    made = day(build_catalogue(Settings(geodata=folder)), must="hall")
    assert (made.missing, made.notices) == ({"hall": "closed"}, ("holiday",))


@pytest.mark.parametrize(("language", "told"), [("zh", "请另坐出租车或公交去"), ("en", "go there by taxi or bus")])
def test_nobody_is_sent_on_foot_to_the_party_school(language: Language, told: str) -> None:
    shipped = build_catalogue(Settings())
    wish = {"date": "2026-12-05", "must": "pinghu-party-school", "unknown_hours": "yes"}
    made = plan(shipped, read_request(wish, shipped, NOW))
    assert (made.stops, made.missing) == ((), {"pinghu-party-school": "far"})
    assert told in translate("planner.reason_far", language)


def test_the_party_branch_gets_its_afternoon() -> None:
    shipped = build_catalogue(Settings())
    wish = {
        "date": "2026-12-05",  # a Saturday
        "start": "13:30",
        "end": "17:00",
        "start_at": "east-lake-wharf",
        "end_at": "pinghu-coach-centre",
        "theme": "integrity,canal_town",
        "party": "12",
        "step_free": "yes",
        "unknown_hours": "yes",
        "programme": "on-board-lecture-line:on-board-lecture",
    }
    made = plan(shipped, read_request(wish, shipped, NOW))
    lecture = visit(made, "on-board-lecture-line")
    assert lecture.programme
    assert {"boat_unknown", "length_assumed", "steps_unknown"} <= set(lecture.warnings)
    assert made.end_s <= 17 * 3600
    assert len(made.stops) >= 3
    themes = {theme for stop in made.stops for theme in stop.feature.themes}
    assert {"integrity", "canal_town"} <= themes


def timetable(folder: Path, **programme: Any) -> Catalogue:
    """Return a city whose boat leaves the mill at 10:00 and 14:00 on Fridays, for 20 people at most."""
    usual = {"id": "trip", "title": text("船", "Trip"), "party_max": 20, "source": "Town paper", "duration_min": 60}
    return boat_city(folder, programmes=[usual | {"departures": "10:00 14:00", "days": "Fr"} | programme])


def test_a_boat_leaves_by_its_timetable(tmp_path: Path) -> None:
    city = timetable(tmp_path / "toy")
    trip = visit(day(city, must="boat-tour", boat="yes"), "boat-tour")
    assert clock(trip.begin_s) in ("10:00", "14:00")
    assert "boat_unknown" not in trip.warnings
    assert clock(visit(day(city, must="boat-tour", boat="yes", start="10:30"), "boat-tour").begin_s) == "14:00"
    assert day(city, must="boat-tour", boat="yes", start="14:15").missing == {"boat-tour": "departure"}


def test_a_boat_that_does_not_run_on_the_day_or_is_full_is_not_taken(tmp_path: Path) -> None:
    city = timetable(tmp_path / "toy")
    saturday = {"date": "2026-12-05", "must": "boat-tour", "boat": "yes"}
    assert day(city, **saturday).missing == {"boat-tour": "departure"}
    assert day(city, must="boat-tour", boat="yes", party="21").missing == {"boat-tour": "party"}
    assert "boat-tour" in ids(day(timetable(tmp_path / "daily", days=None), **saturday))


def test_a_boat_takes_as_long_as_the_one_that_takes_the_party(tmp_path: Path) -> None:
    long = {"id": "long", "title": text("长", "Long"), "party_max": 60, "source": "Town paper"}
    long |= {"duration_min": 120, "departures": "14:00"}
    short = long | {"id": "short", "party_max": 20, "duration_min": 60, "departures": "10:00 14:00"}
    city = boat_city(tmp_path / "toy", programmes=[short, long])
    trip = visit(day(city, must="boat-tour", boat="yes", start="10:30", end="18:00", party="40"), "boat-tour")
    assert (clock(trip.begin_s), clock(trip.end_s)) == ("14:00", "16:00")


def test_what_binds_is_what_is_told(tmp_path: Path, city: Catalogue) -> None:
    assert day(city, must="mill", stay="mill:300", end="12:00", unknown_hours="yes").missing == {"mill": "time"}
    assert day(timetable(tmp_path / "toy"), must="boat-tour").missing == {"boat-tour": "boat_off"}
    assert day(boat_city(tmp_path / "other"), must="boat-tour").missing == {"boat-tour": "boat"}
    far = {"start": "10:00", "end": "11:00", "at": "mill", "must": "hall"}
    assert day(city, **far, order="mill").missing == {"hall": "time"}  # one place has no order


def test_the_order_in_which_a_wish_is_written_changes_nothing() -> None:
    shipped = build_catalogue(Settings())

    def ids(must: str, theme: str) -> list[str]:
        values = {"date": "2026-12-05", "end": "15:00", "unknown_hours": "yes", "must": must, "theme": theme}
        return [stop.feature.id for stop in plan(shipped, read_request(values, shipped, NOW)).stops]

    musts, themes = ["li-shutong-memorial", "baoben-pagoda", "mo-manor"], ["art", "integrity", "lake_park"]
    for one, other in zip(permutations(musts), permutations(themes), strict=True):
        assert ids(",".join(one), ",".join(other)) == ids(",".join(musts), ",".join(themes))


def test_the_score_is_told_by_interest_and_adds_up(city: Catalogue) -> None:
    made = day(city, theme="art:2,family", unknown_hours="yes", end="16:00")  # hall (75) is art, mill (48) family
    assert scores_by_theme(made) == {"art": 150, "family": 48}
    assert sum(scores_by_theme(made).values()) == made.score
    plain = day(city, unknown_hours="yes", end="16:00")
    assert sum(scores_by_theme(plain).values()) == plain.score
