"""Check what an address chooses: where it looks, which features it leaves, and what it may not say."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.filters import Selection, read_selection, select
from cityatlas.city.spec import View
from cityatlas.errors import InvalidView, status_of
from cityatlas.settings import Settings
from toy import write_city

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city's snapshot."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("city"))))


def chosen(catalogue: Catalogue, **args: str) -> list[str]:
    """Return the ids that a query leaves."""
    return [feature.id for feature in select(catalogue, read_selection(args, catalogue.city))]


def test_an_empty_query_chooses_all(catalogue: Catalogue) -> None:
    assert read_selection({}, catalogue.city) == Selection()
    assert len(chosen(catalogue)) == 6
    assert not Selection().is_filtered


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        ({"layers": "works"}, ["old-town", "school"]),
        ({"theme": "family"}, ["mill"]),
        ({"theme": "family,art"}, ["mill", "hall"]),
        ({"kind": "house,museum"}, ["mill", "hall"]),
        ({"layers": "works", "kind": "house"}, []),
        ({"phase": "piling"}, ["school"]),
        ({"phase": "planned"}, []),
        ({"phase": "planned", "month": "2023-01"}, []),  # since when it was planned nobody knows
        ({"phase": "groundbreaking", "month": "2023-10"}, ["school"]),
        ({"phase": "piling", "month": "2023-12"}, []),
        # The hall is open Tuesday to Sunday; 5 December 2026 is a Saturday, the 7th a Monday.
        ({"at": "2026-12-05T10:00"}, ["hall"]),
        ({"at": "2026-12-05T16:30"}, []),
        ({"at": "2026-12-07T10:00"}, []),
        ({"at": "2026-12-05T02:00+00:00"}, ["hall"]),
        ({"unheard": "of"}, ["mill", "quay", "hall", "boat-tour", "old-town", "school"]),
    ],
)
def test_a_query_leaves_what_fits(catalogue: Catalogue, args: dict[str, str], ids: list[str]) -> None:
    assert chosen(catalogue, **args) == ids


def test_a_view_is_longitude_then_latitude(catalogue: Catalogue) -> None:
    assert read_selection({"c": "121.02,30.71", "z": "15"}, catalogue.city).view == View(121.02, 30.71, 15)


@pytest.mark.parametrize(("z", "zoom"), [("3", 10), ("99", 18), ("inf", 18), ("", 14), ("12.5", 12.5)])
def test_a_zoom_is_kept_within_the_city_s(catalogue: Catalogue, z: str, zoom: float) -> None:
    assert read_selection({"c": "121,30.7", "z": z}, catalogue.city).view == View(121, 30.7, zoom)


def test_a_zoom_alone_keeps_the_city_s_centre(catalogue: Catalogue) -> None:
    assert read_selection({"z": "16"}, catalogue.city).view == View(121.015, 30.7, 16)


def test_a_form_s_repeated_key_is_a_list(catalogue: Catalogue) -> None:
    args: MultiDict[str, str] = MultiDict([("theme", "art"), ("theme", "family"), ("kind", "")])
    assert read_selection(args, catalogue.city).themes == ("art", "family")


def test_a_time_without_a_zone_is_the_city_s(catalogue: Catalogue) -> None:
    at = read_selection({"at": "2026-12-05T10:00"}, catalogue.city).at
    assert at == datetime(2026, 12, 5, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        ({"c": "30.7,121.0"}, "The view 30.7, 121.0 lies outside the city.", "c= is longitude, then latitude."),
        ({"c": "121.0"}, "The view c= and z= cannot be read.", "Example: ?c=121.0165,30.6905&z=14"),
        ({"c": "here"}, "The view c= and z= cannot be read.", "Example: ?c=121.0165,30.6905&z=14"),
        ({"c": "nan,nan"}, "The view nan, nan lies outside the city.", "c= is longitude, then latitude."),
        ({"z": "nan"}, "The view c= and z= cannot be read.", "Example: ?c=121.0165,30.6905&z=14"),
        ({"layers": "sight"}, "layers=sight is not known.", "There are: sights, works."),
        ({"theme": "x" * 99}, f"theme={'x' * 40} is not known.", "There are: family, art."),
        ({"at": "noon"}, 'at="noon" is not a time.', "Example: ?at=2026-12-05T13:30"),
        (
            {"at": "9999-12-31T23:59-14:00"},
            'at="9999-12-31T23:59-14:00" is not a time.',
            "Example: ?at=2026-12-05T13:30",
        ),
        ({"at": "0001-01-01T00:00"}, 'at="0001-01-01T00:00" is not a time.', "Example: ?at=2026-12-05T13:30"),
        ({"month": "2024-13"}, 'month="2024-13" is not a month.', "Example: ?month=2024-01"),
        ({"month": "0000-01"}, 'month="0000-01" is not a month.', "Example: ?month=2024-01"),
    ],
)
def test_a_query_that_cannot_be_read_says_how(
    catalogue: Catalogue, args: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(InvalidView) as caught:
        read_selection(args, catalogue.city)
    assert (caught.value.message, caught.value.hint, status_of(caught.value)) == (message, hint, 422)
