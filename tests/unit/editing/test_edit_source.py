"""Let one source stand for a whole edit: it goes to what was changed, and into the list once."""

from __future__ import annotations

from typing import Any

from cityatlas.editing.form.edit_source import HERE, with_edit_source
from cityatlas.editing.form.fields import read_fields, to_fields
from cityatlas.schema.items import Source
from cityatlas.versioning.content import Content, content_of

OLD, NEW = "Town paper", "Notice at the door"
KNOWN = {OLD: Source(title=OLD, date="2024-03", url=""), "City": Source(title="City", date="2025", url="https://c.cn/")}
AT = {"type": "Point", "coordinates": [121.0, 30.7]}


def place(**properties: Any) -> Content:
    """Return what visitors see of a place."""
    said = {
        "name": {"zh": "磨坊"},
        "phone": "0573-1",
        "phone_source": OLD,
        "sources": [{"title": OLD, "date": "2024-03"}],
    }
    phases = [{"phase": "planned", "from": "2023-01", "source": OLD}]
    return content_of("sights", AT, said | {"phases": phases} | properties)


def edited(**typed: str) -> dict[str, Any]:
    """Return the properties after an edit of the place."""
    shown = place()
    fields = to_fields(shown) | {name.replace("__", "."): text for name, text in typed.items()}
    return read_fields(with_edit_source(fields, shown, KNOWN), shown).content.properties


def test_a_new_source_is_named_once_and_stands_beside_each_changed_statement() -> None:
    new = {"cites__title": NEW, "cites__date": "2024年9月1日", "phone": "0573-2", "opening_hours": "24/7"}
    said = edited(**new, phases__1__phase="open", phases__1__from="2024-09")
    assert (said["phone_source"], said["hours_source"]) == (NEW, NEW)
    assert [phase["source"] for phase in said["phases"]] == [OLD, NEW]
    assert said["sources"] == [{"title": OLD, "date": "2024-03"}, {"title": NEW, "date": "2024-09-01"}]


def test_a_source_of_the_city_comes_with_its_date_and_address() -> None:
    assert edited(cites="City", opening_hours="24/7")["sources"][1] == {
        "title": "City",
        "date": "2025",
        "url": "https://c.cn/",
    }


def test_another_source_that_somebody_chose_stays() -> None:
    said = edited(cites="City", phases__1__phase="open", phases__1__from="2024-09", phases__1__source=OLD)
    assert said["phases"][1]["source"] == OLD


def test_a_source_named_by_mistake_is_replaced_by_the_next() -> None:
    assert edited(cites="City", cites_was=OLD, opening_hours="24/7", hours_source=OLD)["hours_source"] == "City"


def test_a_source_that_the_edit_listed_goes_when_another_takes_its_place() -> None:
    first = {"opening_hours": "24/7", "hours_source": NEW, "cites_was": NEW, "cites": "City"}
    row = {"sources.1.title": NEW, "sources.1.date": "2024"}

    def titles(**more: str) -> list[str]:
        return [source["title"] for source in edited(**first, **row, **more)["sources"]]

    assert titles(cites_listed=NEW) == [OLD, "City"]
    assert titles() == [OLD, NEW, "City"]  # somebody typed it into the list
    assert titles(cites_listed=NEW, phone_source=NEW) == [OLD, NEW, "City"]  # a statement that did not change cites it
    assert titles(cites_listed=OLD) == [OLD, NEW, "City"]  # visitors see it


def test_a_point_that_moved_rests_on_the_source_of_the_edit() -> None:
    assert edited(cites="City", lon="121.1", lat="30.7", position__source="")["position"] == {"source": "City"}


def test_nothing_is_cited_where_nothing_was_changed() -> None:
    assert edited(cites="City") == place().properties
    assert edited(phone="0573-2")["phone_source"] == OLD  # no source of the edit was named


def test_a_field_may_ask_for_the_source_of_the_edit_and_for_none_that_is_not_named() -> None:
    assert edited(cites="City", phone="0573-2", phone_source=HERE)["phone_source"] == "City"
    assert "phone_source" not in edited(phone_source=HERE)
