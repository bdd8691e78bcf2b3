"""Check two servers of one PostgreSQL, each with a folder of its own: what one is told, the other knows."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL

from cityatlas.app import create_app
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.store.media import photos
from cityatlas.web.staff.files.uploads import Uploads
from photo_files import half_red, written
from postgres import new_database
from staff import logged_in as first_login
from staff import make_desk, send, store_of, token
from staff_desk import draft, look, put
from toy import text

SECRET = "one secret for both of them, long enough"


@pytest.fixture(scope="module")
def hosts(postgres: URL, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Flask]:
    """Return two applications as on two machines, with one database and one shared folder."""
    folder = tmp_path_factory.mktemp("hosts")
    url = new_database(postgres, "hosts").render_as_string(hide_password=False)
    shared = {"shared": str(folder / "shared"), "secret": SECRET, "store_recheck_s": 3600}
    one = make_desk(folder, url, **shared)
    return one, create_app(replace(one.config["SETTINGS"], var=folder / "other"))


def test_what_is_published_on_one_host_is_seen_on_the_other(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    put(one, "mill", name=text("新磨坊", "Mill of host one"))
    look(other)
    pages = [app.test_client().get("/en/sites/mill").text for app in hosts]
    assert ["Mill of host one" in page for page in pages] == [True, True]
    assert [app.extensions["cityatlas_live"].current().tag for app in hosts] == [
        one.extensions["cityatlas_live"].current().tag
    ] * 2


def test_who_is_logged_in_on_one_host_works_on_the_other_and_is_seen_there(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    coco, ed = first_login(one, "coco"), first_login(other, "ed")
    moved = other.test_client()
    moved.set_cookie("desk", _cookie(coco))
    page = moved.get("/en/staff/features/hall")
    assert page.status_code == 200
    told = {"X-CSRF-Token": token(page)}
    assert moved.post("/en/staff/features/hall/others", headers=told).get_json() == {"others": []}
    own = one.test_client()
    own.set_cookie("desk", _cookie(ed))
    told = {"X-CSRF-Token": token(own.get("/en/staff/features/hall"))}
    assert "coco" in str(own.post("/en/staff/features/hall/others", headers=told).get_json())


def test_a_photo_that_waits_on_one_host_waits_on_the_other(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    coco = first_login(one, "coco")
    fields = {
        "csrf": token(coco.get("/en/staff/photos/")),
        "photo": (io.BytesIO(written(half_red(80), "JPEG")), "b.jpg"),
    }
    assert coco.post("/en/staff/photos/add", data=fields).status_code == 303
    assert "b.jpg" in first_login(other, "ed").get("/en/staff/photos/").text


def test_a_photo_that_came_to_one_host_is_shown_by_the_other(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    ed = first_login(one, "ed")
    fields = {
        "alt_zh": "红",
        "alt_en": "Red",
        "credit": "Ed",
        "licence": "CC0",
        "csrf": token(ed.get("/en/staff/media")),
    }
    file = (io.BytesIO(written(half_red(), "JPEG")), "red.jpg")
    assert ed.post("/en/staff/media/add", data=fields | {"photo": file}).status_code == 303
    (kept,) = photos(store_of(one))[0]
    put(one, "quay", photos=[kept.item])
    look(other)
    answers = [app.test_client().get(f"/media/{kept.name}") for app in hosts]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(200, "image/webp")] * 2
    assert answers[0].data == answers[1].data


def test_a_draft_of_one_host_is_on_the_desk_of_the_other(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    branch = draft(one, "hall", name=text("馆", "Hall of host one")).branch
    assert "Hall of host one" in first_login(other, "ed").get(f"/en/staff/drafts/{branch}").text


def test_a_file_that_is_taken_in_on_both_hosts_is_taken_in_once(hosts: tuple[Flask, Flask]) -> None:
    one, other = hosts
    coco, moved = first_login(one, "coco"), other.test_client()
    moved.set_cookie("desk", _cookie(coco))
    form = "/en/staff/layers/sights/import"
    sheet = (io.BytesIO(b"id,visit_min\nquay,33\n"), "sheet.csv")
    address = coco.post(form, data={"file": sheet, "csrf": token(coco.get(form))}).headers["Location"]
    seen = [_digest(browser, address) for browser in (coco, moved)]
    assert seen[0] == seen[1]
    kept = Uploads(one.config["SETTINGS"].shared_folder / "uploads")
    upload = kept.find(address.rpartition("/")[2], "coco")
    assert send(coco, f"{address}/take", form, seen=seen[0]).status_code == 303
    taken = kept.find(upload.token, "coco")
    kept.note(upload)  # as if the other host had asked before this one was done
    for _ in range(2):
        assert send(moved, f"{address}/take", form, seen=seen[0]).headers["Location"].endswith(address)
        assert kept.find(upload.token, "coco") == taken
    (draft_made,) = open_drafts(store_of(one), feature_id="quay")
    assert (draft_made.head.author, draft_made.head.content.properties["visit_min"]) == ("coco", 33)


def _digest(browser: FlaskClient, address: str) -> str:
    """Return what a page shows of a file, once it was read there."""
    while not (found := re.search(r'name="seen" value="(\w+)"', page := browser.get(address).text)):
        assert "<progress" in page
    return found[1]


def _cookie(client: object) -> str:
    found = client.get_cookie("desk")  # type: ignore[attr-defined]  # a test client of Flask
    assert found
    return str(found.value)
