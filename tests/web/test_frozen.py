"""Freeze a small city and hold it to what a host of plain files can do: every link leads to a file that is there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask

from cityatlas.app import create_app
from cityatlas.cli.main import main
from cityatlas.errors import InvalidValue
from cityatlas.settings import Settings
from cityatlas.web.frozen.addresses import ASKED, FILES, FORMATS, LIVE, PAGES, Places
from cityatlas.web.frozen.folder import write_site
from cityatlas.web.frozen.freeze import FrozenFile, freeze
from cityatlas.web.frozen.links import Linker
from cityatlas.web.staff.auth.access import ACCESS
from toy import Json, sights, with_properties, works, write_city

ROOT, LIVE_SITE = "https://files.example", "https://live.example"
LINKS = ("href", "src", "action")


def small_city(folder: Path, **mill: str) -> Path:
    """Write the toy city without hall and old town, which the freeze of a test need not draw."""
    few: Json = with_properties(sights(), "mill", **mill)
    few["features"] = [row for row in few["features"] if row["id"] != "hall"]
    few["features"][-1]["properties"] |= {"stops": ["mill", "quay"], "legs": [{"mode": "walk"}]}
    few["features"][-1]["geometry"]["coordinates"] = [[121.0, 30.7], [121.01, 30.7]]
    built = works()
    built["features"] = built["features"][1:]
    write_city(folder, sights=few, works=built)
    (folder / "figures.json").write_text('{"figures": []}')
    return folder


def app_of(folder: Path, city: Path, public_url: str = ROOT) -> Flask:
    return create_app(Settings(geodata=city, var=folder / "var", public_url=public_url, plans_per_minute=10**9))


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a frozen city that has no live site."""
    folder = tmp_path_factory.mktemp("frozen")
    write_site(freeze(app_of(folder, small_city(folder / "city")), ROOT), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def pages(frozen: Path) -> dict[str, BeautifulSoup]:
    """Return all pages of it by their address."""
    paths = sorted(frozen.rglob("*.html"))
    return {
        f"/{one.relative_to(frozen).as_posix()}": BeautifulSoup(one.read_text("utf-8"), "html.parser") for one in paths
    }


def addresses_in(page: BeautifulSoup, base: str) -> Iterator[str]:
    """Yield every address of the frozen site that a page names, for people and for its script."""
    for tag in page.find_all(True):
        named = [str(tag[key]) for key in LINKS if tag.has_attr(key)]
        named += [row.strip().split(" ")[0] for row in str(tag.get("srcset", "")).split(",") if row]
        named += [str(tag["content"]) for _ in [0] if str(tag.get("content", "")).startswith(ROOT)]
        for address in named:
            whole = urljoin(ROOT + base, address)
            if whole.startswith(f"{ROOT}/"):
                yield whole.removeprefix(ROOT)
    if data := page.find(id="atlas"):
        yield from (one for one in texts(json.loads(data.get_text())) if one.startswith("/"))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def test_every_link_of_a_frozen_city_leads_to_a_file(frozen: Path, pages: dict[str, BeautifulSoup]) -> None:
    led = {address for path, page in pages.items() for address in addresses_in(page, path)}
    server_alone = {f"/{lang}/hours.json" for lang in ("zh", "en")}  # named to a script that has no field to ask with
    files = {unquote(address.partition("#")[0].partition("?")[0]).replace("/-/", "/mill/") for address in led}
    dead = sorted(path for path in files - server_alone if not (frozen / path.lstrip("/")).is_file())
    assert dead == []
    assert len(files) > 100
    assert {"/zh/sites/mill.gpx", "/layers/sights.gpkg", "/en/routes/boat-tour.pdf"} <= files
    asked = {address.partition("?")[0] for address in led if "?" in address}
    assert asked <= {f"/{lang}/{page}" for lang in ("zh", "en") for page in ("index.html", "search/index.html")}


def test_fragments_lead_to_something_on_their_page(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        here = {str(a["href"])[1:] for a in page.select('a[href^="#"]')}
        assert here <= {str(one["id"]) for one in page.select("[id]")}, path


def test_each_frame_search_and_bare_address_is_there(frozen: Path) -> None:
    for lang in ("zh/", "en/", ""):
        for frame in ("", "layers/sights/", "sites/mill/", "routes/boat-tour/"):
            assert (frozen / f"{lang}embed/{frame}index.html").is_file()
    found = json.loads((frozen / "en/search-index.json").read_text("utf-8"))
    assert {"oldmill", "laomofang", "lmf", "老磨坊"} <= set({row["id"]: row for row in found}["mill"]["words"])
    page = BeautifulSoup((frozen / "en/search/index.html").read_text("utf-8"), "html.parser")
    assert page.select_one('#found-here[data-index="/en/search-index.json"][data-site="/en/sites/-/index.html"]')
    assert 'url=/zh/sites/mill/index.html"' in (frozen / "sites/mill/index.html").read_text("utf-8")


def test_what_needs_a_server_is_not_offered(pages: dict[str, BeautifulSoup]) -> None:
    page = pages["/en/index.html"]
    assert not page.select("[data-now], [data-hours], input[name=at], link[type*=oembed]")
    for path, page in pages.items():
        for gone in page.select("[data-frozen]"):
            assert gone.has_attr("hidden"), path
            assert not any(gone.has_attr(key) for key in LINKS)
        assert not page.select("form:not([hidden]):not([role=search]):not(#filters)"), path


def test_pages_carry_their_policy(frozen: Path) -> None:
    policy = BeautifulSoup((frozen / "zh/about/index.html").read_text("utf-8"), "html.parser").find("meta")
    assert policy
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert "default-src 'none'; script-src 'self'" in str(policy["content"])
    assert "unsafe" not in str(policy["content"])
    assert "frame-ancestors" not in str(policy["content"])


def test_the_manifest_says_how_each_file_is_sent(frozen: Path) -> None:
    rows = json.loads((frozen / "freeze.json").read_text("utf-8"))["files"]
    by_path = {row["path"]: row for row in rows}
    assert [row["step"] for row in rows] == sorted((row["step"] for row in rows), key=["assets", "data", "pages"].index)
    packed = by_path["zh/index.html.br"]
    assert (packed["type"], packed["encoding"]) == ("text/html; charset=utf-8", "br")
    assert packed["bytes"] == (frozen / "zh/index.html.br").stat().st_size
    assert "immutable" in next(row["cache"] for path, row in by_path.items() if path.startswith("static/map."))
    assert "immutable" not in by_path["zh/index.html"]["cache"]
    there = {path.relative_to(frozen).as_posix() for path in frozen.rglob("*") if path.is_file()}
    assert there == {*by_path, "freeze.json"}


def test_with_a_live_site_what_needs_a_server_leads_there(tmp_path: Path) -> None:
    app = app_of(tmp_path, small_city(tmp_path / "city"), LIVE_SITE)
    app.config["IS_FROZEN"] = True
    linker = Linker(Places(app), LIVE_SITE, ROOT, LIVE_SITE)
    page = BeautifulSoup(
        linker.page(app.test_client().get("/en/sites/mill").text, "/en/sites/mill", "policy"), "html.parser"
    )
    assert not page.select("[data-frozen]")
    assert page.select_one(f'a[href="{LIVE_SITE}/en/embed/builder?of=sites/mill"]')
    assert page.select_one(f'link[rel=canonical][href="{LIVE_SITE}/en/sites/mill"]')
    assert page.select_one('a[href="/en/index.html?site=mill"]')


def test_an_edit_of_one_place_changes_no_page_of_another(tmp_path: Path) -> None:
    def frozen_page(name: str, **mill: str) -> str:
        app = app_of(tmp_path / name, small_city(tmp_path / name / "city", **mill))
        app.config["IS_FROZEN"] = True
        return Linker(Places(app), ROOT, ROOT, "").page(app.test_client().get("/en/sites/quay").text, "/en/sites/quay")

    assert frozen_page("one") == frozen_page("other", phone="0573-85012345", phone_source="Town paper")


def test_every_public_address_is_frozen_or_live(toy_app: Flask) -> None:
    public = {rule.endpoint for rule in toy_app.url_map.iter_rules()} - ACCESS.keys()
    assert public | {"staff_help.show"} == PAGES | FILES | LIVE
    assert not (PAGES | FILES) & LIVE
    assert ASKED.isdisjoint(FORMATS)


def a_file(path: str, text: str, mimetype: str = "text/html") -> FrozenFile:
    return FrozenFile(path, text.encode(), mimetype, "public")


def test_a_second_freeze_writes_only_what_changed_and_says_what_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = [a_file("a/index.html", "a"), a_file("b/index.html", "b"), a_file("a.json", "{}", "application/json")]
    assert len(write_site(first, out).written) == 3
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    second = [
        a_file("a/index.html", "new"),
        a_file("a.json", "{}", "application/json"),
        a_file("static/x.js", "x", "text/javascript"),
    ]
    change = write_site(second, out)
    assert change.written == ("static/x.js", "a/index.html")  # assets before pages
    assert change.deleted == ("b/index.html",)
    assert not (out / "b/index.html").exists()
    assert (out / "a.json").stat().st_mtime_ns == times[out / "a.json"]
    lists = {path.name: path.read_text().split() for path in (tmp_path / "out.changes").glob("*.txt")}
    assert lists == {
        "1-assets.txt": ["static/x.js"],
        "2-data.txt": [],
        "3-pages.txt": ["a/index.html"],
        "4-manifest.txt": ["freeze.json"],
        "5-deleted.txt": ["b/index.html"],
    }
    assert write_site(second, out).written == ()


def test_the_script_uploads_each_file_with_the_headers_of_the_manifest(tmp_path: Path) -> None:
    out, log = tmp_path / "it's out", tmp_path / "log"
    program = tmp_path / "rclone"  # stands for the real one, and notes what it is told
    program.write_text(f'#!/bin/sh\n(printf "%s\\t" "$@"; cat | tr "\\n" " "; echo) >> "{log}"\n')
    program.chmod(0o755)
    files = [a_file("gone.html", "x"), a_file("a.html", "a"), a_file("平湖.html", "b")]
    write_site(files, out)
    files = [a_file("a.html", "new"), FrozenFile("a.html.br", b"x", "text/html", "public", "br"), files[2]]
    write_site([*files, FrozenFile("static/x.js", b"x", "text/javascript", "public, immutable")], out)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", f"{out}.changes/upload.sh", "s:b"], env=env, check=True, stdin=subprocess.DEVNULL)
    told = [line.split("\t") for line in log.read_text("utf-8").splitlines()]
    assert all(one[1:3] == [f"{tmp_path}/it's out.changes/../it's out", "s:b"] for one in told[:-1])
    html, page = "Content-Type: text/html; charset=utf-8", "Cache-Control: public"
    script = ["Content-Type: text/javascript; charset=utf-8", "Cache-Control: public, immutable"]
    assert [(one[8::2], one[-1]) for one in told[:-1]] == [
        (script, "static/x.js "),
        ([html, page], "a.html "),
        ([html, page, "Content-Encoding: br"], "a.html.br "),
        (["Content-Type: application/json", "Cache-Control: no-cache"], "freeze.json "),
    ]
    assert told[-1][:3] == ["delete", "s:b", "--files-from"]
    assert Path(told[-1][3]).read_text("utf-8") == "gone.html\n"


def test_a_freeze_that_fails_leaves_the_old_site_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site([a_file("index.html", "old")], out)

    def failing() -> Iterator[FrozenFile]:
        yield a_file("index.html", "new")
        raise InvalidValue("no")

    with pytest.raises(InvalidValue):
        write_site(failing(), out)
    assert {path.name: path.read_text() for path in out.iterdir() if path.name != "freeze.json"} == {
        "index.html": "old"
    }


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InvalidValue):
        write_site([a_file("index.html", "x")], tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_the_command_asks_where_the_files_will_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYATLAS_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("CITYATLAS_PUBLIC_URL", raising=False)
    answer = CliRunner().invoke(main, ["freeze", str(tmp_path / "out"), "--geodata", str(write_city(tmp_path / "c"))])
    assert answer.exit_code == 2
    assert "--address" in answer.output
