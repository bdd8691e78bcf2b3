"""Plan round what a notice closes and what does not run in its month."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.day.departures import rides_on
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import TourRequest
from toy import text, with_properties
from toy_plan import walkable, walkable_sights

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CLOSED = {"text": text("修缮", "Repairs"), "from": "2026-12-01", "to": "2026-12-04", "closes": True}


def closed(tmp_path: Path, feature_id: str = "hall", **more: Any) -> Catalogue:
    """Return the toy city, of which one place is closed from Tuesday the 1st to Friday the 4th of December."""
    notices = [CLOSED | {"source": "Town paper"}]
    sights = with_properties(walkable_sights(), feature_id, notices=notices, **more)
    return walkable(tmp_path / "city", sights=sights)


def wish(catalogue: Catalogue, **more: str) -> TourRequest:
    usual = {"date": "2026-12-04", "start": "09:00", "end": "17:00", "unknown_hours": "yes"}
    return read_request(usual | more, catalogue, NOW)


def ids(made: Itinerary) -> list[str]:
    return [stop.feature.id for stop in made.stops]


def test_no_stop_lies_in_a_closure_and_the_plan_says_why(tmp_path: Path) -> None:
    catalogue = closed(tmp_path)
    made = plan(catalogue, wish(catalogue))
    assert ids(made) == ["mill"]
    assert made.dropped["hall"] == "closure"
    assert ids(plan(catalogue, wish(catalogue, date="2026-12-05"))) == ["mill", "hall"]


@pytest.mark.parametrize("more", [{"must": "hall"}, {"begin_at": "hall:10:00"}])
def test_neither_a_must_nor_an_appointment_opens_what_a_notice_closes(tmp_path: Path, more: dict[str, str]) -> None:
    catalogue = closed(tmp_path)
    made = plan(catalogue, wish(catalogue, **more))
    assert (made.stops, made.missing) == ((), {"hall": "closure"})
    days = [change.value for change in find_changes(catalogue, made, NOW) if change.kind == "day"]
    assert "2026-12-05" in days
    assert not {"2026-12-01", "2026-12-02", "2026-12-03"} & {*days}


def test_a_place_without_hours_is_closed_too(tmp_path: Path) -> None:
    catalogue = closed(tmp_path, "mill")
    made = plan(catalogue, wish(catalogue))
    assert ids(made) == ["hall"]
    assert made.dropped["mill"] == "closure"


LINE = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}]}


@pytest.mark.parametrize("months", [{"valid_to": "2026-10"}, {"valid_from": "2027-04"}])
def test_a_boat_trip_out_of_its_months_is_no_visit(tmp_path: Path, months: dict[str, str]) -> None:
    def trip(name: str, **said: Any) -> Itinerary:
        sights = with_properties(walkable_sights(), "boat-tour", **LINE, valid_source="Town paper", **said)
        catalogue = walkable(tmp_path / name, sights=sights)
        return plan(catalogue, wish(catalogue, boat="yes", must="boat-tour"))

    assert trip("off", **months).missing == {"boat-tour": "season"}
    assert "boat-tour" in ids(trip("on", valid_from="2026-11", valid_to="2026-12"))


def test_a_boat_line_that_is_closed_or_out_of_season_carries_nobody(tmp_path: Path) -> None:
    sailings = [{"times": "09:30 09:40", "source": "Town paper"}]

    def rides(name: str, **said: Any) -> int:
        line = LINE | {"sailings": sailings, "valid_source": "Town paper"} | said
        catalogue = walkable(tmp_path / name, sights=with_properties(walkable_sights(), "boat-tour", **line))
        return len(rides_on(catalogue, wish(catalogue, boat="yes")))

    assert rides("usual") == 1
    assert rides("over", valid_to="2026-11") == 0
    assert rides("closed", notices=[CLOSED | {"source": "Town paper"}]) == 0


def test_a_route_that_is_adapted_out_of_its_months_says_so(tmp_path: Path) -> None:
    def notices(name: str, **said: Any) -> tuple[str, ...]:
        sights = with_properties(walkable_sights(), "boat-tour", **said, valid_source="Town paper")
        catalogue = walkable(tmp_path / name, sights=sights)
        return plan(catalogue, wish(catalogue, route="boat-tour")).notices

    assert "route_off" in notices("off", valid_to="2026-11")
    assert "route_off" not in notices("on", valid_to="2026-12")
