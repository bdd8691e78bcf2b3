"""Check that hostile text stays a text where the desk shows names of files, of people, and words of bulk changes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.limits import COMMENT_LETTERS
from cityatlas.store import Edit, take_in
from cityatlas.store.people import accounts
from cityatlas.store.people.accounts import NewAccount
from cityatlas.versioning.content import content_of
from hostile import LONG, PAYLOADS
from photo_files import half_red, written
from staff import PASSWORD, logged_in, make_desk, send, store_of, token

TEXT = "".join(PAYLOADS.values()) + "l" * LONG
NAME = "</script><img src=x onerror=a>`${1}`{{7*191}}\"' onload=a 🏯"  # of a person: 60 letters, one line
RUNNING = "body script:not([type='application/json'], [src]), [onfocus], [onload], [onerror], [onmouseover], img[src=x]"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    return make_desk(tmp_path)


def page_of(answer: TestResponse, *statuses: int) -> BeautifulSoup:
    """Return a page of the desk, in which nothing runs that came as a text."""
    assert answer.status_code in (statuses or (200,)), answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select(RUNNING) == []
    assert "1337" not in answer.text
    return page


def test_names_of_dropped_photos_are_only_text(desk: Flask) -> None:
    coco, photos = logged_in(desk, "coco"), "/en/staff/photos/"
    for name, raw in ((TEXT, b"no photo"), (f"{NAME}.jpg", written(half_red(), "JPEG"))):
        fields = MultiDict[str, object]([("csrf", token(coco.get(photos)))])
        fields.add("photo", FileStorage(io.BytesIO(raw), name))
        page_of(coco.post(f"{photos}add", data=fields, follow_redirects=True), 200, 422)
    shown = [row.get_text() for row in page_of(coco.get(photos)).select(".photo-rows strong")]
    assert any("<img src=x onerror=a>`${1}`{{7*191}}" in text for text in shown)


def test_words_of_a_bulk_change_are_only_text(desk: Flask) -> None:
    coco, catalogue = logged_in(desk, "coco"), desk.extensions["cityatlas_live"].current()
    mill = content_of_feature(catalogue.features["mill"])
    named = content_of(mill.layer, mill.geometry, mill.properties | {"name": {"zh": TEXT, "en": TEXT}})
    words = TEXT[:COMMENT_LETTERS]
    take_in(store_of(desk), [(Edit("mill", named, "coco", comment=words), mill)], batch="b1")
    batch = page_of(coco.get("/en/staff/batches/b1"))
    assert [title.text for title in batch.select("h1")] == [words]
    assert [link.text for link in batch.select("section .desk-list a")] == [TEXT]
    assert words in page_of(coco.get("/en/staff/batches/")).get_text()
    undone = coco.post("/en/staff/batches/b1/undo", data={"csrf": token(coco.get("/en/staff/batches/b1"))})
    assert words in page_of(coco.get(undone.headers["Location"])).get_text()


def test_names_of_people_and_what_is_typed_to_erase_or_as_a_code_are_only_text(desk: Flask) -> None:
    accounts.add_account(store_of(desk), NewAccount("eve", "admin", display_name=NAME))
    accounts.set_password(store_of(desk), "eve", accounts.hash_password(PASSWORD))
    client, factor, erasures = logged_in(desk, "eve"), "/en/staff/me/factor", "/en/staff/erasures"
    page_of(client.get(factor))
    assert NAME in page_of(client.get("/en/staff/accounts")).get_text()
    page_of(send(client, factor, factor, current=PASSWORD, code=TEXT), 422)
    page_of(send(client, f"{erasures}/photo", erasures, sure="yes", photo=TEXT), 404, 422)
    page_of(send(client, f"{erasures}/person", erasures, sure="yes", login=TEXT), 404, 422)
    assert send(client, f"{erasures}/person", erasures, sure="yes", login="coco").status_code == 303
    assert NAME in page_of(client.get(erasures)).get_text()
