"""Change many places at once: all that a filter shows, lists that are joined or left, and undone as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas import limits
from cityatlas.store import Edit, batch_members, batches, branch_history, published, save_draft
from cityatlas.versioning.content import content_of
from staff import logged_in, make_desk, send, store_of

SIGHTS, WORKS = "/en/staff/layers/sights", "/en/staff/layers/works"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk with three people."""
    return make_desk(tmp_path)


def ids(client: FlaskClient, query: str) -> list[str]:
    """Return the features that a filtered table lists."""
    page = BeautifulSoup(client.get(f"{SIGHTS}?column=themes&{query}").text, "html.parser")
    return [str(field["value"]) for field in page.select('[name="id"]')]


def bulk(client: FlaskClient, layer: str = SIGHTS, **fields: object) -> TestResponse:
    """Return the preview of a bulk change of all that a filter shows."""
    return send(client, f"{layer}/preview", layer, do="bulk", scope="filter", **fields)


def shown(preview: TestResponse) -> list[list[str]]:
    """Return what a preview says would change: name, property, before and after."""
    rows = BeautifulSoup(preview.text, "html.parser").select("table.difference tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


def saved(client: FlaskClient, preview: TestResponse, layer: str = SIGHTS) -> str:
    """Save what a preview shows, and return the address of the bulk change."""
    form = BeautifulSoup(preview.text, "html.parser").select_one("form[data-table-saves]")
    assert form, preview.text
    fields: dict[str, object] = {"column": str(form.select("[name=column]")[0]["value"])}
    fields |= {name: [str(field["value"]) for field in form.select(f"[name={name}]")] for name in ("id", "version")}
    fields["value"] = [field.text.removeprefix("\n") for field in form.select("[name=value]")]
    done = client.get(send(client, f"{layer}/save", layer, **fields).headers["Location"])
    return str(BeautifulSoup(done.text, "html.parser").select("a[href*='/batches/']")[-1]["href"])


def published_themes(desk: Flask) -> dict[str, object]:
    """Return the themes of what was published at the desk."""
    return {one.feature_id: one.content.properties.get("themes") for one in published(store_of(desk)).shown}


def publish_all_of(client: FlaskClient) -> None:
    """Publish all drafts that one may."""
    page = BeautifulSoup(client.get("/en/staff/drafts/?kind=all").text, "html.parser")
    ticks = [str(box["value"]) for box in page.select("[name=draft]")]
    assert send(client, "/en/staff/drafts/publish", "/en/staff/drafts/?kind=all", draft=ticks).status_code == 303


def test_a_table_is_filtered_by_theme_text_and_state(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    assert (ids(coco, "theme=family"), ids(coco, "q=canal+road")) == (["mill"], ["mill", "hall"])
    saved(coco, bulk(coco, column="themes", theme="art", mode="add", all=["亲子"]))
    assert (ids(coco, "state=draft"), ids(coco, "state=plain")) == (["hall"], ["mill", "quay", "boat-tour"])
    works = BeautifulSoup(coco.get(f"{WORKS}?phase=piling").text, "html.parser")
    assert [field["value"] for field in works.select('[name="id"]')] == ["school"]


def test_all_that_the_filter_shows_gets_a_theme_added_and_another_taken_out(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    added = bulk(coco, column="themes", mode="add", all=["亲子"])
    assert [row[0] + ": " + row[3] for row in shown(added)] == [
        "Quay: 亲子",
        "Memory hall: 艺术、亲子",
        "Boat tour: 亲子",
    ]
    assert [row[3] for row in shown(bulk(coco, column="themes", mode="remove", all=["艺术"]))] == ["(nothing)"]


def test_kind_phase_and_services_are_changed_at_once(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    assert shown(bulk(coco, column="kind", kind="museum", all=["宅第"]))[0][2:] == ["纪念馆", "宅第"]
    phase = {"phase_phase": "Open", "phase_from": "2024-09", "phase_source": "Town paper"}
    opened = bulk(coco, WORKS, column="phases", phase="piling", mode="add", **phase)
    assert shown(opened)[0][0] == "School"
    assert "启用 | 2024-09 |  | Town paper" in shown(opened)[0][3]
    assert [row[0] for row in shown(bulk(coco, column="services.water", kind="museum", all=["是"]))] == ["Memory hall"]


def test_a_bulk_change_has_a_largest_size(desk: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cityatlas.web.staff.files.layers.BULK_PLACES", 2)
    assert limits.BULK_PLACES == 1_000
    assert bulk(logged_in(desk, "coco"), column="themes", all=["亲子"]).status_code == 422


def test_a_bulk_change_is_undone_as_one_but_where_it_was_changed_since(desk: Flask) -> None:
    coco, ed = logged_in(desk, "coco"), logged_in(desk, "ed")
    address = saved(coco, bulk(coco, column="themes", mode="add", all=["亲子"]))
    (batch,), count = batches(store_of(desk), 0, 9)
    assert (batch.author, batch.layer, batch.count, count) == ("coco", "sights", 3, 1)
    with store_of(desk).reading() as connection:
        drafts = {member.first.feature_id: member.first for member in batch_members(store_of(desk), batch.id)}
        hall = branch_history(connection, drafts["hall"].branch or "")[-1]
    more = content_of("sights", hall.content.geometry, hall.content.properties | {"visit_min": 50})
    save_draft(store_of(desk), hall.branch or "", Edit("hall", more, "ed", hall.number))
    page = ed.get(address).text
    assert "Take all of it back (2)" in page
    assert "Changed since" in page
    publish_all_of(ed)
    assert published_themes(desk) == {"quay": ["family"], "hall": ["art", "family"], "boat-tour": ["family"]}
    assert send(coco, f"{address}/undo", address).status_code == 403
    assert send(ed, f"{address}/undo", address).status_code == 303
    assert published_themes(desk) == {"quay": None, "hall": ["art", "family"], "boat-tour": None}
    assert {one.first.feature_id: one.state for one in batch_members(store_of(desk), batch.id)} == {
        "quay": "undone",
        "hall": "changed",
        "boat-tour": "undone",
    }


def test_a_contributor_takes_back_drafts_of_their_own(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    address = saved(coco, bulk(coco, column="themes", theme="art", mode="add", all=["亲子"]))
    assert send(coco, f"{address}/undo", address).status_code == 303
    assert "Drafts put away" in coco.get(address).text
    assert "Take all of it back" not in coco.get(address).text
    assert coco.get("/en/staff/batches/none").status_code == 404
