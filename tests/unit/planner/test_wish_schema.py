"""Hold the schema of a wish to its reader: what it allows is read, what lies just beyond is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.errors import InvalidTour
from cityatlas.limits import TOUR_MUSTS, TOUR_PLACES
from cityatlas.planner.request.read import read_json, read_request
from cityatlas.planner.request.request import KEYS
from cityatlas.planner.request.wish_schema import address_schemas, wish_schemas
from tour_requests import FRIDAY, NOW
from toy_plan import walkable

ALLOWED: dict[str, list[Any]] = {
    "date": ["2026-12-04"],
    "start": ["9:00", "09:30", "0:00"],
    "end": ["13:00", "24:00"],
    "start_at": ["mill", [121.0, 30.7]],
    "end_at": ["quay"],
    "theme": [[], ["art", "art:3"]],
    "must": [["hall", "mill"]],
    "not": [["hall"]],
    "modes": [["walk"], ["walk", "taxi"]],
    "keep": [["hall", "mill:2"]],
    "order": [["mill", "hall"]],
    "stay": [{"hall": 5}, {"hall": 480}],
    "begin_at": [{"hall": "10:30"}],
    "programme": [{"hall": "talk"}],
    "route": ["boat-tour"],
}
REFUSED: dict[str, list[Any]] = {
    "start": ["24:30", "9h", "9:60", "25:00"],
    "theme": [["nothing"], ["art:4"], ["art:0"]],
    "must": [["mill"] * (TOUR_MUSTS + 1)],
    "not": [["mill"] * (TOUR_PLACES + 1)],
    "order": [["mill"] * (TOUR_PLACES + 1)],
    "modes": [["horse"]],
    "keep": [["mill:3"]],
    "stay": [{"hall": 4}, {"hall": 481}],
    "begin_at": [{"hall": "noon"}],
    "start_at": [[121.0, 30.7, 1.0]],
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return walkable(tmp_path_factory.mktemp("city") / "toy")


@pytest.fixture(scope="module")
def schemas(city: Catalogue) -> dict[str, dict[str, object]]:
    return wish_schemas(city.city.themes)


def is_read(city: Catalogue, wish: dict[str, object]) -> bool:
    """Return whether the reader takes a wish for the Friday."""
    try:
        read_json(FRIDAY | wish, city, NOW)
    except InvalidTour:
        return False
    return True


def edges(schemas: dict[str, Any]) -> Iterator[tuple[str, object, bool]]:
    """Yield key, value and whether it is allowed, at the limits of numbers and for each word that there is."""
    for key, schema in schemas.items():
        if schema.get("type") == "integer":
            least, most = schema["minimum"], schema["maximum"]
            yield from ((key, number, least <= number <= most) for number in (least - 1, least, most, most + 1))
        yield from ((key, word, True) for word in schema.get("enum", ()))
        if "enum" in schema:
            yield key, "other", False
        if schema.get("type") == "boolean":
            yield from ((key, True, True), (key, False, True), (key, "maybe", False))


def test_every_key_has_a_schema_in_order(schemas: dict[str, Any], city: Catalogue) -> None:
    assert tuple(schemas) == KEYS
    assert tuple(address_schemas(city.city.themes)) == KEYS


def test_the_schema_and_the_reader_agree_at_every_limit(city: Catalogue, schemas: dict[str, Any]) -> None:
    listed = [(key, value, True) for key, values in ALLOWED.items() for value in values]
    listed += [(key, value, False) for key, values in REFUSED.items() for value in values]
    tried = [*edges(schemas), *listed]
    for key, value, is_allowed in tried:
        usual = {"start": "0:00"} if key == "minutes" else {}
        assert Draft202012Validator(schemas[key]).is_valid(value) == is_allowed, (key, value)
        assert is_read(city, {**usual, key: value}) == is_allowed, (key, value)
    assert {key for key, _, _ in tried} == set(KEYS)


def test_an_address_says_the_same(city: Catalogue) -> None:
    told = address_schemas(city.city.themes)
    asked: dict[str, object] = {
        "stay": ["hall:60"],
        "begin_at": ["hall:10:30"],
        "theme": ["art:2"],
        "must": ["mill"],
        "lunch": "yes",
    }
    for key, value in asked.items():
        Draft202012Validator(told[key]).validate(value)
    wish = read_request({**FRIDAY, **asked}, city, NOW)
    assert (wish.stays, wish.begins, wish.has_lunch) == ((("hall", 60),), (("hall", 37_800),), True)
