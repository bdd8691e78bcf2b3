"""Go by boat where a line has a timetable, walk where that is as good, and say which boat it is.

The toy city's boat goes from the quay (121.01) to the hall (121.03) in ten minutes. On foot that is 1,914 m: 29.5
minutes at 65 m a minute, by steps. The mill (121.00) lies 957 m before the quay: 14.7 minutes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.errors import InvalidTour
from cityatlas.handouts.day.itinerary_json import itinerary_json
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.day.problem import make_draft
from cityatlas.planner.itinerary.itinerary import Itinerary, answer, plan
from cityatlas.planner.itinerary.timeline import timeline
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import TourRequest
from cityatlas.planner.solver.check import check
from toy import with_properties
from toy_plan import walkable, walkable_sights

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RUNS = "09:00 09:10; 09:30 09:40; 10:30 10:40"


def boats(tmp_path: Path, *sailings: dict[str, Any]) -> Catalogue:
    """Return the toy city with a boat line from the quay to the hall."""
    given = [{"times": RUNS, "source": "Town paper"} | sailing for sailing in sailings or ({},)]
    stops = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}], "sailings": given}
    return walkable(tmp_path / "city", sights=with_properties(walkable_sights(), "boat-tour", **stops))


def wish(catalogue: Catalogue, **more: str) -> TourRequest:
    """Return a wish for the hall from the quay on a Friday morning."""
    usual = {"date": "2026-12-04", "start": "09:00", "end": "12:00", "start_at": "quay", "must": "hall"}
    return read_request(usual | {"not": "mill", "fullness": "full", "boat": "yes"} | more, catalogue, NOW)


def planned(catalogue: Catalogue, **more: str) -> Itinerary:
    """Return the plan of a wish; it keeps every rule by the checker's own clock."""
    request = wish(catalogue, **more)
    draft = make_draft(catalogue, request)
    assert check(draft.problem, answer(draft)) == []
    return plan(catalogue, request)


def told(itinerary: Itinerary) -> list[dict[str, Any]]:
    """Return the legs as programs get them."""
    legs: list[dict[str, Any]] = itinerary_json(itinerary, ())["legs"]
    return legs


def test_the_boat_that_arrives_before_one_who_walks_is_taken(tmp_path: Path) -> None:
    (leg,) = told(planned(boats(tmp_path)))[:1]  # 9:00 is too soon to board at 9:00; walking arrives at 9:30
    assert (leg["mode"], leg["begin"], leg["end"]) == ("walk", "09:00", "09:30")
    (leg,) = told(planned(boats(tmp_path / "more"), start="08:50"))[:1]
    assert (leg["mode"], leg["begin"], leg["end"], leg["length_m"]) == ("boat", "08:58", "09:10", 0)
    assert leg["ride"]["route"] == "boat-tour"
    assert [(part["mode"], part["begin"], part["end"]) for part in leg["ride"]["parts"]] == [("boat", "09:00", "09:10")]
    assert 1900 < leg["ride"]["parts"][0]["length_m"] < 1930


def test_one_walks_to_the_landing_and_waits_there_two_minutes(tmp_path: Path) -> None:
    itinerary = planned(boats(tmp_path), start_at="mill", start="09:00")
    leg = itinerary.legs[0]
    assert leg is not None
    assert [(part.mode, part.begin_s, part.end_s) for part in leg.spans] == [
        ("walk", 9 * 3600 + 28 * 60 - 15 * 60, 9 * 3600 + 28 * 60),
        ("boat", 9 * 3600 + 1800, 9 * 3600 + 2400),
    ]
    assert leg.coords[0] == (121.0, 30.7)
    assert leg.coords[-1] == (121.03, 30.7)
    assert [row.kind for row in timeline(itinerary)] == ["ride", "visit"]
    assert itinerary.walk_m == leg.length_m == 958


def test_a_boat_that_does_not_go_that_day_that_way_or_with_so_many_is_not_taken(tmp_path: Path) -> None:
    def modes(name: str, sailing: dict[str, Any], **more: str) -> list[str]:
        return [leg["mode"] for leg in told(planned(boats(tmp_path / name, sailing), start="08:50", **more)) if leg]

    assert modes("daily", {}) == ["boat"]
    assert modes("weekend", {"days": "Sa,Su"}) == ["walk"]
    assert modes("saturday", {"days": "Sa,Su"}, date="2026-12-05") == ["boat"]
    assert modes("back", {"is_back": True}) == ["walk"]
    assert modes("small", {"seats": 5}, party="6") == ["walk"]
    assert modes("full", {"seats": 6}, party="6") == ["boat"]
    assert modes("on-foot", {}, boat="no") == ["walk"]
    assert modes("without", {}, **{"not": "mill,boat-tour"}) == ["walk"]


def test_a_boat_that_does_not_stop_is_not_boarded_there(tmp_path: Path) -> None:
    stops = {"stops": ["mill", "quay", "hall"], "legs": [{"mode": "boat"}, {"mode": "boat"}]}
    sailings = {"sailings": [{"times": "08:50 - 09:10", "source": "Town paper"}]}
    sights = with_properties(walkable_sights(), "boat-tour", **stops, **sailings)
    catalogue = walkable(tmp_path / "city", sights=sights)
    assert told(planned(catalogue, start="08:45"))[0]["mode"] == "walk"
    assert told(planned(catalogue, start="08:45", start_at="mill"))[0]["ride"]["from"] == "mill"


def test_slack_ends_when_the_boat_leaves(tmp_path: Path) -> None:
    itinerary = planned(
        boats(tmp_path), start_at="mill", must="mill,hall", unknown_hours="yes", start="08:30", **{"not": ""}
    )
    mill, hall = itinerary.stops
    assert (mill.feature.id, mill.begin_s, mill.end_s) == ("mill", 8 * 3600 + 1800, 9 * 3600)
    leg = itinerary.legs[1]
    assert leg is not None
    assert leg.ride is not None
    assert mill.slack_s == leg.begin_s - mill.leave_s
    assert hall.begin_s == 9 * 3600 + 2400


def test_by_boat_means_a_boat_and_no_long_walk(tmp_path: Path) -> None:
    catalogue = boats(tmp_path)
    (leg,) = told(planned(catalogue, boat="only"))[:1]  # walking would arrive at 9:30
    assert (leg["mode"], leg["begin"], leg["end"]) == ("boat", "09:28", "09:40")
    impossible = plan(catalogue, wish(catalogue, boat="only", start_at="mill"))  # 957 m to the quay
    assert impossible.status == "infeasible"
    changes = find_changes(catalogue, impossible, NOW)
    assert "foot" in {change.kind for change in changes}
    for change in changes:
        assert plan(catalogue, change.request).stops


def test_by_boat_on_a_day_without_boats_names_the_boat_and_another_day(tmp_path: Path) -> None:
    catalogue = boats(tmp_path, {"days": "Sa,Su"})
    impossible = plan(catalogue, wish(catalogue, boat="only"))
    assert (impossible.status, impossible.missing) == ("infeasible", {"boat-tour": "departure"})
    changes = {change.kind: change for change in find_changes(catalogue, impossible, NOW)}
    assert changes["day"].value == "2026-12-05"
    assert changes["foot"].request.boat == "yes"


def test_by_boat_takes_a_trip_on_the_water_where_no_boat_has_a_timetable(tmp_path: Path) -> None:
    trip = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}]}
    catalogue = walkable(tmp_path / "city", sights=with_properties(walkable_sights(), "boat-tour", **trip))
    itinerary = plan(catalogue, wish(catalogue, boat="only", must="", **{"not": ""}))
    assert [(stop.feature.id, stop.is_boat) for stop in itinerary.stops] == [("boat-tour", True)]
    both = plan(catalogue, wish(catalogue, boat="only", unknown_hours="yes"))  # the hall is 1.9 km from the quay
    assert both.status == "infeasible"


def test_a_city_without_boats_refuses_to_go_by_boat(tmp_path: Path) -> None:
    catalogue = walkable(
        tmp_path / "city", sights=with_properties(walkable_sights(), "boat-tour", stops=None, legs=None)
    )
    with pytest.raises(InvalidTour) as raised:
        plan(catalogue, wish(catalogue, boat="only"))
    assert raised.value.values["reason"] == "no_boats"


def test_a_limit_of_walking_waits_for_the_boat(tmp_path: Path) -> None:
    (leg,) = told(planned(boats(tmp_path), walk_max="500"))[:1]  # on foot one would be there first
    assert (leg["mode"], leg["end"]) == ("boat", "09:40")


def test_a_link_keeps_how_one_gets_about(tmp_path: Path) -> None:
    catalogue = boats(tmp_path)
    assert "boat=only" in wish(catalogue, boat="only").to_query()
    assert "boat=yes" in wish(catalogue, boat="1").to_query()
    assert "boat" not in wish(catalogue, boat="no").to_query()
