"""Paste addresses of ours into WordPress: the frame appears, gets its height, and its links open on top."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page

from hosts.servers import need, served_php, started, wait_for_file

SOURCE = Path("/usr/share/wordpress")
THEME = SOURCE / "wp-content" / "themes" / "twentytwentythree"
ROUTE = "/zh/routes/water-shore-route"
PASTED = (ROUTE, "/en/sites/mo-manor", "/en/layers/sights", "/zh/", "/zh/about")
# A plugin of three lines, since WordPress asks no address of the machine that it runs on unless somebody lets it.
PLUGIN = """<?php
add_filter('http_request_host_is_external', '__return_true');
add_filter('pre_wp_mail', '__return_true');
"""
CONFIG = """<?php
define('DB_NAME', 'host'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{address}'); define('WP_SITEURL', '{address}');
define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY'] as $key) {{ define($key, 'of a test'); }}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
MOST_PX = 1_000  # to which WordPress cuts the height of a frame


@dataclass(frozen=True)
class Posts:
    """Hold the address of a WordPress and the number of the post for each pasted address."""

    address: str
    numbers: dict[str, str]

    def of(self, pasted: str) -> str:
        return f"{self.address}/?p={self.numbers[pasted]}"


@pytest.fixture(scope="module")
def posts(atlas: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posts]:
    """Return a WordPress with a post for each pasted address."""
    need(str(SOURCE / "wp-load.php"), str(THEME), programs=("php", "mariadbd", "mariadb-install-db", "mariadb"))
    folder = tmp_path_factory.mktemp("wordpress")
    with _database(folder) as database:
        root = folder / "site"
        shutil.copytree(SOURCE, root)
        (root / "favicon.ico").touch()  # else the browser complains that WordPress has none
        (root / "wp-content" / "mu-plugins").mkdir()
        (root / "wp-content" / "mu-plugins" / "loopback.php").write_text(PLUGIN)
        with served_php(root) as address:
            (root / "wp-config.php").write_text(CONFIG.format(socket=database, address=address))
            yield Posts(address, _written(root, atlas))


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    """Yield the socket of a MariaDB of our own, which listens to no network."""
    data, at = folder / "data", folder / "db.sock"
    whose = "--user=root" if os.geteuid() == 0 else f"--user={getpass.getuser()}"
    begin = [
        "mariadb-install-db",
        "--no-defaults",
        whose,
        f"--datadir={data}",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run(begin, check=True, capture_output=True)
    serve = ["mariadbd", "--no-defaults", whose, f"--datadir={data}", f"--socket={at}", "--skip-networking"]
    with started([*serve, f"--pid-file={folder / 'db.pid'}"]):
        wait_for_file(at)
        make = ["mariadb", "--no-defaults", f"--socket={at}", "-uroot", "-e", "create database host"]
        subprocess.run(make, check=True, capture_output=True)
        yield at


def _written(root: Path, atlas: str) -> dict[str, str]:
    script = Path(__file__).with_name("install_wordpress.php")
    command = ["php", str(script), str(root), *(f"{atlas}{path}" for path in PASTED)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    return dict(zip(PASTED, done.stdout.split()[-len(PASTED) :], strict=True))


def opened(browser: Browser, address: str, width_px: int = 1280) -> tuple[Page, list[str]]:
    """Return a page and what its console complains of."""
    page = browser.new_page(viewport={"width": width_px, "height": 900})
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    return page, faults


def frame_of(page: Page) -> Frame:
    handle = page.wait_for_selector("iframe.wp-embedded-content")
    assert handle
    frame = handle.content_frame()
    assert frame
    return frame


@pytest.mark.parametrize("pasted", PASTED[:4])
def test_a_pasted_address_becomes_a_frame_of_its_own_height(browser: Browser, posts: Posts, pasted: str) -> None:
    page, faults = opened(browser, posts.of(pasted))
    frame = frame_of(page)
    page.wait_for_function(
        "document.querySelector('iframe.wp-embedded-content').getAttribute('height') > 0"
        " && getComputedStyle(document.querySelector('iframe.wp-embedded-content')).position !== 'absolute'",
        timeout=1_000,
    )
    inside_px = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    page.wait_for_function(
        "wanted => Math.abs(document.querySelector('iframe.wp-embedded-content').offsetHeight - wanted) <= 2",
        arg=min(MOST_PX, inside_px),
        timeout=1_000,
    )
    assert inside_px >= 200
    assert page.locator("iframe.wp-embedded-content").evaluate("frame => frame.sandbox.value") == "allow-scripts"
    assert page.locator("blockquote.wp-embedded-content").is_hidden()
    assert faults == []
    page.close()


def test_the_frame_fits_a_phone(browser: Browser, posts: Posts) -> None:
    page, faults = opened(browser, posts.of(ROUTE), width_px=360)
    frame_of(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults == []
    page.close()


def test_a_link_of_the_frame_opens_on_top(browser: Browser, posts: Posts, atlas: str) -> None:
    page, _ = opened(browser, posts.of(ROUTE))
    frame_of(page).locator(".embed-foot a").click()
    page.wait_for_url(f"{atlas}{ROUTE}")
    page.close()


def test_without_scripts_the_link_stands_there(browser: Browser, posts: Posts, atlas: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(posts.of(ROUTE))
    link = page.locator("blockquote.wp-embedded-content a")
    assert (link.is_visible(), link.get_attribute("href")) == (True, f"{atlas}{ROUTE}")
    context.close()


def test_a_page_without_a_frame_stays_a_link(browser: Browser, posts: Posts, atlas: str) -> None:
    page, _ = opened(browser, posts.of("/zh/about"))
    assert page.locator("iframe").count() == 0
    assert page.get_by_text(re.compile(f"{atlas}/zh/about")).count() == 1
    page.close()
