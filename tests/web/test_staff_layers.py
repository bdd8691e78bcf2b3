"""Edit a layer as a table at the desk: one property of many rows, seen before it is saved, saved as drafts at once."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.store import Order, branch_history, publish_content
from cityatlas.versioning.content import content_of
from staff import logged_in, make_desk, send, store_of, token

SIGHTS = "/en/staff/layers/sights"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk with three people."""
    return make_desk(tmp_path)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return the browser of somebody who saves nothing."""
    return logged_in(make_desk(tmp_path_factory.mktemp("desk")), "coco")


def soup_of(answer: TestResponse) -> BeautifulSoup:
    """Return a page to select from."""
    return BeautifulSoup(answer.text, "html.parser")


def fields_of(page: BeautifulSoup, changed: dict[str, str], **more: object) -> dict[str, object]:
    """Return the fields of a table as a browser sends them, with some values changed by the feature's id."""
    ids = [str(field["value"]) for field in page.select('[name="id"]')]
    versions = [str(field["value"]) for field in page.select('[name="version"]')]
    inputs = page.select('input[name="value"]')
    values = [changed.get(key, str(field["value"])) for key, field in zip(ids, inputs, strict=True)]
    column = str(page.select('form[method="post"] [name="column"]')[0]["value"])
    return {"column": column, "id": ids, "version": versions, "value": values, **more}


def table(client: FlaskClient, column: str) -> BeautifulSoup:
    """Return a layer's page with a property to be edited."""
    return soup_of(client.get(f"{SIGHTS}?column={column}"))


def previewed(client: FlaskClient, fields: dict[str, object]) -> TestResponse:
    """Return what the preview says of a form."""
    return send(client, f"{SIGHTS}/preview", SIGHTS, **fields)


def saved_drafts(desk: Flask, client: FlaskClient, preview: TestResponse) -> dict[str, dict[str, object]]:
    """Save what a preview shows, and return the properties of the drafts that the page of results names."""
    page = soup_of(preview)
    fields: dict[str, object] = {"column": str(page.select('main [name="column"]')[0]["value"])}
    fields |= {name: [str(field["value"]) for field in page.select(f'[name="{name}"]')] for name in ("id", "version")}
    fields |= {"source": [str(field["value"]) for field in page.select('[name="source"]')]}
    fields["value"] = [field.text.removeprefix("\n") for field in page.select('textarea[name="value"]')]
    done = send(client, f"{SIGHTS}/save", SIGHTS, **fields)
    assert done.status_code == 303
    branches = re.findall(r"href=\"/en/staff/drafts/(\w+)\"", client.get(done.headers["Location"]).text)
    with store_of(desk).reading() as connection:
        heads = [branch_history(connection, branch)[-1] for branch in branches]
    assert {head.author for head in heads} == {"coco"}
    return {head.feature_id: head.content.properties for head in heads}


def test_the_table_lists_a_layer_and_filters_it(reader: FlaskClient) -> None:
    rows = {"mill": "", "quay": "", "hall": "45", "boat-tour": ""}
    page = table(reader, "visit_min")
    assert (
        dict(
            zip(
                [f["value"] for f in page.select('[name="id"]')],
                [f["value"] for f in page.select('input[name="value"]')],
                strict=True,
            )
        )
        == rows
    )
    for query, ids in (("missing=1", ["mill", "quay", "boat-tour"]), ("kind=museum", ["hall"]), ("q=quay", ["quay"])):
        found = soup_of(reader.get(f"{SIGHTS}?column=visit_min&{query}"))
        assert [field["value"] for field in found.select('[name="id"]')] == ids


def test_an_unchanged_table_changes_nothing(reader: FlaskClient) -> None:
    answer = previewed(reader, fields_of(table(reader, "opening_hours"), {}))
    assert answer.status_code == 200
    assert soup_of(answer).select(".difference, textarea") == []


def test_one_changed_cell_becomes_one_draft_after_a_preview(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    answer = previewed(client, fields_of(table(client, "visit_min"), {"mill": "20"}, do="table"))
    shown = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in soup_of(answer).select("tbody tr")]
    assert shown == [["Old mill", "Visit (minutes)", "(nothing)", "20"]]
    drafts = saved_drafts(desk, client, answer)
    assert list(drafts) == ["mill"]
    assert drafts["mill"]["visit_min"] == 20
    assert drafts["mill"]["address"] == {"zh": "河边路1号", "en": "1 Canal Road"}
    assert "20" not in [f["value"] for f in table(client, "visit_min").select('input[name="value"]')]  # not published


def test_ticked_rows_get_the_same_value(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    fields = fields_of(
        table(client, "themes"), {"quay": "亲子"}, do="bulk", tick=["mill", "hall"], all=["亲子", "艺术"]
    )
    drafts = saved_drafts(desk, client, previewed(client, fields))
    assert {key: properties["themes"] for key, properties in drafts.items()} == {
        "mill": ["family", "art"],
        "hall": ["family", "art"],
    }


def test_a_fault_is_told_with_its_row_and_the_others_can_be_saved(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    answer = previewed(client, fields_of(table(client, "visit_min"), {"mill": "ages", "hall": "50"}))
    assert answer.status_code == 200
    told = [notice.get_text(" ", strip=True) for notice in soup_of(answer).select(".faults li")]
    assert len(told) == 1
    assert told[0].startswith("Old mill “ages”")
    assert list(saved_drafts(desk, client, answer)) == ["hall"]
    alone = previewed(client, fields_of(table(client, "visit_min"), {"mill": "ages"}))
    assert (alone.status_code, soup_of(alone).select(".button.primary")) == (422, [])


def test_new_hours_need_a_source_that_the_place_has(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    new = {"mill": "Mo-Fr 09:00-17:00"}
    for source, faults in (("", 1), ("Hearsay", 1), ("Town paper", 0)):
        answer = previewed(client, fields_of(table(client, "opening_hours"), new, source=source))
        assert len(soup_of(answer).select(".faults li")) == faults, source
    properties = saved_drafts(desk, client, answer)["mill"]
    assert (properties["opening_hours"], properties["hours_source"]) == (new["mill"], "Town paper")


def publish_visit(desk: Flask, visit_min: int) -> int:
    """Publish another length of a visit to the mill, wait until the pages know it, and return the revision."""
    live = desk.extensions["cityatlas_live"]
    mill = content_of_feature(live.current().feature("mill"))
    changed = content_of(mill.layer, mill.geometry, mill.properties | {"visit_min": visit_min})
    number = publish_content(store_of(desk), "mill", changed, 0, Order("ann", origin=mill)).revision.number
    while live.current().feature("mill").visit_min != visit_min:
        live.look_at_store()
    return number


def test_a_table_loaded_before_somebody_published_takes_nothing_back(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    page = table(client, "visit_min")
    publish_visit(desk, 90)
    answer = previewed(client, fields_of(page, {"quay": "10"}))
    assert list(saved_drafts(desk, client, answer)) == ["quay"]


def test_an_export_names_the_revision_of_what_was_published(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    number = publish_visit(desk, 25)
    text = client.get(f"{SIGHTS}/export?format=csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text.split("\r\n", 1)[1])))
    told = {row["id"]: (row["visit_min"], row["version"]) for row in rows}
    assert told["mill"] == ("25", f"r{number}")
    assert re.fullmatch("v[0-9a-f]{10}", told["hall"][1])


@pytest.mark.parametrize(
    ("name", "file", "begins", "kind"),
    [
        ("xlsx", "sights.xlsx", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "sights.csv", b"\xef\xbb\xbf", "text/csv; charset=utf-8"),
        ("geojson", "sights.geojson", b"{", "application/geo+json"),
        ("gpx", "sights.gpx", b"<?xml", "application/gpx+xml; charset=utf-8"),
        ("kml", "sights.kml", b"<?xml", "application/vnd.google-earth.kml+xml; charset=utf-8"),
        ("shapefile", "sights.zip", b"PK", "application/zip"),
        ("gpkg", "sights.gpkg", b"SQLite format 3", "application/geopackage+sqlite3"),
    ],
)
def test_a_layer_goes_out_in_every_format(reader: FlaskClient, name: str, file: str, begins: bytes, kind: str) -> None:
    answer = reader.get(f"{SIGHTS}/export?format={name}")
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, f'attachment; filename="{file}"')
    assert answer.data.startswith(begins)
    assert answer.headers["Content-Type"] == kind


def test_another_format_and_another_layer_are_refused(reader: FlaskClient) -> None:
    assert reader.get(f"{SIGHTS}/export?format=dwg").status_code == 422
    assert reader.get("/en/staff/layers/nowhere").status_code == 404
    assert reader.get("/en/staff/layers/nowhere/export").status_code == 404


def test_a_table_is_only_saved_by_our_own_form(reader: FlaskClient) -> None:
    fields = fields_of(table(reader, "visit_min"), {"mill": "20"})
    assert reader.post(f"{SIGHTS}/save", data={"csrf": "guessed", **fields}).status_code == 403
    assert send(reader, f"{SIGHTS}/save", SIGHTS, **fields_of(table(reader, "visit_min"), {})).status_code == 422
    assert send(reader, f"{SIGHTS}/save", SIGHTS, column="secret").status_code == 404
    assert token(reader.get(SIGHTS))
