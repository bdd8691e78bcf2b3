"""Hand in many photos at once: each finds its place, waits for its words, and joins a draft of its place."""

from __future__ import annotations

import io
import os
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from cityatlas.editing.photo_places import PhotoPlace, place_of_photo
from cityatlas.exchange.uploads.limits import refusal
from cityatlas.exchange.uploads.photos import read_photo
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.store.media import photo_choices
from photo_files import GPS, half_red, written
from staff import logged_in, make_desk, send, store_of, token

PAGE = "/en/staff/photos/"
PHOTO_BYTES = 4 << 20  # of a phone's usual photo


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    return make_desk(tmp_path)


def taken(lon: float, lat: float = 30.7, side: str = "E", width: int = 64) -> bytes:
    """Return a JPEG that says where it was taken, in degrees alone."""
    exif, file = Image.Exif(), io.BytesIO()
    exif.get_ifd(GPS).update({1: "N", 2: (lat, 0.0, 0.0), 3: side, 4: (lon, 0.0, 0.0)})
    half_red(width).save(file, "JPEG", exif=exif.tobytes())
    return file.getvalue()


def drop(client: FlaskClient, files: dict[str, bytes]) -> TestResponse:
    """Send files as a browser without a script does."""
    fields: MultiDict[str, object] = MultiDict([("csrf", token(client.get(PAGE)))])
    for name, raw in files.items():
        fields.add("photo", FileStorage(io.BytesIO(raw), name, "photo"))
    body, _, boundary = stream_encode_multipart(fields, threshold=1 << 30)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"{PAGE}add", data=body.read(), content_type=kind)


def waiting(client: FlaskClient) -> dict[str, tuple[str, str]]:
    """Return of each photo that waits, by its file's name, its token and the place that the page offers."""
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    rows = page.select(".photo-rows > li")
    return {
        row.strong.text: (str(row["id"]), str(row.select("[list=places]")[0]["value"])) for row in rows if row.strong
    }


def words(tokens: list[str], **changed: str) -> dict[str, str]:
    """Return the words of photos, with one author and licence for all."""
    told = {f"{one}.{key}": text for one in tokens for key, text in (("alt_zh", "门"), ("alt_en", "A door"))}
    return {"credit": "Li", "licence": "CC BY 4.0", **told, **changed}


def test_a_photo_says_where_it_was_taken_and_its_files_do_not() -> None:
    photo = read_photo(written(half_red(), "JPEG"))
    assert photo.taken_at == (121.0, 30.7, 0.0)
    assert read_photo(taken(121.0, side="W")).taken_at == (-121.0, 30.7, 0.0)
    assert read_photo(taken(0, 0)).taken_at is None
    for raw in photo.files.values():
        with Image.open(io.BytesIO(raw)) as image:
            assert (dict(image.getexif()), "exif" in image.info) == ({}, False)


@pytest.mark.parametrize(
    ("taken_at", "file", "found"),
    [
        ((121.0103, 30.7, 0.0), "IMG_1.jpg", PhotoPlace("quay", "position", 29)),  # the quay may lie 50 m off
        ((121.0009, 30.7, 0.0), "IMG_1.jpg", None),  # 86 m from the mill
        ((121.0009, 30.7, 40.0), "IMG_1.jpg", PhotoPlace("mill", "position", 86)),
        (None, "纪念馆-正门 (2).jpg", PhotoPlace("hall", "name")),
        (None, "old_mill.HEIC", PhotoPlace("mill", "name")),
        (None, "laomofang3.jpg", PhotoPlace("mill", "name")),
        ((121.0, 30.7, 0.0), "渡口.jpg", PhotoPlace("quay", "name")),
        (None, "IMG_20240901.jpg", None),
    ],
)
def test_the_place_of_a_photo(
    desk_catalogue: object, taken_at: tuple[float, float, float] | None, file: str, found: PhotoPlace | None
) -> None:
    assert place_of_photo(desk_catalogue, taken_at, file) == found  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk_catalogue(tmp_path_factory: pytest.TempPathFactory) -> object:
    return make_desk(tmp_path_factory.mktemp("photos")).extensions["cityatlas_live"].current()


def test_photos_join_drafts_of_their_places_with_one_licence_for_all(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    files = {"IMG_1.jpg": taken(121.0), "渡口.jpg": taken(121.0, width=66), "x.jpg": taken(121.05, width=68)}
    assert drop(coco, files).status_code == 303
    rows = waiting(coco)
    assert {name: place for name, (_, place) in rows.items()} == {
        "IMG_1.jpg": "Old mill",
        "渡口.jpg": "Quay",
        "x.jpg": "",
    }
    places = {f"{token}.place": place for token, place in rows.values()}
    assert coco.get(f"/staff/photos/{rows['x.jpg'][0]}").mimetype == "image/webp"
    saved = send(coco, f"{PAGE}save", PAGE, **places, **words([token for token, _ in rows.values()]))
    assert saved.status_code == 422
    assert "Choose a place from the list" in saved.text
    assert list(waiting(coco)) == ["x.jpg"]
    drafts = {one.head.feature_id: one.head.content.properties["photos"] for one in open_drafts(store_of(desk))}
    assert sorted(drafts) == ["mill", "quay"]
    assert (drafts["mill"][0]["alt"], drafts["mill"][0]["credit"]) == ({"zh": "门", "en": "A door"}, "Li · CC BY 4.0")
    named = {f"{rows['x.jpg'][0]}.place": "Old mill", **words([rows["x.jpg"][0]])}
    assert send(coco, f"{PAGE}save", PAGE, **named).status_code == 200
    (mill,) = [one for one in open_drafts(store_of(desk)) if one.head.feature_id == "mill"]
    assert len(mill.head.content.properties["photos"]) == 2
    assert waiting(coco) == {}


def test_without_all_words_a_photo_goes_on_waiting_and_is_dropped_when_asked(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    drop(coco, {"mill.jpg": taken(121.0)})
    ((token_, place),) = waiting(coco).values()
    told = {f"{token_}.place": place, **words([token_])} | {"licence": ""}
    assert send(coco, f"{PAGE}save", PAGE, **told).status_code == 422
    assert (photo_choices(store_of(desk)), open_drafts(store_of(desk))) == ([], [])
    assert send(coco, f"{PAGE}save", PAGE, **{f"{token_}.drop": "yes", f"{token_}.place": ""}).status_code == 303
    assert waiting(coco) == {}
    assert coco.get(f"/staff/photos/{token_}").status_code == 404


def test_what_is_no_photo_is_told_and_the_others_wait(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    answer = drop(coco, {"list.txt": b"no photo", "mill.jpg": taken(121.0)})
    assert answer.status_code == 422
    assert "list.txt" in answer.text
    assert list(waiting(coco)) == ["mill.jpg"]
    assert drop(coco, {}).status_code == 422


def test_a_photo_that_nobody_saw_to_is_gone_after_its_days(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    drop(coco, {"mill.jpg": taken(121.0)})
    (folder,) = (Path(desk.config["SETTINGS"].var) / "photos_waiting").iterdir()
    assert (folder.parent.stat().st_mode & 0o777, "121" in (folder / "photo.json").read_text("utf-8")) == (0o700, False)
    os.utime(folder, (time.time() - 8 * 86_400,) * 2)
    assert (waiting(coco), folder.exists()) == ({}, False)


def test_many_photos_in_one_form_are_read_one_after_the_other_from_disk(
    desk: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    coco, read = logged_in(desk, "coco"), list[int]()

    def refuse(raw: bytes) -> None:
        read.append(len(raw))
        raise refusal("media.no_photo")

    monkeypatch.setitem(vars(sys.modules["cityatlas.web.staff.edit.photo_intake"]), "read_photo", refuse)
    part, kind = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n', "multipart/form-data; boundary=x"
    body = tmp_path / "body"
    with body.open("wb") as file:
        file.write(part % (b"csrf", b"") + token(coco.get(PAGE)).encode() + b"\r\n")
        for number in range(12):
            file.writelines((part % (b"photo", b'; filename="%d.jpg"' % number), bytes(PHOTO_BYTES), b"\r\n"))
        file.write(b"--x--\r\n")
    size = body.stat().st_size
    assert size > 48 << 20
    tracemalloc.start()
    try:
        with body.open("rb") as stream:
            answer = coco.post(f"{PAGE}add", input_stream=stream, content_length=size, content_type=kind)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, read) == (422, [PHOTO_BYTES] * 12)
    assert answer.text.count("is no photo that can be used") == 12
    assert most < 16 << 20
    announced = {"CONTENT_LENGTH": str(202 << 20)}
    larger = coco.post(f"{PAGE}add", content_type=kind, environ_overrides=announced)
    assert (larger.status_code, "200 MB" in larger.text) == (413, True)
