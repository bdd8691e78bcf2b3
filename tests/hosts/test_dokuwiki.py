"""Put a linked picture of ours into DokuWiki, which takes no frame: it is shown, named, and leads to our page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hosts.servers import need, served_php

SOURCE, SETTINGS, DATA = Path("/usr/share/dokuwiki"), Path("/etc/dokuwiki"), Path("/var/lib/dokuwiki/data")
ROUTE = "/zh/routes/water-shore-route"
PRELOAD = "<?php\nif (!defined('DOKU_CONF')) { define('DOKU_CONF', '%s/'); }\n"
LOCAL = "<?php\n$conf['savedir'] = '%s'; $conf['useacl'] = 0; $conf['title'] = 'Host'; $conf['updatecheck'] = 0;\n"
WIDTH_PX = 400


@pytest.fixture(scope="module")
def wiki(atlas: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a wiki whose first page shows a tour route."""
    need(str(SOURCE / "doku.php"), str(DATA), programs=("php",))
    folder = tmp_path_factory.mktemp("dokuwiki")
    shutil.copytree(SOURCE, folder / "site")
    shutil.copytree(SETTINGS, folder / "conf")
    shutil.copytree(DATA, folder / "data")
    (folder / "site" / "inc" / "preload.php").write_text(PRELOAD % (folder / "conf"))
    (folder / "conf" / "local.php").write_text(LOCAL % (folder / "data"))
    pasted = f"[[{atlas}{ROUTE}|{{{{{atlas}{ROUTE}.png?{WIDTH_PX}}}}}]]"
    (folder / "data" / "pages").mkdir(exist_ok=True)
    (folder / "data" / "pages" / "start.txt").write_text(f"====== Host ======\n{pasted}\n")
    with served_php(folder / "site") as address:
        yield address


def test_a_wiki_shows_the_picture_of_a_route_and_leads_to_its_page(browser: Browser, wiki: str, atlas: str) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.goto(f"{wiki}/doku.php?id=start")
    image = page.locator(f"a[href='{atlas}{ROUTE}'] img")
    image.wait_for()
    page.wait_for_function("document.querySelector('a img.media').naturalWidth > 0")
    size = image.evaluate("image => [image.clientWidth, image.naturalWidth, image.naturalHeight]")
    assert size[0] == WIDTH_PX
    assert abs(size[1] / size[2] - 1200 / 630) < 0.01
    assert faults == []
    image.click()
    page.wait_for_url(f"{atlas}{ROUTE}")
    page.close()
