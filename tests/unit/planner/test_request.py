"""Check what a wish may say, that a wrong value gets one sentence, and that a wish is its address."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.errors import InvalidTour
from cityatlas.planner.day.candidates import choose
from cityatlas.planner.day.problem import make_draft
from cityatlas.planner.request.read import read_json, read_request
from cityatlas.planner.request.request import TourRequest
from tour_requests import FRIDAY, NOW, ZONE, boat_city, read
from toy import text, with_properties, works
from toy_plan import paths, walkable, walkable_sights


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def reason(city: Catalogue, **values: Any) -> str:
    """Return why a wish is refused."""
    with pytest.raises(InvalidTour) as caught:
        read(city, **values)
    assert caught.value.message
    return caught.value.values["reason"]


@pytest.mark.parametrize(
    ("day", "end", "again"),
    [
        ("2026-11-24", "12:00", "2026-12-01"),  # a Tuesday as today is, and noon is to come
        ("2026-11-24", "10:00", "2026-12-08"),  # it is over today
        ("2026-11-30", "10:00", "2026-12-07"),
    ],
)
def test_a_past_day_is_refused_with_one_like_it_whose_hours_are_to_come(
    city: Catalogue, day: str, end: str, again: str
) -> None:
    with pytest.raises(InvalidTour) as caught:
        read(city, date=day, start="08:00", end=end)
    assert caught.value.values["again"] == again
    assert read(city, date=again, start="08:00", end=end).day.isoformat() == again


def test_who_says_nothing_gets_four_hours_from_the_next_quarter_hour(city: Catalogue) -> None:
    wish = read(city)
    assert (wish.day, wish.start_s, wish.end_s) == (date(2026, 12, 1), 10 * 3600 + 900, 14 * 3600 + 900)


def test_late_in_the_day_one_plans_for_tomorrow(city: Catalogue) -> None:
    wish = read_request({}, city, datetime(2026, 12, 31, 18, 0, tzinfo=ZONE))
    assert (wish.day, wish.start_s) == (date(2027, 1, 1), 9 * 3600)


def test_minutes_stand_for_the_end(city: Catalogue) -> None:
    assert read(city, **FRIDAY, start="13:30", minutes=90).end_s == 15 * 3600


def test_what_is_not_allowed_is_not_assumed(city: Catalogue) -> None:
    wish = read(city)
    allowed = (wish.allows_unknown_hours, wish.allows_boat, wish.is_step_free, wish.has_lunch)
    assert allowed == (False, False, False, False)


def test_a_wish_is_its_address(city: Catalogue) -> None:
    wish = read(
        city,
        date="2026-12-05",
        start="13:30",
        end="17:00",
        at="quay",
        to="121.02,30.7",
        theme="art:3,family",
        must=["hall"],
        pace="slow",
        fullness="full",
        party=12,
        step_free=True,
        lunch="yes",
        unknown_hours=True,
        boat="1",
        keep="mill,hall:2",
        order="hall,quay",
        stay="hall:60",
        begin_at="hall:14:30",
        programme="hall:talk",
        walk_max="3000",
        route="boat-tour",
        variant="less",
        **{"not": "mill"},
    )
    again = read_request(dict(parse_qsl(wish.to_query())), city, NOW)
    assert again == wish
    assert wish.themes == (("art", 3), ("family", 1))
    assert wish.to_query().startswith(
        "date=2026-12-05&start=13:30&end=17:00&start_at=quay&end_at=121.020000,30.700000&theme="
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"date": "tomorrow"}, "date"),
        ({"date": "2026-11-30"}, "past"),
        ({"date": "2029-12-01"}, "too_far_ahead"),
        ({"start": "25:00"}, "time"),
        ({"start": "9"}, "time"),
        ({"start": "10:61"}, "time"),
        ({"start": "15:00", "end": "14:00"}, "end_first"),
        ({"start": "15:00", "end": "15:03"}, "length"),
        ({"start": "07:00", "end": "23:30"}, "length"),
        ({"start": "15:00", "minutes": "3"}, "number"),
        ({"start": "15:00", "minutes": str(3 * 365 * 24 * 60)}, "number"),
        ({"start": "22:00", "minutes": "180"}, "midnight"),
        ({"start": "10:00", "end": "12:00", "minutes": "90"}, "end_twice"),
        ({"party": "1,12"}, "several"),
        ({"date": "2026-12-01", "start": "08:00", "end": "10:00"}, "past"),
        ({"at": "no-such-place"}, "unknown_site"),
        ({"to": "old-mill"}, "retired"),
        ({"at": "a,b"}, "point"),
        ({"at": "nan,nan"}, "outside"),
        ({"at": "30.7,121.0"}, "outside"),
        ({"must": "hal"}, "unknown_site"),
        ({"must": ",".join(["hall"] * 500)}, "too_many"),
        ({"must": "hall", "not": "hall"}, "contradiction"),
        ({"theme": "football"}, "theme"),
        ({"theme": "art:9"}, "number"),
        ({"pace": "gallop"}, "choice"),
        ({"fullness": "very"}, "choice"),
        ({"party": "0"}, "number"),
        ({"party": "-3"}, "number"),
        ({"party": "²"}, "number"),
        ({"lunch": "perhaps"}, "choice"),
        ({"order": "hall,hal"}, "unknown_site"),
        ({"order": ",".join(["hall"] * 500)}, "too_many"),
        ({"keep": "hall:3"}, "number"),
        ({"stay": "hall"}, "pair"),
        ({"stay": "hall:"}, "pair"),
        ({"stay": "hall:4"}, "number"),
        ({"stay": "hall:481"}, "number"),
        ({"stay": "nowhere:45"}, "unknown_site"),
        ({"begin_at": "hall"}, "pair"),
        ({"begin_at": "hall:25:00"}, "time"),
        ({"begin_at": "hall:noon"}, "time"),
        ({"programme": "hall:dance"}, "programme"),
        ({"programme": "mill:talk"}, "programme"),
        ({"begin_at": "hall:10:00", "not": "hall"}, "contradiction"),
        ({"walk_max": "99"}, "number"),
        ({"walk_max": "40001"}, "number"),
        ({"route": "hall"}, "route"),
        ({"variant": "better"}, "choice"),
    ],
)
def test_a_wrong_value_gets_one_sentence(city: Catalogue, values: dict[str, str], why: str) -> None:
    assert reason(city, **({} if "date" in values else FRIDAY) | values) == why


def test_an_unknown_place_gets_a_suggestion(city: Catalogue) -> None:
    with pytest.raises(InvalidTour, match='There is no site "hal"') as caught:
        read(city, must="hal")
    assert caught.value.hint == 'Did you mean "hall"?'


def test_what_a_chat_app_adds_to_a_link_moves_no_start(city: Catalogue) -> None:
    assert read(city, **FRIDAY, at="quay", **{"from": "singlemessage"}).start_at == "quay"


def test_json_may_say_from_and_to(city: Catalogue) -> None:
    wish = read_json(FRIDAY | {"from": "quay", "to": "hall"}, city, NOW)
    assert (wish.start_at, wish.end_at) == ("quay", "hall")


def test_what_was_agreed_makes_a_must_that_the_address_need_not_repeat(city: Catalogue) -> None:
    wish = read(city, **FRIDAY, begin_at="hall:14:30", must="mill")
    assert wish.must == ("mill", "hall")
    assert "must=mill&" in wish.to_query()
    assert "begin_at=hall:14:30" in wish.to_query()
    assert wish.without_must("hall").must == ("mill",)
    assert wish.without("hall").begins == ()


def test_json_may_hold_objects_lists_numbers_and_points(city: Catalogue) -> None:
    document = FRIDAY | {
        "theme": {"art": 3},
        "stay": {"hall": 60},
        "begin_at": {"hall": "14:30"},
        "programme": {"hall": "talk"},
        "order": ["hall", "mill"],
        "walk_max": 3000,
        "from": [121.0, 30.7],
    }
    wish = read_json(document, city, NOW)
    assert (wish.themes, wish.stays, wish.begins) == ((("art", 3),), (("hall", 60),), (("hall", 52_200),))
    assert (wish.programmes, wish.order, wish.most_walk_m) == ((("hall", "talk"),), ("hall", "mill"), 3000)
    assert wish.start_at == "121.000000,30.700000"


@pytest.mark.parametrize(
    ("document", "why"), [([], "no_object"), (None, "no_object"), ({"musst": "hall"}, "unknown_key")]
)
def test_json_that_would_do_nothing_is_refused(city: Catalogue, document: Any, why: str) -> None:
    with pytest.raises(InvalidTour) as caught:
        read_json(document, city, NOW)
    assert caught.value.values["reason"] == why


def test_a_start_off_every_path_is_refused(city: Catalogue) -> None:
    wish = read(city, **FRIDAY, at="121.09,30.79")
    with pytest.raises(InvalidTour, match="from any path"):
        make_draft(city, wish)


# The hall is open Tuesday to Sunday 08:30-16:30, 45 minutes, last entry 30 minutes before: begin by 15:45.


def test_a_visit_begins_while_it_can_still_be_made(city: Catalogue) -> None:
    (hall,), _ = choose(city, read(city, **FRIDAY, start="09:00", end="18:00"))
    assert (hall.id, hall.windows) == ("hall", ((9 * 3600, 15 * 3600 + 45 * 60),))


def test_last_entry_binds_when_it_is_earlier(tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", last_entry_min=60)
    (hall,), _ = choose(walkable(tmp_path / "toy", sights=layer), read_friday(tmp_path / "other"))
    assert hall.windows == ((9 * 3600, 15 * 3600 + 30 * 60),)


def read_friday(folder: Path) -> TourRequest:
    """Return a wish for Friday from 9 to 18."""
    return read(walkable(folder), **FRIDAY, start="09:00", end="18:00")


def test_closed_days_and_unknown_hours_are_told(city: Catalogue) -> None:
    found, dropped = choose(city, read(city, date="2026-12-07"))  # a Monday
    assert found == []
    assert dropped == {"hall": "closed", "mill": "hours_unknown"}


def test_unknown_hours_come_when_they_are_allowed_and_count_less(city: Catalogue) -> None:
    found, _ = choose(city, read(city, **FRIDAY, unknown_hours=True))
    assert {c.id: c.are_hours_known for c in found} == {"hall": True, "mill": False}
    assert {c.id: c.score for c in found} == {"hall": 75, "mill": 48}  # 30 + 45; (30 + 30) * 0.8


def test_wanted_themes_decide(city: Catalogue) -> None:
    found, _ = choose(city, read(city, **FRIDAY, unknown_hours=True, theme="family:2"))
    assert {c.id: c.score for c in found} == {"hall": 15, "mill": 96}  # 75 * 0.2; 60 * 2 * 0.8


def test_what_is_being_built_cannot_even_be_a_must(city: Catalogue) -> None:
    assert choose(city, read(city, **FRIDAY, must="school"))[1]["school"] == "works"


def test_steps_at_the_door_count_when_step_free_is_asked(tmp_path: Path) -> None:
    made = walkable(tmp_path / "toy", sights=with_properties(walkable_sights(), "hall", access={"step_free": False}))
    assert choose(made, read(made, **FRIDAY, step_free=True))[1]["hall"] == "steps"


def test_a_boat_trip_is_one_visit_at_its_first_stop_when_it_is_allowed(tmp_path: Path) -> None:
    made = boat_city(tmp_path / "toy")
    assert choose(made, read(made, **FRIDAY))[1]["boat-tour"] == "boat"
    trip = next(c for c in choose(made, read(made, **FRIDAY, boat=True))[0] if c.is_boat)
    assert (trip.place.id, trip.visit_s, trip.is_estimated) == ("mill", 3600, False)  # 60 minutes are stated


def test_a_boat_trip_keeps_the_limits_of_its_programme(tmp_path: Path) -> None:
    talk = {"id": "t", "title": text("讲", "Talk"), "party_min": 5, "party_max": 20, "source": "Town paper"}
    made = boat_city(tmp_path / "toy", programmes=[talk])
    assert choose(made, read(made, **FRIDAY, boat=True, party=21))[1]["boat-tour"] == "party"
    assert "boat-tour" not in choose(made, read(made, **FRIDAY, boat=True, party=20))[1]


def test_travel_takes_the_pace_that_is_asked(city: Catalogue) -> None:
    wish = read(city, **FRIDAY, at="quay", pace="slow")
    draft = make_draft(city, wish)
    assert draft.problem.travel_s[0, 2] == 39 * 60  # quay to hall, 1914 m at 50 m a minute, in whole minutes
    assert draft.problem.travel_s[2, 1] == 0  # the tour may end anywhere


def test_a_place_far_from_every_path_is_no_candidate(tmp_path: Path) -> None:
    made = walkable(tmp_path / "toy", paths={"type": "FeatureCollection", "features": paths()["features"][:1]})
    assert make_draft(made, read(made, **FRIDAY)).dropped["hall"] == "far"


def test_works_are_left_as_they_are() -> None:
    assert works()["features"][1]["id"] == "school"  # what the tests above rest on
