"""Draw days as SVG: where the numbers stand, and what is walked and sailed."""

from __future__ import annotations

import math
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.handouts.day.day_map import APART_PX, RADIUS_PX, SAILED, WALKED, draw_itinerary, route_shape
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.read import read_request
from cityatlas.render.naming.crowd import spread
from cityatlas.settings import Settings
from tour_requests import FRIDAY, NOW, read
from toy import with_properties
from toy_plan import walkable, walkable_sights

SVG = "{http://www.w3.org/2000/svg}"
SIZE_PX = (600, 400)
MOST_PX = 2 * APART_PX


def draw(city: Catalogue, made: Itinerary) -> Any:  # Any: an element, which defusedxml does not name
    return ElementTree.fromstring(draw_itinerary(city, made, SIZE_PX, "en", lambda f: f"/sites/{f.id}"))


def discs(drawn: Any) -> list[tuple[float, float]]:
    """Return the middles of the numbers in their order."""
    circles = [link.find(f"{SVG}circle") for link in drawn.iter(f"{SVG}a")]
    return [(float(c.get("cx")), float(c.get("cy"))) for c in circles]


def lines(drawn: Any, colour: str) -> list[str]:
    return [path.get("d") for path in drawn.iter(f"{SVG}path") if path.get("stroke") == colour]


def boat_trip(folder: Path) -> tuple[Catalogue, Itinerary]:
    """Return a toy city and a day that is one boat trip past the mill, the quay and the hall."""
    sights = with_properties(walkable_sights(), "boat-tour", legs=[{"mode": "boat"}, {"mode": "boat"}])
    city = walkable(folder / "toy", sights=sights)
    return city, plan(city, read(city, **FRIDAY, must="boat-tour", boat="yes", **{"not": "mill,hall"}))


def test_a_number_stands_on_its_spot_where_it_is_alone() -> None:
    spots = [(100.0, 100.0), (100.0 + APART_PX, 100.0), (300.0, 50.0)]
    assert spread(spots, APART_PX) == spots


def test_of_two_on_one_spot_the_second_stands_just_beside() -> None:
    assert spread([(100, 100), (101, 100)], APART_PX) == [(100, 100), (101 + APART_PX, 100)]


def test_a_number_gives_way_to_one_that_stands_alone() -> None:
    placed = spread([(100, 100), (100, 100), (100 + APART_PX, 100)], APART_PX)
    assert (placed[2], len(set(placed))) == ((100 + APART_PX, 100), 3)


@pytest.mark.parametrize("seed", range(40))
def test_no_number_lies_on_another_or_far_from_its_spot(seed: int) -> None:
    chance = random.Random(seed)
    spots = [(chance.uniform(0, 60), chance.uniform(0, 60)) for _ in range(12)]
    placed = spread(spots, APART_PX)
    assert max(math.dist(spot, place) for spot, place in zip(spots, placed, strict=True)) <= MOST_PX + 0.01
    assert min(math.dist(a, b) for a, b in combinations(placed, 2)) >= APART_PX - 0.1 > 2 * RADIUS_PX


def test_twelve_on_one_spot_stand_round_it() -> None:
    placed = spread([(0, 0)] * 12, APART_PX)
    assert max(math.hypot(*place) for place in placed) <= MOST_PX + 0.01
    assert min(math.dist(a, b) for a, b in combinations(placed, 2)) >= APART_PX - 0.1


def test_a_number_keeps_off_the_words_of_the_start() -> None:
    (beside,) = spread([(100, 100)], APART_PX, kept=[(100, 90)])
    assert math.dist(beside, (100, 90)) >= APART_PX - 0.1
    assert spread([(100, 100)], APART_PX, kept=[(100, 100 - APART_PX)]) == [(100, 100)]


def test_a_tall_route_is_told_as_tall(tmp_path: Path) -> None:
    city = walkable(tmp_path / "toy")
    made = plan(city, read(city, **FRIDAY | {"at": "quay", "unknown_hours": True}))
    assert route_shape(made) == pytest.approx(0, abs=0.01)  # the street runs east


def test_a_number_that_gave_way_has_a_line_to_its_spot(tmp_path: Path) -> None:
    sights = walkable_sights()
    next(row for row in sights["features"] if row["id"] == "mill")["geometry"]["coordinates"] = [121.0299, 30.7]
    city = walkable(tmp_path / "toy", sights=sights)
    drawn = draw(city, plan(city, read(city, **FRIDAY | {"at": "quay", "unknown_hours": True})))
    first, second = discs(drawn)
    assert APART_PX - 1 <= math.dist(first, second) <= MOST_PX
    (leader,) = [path.get("d") for path in drawn.iter(f"{SVG}path") if path.get("stroke-width") == "1.5"]
    assert leader.endswith(f"L{second[0]:g} {second[1]:g}")


def test_a_boat_trip_that_is_a_visit_is_drawn_and_lies_in_the_picture(tmp_path: Path) -> None:
    city, made = boat_trip(tmp_path)
    assert made.stops[0].is_boat
    drawn = draw(city, made)
    (course,) = lines(drawn, SAILED)
    xs = [float(point.split()[0]) for point in course[1:].split("L")]
    assert 0 < min(xs) < max(xs) < SIZE_PX[0]
    assert max(xs) - min(xs) > SIZE_PX[0] / 4  # the view follows the trip, not the wharf alone
    assert not lines(drawn, WALKED)


def test_the_numbers_of_a_full_day_stay_by_their_places() -> None:
    shipped = build_catalogue(Settings())
    wish = {"date": "2026-12-05", "start": "08:00", "end": "19:00", "unknown_hours": "yes", "fullness": "full"}
    made = plan(shipped, read_request(wish | {"boat": "yes", "lunch": "yes"}, shipped, NOW))
    assert len(made.stops) >= 12
    placed = discs(draw(shipped, made))
    assert min(math.dist(a, b) for a, b in combinations(placed, 2)) >= 2 * RADIUS_PX
