"""Check the JSON Schema that is made of the table of properties."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from cityatlas.schema.json_schema import both_words, schema_of
from cityatlas.schema.properties import properties
from toy import sights, works

CHOICES = {"kinds": ("house", "museum", "boat_stop", "route", "project", "district"), "themes": ("family", "art")}


def schemas() -> dict[str, dict[str, object]]:
    return {one.key: schema_of(one, CHOICES) for one in properties()}


def test_every_property_has_a_schema_that_is_one() -> None:
    for schema in schemas().values():
        Draft202012Validator.check_schema(schema)


def test_the_toy_city_is_as_its_schema_says() -> None:
    whole = {"type": "object", "properties": schemas(), "additionalProperties": False}
    check = Draft202012Validator(whole)
    for row in sights()["features"] + works()["features"]:
        assert [error.message for error in check.iter_errors(row["properties"])] == []


def test_a_wrong_value_is_none_of_its_schema() -> None:
    table = schemas()
    wrong = {
        "kind": "castle",
        "themes": ["war"],
        "last_entry_min": 1.5,
        "valid_from": "March",
        "phases": [{"from": None}],
    }
    assert [key for key, value in wrong.items() if Draft202012Validator(table[key]).is_valid(value)] == []


def test_a_property_is_described_in_both_languages() -> None:
    assert schemas()["last_entry_min"] == {
        "title": "闭馆前几分钟停止入场 / Last entry before closing (minutes)",
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 1440,
    }
    assert both_words({"zh": "A", "en": "A"}) == "A"
    assert both_words({"en": "Mill"}) == "Mill"
