"""Who changed what, in words, by person, layer and week; and a desk that finds what visitors do not see."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from cityatlas.store import Edit, Order, archive, open_draft, publish_content
from cityatlas.versioning.content import Content, content_of
from staff import logged_in, make_desk, store_of
from toy import feature, point, sights, text

HALL = next(row for row in sights()["features"] if row["id"] == "hall")
HOSTILE = "=cmd|'/c calc'!A1</script>"


def house(name: str) -> Content:
    """Return what a house says."""
    row = feature("any", "house", text(f"{name}屋", name), point(121.005))
    return content_of("sights", row["geometry"], row["properties"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk at which ann and ed published, and with a place in each state that visitors do not see."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    store, now = store_of(app), datetime.now(UTC)
    hall = content_of("sights", HALL["geometry"], HALL["properties"])
    longer = Content("sights", hall.geometry, hall.properties | {"opening_hours": "Tu-Su 09:00-18:00"})
    publish_content(store, "hall", longer, 0, Order("ed", HOSTILE, hall))
    gone = publish_content(store, "old-gate", house("Gate"), 0, Order("ann")).revision.number
    archive(store, "old-gate", gone, Order("ann", "pulled down"))
    publish_content(store, "fair", house("Fair"), 0, Order("ann", expires_at=now - timedelta(hours=1)))
    publish_content(store, "dream", house("Dream"), 0, Order("ann", publish_at=now + timedelta(days=9)))
    open_draft(store, Edit("sketch", house("Sketch"), "coco"))
    return app


def steps(desk: Flask, query: str = "", login: str = "coco") -> list[Tag]:
    """Return the changes that somebody is shown."""
    page = logged_in(desk, login).get(f"/en/staff/changes{query}")
    assert page.status_code == 200
    return BeautifulSoup(page.text, "html.parser").select(".steps > li")


def test_a_change_says_who_when_what_and_why(desk: Flask) -> None:
    (hall,) = (step for step in steps(desk) if "Memory hall" in step.text)
    assert "Ed" in hall.text or "ed" in hall.text
    assert HOSTILE in hall.text
    assert [line.text.split()[0] for line in hall.select("dt")] == ["opening"]
    assert str(hall.select_one("h2 a")["href"]).startswith("/en/staff/features/hall/history#revision-")  # type: ignore[index]


def test_changes_are_chosen_by_person_layer_and_week(desk: Flask) -> None:
    today = datetime.now(UTC).date()
    week = today - timedelta(days=today.weekday())
    assert len(steps(desk, "?person=ed")) == 1
    assert len(steps(desk, "?person=ann&layer=sights")) == 4
    assert steps(desk, "?layer=works")[0].text == "No change fits."
    assert len(steps(desk, f"?week={week - timedelta(weeks=3)}")) == 1  # that nothing fits
    assert len(steps(desk, "?week=nonsense")) == 5


def test_what_is_new_to_somebody_is_marked_until_they_have_seen_it(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    assert "5 on this page are new to you." in coco.get("/en/staff/changes").text
    assert "new to you" not in coco.get("/en/staff/changes").text
    assert len([step for step in steps(desk, login="ann") if "is-unread" in step["class"]]) == 1  # not one's own


def test_the_table_has_a_row_a_property_and_runs_nothing(desk: Flask) -> None:
    answer = logged_in(desk, "coco").get("/en/staff/changes.csv?person=ed")
    (head, row) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:4] == ["moment", "by", "layer", "id"]
    assert row[3] == "hall"
    assert row[6].startswith("opening hours")
    assert row[7:9] == ["Tue–Sun 8:30–16:30", "Tue–Sun 9:00–18:00"]
    assert row[9] == f"'{HOSTILE}"


def test_the_only_place_that_a_search_finds_is_opened(desk: Flask) -> None:
    assert logged_in(desk, "coco").get("/en/staff/?q=hall").location == "/en/staff/features/hall"


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("gate", "taken off the map"),
        ("Fair", "ended"),
        ("Dream屋", "waiting"),
        ("sketch", "draft"),
        ("l", "published"),
    ],
)
def test_the_desk_finds_what_visitors_do_not_see(desk: Flask, query: str, state: str) -> None:
    page = BeautifulSoup(logged_in(desk, "coco").get(f"/en/staff/?q={query}").text, "html.parser")
    found = page.select("section[aria-labelledby=found] li")
    assert state in found[-1].text
    link = found[-1].select_one("a")
    assert link
    assert logged_in(desk, "coco").get(str(link["href"])).status_code == 200
