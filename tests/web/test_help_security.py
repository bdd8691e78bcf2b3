"""Hold the page of threats to the tests that it names, and to words for each row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.i18n import LANGUAGES, messages
from cityatlas.web.help.security import THREATS

ROOT = Path(__file__).parents[2]


def functions_of(name: str) -> set[str]:
    """Return the names of the tests in a file: of functions, or in JavaScript what each is called."""
    text = (ROOT / name).read_text("utf-8")
    if name.endswith(".js"):
        return set(re.findall(r'^test\("([^"]+)"', text, re.M))
    tree = ast.parse(text)
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_test_that_a_defence_names_is_there() -> None:
    named = [test.split("::") for _, _, test in THREATS]
    assert [(path, name) for path, name in named if name not in functions_of(path)] == []
    assert len({key for _, key, _ in THREATS}) == len(THREATS)


def test_no_row_is_left_without_words_and_no_words_without_a_row() -> None:
    told = {key.removeprefix("threats.threat_") for key in messages("en") if key.startswith("threats.threat_")}
    assert told == {key for _, key, _ in THREATS}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_each_threat_its_defence_and_its_test(client: FlaskClient, lang: str) -> None:
    soup = BeautifulSoup(client.get(f"/{lang}/help/security").text, "html.parser")
    assert [code.get_text() for code in soup.select("#defended dd > code")] == [test for _, _, test in THREATS]
    assert len(soup.select("#defended dt")) == len(THREATS)
    assert len(soup.select("#open li")) >= 8
    assert "{" not in soup.get_text()


def test_the_footer_leads_there(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/en/about").text, "html.parser")
    assert soup.select('footer a[href="/en/help/security"]')
