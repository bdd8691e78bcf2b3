"""Upload photos at the desk; visitors see those that a published feature shows, and no others."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.catalogue.folder_export import export_folder
from cityatlas.catalogue.store_watch import overlay_of
from cityatlas.city.photos import uploads
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, open_draft, publish_content, published
from cityatlas.store.media import photo_choices
from cityatlas.versioning.content import content_of, content_of_row
from photo_files import HEIC, half_red, written
from staff import logged_in, make_desk, store_of, token
from toy import sights

WORDS = {"alt_zh": "老磨坊", "alt_en": "The mill", "credit": "Li", "licence": "CC BY 4.0"}


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    return make_desk(tmp_path)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk in which no test leaves anything."""
    return make_desk(tmp_path_factory.mktemp("quiet"))


def upload(client: FlaskClient, raw: bytes | None = None, changed: dict[str, str] | None = None) -> TestResponse:
    fields: dict[str, Any] = {"csrf": token(client.get("/en/staff/media")), **WORDS, **(changed or {})}
    return send_photo(client, "media/add", fields, HEIC.read_bytes() if raw is None else raw)


def send_photo(client: FlaskClient, page: str, fields: dict[str, Any], raw: bytes) -> TestResponse:
    """Send a form with a file, which stays in memory: the client of tests leaves larger ones open."""
    file = FileStorage(io.BytesIO(raw), "../../中文.svg", "photo")
    body, _, boundary = stream_encode_multipart({**fields, "photo": file}, threshold=1 << 30)
    return client.post(f"/en/staff/{page}", data=body.read(), content_type=f"multipart/form-data; boundary={boundary}")


def publish_photo(app: Flask) -> None:
    """Publish the mill with the newest photo."""
    origin = content_of_row("sights", next(row for row in sights()["features"] if row["id"] == "mill"))
    properties = origin.properties | {"photos": [photo_choices(store_of(app))[0].item]}
    content = content_of("sights", origin.geometry, properties)
    publish_content(store_of(app), "mill", content, 0, Order("ed", origin=origin))
    app.extensions["cityatlas_live"].look_at_store()


def image_on(client: FlaskClient, page: str) -> Any:
    found = BeautifulSoup(client.get(page).data, "html.parser").select_one("main img")
    assert found, page
    return found


def test_a_photo_is_kept_with_its_words_and_shown_to_staff_alone(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    assert upload(client).status_code == 303
    (photo,) = photo_choices(store_of(desk))
    assert (photo.owner, photo.width_px, photo.height_px) == ("coco", 48, 64)
    assert photo.item == {"file": photo.name, "alt": {"zh": "老磨坊", "en": "The mill"}, "credit": "Li · CC BY 4.0"}
    image = image_on(client, "/en/staff/media")
    assert (image["alt"], image["src"]) == ("The mill", f"/staff/media/{photo.name}")
    assert client.get(image["src"]).mimetype == "image/webp"
    assert desk.test_client().get(f"/staff/media/{photo.name}").status_code == 303
    assert desk.test_client().get(f"/media/{photo.name}").status_code == 404
    assert client.get(f"/media/{photo.name}").status_code == 404


def test_a_photo_in_a_draft_is_not_public(desk: Flask) -> None:
    upload(logged_in(desk, "coco"))
    photo = photo_choices(store_of(desk))[0]
    origin = content_of_row("sights", next(row for row in sights()["features"] if row["id"] == "mill"))
    draft = content_of("sights", origin.geometry, origin.properties | {"photos": [photo.item]})
    open_draft(store_of(desk), Edit("mill", draft, "coco"), origin)
    desk.extensions["cityatlas_live"].look_at_store()
    assert desk.test_client().get(f"/media/{photo.name}").status_code == 404


def test_a_published_photo_is_served_in_its_sizes_as_data_and_for_ever(desk: Flask) -> None:
    assert upload(logged_in(desk, "coco"), written(half_red(1000, 500), "JPEG")).status_code == 303
    publish_photo(desk)
    visitor = desk.test_client()
    image = image_on(visitor, "/en/sites/mill")
    (narrow, wide) = (part.split()[0] for part in image["srcset"].split(", ") if part.split()[1] != "960w")
    assert (image["alt"], image["src"]) == ("The mill", wide)
    assert image["srcset"].startswith(f"{narrow} 480w, ")
    assert narrow.endswith("-480.webp")
    for address in (narrow, wide):
        answer = visitor.get(address)
        headers = answer.headers
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert visitor.get(wide.replace("-1000x500", "-1600")).status_code == 404


def test_an_export_takes_published_photos_along_and_no_others(desk: Flask, tmp_path: Path) -> None:
    client = logged_in(desk, "coco")
    upload(client, written(half_red(30, 30), "PNG"))
    upload(client)
    publish_photo(desk)
    shown = photo_choices(store_of(desk))[0].name
    settings: Settings = desk.config["SETTINGS"]
    export_folder(settings, overlay_of(published(store_of(desk))), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out/photos").iterdir()] == [shown]
    alone = build_catalogue(Settings(geodata=tmp_path / "out", var=tmp_path / "nothing"))
    assert alone.photos == {shown}


def test_a_lost_folder_of_photos_costs_the_photo_and_nothing_else(desk: Flask) -> None:
    upload(logged_in(desk, "coco"))
    settings: Settings = desk.config["SETTINGS"]
    for path in uploads(settings).iterdir():
        path.unlink()
    publish_photo(desk)
    live = desk.extensions["cityatlas_live"]
    assert live.current().feature("mill").photos == ()
    assert [fault for fault in live.faults if "photo" in fault and "mill" in fault]


@pytest.mark.parametrize("name", list(WORDS))
def test_no_photo_is_taken_without_all_its_words(quiet: Flask, name: str) -> None:
    client = logged_in(quiet, "coco")
    for value in ("", " ", "x" * 301):
        answer = upload(client, changed={name: value})
        assert answer.status_code == 422
        assert "choose the photo&#39;s file again" in answer.text
    assert photo_choices(store_of(quiet)) == []


@pytest.mark.parametrize(("raw", "status"), [(b"", 422), (b"<svg/>", 422), (bytes(10 << 20) + b"x", 413)])
def test_what_cannot_be_used_is_refused_in_words_and_the_typed_ones_stay(quiet: Flask, raw: bytes, status: int) -> None:
    answer = upload(logged_in(quiet, "coco"), raw)
    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == status
    assert page.select_one("[role=alert]")
    field = page.select_one("#f-alt_zh")
    assert field
    assert field.text == "老磨坊"
    assert not uploads(quiet.config["SETTINGS"]).exists()


def test_a_photo_that_was_uploaded_before_is_there_once(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    upload(client)
    upload(client, changed={"alt_en": "Other words"})
    assert "was uploaded before" in client.get("/en/staff/media").text
    assert [photo.alt_en for photo in photo_choices(store_of(desk))] == ["The mill"]


def test_only_a_page_that_takes_files_is_sent_more_than_64_kb_and_only_by_who_is_logged_in(quiet: Flask) -> None:
    client = logged_in(quiet, "coco")
    csrf = token(client.get("/en/staff/media"))
    for address, size, status in (
        ("media/add", 12 << 20, 413),
        ("me/sessions", 70_000, 413),
        ("media/add", 70_000, 422),
    ):
        assert send_photo(client, address, {"csrf": csrf, **WORDS}, bytes(size)).status_code == status, (address, size)
    assert send_photo(quiet.test_client(), "media/add", {"csrf": csrf}, bytes(70_000)).status_code == 401


def test_a_photo_is_chosen_in_the_form_of_a_feature_and_brings_its_words(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    upload(client)
    name = photo_choices(store_of(desk))[0].name
    form = BeautifulSoup(client.get("/en/staff/features/mill").data, "html.parser").select_one("form#edit")
    assert form
    options = {str(option["value"]): option.text for option in form.select("select[name='photos.0.file'] option")}
    assert options[name] == "The mill · Li"
    fields = {"csrf": "", "seen": "", "draft": "", "photos.0.file": name, "photos.0.alt.en": "My own words"}
    fields |= {key: str(form.select_one(f"[name={key}]")["value"]) for key in ("csrf", "seen")}  # type: ignore[index]
    saved = client.post("/en/staff/features/mill", data=fields)
    assert saved.status_code == 303
    page = BeautifulSoup(client.get(saved.headers["Location"]).data, "html.parser")
    shown = {key: page.select(f"[name='photos.0.{key}']")[0] for key in ("alt.zh", "alt.en", "credit")}
    assert shown["alt.zh"].text.strip() == "老磨坊"
    assert shown["alt.en"].text.strip() == "My own words"
    assert shown["credit"]["value"] == "Li · CC BY 4.0"
