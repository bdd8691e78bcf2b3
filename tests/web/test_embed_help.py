"""Hold the help for web editors to the options and addresses of the frame."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.i18n import LANGUAGES, Language, messages, translate
from cityatlas.web.embed.options import EMBED_KEYS, OPTION_KEYS, OPTIONS
from cityatlas.web.http.sending import caching

EXAMPLE = {"layers": "works", "sites": "mill", "routes": "boat-tour"}


def shown(client: FlaskClient, lang: str) -> BeautifulSoup:
    answer = client.get(f"/{lang}/help/embed")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_option_and_each_of_its_choices_is_told(client: FlaskClient, lang: Language) -> None:
    soup = shown(client, lang)
    terms = soup.select("#options dt")
    told = {term.select("code")[0].get_text(): term.find_next("dd") for term in terms}
    assert told.keys() == EMBED_KEYS
    for option in OPTIONS:
        choices = [code.get_text() for code in told[option.key].select("li code")]  # type: ignore[union-attr]
        assert tuple(choices) == option.choices
    assert all(told[key].get_text(strip=True) for key in EMBED_KEYS - OPTION_KEYS)  # type: ignore[union-attr]
    assert "{" not in soup.select_one("main").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_address_that_is_told_answers(client: FlaskClient, lang: str) -> None:
    told = [code.get_text() for code in shown(client, lang).select("#addresses dt code")]
    assert len(told) == 6
    for address in told:
        kind = address.split("/")[3]
        expected = 422 if kind.startswith("plan") else 200  # a city without paths plans nothing, and says so
        assert client.get(address.replace("…", EXAMPLE.get(kind, ""))).status_code == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_it_says_of_policy_and_caching_holds(client: FlaskClient, lang: str) -> None:
    text = shown(client, lang).get_text()
    assert "frame-src https://atlas.example" in text
    kept_s, down_s = (re.search(rf"{key}=(\d+)", caching.PUBLIC)[1] for key in ("s-maxage", "stale-if-error"))  # type: ignore[index]
    seconds, hours = ("秒", "小时") if lang == "zh" else ("seconds", "hours")
    assert f"{kept_s} {seconds}" in text
    assert f"{int(down_s) // 3600} {hours}" in text


def test_every_page_leads_to_the_builder_and_the_builder_to_the_help(client: FlaskClient) -> None:
    footer = BeautifulSoup(client.get("/en/sites/").text, "html.parser").select("footer a[href]")
    assert {"/en/embed/builder", "/en/help/embed"} <= {str(link["href"]) for link in footer}
    assert "/en/help/embed" in client.get("/en/embed/builder").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_names_the_button_as_it_is_called(lang: Language) -> None:
    assert translate("builder.link", lang) in messages(lang)["embedhelp.text_start"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_pictures_are_there_and_say_what_they_show(client: FlaskClient, lang: str) -> None:
    soup = shown(client, lang)
    pictures = soup.select("figure img")
    assert len(pictures) == 4
    assert len({str(picture["alt"]) for picture in pictures}) == 4
    assert len(soup.select("figure figcaption")) == 6
    for picture in pictures[:1]:  # the others are made by the same two views
        assert client.get(str(picture["src"])).mimetype == "image/png"
    assert all(client.head(str(picture["src"])).status_code == 200 for picture in pictures[1:4])
    (drawing,) = soup.select("figure svg[role=img]")
    assert drawing["aria-label"]
    (frame,) = soup.select("figure iframe[title]")
    assert client.get(str(frame["src"])).status_code == 200
