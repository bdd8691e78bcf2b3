"""A fix that a phone took at a place: what is refused, what it changes, and when it looks like GCJ-02."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cityatlas.city.spec import City, read_city
from cityatlas.editing.site_fix import SOURCE, SiteFix, away_m, holds_fix, is_shifted, read_fix, with_fix
from cityatlas.errors import InvalidValue
from cityatlas.geo.datum import convert
from cityatlas.limits import FIX_AGE_DAYS, FIX_MOST_M
from cityatlas.versioning.content import content_of
from toy import write_city

NOW = datetime(2026, 12, 5, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FIX = SiteFix(121.0301234, 30.7004321, 8, date(2026, 12, 5))
OLD = content_of(
    "sights",
    {"type": "Point", "coordinates": [121.03, 30.7]},
    {
        "name": {"zh": "纪念馆"},
        "position": {"class": "schematic", "accuracy_m": None, "attribution": {"zh": "别人"}},
        "sources": [{"title": "Town paper"}],
    },
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return read_city(write_city(tmp_path_factory.mktemp("city")))


def form(**more: object) -> dict[str, str]:
    """Return what a phone sends."""
    told = {"lon": 121.03012341234, "lat": 30.7004321, "accuracy_m": 7.2, "taken_at": "2026-12-04T16:10:00Z"}
    return {key: str(value) for key, value in (told | more).items()}


def test_a_fix_is_read_with_the_day_of_the_city(city: City) -> None:
    assert read_fix(form(), city, NOW) == FIX  # ten past midnight there


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"lon": "nan"}, "fix_outside"),
        ({"lon": 12.5}, "fix_outside"),
        ({"lat": "here"}, "no_fix"),
        ({"accuracy_m": FIX_MOST_M + 1}, "fix_rough"),
        ({"accuracy_m": "nan"}, "fix_rough"),
        ({"accuracy_m": -1}, "fix_rough"),
        ({"taken_at": ""}, "no_fix"),
        ({"taken_at": "2026-12-04T16:10:00"}, "fix_old"),
        ({"taken_at": (NOW - timedelta(days=FIX_AGE_DAYS, minutes=1)).isoformat()}, "fix_old"),
        ({"taken_at": (NOW + timedelta(hours=1)).isoformat()}, "fix_old"),
    ],
)
def test_what_is_no_good_fix_is_refused(city: City, more: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_fix(form(**more), city, NOW)
    assert refused.value.reason == reason


def test_a_fix_says_how_far_it_can_be_trusted_and_who_says_so() -> None:
    new = with_fix(OLD, FIX)
    position = new.properties["position"]
    assert new.geometry == {"type": "Point", "coordinates": [121.0301234, 30.7004321]}
    assert (position["class"], position["accuracy_m"], position["verified_on"]) == ("surveyed", 8, "2026-12-05")
    assert "attribution" not in position  # the old point was somebody else's, this one is ours
    assert position["source"] in [source["title"] for source in new.properties["sources"]]
    assert OLD.properties["position"]["class"] == "schematic"


def test_a_second_fix_has_one_source_still() -> None:
    again = with_fix(with_fix(OLD, FIX), SiteFix(121.03, 30.7, 5, date(2026, 12, 9)))
    assert [source["title"] for source in again.properties["sources"]] == ["Town paper", SOURCE]
    assert again.properties["sources"][-1]["date"] == "2026-12-09"


def test_the_same_fix_is_known_again() -> None:
    assert holds_fix(with_fix(OLD, FIX), FIX)
    assert not holds_fix(OLD, FIX)


def test_a_phone_that_tells_gcj_is_suspected() -> None:
    lon, lat = convert(121.03, 30.7, "WGS-84", "GCJ-02")
    shifted = SiteFix(lon, lat, 5, FIX.taken_on)
    assert is_shifted(OLD, shifted)
    assert 400 < (away_m(OLD, shifted) or 0) < 600
    assert not is_shifted(OLD, FIX)
    assert not is_shifted(OLD, SiteFix(121.03, 30.7045, 5, FIX.taken_on))  # as far, but to the north
