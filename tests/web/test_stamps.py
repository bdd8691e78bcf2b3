"""Stamps of a route: where one may be stamped by position, and the words on signs, from the desk to the check."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pypdf import PdfReader

from cityatlas.app import create_app
from cityatlas.handouts.signs import LETTERS, Sign, is_word, make_sign, word_of
from cityatlas.settings import Settings
from cityatlas.store.signs import renewed_signs
from cityatlas.web.http.sending.caching import PRIVATE
from hostile import EVERYTHING, write_hostile_city
from pictures import scan
from staff import add_person, logged_in, make_desk, send, store_of

SECRET = "s" * 40


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk with an editor of all layers, one of the works alone, and a contributor."""
    app = make_desk(tmp_path_factory.mktemp("stamps"), plans_per_minute=10_000)
    add_person(store_of(app), "eve", "editor", ("works",))
    return app


def words_at_the_desk(desk: Flask) -> dict[str, str]:
    soup = BeautifulSoup(logged_in(desk, "coco").get("/en/staff/stamps").text, "html.parser")
    rows = soup.select("section[id^=sign-]")
    return {str(row["id"])[5:]: row.select(".sign-word")[0].get_text() for row in rows}


def is_right(app: Flask, stop: str, word: str) -> bool:
    answer = app.test_client().get(f"/sites/{stop}/stamp.json", query_string={"word": word})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PRIVATE)
    told: dict[str, bool] = answer.get_json()
    assert told.keys() == {"is_right"}
    return told["is_right"]


def test_a_word_is_of_one_stop_one_number_and_one_secret() -> None:
    word = word_of(SECRET, "mill", 0)
    assert len(word) == 6
    assert set(word) <= set(LETTERS)
    others = {word_of(SECRET, "quay", 0), word_of(SECRET, "mill", 1), word_of("t" * 40, "mill", 0)}
    assert len(others | {word}) == 4
    assert word_of(SECRET, "mill", 0) == word


@pytest.mark.parametrize("typed", ["ACD EF3", "acdef3", " a-c-d-e-f-3 "])
def test_a_word_may_be_typed_as_people_do(typed: str) -> None:
    assert is_word(typed, "ACDEF3")
    assert not is_word(typed, "ACDEF4")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert is_word(typed, "ACDEF3") in (True, False)


def test_the_word_at_the_desk_stamps_its_own_stop_until_it_is_renewed(desk: Flask) -> None:
    words = words_at_the_desk(desk)
    assert words.keys() == {"mill", "quay", "hall"}
    assert is_right(desk, "mill", words["mill"].lower())
    assert not is_right(desk, "quay", words["mill"])
    assert not is_right(desk, "mill", "")
    answer = send(logged_in(desk, "ed"), "/en/staff/stamps/mill/renew")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/staff/stamps")
    assert not is_right(desk, "mill", words["mill"])
    renewed = words_at_the_desk(desk)
    assert is_right(desk, "mill", renewed["mill"])
    assert renewed["quay"] == words["quay"]
    assert [(stop, row.number, row.author) for stop, row in renewed_signs(store_of(desk)).items()] == [
        ("mill", 1, "ed")
    ]


def test_who_may_not_publish_a_stop_may_not_renew_its_sign(desk: Flask) -> None:
    before = words_at_the_desk(desk)["quay"]
    assert send(logged_in(desk, "eve"), "/en/staff/stamps/quay/renew").status_code == 403
    assert send(logged_in(desk, "coco"), "/en/staff/stamps/quay/renew").status_code == 403
    assert words_at_the_desk(desk)["quay"] == before


def test_a_sign_is_one_page_with_the_word_and_both_names(desk: Flask) -> None:
    answer = logged_in(desk, "coco").get("/zh/staff/stamps/quay.pdf")
    (page,) = PdfReader(io.BytesIO(answer.data)).pages
    told = page.extract_text()
    assert "渡口" in told
    assert "Quay" in told
    assert words_at_the_desk(desk)["quay"] in told.replace(" ", "")


def test_the_code_of_a_sign_holds_the_address_with_the_word_behind_the_hash() -> None:
    sign = Sign({"zh": "城"}, {"zh": "渡口"}, "ACDEF3", "https://a.example/sites/quay/stamp#ACDEF3")
    ((text, _),) = scan(Markup(make_sign(sign)["qr"]))
    assert text == sign.address


def test_a_stop_is_stamped_by_position_only_where_its_position_and_error_are_known(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/en/routes/boat-tour/stamps").text, "html.parser")
    found = {str(row["data-stamp"]): row.get("data-reach") for row in soup.select("[data-stamp]")}
    assert found == {"mill": None, "quay": "100", "hall": "100"}  # their error of 50 m, and 50 m
    assert "Nobody has checked this position" in soup.select("#mill")[0].get_text()
    assert "data-lon" not in soup.select("#mill")[0].attrs
    assert "Of 3 stops, 2 can be stamped by position" in soup.select("header .notice")[0].get_text()


def test_without_a_script_the_page_says_so_and_lists_the_stops(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/zh/routes/boat-tour/stamps").text, "html.parser")
    assert "盖章要用浏览器的脚本" in soup.select("noscript")[0].get_text()
    assert [link["href"] for link in soup.select(".stamp h2 a")] == [f"/zh/sites/{s}" for s in ("mill", "quay", "hall")]
    assert all(
        "needs-script" in str(part["class"]) for part in soup.select("[data-stamps] form, [data-stamps] .buttons")
    )


def test_a_signs_address_leads_to_the_visitors_language_and_on_to_the_routes(client: FlaskClient) -> None:
    answer = client.get("/sites/quay/stamp", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/sites/quay/stamp")
    soup = BeautifulSoup(client.get("/en/sites/quay/stamp").text, "html.parser")
    assert [link["href"] for link in soup.select("main section .link-list a")] == ["/en/routes/boat-tour/stamps"]


@pytest.mark.parametrize("where", ["/en/sites/school/stamp", "/sites/school/stamp.json", "/en/routes/mill/stamps"])
def test_what_is_no_stop_and_no_route_has_no_stamps(client: FlaskClient, where: str) -> None:
    assert client.get(where).status_code == 404


def test_where_there_is_no_desk_no_word_is_right_and_nothing_is_written(toy_city: Path, tmp_path: Path) -> None:
    app = create_app(Settings(geodata=toy_city, var=tmp_path / "var"))
    assert not is_right(app, "mill", "ACDEF3")
    assert not (tmp_path / "var").exists()


def test_who_guesses_has_to_wait(toy_city: Path, tmp_path: Path) -> None:
    client = create_app(Settings(geodata=toy_city, var=tmp_path / "var", plans_per_minute=1)).test_client()
    answers = [client.get("/sites/mill/stamp.json?word=A").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_names_that_attack_are_only_texts(tmp_path: Path) -> None:
    app = create_app(Settings(geodata=write_hostile_city(tmp_path / "toy", EVERYTHING), var=tmp_path / "var"))
    soup = BeautifulSoup(app.test_client().get("/en/routes/boat-tour/stamps").text, "html.parser")
    assert not soup.select("main img, main svg[onload], main [onfocus]")
    assert json.loads(soup.select("[data-stamp-words]")[0].get_text()).keys() >= {"right", "wrong"}
