"""Bring files in at the desk: every difference is seen first, and all of it becomes drafts or none does."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.editing.layer_state import Begun
from cityatlas.exchange.uploads.limits import refusal
from cityatlas.exchange.uploads.sandbox import Progress
from cityatlas.limits import UPLOAD_H
from cityatlas.store import Order, batches, branch_history, publish, publish_content, published
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.versioning.content import Content, content_of
from cityatlas.web.staff.files import imports, look
from cityatlas.web.staff.files.uploads import Upload, Uploads
from sheet_files import Rows, csv_of, place_of, rows_of, toy_layer, with_cell, xlsx_of
from staff import logged_in, make_desk, send, store_of, token
from upload_files import VRT, at, geojson, kml, placemark, row, shapes, table_bomb, zipped

IMPORT = "/en/staff/layers/sights/import"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk with three people."""
    return make_desk(tmp_path)


@pytest.fixture
def coco(desk: Flask) -> FlaskClient:
    """Return the browser of somebody who may only write drafts."""
    return logged_in(desk, "coco")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return the browser of somebody who looks at files and takes none in."""
    return logged_in(make_desk(tmp_path_factory.mktemp("desk")), "coco")


def hand_in(client: FlaskClient, raw: bytes, name: str = "sheet.csv", csrf: str = "") -> TestResponse:
    """Hand in a file by the form."""
    file = FileStorage(io.BytesIO(raw), name)
    boundary, body = encode_multipart({"csrf": csrf or token(client.get(IMPORT)), "file": file})
    return client.post(IMPORT, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def looked_at(client: FlaskClient, raw: bytes, name: str = "sheet.csv") -> tuple[str, BeautifulSoup]:
    """Hand in a file, and return the address of its page and the page once it was read."""
    answer = hand_in(client, raw, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"], page_of(client, answer.headers["Location"])


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    """Return a file's page once it was read."""
    return BeautifulSoup(once_read(client, client.get(address), address).text, "html.parser")


def once_read(client: FlaskClient, answer: TestResponse, address: str = "") -> TestResponse:
    """Return the answer about a file once it was read, which on a busy machine takes more than one."""
    while answer.status_code == 303 or "<progress" in answer.text:
        address = answer.headers.get("Location", address)
        answer = client.get(address)
    return answer


def cells_of(page: BeautifulSoup) -> list[list[str]]:
    """Return the rows of the table of differences."""
    return [[cell.get_text(" ", strip=True) for cell in tr.select("th, td")] for tr in page.select("tbody tr")]


def faults_of(page: BeautifulSoup) -> list[str]:
    """Return the faults of a page."""
    return [notice.get_text(" ", strip=True) for notice in page.select(".faults li")]


def take(client: FlaskClient, address: str, page: BeautifulSoup, **more: object) -> TestResponse:
    """Agree to what a page shows."""
    return send(client, f"{address}/take", IMPORT, seen=str(page.select('[name="seen"]')[0]["value"]), **more)


def drafts_of(desk: Flask, client: FlaskClient, address: str) -> dict[str, Content]:
    """Return the drafts that the page of results names, by feature."""
    branches = re.findall(r"href=\"/en/staff/drafts/(\w+)\"", client.get(address).text)
    with store_of(desk).reading() as connection:
        heads = [branch_history(connection, branch)[-1] for branch in branches]
    assert {(head.author, head.state) for head in heads} <= {("coco", "draft"), ("ed", "draft")}
    return {head.feature_id: head.content for head in heads}


def without(rows: Rows, feature_id: str) -> Rows:
    """Return rows of which one was taken out."""
    return [cells for cells in rows if cells[0] != feature_id]


def new_row(rows: Rows, **more: str) -> list[str]:
    """Return the row of a feature that is not there yet."""
    new = [""] * len(rows[0])
    told = {"name.zh": "新亭", "kind": "宅第", "sources": "Town paper | 2024", "lon": "121.015", "lat": "30.7"}
    for key, value in (told | more).items():
        new[place_of(rows, key)] = value
    return new


def test_an_unchanged_sheet_shows_no_change(reader: FlaskClient) -> None:
    exported = reader.get("/en/staff/layers/sights/export?format=xlsx").data
    _, page = looked_at(reader, exported, "sights.xlsx")
    assert page.select_one(".lead")
    assert page.select(".difference, .faults, .rows, .button.primary") == []


def test_one_changed_cell_is_one_change_and_one_draft(desk: Flask, coco: FlaskClient) -> None:
    rows, cell = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    address, page = looked_at(coco, xlsx_of(rows), "改过.xlsx")
    assert cells_of(page) == [[f"Old mill cell {cell}", "Visit (minutes)", "(nothing)", "20"]]
    assert take(coco, address, page).status_code == 303
    drafts = drafts_of(desk, coco, address)
    assert {key: content.properties["visit_min"] for key, content in drafts.items()} == {"mill": 20}
    assert published(store_of(desk)).shown == ()


def test_a_fault_is_named_by_its_cell_and_a_ticked_suggestion_mends_it(desk: Flask, coco: FlaskClient) -> None:
    rows, cell = with_cell(rows_of(toy_layer()), "hall", "visit_min", "45分钟")
    rows, other = with_cell(rows, "mill", "address.en", "2 Canal Road")
    address, page = looked_at(coco, csv_of(rows))
    (told,) = faults_of(page)
    assert told.startswith(f"{cell} (Visit (minutes)) “45分钟”")
    assert [line[0] for line in cells_of(page)] == [f"Old mill cell {other}"]
    (tick,) = page.select('[name="cure"]')
    assert tick["value"] == f"{cell}=45"
    send(coco, f"{address}/choices", IMPORT, cure=[str(tick["value"])])
    mended = page_of(coco, address)
    assert faults_of(mended) == []
    take(coco, address, mended)
    assert list(drafts_of(desk, coco, address)) == ["mill"]  # 45 is what the hall says already


def test_a_new_row_becomes_the_draft_of_a_new_feature(desk: Flask, coco: FlaskClient) -> None:
    rows = rows_of(toy_layer())
    address, page = looked_at(coco, csv_of([*rows, new_row(rows)]))
    assert take(coco, address, page).status_code == 303
    assert {key: content.geometry for key, content in drafts_of(desk, coco, address).items()} == {
        "xin-ting": {"type": "Point", "coordinates": [121.015, 30.7]}
    }


def test_what_a_file_changes_is_looked_through_and_published_or_sent_at_once(desk: Flask, coco: FlaskClient) -> None:
    def taken(client: FlaskClient) -> tuple[str, BeautifulSoup]:
        rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
        rows, _ = with_cell(rows, "hall", "visit_min", "50")
        address, page = looked_at(client, xlsx_of(rows))
        take(client, address, page)
        return address, page_of(client, address)

    address, page = taken(coco)
    assert [line.get_text(" ", strip=True)[:15] for line in page.select("details .redline dt")] == [
        "visit (minutes)"
    ] * 2
    assert [str(button["formaction"]) for button in page.select("form .button")] == ["/en/staff/drafts/send"]
    ticked = [str(tick["value"]) for tick in page.select("[name=draft]")]
    sent = send(coco, "/en/staff/drafts/send", IMPORT, draft=ticked, **{"import": address.rpartition("/")[2]})
    assert sent.headers["Location"] == address
    assert [draft.head.state for draft in open_drafts(store_of(desk))] == ["in_review"] * 2
    ed = logged_in(desk, "ed")
    address, page = taken(ed)
    ticked = [str(tick["value"]) for tick in page.select("[name=draft]")][:1]
    send(ed, "/en/staff/drafts/publish", IMPORT, draft=ticked, **{"import": address.rpartition("/")[2]})
    assert [revision.feature_id for revision in published(store_of(desk)).shown] == ["mill"]
    page = page_of(ed, address)
    assert [len(page.select(".desk-list > li")), len(page.select(".rows > li"))] == [1, 1]


def test_a_missing_row_stays_unless_an_editor_ticks_it(desk: Flask, coco: FlaskClient) -> None:
    raw = csv_of(without(without(rows_of(toy_layer()), "boat-tour"), "quay"))
    address, page = looked_at(coco, raw)
    assert page.select('[name="archive"]') == []
    assert take(coco, address, page, archive="boat-tour").status_code == 422  # a contributor's own form
    ed = logged_in(desk, "ed")
    address, page = looked_at(ed, raw)
    assert [field["value"] for field in page.select('[name="archive"]')] == ["boat-tour"]  # the quay is its stop
    assert take(ed, address, page).status_code == 422  # nothing is ticked: nothing to do
    assert take(ed, address, page, archive="boat-tour").status_code == 303
    assert published(store_of(desk)).hidden == ("boat-tour",)


def test_an_import_is_taken_back_as_one_published_new_and_off_the_map_but_what_was_changed_since(desk: Flask) -> None:
    ed, store = logged_in(desk, "ed"), store_of(desk)
    rows, _ = with_cell(without(rows_of(toy_layer()), "boat-tour"), "mill", "visit_min", "20")
    rows, _ = with_cell(rows, "hall", "visit_min", "50")
    told = {"name.en": "Pavilion", "position.class": "示意", "position.source": "Town paper"}
    told |= {"position.located_by.zh": "看图", "position.located_by.en": "from a map"}
    address, page = looked_at(ed, csv_of([*rows, new_row(rows, **told)]))
    take(ed, address, page, archive="boat-tour")
    token_, page = address.rpartition("/")[2], page_of(ed, address)
    undone = str(page.select("a[href*='/batches/']")[0]["href"])
    ticks = [str(tick["value"]) for tick in page.select("[name=draft]")]
    assert send(ed, "/en/staff/drafts/publish", IMPORT, draft=ticks, **{"import": token_}).status_code == 303
    before = published(store)
    assert (len(before.shown), before.hidden) == (3, ("boat-tour",))
    hall = next(one for one in before.shown if one.feature_id == "hall")
    longer = content_of("sights", hall.content.geometry, hall.content.properties | {"visit_min": 90})
    publish_content(store, "hall", longer, hall.number, Order("ann"))
    page = page_of(ed, undone)
    assert [item.text for item in page.select("#in-changed ~ ul a")] == ["Memory hall"]
    assert "Take all of it back (3)" in page.text
    assert send(ed, f"{undone}/undo", undone).status_code == 303
    after = published(store)
    stands = {one.feature_id: one.content.properties.get("visit_min") for one in after.shown}
    assert stands == {"mill": None, "hall": 90, "boat-tour": None}
    assert len(after.hidden) == 1  # the new hall
    (batch,), _ = batches(store, 0, 9)
    assert (batch.id, batch.count) == (undone.rpartition("/")[2], 4)


def test_an_import_that_waits_for_review_is_taken_back_as_one(desk: Flask, coco: FlaskClient) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    rows, _ = with_cell(rows, "hall", "visit_min", "50")
    address, page = looked_at(coco, xlsx_of(rows))
    take(coco, address, page)
    page = page_of(coco, address)
    undone = str(page.select("a[href*='/batches/']")[0]["href"])
    ticks = [str(tick["value"]) for tick in page.select("[name=draft]")][:1]
    send(coco, "/en/staff/drafts/send", IMPORT, draft=ticks, comment="please")
    assert [title.get_text(" ", strip=True) for title in page_of(coco, undone).select("h2")] == [
        "Waiting for review 1",
        "Still drafts 1",
    ]
    assert send(coco, f"{undone}/undo", undone).status_code == 303
    assert (open_drafts(store_of(desk)), published(store_of(desk)).shown) == ([], ())
    assert len(page_of(coco, undone).select("#in-away ~ ul li")) == 2


def test_a_sheet_that_is_older_than_a_publication_takes_nothing_back(desk: Flask, coco: FlaskClient) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "address.en", "2 Canal Road")
    live, store = desk.extensions["cityatlas_live"], store_of(desk)
    mill = content_of_feature(live.current().feature("mill"))
    longer = content_of(mill.layer, mill.geometry, mill.properties | {"visit_min": 90})
    publish_content(store, "mill", longer, 0, Order("ann", origin=mill))
    while live.current().feature("mill").visit_min != 90:
        live.look_at_store()
    address, page = looked_at(coco, csv_of(rows))
    assert [line[1] for line in cells_of(page)] == ["Address (English)"]
    take(coco, address, page)
    branch = re.findall(r"href=\"/en/staff/drafts/(\w+)\"", coco.get(address).text)[0]
    with store.reading() as connection:
        head = branch_history(connection, branch)[-1].number
    merged = publish(store, branch, head, Order("ann", origin=mill)).revision.content.properties
    assert (merged["visit_min"], merged["address"]["en"]) == (90, "2 Canal Road")


def test_nobody_takes_in_what_they_did_not_see(coco: FlaskClient) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    address, page = looked_at(coco, csv_of(rows))
    answer = send(coco, f"{address}/take", IMPORT, seen="something else")
    assert answer.status_code == 409
    assert "Look again" not in page.text
    assert take(coco, address, page).status_code == 303


@pytest.mark.parametrize("name", ["geojson", "kml", "shapefile"])
def test_a_map_file_that_was_exported_changes_nothing_and_adds_nothing(reader: FlaskClient, name: str) -> None:
    exported = reader.get(f"/en/staff/layers/sights/export?format={name}").data
    _, page = looked_at(reader, exported, "again")
    assert "No difference" in page.select(".lead")[0].text
    assert page.select('.faults, .rows, .button.primary, [name="new"]') == []


def test_one_change_in_an_exported_map_file_is_one_draft(desk: Flask, coco: FlaskClient) -> None:
    raw = coco.get("/en/staff/layers/sights/export?format=geojson").data
    address, page = looked_at(coco, raw.replace(b"121.0,30.7]", b"121.001,30.7]").replace(b"Old mill", b"Mill"), "x")
    lines = {line[1]: line[2:] for line in cells_of(page) if line[0] == "Old mill number 1 in the file"}
    assert lines["Name (English)"] == ["Old mill", "Mill"]
    assert lines["Shape"] == ["121.000000, 30.700000", "121.001000, 30.700000 moved by up to 96 m"]
    assert take(coco, address, page).status_code == 303
    drafts = drafts_of(desk, coco, address)
    assert set(drafts) == {"mill", "boat-tour"}  # its line begins at the mill
    assert drafts["mill"].properties["name"]["en"] == "Mill"
    assert drafts["mill"].geometry == {"type": "Point", "coordinates": [121.001, 30.7]}


def test_a_place_whose_name_is_known_comes_only_when_it_is_ticked(desk: Flask, coco: FlaskClient) -> None:
    raw = geojson(*(row(at(121.0), name=name, kind="house") for name in ("老磨坊", "新亭")))
    address, page = looked_at(coco, raw, "points.geojson")
    ticked = {str(box["value"]): box.has_attr("checked") for box in page.select('[name="new"]')}
    assert ticked == {"lao-mo-fang": False, "xin-ting": True}
    assert "has a place of this name" in page.select(".twin")[0].text
    take(coco, address, page, offered=list(ticked), new="xin-ting")
    assert list(drafts_of(desk, coco, address)) == ["xin-ting"]
    address, page = looked_at(coco, raw, "points.geojson")  # both are known now: one on the map, one as a draft
    assert [box.has_attr("checked") for box in page.select('[name="new"]')] == [False, True]


def test_a_kind_that_nothing_gives_is_asked_for_once_beside_its_field(reader: FlaskClient) -> None:
    _, page = looked_at(reader, geojson(row(at(121.0), name="a"), row(at(121.001), name="b")), "x")
    assert page.select("#n-kind")[0].text == "Features without a kind: 2. Choose one here."
    assert page.select("#f-kind")[0]["aria-describedby"] == "n-kind"
    assert page.select(".faults") == []


def test_the_same_fault_of_many_features_is_told_once(reader: FlaskClient) -> None:
    _, page = looked_at(reader, geojson(*(row(at(2.0), name=f"a{n}", kind="house") for n in range(3))), "x")
    (told,) = faults_of(page)
    assert told.startswith("Number 1, 2, 3 in the file · 3 in all ")


def test_points_of_a_map_file_become_drafts_in_the_chosen_layer_and_datum(desk: Flask, coco: FlaskClient) -> None:
    raw = geojson(row(at(121.0), 名称="新点"), row(at(30.7, 121.0), 名称="反了"))
    address, page = looked_at(coco, raw, "points.geojson")
    assert page.select("svg.picture") == []  # nothing can be taken in before a kind is chosen
    fields = {"layer": "sights", "kind": "house", "datum": "GCJ-02", "position_class": "approximate"}
    mapped = {"accuracy_m": "20", "theirs": ["名称"], "ours": ["name.zh"]}
    send(coco, f"{address}/choices", IMPORT, **fields, **mapped)
    page = page_of(coco, address)
    assert [told.startswith("Number 2 ") for told in faults_of(page)] == [True]
    assert len(page.select("svg.picture")) == 1
    take(coco, address, page)
    ((key, content),) = drafts_of(desk, coco, address).items()
    assert (key, content.layer, content.properties["position"]["accuracy_m"]) == ("xin-dian", "sights", 20)
    lon, lat = (content.geometry or {})["coordinates"]
    assert 0.003 < 121.0 - lon < 0.006  # the datum of Chinese maps lies some 400 m to the east here
    assert 0.001 < lat - 30.7 < 0.004


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (zipped({"doc.kml": kml(placemark("一"))}), "places.kmz"),
        (zipped(shapes([(121.0, 30.7)], ["一"])), "places.zip"),
        (kml(placemark("一")), "anything.xyz"),
    ],
    ids=["kmz", "shapefile", "kml with another name"],
)
def test_other_map_files_are_known_by_what_they_hold(reader: FlaskClient, raw: bytes, name: str) -> None:
    _, page = looked_at(reader, raw, name)
    assert page.select('[name="theirs"]')


@pytest.mark.parametrize(
    ("raw", "status", "word"),
    [
        (b"", 422, "empty"),
        (b"x" * ((10 << 20) + 1), 413, "10 MB"),
        (b"x" * (13 << 20), 413, "10 MB"),
        (VRT.encode(), 422, "not known"),
        (b"%PDF-1.4\0\0", 422, "not known"),
        (b"PK\x03\x04 and nothing", 422, "damaged"),
        (zipped({"a.txt": "b"}), 422, "not known"),
        (table_bomb(), 413, "zip"),
        (b"only,words\n1,2\n", 422, "header"),
    ],
    ids=["empty", "too large", "far too large", "vrt", "pdf", "broken zip", "odd zip", "bomb", "no header"],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    reader: FlaskClient, raw: bytes, status: int, word: str
) -> None:
    folder = reader.application.config["SETTINGS"].var / "uploads"
    before = set(folder.glob("*"))
    answer = once_read(reader, hand_in(reader, raw))
    assert answer.status_code == status
    alert = BeautifulSoup(answer.text, "html.parser").select_one('[role="alert"]')
    assert alert
    assert word in alert.text
    assert set(folder.glob("*")) <= before


def test_hostile_names_are_only_text(reader: FlaskClient) -> None:
    name = "<script>alert(1)</script>{{7*191}}"
    _, page = looked_at(reader, geojson(row(at(121.0), name=name, kind="house")), f"{name}.geojson")
    assert page.select("main script") == []
    assert "1337" not in page.text
    assert name in page.select_one("[id^='new-'] strong").text  # type: ignore[union-attr]  # else it fails anyway


def test_files_come_only_by_our_own_form(reader: FlaskClient) -> None:
    assert hand_in(reader, b"id,name\n", csrf="guessed").status_code == 403
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    address, _ = looked_at(reader, csv_of(rows))
    for what in ("take", "choices", "cancel"):
        assert reader.post(f"{address}/{what}", data={"csrf": "guessed"}).status_code == 403
    assert reader.get(address).status_code == 200


def test_a_file_is_its_owners_alone_readable_by_nobody_else(desk: Flask, coco: FlaskClient) -> None:
    address, _ = looked_at(coco, csv_of(rows_of(toy_layer())))
    ann = logged_in(desk, "ann")
    assert ann.get(address).status_code == 404
    assert send(ann, f"{address}/take", IMPORT).status_code == 404
    files = list((desk.config["SETTINGS"].var / "uploads").iterdir())
    assert [oct(file.stat().st_mode & 0o777) for file in files] == ["0o600", "0o600"]


def test_a_file_goes_after_an_hour_and_when_it_was_taken_in_or_cancelled(desk: Flask, coco: FlaskClient) -> None:
    folder = desk.config["SETTINGS"].var / "uploads"
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    address, page = looked_at(coco, csv_of(rows))
    take(coco, address, page)
    assert [file.suffix for file in folder.iterdir()] == [".json"]  # the list of its drafts
    address, _ = looked_at(coco, csv_of(rows))
    send(coco, f"{address}/cancel", IMPORT)
    assert coco.get(address).status_code == 404
    address, _ = looked_at(coco, csv_of(rows))
    for file in folder.iterdir():
        os.utime(file, (time.time(), time.time() - UPLOAD_H * 3600 - 1))
    assert coco.get(address).status_code == 404
    assert list(folder.iterdir()) == []


def test_a_long_reading_shows_progress_and_stops_when_it_is_cancelled(
    coco: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = []

    def read_forever(*_: object, progress: Progress, **__: object) -> None:
        progress.report("read", 1_500, 4_000)
        while not progress.is_cancelled():
            time.sleep(0.01)
        stopped.append(True)
        raise refusal("files.cancelled")

    monkeypatch.setattr(look, "read_sheet", read_forever)
    monkeypatch.setattr(imports, "FIRST_WAIT_S", 0)
    monkeypatch.setattr(imports, "NEXT_WAIT_S", 0.1)
    address = hand_in(coco, b"id,name\n").headers["Location"]
    page = BeautifulSoup(coco.get(address).text, "html.parser")
    bar = page.select("progress")[0]
    assert (bar["value"], bar["max"]) == ("1500", "4000")
    assert page.select('noscript meta[http-equiv="refresh"]') == page.select('meta[http-equiv="refresh"]')
    assert coco.get(f"{address}/progress").get_json() == {
        "is_done": False,
        "done": 1_500,
        "of": 4_000,
        "words": "Read: 1500 of 4000.",
    }
    assert send(coco, f"{address}/cancel", IMPORT).status_code == 303
    while not stopped:
        time.sleep(0.01)
    assert coco.get(address).status_code == 404


def test_progress_is_told_to_the_owner_alone_and_ends(desk: Flask, coco: FlaskClient) -> None:
    address, _ = looked_at(coco, csv_of(rows_of(toy_layer())))
    assert coco.get(f"{address}/progress").get_json() == {"is_done": True}
    assert logged_in(desk, "ann").get(f"{address}/progress").status_code == 404


def test_another_process_reads_the_file_again(desk: Flask, coco: FlaskClient) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    address, _ = looked_at(coco, csv_of(rows))
    desk.extensions.pop("cityatlas_jobs")  # as another process would have none
    assert len(cells_of(page_of(coco, address))) == 1


def test_one_person_has_five_files_at_most(desk: Flask) -> None:
    kept = Uploads(desk.config["SETTINGS"].var / "uploads")
    tokens = [kept.keep(Upload("", "coco", "sights", "a.csv"), b"x").token for _ in range(6)]
    assert sum(kept.has(token) for token in tokens) == 5
    assert kept.has(tokens[-1])


def test_all_or_nothing_is_saved(desk: Flask, coco: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "visit_min", "20")
    rows, _ = with_cell(rows, "hall", "visit_min", "50")
    address, page = looked_at(coco, csv_of(rows))
    edits = look.LookedAt.edits

    def second_is_refused(looked: look.LookedAt, author: str, comment: str, _: object) -> Iterator[Begun]:
        first, (edit, origin) = edits(looked, author, comment)
        yield first
        yield replace(edit, comment="longer than a comment may be" * 100), origin

    monkeypatch.setattr(look.LookedAt, "edits", second_is_refused)
    assert take(coco, address, page).status_code == 422
    monkeypatch.undo()
    with store_of(desk).reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM branches").scalar() == 0
    assert take(coco, address, page).status_code == 303
    assert list(drafts_of(desk, coco, address)) == ["mill", "hall"]


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\xff\xd8\xff\xe0", b"\0\0\0\x18ftypheic", b"RIFF1234WEBPVP8"]
)
def test_a_picture_is_told_as_one(reader: FlaskClient, raw: bytes) -> None:
    answer = hand_in(reader, raw, "x.csv")
    assert answer.status_code == 422
    assert "This is a picture" in answer.text


def test_the_page_of_results_calls_new_features_by_name(coco: FlaskClient) -> None:
    address, page = looked_at(coco, geojson(row(at(121.0), name="新亭", kind="house")), "x")
    take(coco, address, page)
    result = page_of(coco, address)
    assert [item.get_text() for item in result.select(".desk-list strong")] == ["新亭"]
