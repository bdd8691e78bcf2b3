"""Keep the city on a phone and look at it without a network; a full phone is told, a broken worker heals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Response, request
from playwright.sync_api import Error, Page, expect

from browser.conftest import PHONE, OpenVisit, Visit, served
from browser.plans import SATURDAY
from cityatlas.settings import Settings
from cityatlas.web.http.pages import send
from cityatlas.web.public import offline
from toy_plan import write_walkable

BROKEN = """addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => event.respondWith(Response.error()));"""
PLAN = f"date={SATURDAY}&start=09%3A00&end=13%3A00&must=mill&unknown_hours=yes"


@pytest.fixture(scope="module")
def toy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the toy city with its streets."""
    folder = tmp_path_factory.mktemp("toy")
    with served(Settings(geodata=write_walkable(folder / "city"), var=folder / "var")) as url:
        yield url


def keep(visit: Visit) -> Page:
    """Keep the city by the button of the page about the data."""
    page = visit.open("/en/about#keep")
    page.get_by_role("button", name="Keep the city on this phone").click()
    expect(page.locator("[data-keep=told]")).to_contain_text("It opens without a network", timeout=20_000)
    return page


@contextmanager
def without_network(visit: Visit) -> Iterator[None]:
    visit.context.set_offline(True)
    yield
    visit.context.set_offline(False)


def caches_of(page: Page) -> list[str]:
    found: list[str] = page.evaluate("caches.keys()")
    return found


def test_a_kept_city_opens_without_a_network_and_goes_when_it_is_removed(visit: OpenVisit, toy_site: str) -> None:
    phone = visit(PHONE, at=toy_site)
    page = phone.open("/en/about")
    plans = json.dumps([{"name": "Our Saturday", "day": SATURDAY, "query": PLAN}])
    page.evaluate("plans => localStorage.setItem('cityatlas.plans', plans)", plans)
    page = keep(phone)
    assert len([name for name in caches_of(page) if name.startswith("cityatlas:city:en:")]) == 1
    with without_network(phone):
        page.goto(f"{phone.address}/en/?site=mill")
        page.wait_for_selector("#picture", state="detached")
        expect(page.locator("#card-place h2")).to_have_text("Old mill")
        expect(page.get_by_text("No network: this is as kept on")).to_be_visible()
        page.goto(f"{phone.address}/en/sites/mill")
        expect(page.locator("h1")).to_have_text("Old mill")
        assert page.title().startswith("Old mill")
        page.goto(f"{phone.address}/en/routes/")
        page.locator("main a[href*='/routes/']").first.click()
        expect(page.locator("h1")).to_be_visible()
        page.goto(f"{phone.address}/en/plan?{PLAN}")
        expect(page.locator("main")).to_contain_text("Old mill")
        page.get_by_role("button", name="Guide me").click()
        page.locator("[data-walk=on]").click()
        expect(page.locator("#walk-title")).to_have_text("At stop 1: Memory hall")
        expect(page.get_by_role("button", name="2. Old mill")).to_be_visible()  # on the map, which moves along
        page.goto(f"{phone.address}/en/help/api")
        expect(page.locator("h1")).to_have_text("This page is not kept on this phone")
    page.goto(f"{phone.address}/en/about")
    page.get_by_role("button", name="Remove it from this phone").click()
    expect(page.locator("[data-keep=told]")).to_have_text("It is no longer on this phone.")
    assert caches_of(page) == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    phone.allow_complaints()  # of what it asked for without a network


RENEWED = """() => {
  dispatchEvent(new Event("online"));
  return navigator.locks.request("cityatlas:plans", () => caches.keys());  // it waits for what is renewed
}"""
WHOLE = "name => caches.open(name).then(cache => cache.keys()).then(all => all.length)"
# The network is gone from the moment that an address with these letters is asked for.
DIES = """lost => {
  const ask = globalThis.asked ??= fetch;
  let isGone = false;
  globalThis.fetch = (address, options) => {
    isGone ||= Boolean(lost) && String(address).includes(lost);
    const anew = String(address).endsWith("/offline.json") ? `${address}?${Math.random()}` : address;  // no kept answer
    return isGone ? Promise.reject(new TypeError("no network")) : ask(anew, options);
  };
}"""


def test_a_renewal_that_breaks_in_the_middle_leaves_all_as_it_was(
    visit: OpenVisit, toy_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = visit(PHONE, at=toy_site)
    page = phone.open("/en/about")
    plans = json.dumps([{"name": "Our Saturday", "day": "2027-03-06", "query": PLAN}])
    page.evaluate("plans => localStorage.setItem('cityatlas.plans', plans)", plans)
    page = keep(phone)
    before, kept = sorted(caches_of(page)), page.evaluate("localStorage['cityatlas.offline']")
    sizes = [page.evaluate(WHOLE, name) for name in before]
    table = page.request.get(f"{toy_site}/en/offline.json").json() | {"revision": "f" * 16}
    wrong = table | {"files": [*table["files"][:-1], {**table["files"][-1], "sha256": "0" * 64}]}
    for told, lost in ((wrong, ""), (table, "/en/routes/boat-tour"), (table, "/en/plan?")):
        monkeypatch.setattr(offline, "send", listing(told))  # the server is a thread of this process
        page.evaluate(DIES, lost)
        assert sorted(page.evaluate(RENEWED)) == before
        assert [page.evaluate(WHOLE, name) for name in before] == sizes
        assert page.evaluate("localStorage['cityatlas.offline']") == kept
    expect(page.get_by_text("No network: this is as kept on")).to_be_visible()  # though the phone says it has one
    page.evaluate(DIES, "")
    assert sorted(page.evaluate(RENEWED)) == [f"cityatlas:city:en:{'f' * 16}", "cityatlas:plans"]
    expect(page.get_by_text("No network: this is as kept on")).to_be_hidden()
    assert page.evaluate("caches.delete('cityatlas:city:en:ffffffffffffffff')")  # as a browser may, without a word
    page.add_init_script("Object.defineProperty(navigator, 'onLine', {value: false})")
    page.reload()
    expect(page.locator("[data-keep=told]")).to_contain_text("The browser has removed")
    phone.allow_complaints()


def listing(told: dict[str, object]) -> Callable[..., Response]:
    """Return what answers with a list of files of another revision; all else is answered as always."""

    def answer(make: object, mimetype: str, **more: Any) -> Response:  # Any: as `send` takes them
        is_list = request.path.endswith("/offline.json")
        return Response(json.dumps(told), mimetype=mimetype) if is_list else send(make, mimetype, **more)  # type: ignore[arg-type]

    return answer


@pytest.mark.parametrize("sign", ["appinstalled", "standalone"])
def test_once_it_is_installed_a_phone_keeps_the_city_by_itself(visit: OpenVisit, toy_site: str, sign: str) -> None:
    phone = visit(PHONE, at=toy_site)
    if sign == "standalone":
        phone.context.add_init_script(
            "const ask = matchMedia;"
            "globalThis.matchMedia = (query) => query.includes('standalone') ? {matches: true} : ask(query);"
        )
    page = phone.open("/en/figures")
    if sign == "appinstalled":
        assert caches_of(page) == []
        page.evaluate("dispatchEvent(new Event('appinstalled'))")
    for _ in range(200):  # the script that keeps is asked for first
        kept = page.evaluate("navigator.locks.request('cityatlas:plans', () => caches.keys())")
        if any(name.startswith("cityatlas:city:en:") for name in kept):
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"{kept} is all that was kept")
    with without_network(phone):
        page.goto(f"{phone.address}/en/sites/mill")
        expect(page.locator("h1")).to_have_text("Old mill")
        expect(page.get_by_text("No network: this is as kept on")).to_be_visible()
    phone.allow_complaints()


def test_a_browser_without_workers_is_offered_the_map_in_one_file(visit: OpenVisit, toy_site: str) -> None:
    phone = visit(PHONE, at=toy_site, accept_downloads=True)
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")  # as in WeChat on an iPhone
    page = phone.open("/zh/about")
    assert page.evaluate("'serviceWorker' in navigator") is False
    expect(page.get_by_role("button", name="把这座城市存在手机上")).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载地图（一个网页文件）").click()
    text = saved.value.path().read_text("utf-8")
    assert "老磨坊" in text
    assert "http://127.0.0.1" not in text.replace(toy_site, "")


def told_of(page: Page, words: str) -> None:
    """Press the button, and expect to be told that nothing was kept."""
    page.get_by_role("button", name="Keep the city on this phone").click()
    expect(page.locator("[data-keep=told]")).to_contain_text(words, timeout=20_000)
    assert caches_of(page) == []


def test_a_full_phone_and_a_file_of_another_revision_are_told_and_nothing_is_kept(
    visit: OpenVisit, toy_site: str
) -> None:
    phone = visit(PHONE, at=toy_site)
    page = phone.open("/en/about")
    table = page.request.get(f"{toy_site}/en/offline.json").json()
    table["files"][-1]["sha256"] = "0" * 64
    phone.context.route("**/offline.json", lambda route: route.fulfill(json=table))
    told_of(page, "It could not be kept")
    phone.context.unroute("**/offline.json")
    session = phone.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 200_000})
    told_of(page, "This phone has no room for it")
    phone.allow_complaints()


def test_a_broken_worker_heals_at_the_next_visit(
    visit: OpenVisit, toy_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = visit(PHONE, at=toy_site)
    page = phone.open("/en/about")
    with monkeypatch.context() as patch:
        patch.setattr(offline, "built_text", lambda _: BROKEN)  # the server is a thread of this process
        page.evaluate("navigator.serviceWorker.register('/sw.js', {updateViaCache: 'none'})")
        page.evaluate("navigator.serviceWorker.ready.then(({active}) => active.state)")
        with pytest.raises(Error, match="ERR_FAILED"):
            page.goto(f"{phone.address}/en/figures")
    for _ in range(5):  # Chromium asks for the worker anew a second after a visit, whatever the old one answered
        page.wait_for_timeout(1_500)
        with suppress(Error):
            page.goto(f"{phone.address}/en/figures")
            break
    expect(page.locator("h1")).to_be_visible()
    phone.allow_complaints()
