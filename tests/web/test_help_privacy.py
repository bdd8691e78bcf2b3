"""Hold the page of privacy to what scripts and answers really keep, and its days to the settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.i18n import LANGUAGES, messages
from cityatlas.paths import PACKAGE
from cityatlas.settings import read_settings
from cityatlas.store.backup import NOT_COPIED
from cityatlas.web.help.privacy import KEPT

SCRIPTS = [path.read_text("utf-8") for path in sorted((PACKAGE / "static" / "js").rglob("*.js"))]
STORING = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
NAME = re.compile(r"""const \w+ = "(cityatlas[.-][\w:]+)"|keep\("(\w+)"|document\.cookie = `(\w+)=""")


def shown(client: FlaskClient, lang: str = "en") -> BeautifulSoup:
    answer = client.get(f"/{lang}/help/privacy")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_every_name_that_a_script_keeps_something_under_is_told() -> None:
    storing = [text for text in SCRIPTS if STORING.search(text)]
    named = [{name for found in NAME.findall(text) for name in found if name} for text in storing]
    assert all(named)
    assert len(storing) >= 7
    told = {name for _, _, name in KEPT}
    assert set().union(*named) == {name for name in told if name.startswith("cityatlas")} | {"lang", "look", "type"}


def test_every_cookie_that_the_server_sets_is_told() -> None:
    setting = [path for path in PACKAGE.rglob("*.py") if ".set_cookie(" in path.read_text("utf-8")]
    assert sorted(path.name for path in setting) == ["changes.py", "known_devices.py"]
    assert {"changes", "{desk}", "{desk}-known"} <= {name for _, _, name in KEPT}


def test_no_row_is_left_without_words_and_no_words_without_a_row() -> None:
    told = {key.removeprefix("kept.what_") for key in messages("en") if key.startswith("kept.what_")}
    assert told == {key for _, key, _ in KEPT}


def test_a_backup_leaves_out_what_the_page_says() -> None:
    assert {"sessions", "attempts", "presences", "reports", "report_answers"} <= NOT_COPIED


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_all_of_it_in_words(client: FlaskClient, lang: str) -> None:
    soup = shown(client, lang)
    assert len(soup.select("dt")) == len(KEPT)
    assert "{" not in soup.get_text()
    assert soup.select(f'footer a[href="/{lang}/help/privacy"]')


def app_of(folder: Path, toy_city: Path, *, report_days: int = 90, embed_days: int, session_h: int = 8) -> Flask:
    kept = {"report_days": report_days, "embed_days": embed_days, "session_h": session_h}
    return create_app(
        read_settings({"CITYATLAS_PUBLIC_URL": "https://a.example"}, toy_city, var=folder / "var", **kept)
    )


def test_days_are_those_of_the_settings(tmp_path: Path, toy_city: Path) -> None:
    text = shown(app_of(tmp_path, toy_city, report_days=17, embed_days=43, session_h=5).test_client()).get_text()
    assert {"17 days", "43 days", "5 hours", "30 days"} <= set(re.findall(r"\d+ (?:days|hours)", text))
    assert "__Host-desk-known" in text
    none = shown(app_of(tmp_path, toy_city, embed_days=0).test_client()).get_text()
    assert "Not counted here" in none
