"""Take the pictures of the staff handbook: a browser at a desk of the shipped city, with people who do not exist.

`cd tests && PYTHONPATH=../src:. ../.venv/bin/python -m browser.handbook_pictures [NAME...]` takes all of them, or those
named, in both languages, and writes src/cityatlas/static/help/<language>/<name>.webp. Look at them before you commit.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from browser.conftest import served
from chromium import QUIET, chromium_path
from cityatlas.app import create_app
from cityatlas.exchange.tables.headings import heading_of
from cityatlas.i18n import LANGUAGES, Language, translate
from cityatlas.paths import PACKAGE
from cityatlas.settings import Settings
from cityatlas.store import Edit, change_state, open_draft
from cityatlas.store.people import accounts
from cityatlas.store.people.accounts import NewAccount
from cityatlas.store.reports import NewReport, add_report
from cityatlas.store.vain_searches import add_terms
from cityatlas.versioning.content import content_of
from staff import PASSWORD, store_of
from staff_desk import content, put

PICTURES = PACKAGE / "static" / "help"
WIDTH_PX, HEIGHT_PX, PICTURE_PX = 960, 640, 1080
WIDE_PX, TALL_PX = 1320, 840  # a window in which form and map stand side by side
MOST_HEIGHT_PX = 900  # of a part of a page that is shown
MOST_BYTES = 70_000
SAVED_MS = 4_000  # two seconds after the last change, and some
PHONE_PX = (390, 760)
HERE = {"longitude": 121.0201, "latitude": 30.7003, "accuracy": 4}  # at the lake
PEOPLE = {"zh": ("王芳", "李伟", "陈静"), "en": ("Wang Fang", "Li Wei", "Chen Jing")}
PLACE = "li-shutong-memorial"
SAID: dict[str, dict[Language, Any]] = {  # Any: a text, or several
    "name": {"zh": "李叔同纪念馆", "en": "Li Shutong Memorial Hall"},
    "address": {"zh": "当湖街道叔同路29号", "en": "29 Shutong Road, Danghu"},
    "first": {"zh": "叔同路29号", "en": "29 Shutong Road"},
    "mine": {"zh": "叔同路29号，东门进", "en": "29 Shutong Road, east gate"},
    "theirs": {"zh": "叔同路29号（东湖西岸）", "en": "29 Shutong Road, by East Lake"},
    "review": {"zh": "到现场量过，门牌也核对了。", "en": "Measured at the door; the house number is checked too."},
    "why": {"zh": "门牌换了新的。", "en": "The house has a new number."},
    "alt": {"zh": "雨后的老石桥，桥下停着一条木船", "en": "The old stone bridge after rain, a wooden boat below"},
    "photo": {"zh": "石桥.jpg", "en": "bridge.jpg"},
    "faults": {"zh": ("九点到五点", "半小时"), "en": ("nine to five", "half an hour")},
    "report": {"zh": "周一也开门了。", "en": "It is open on Mondays, too."},
    "sought": {"zh": ("停车场", "咖啡", "少儿图书馆"), "en": ("parking", "coffee", "children's library")},
    "batch": {"zh": "补上主题", "en": "Themes that were missing"},
    "restored": {"zh": "（修缮后）", "en": " (restored)"},
}


@dataclass(frozen=True)
class Desk:
    """Hold a desk that is served: its application, its address, the browser and the language of the pictures."""

    app: Flask
    address: str
    browser: Browser
    language: Language

    def open(self, path: str, login: str = "ed", *, is_wide: bool = False, is_phone: bool = False) -> Page:
        """Return a page of the desk, opened by somebody who logs in on the way; a phone is at the lake."""
        width_px, height_px = PHONE_PX if is_phone else (WIDE_PX, TALL_PX) if is_wide else (WIDTH_PX, HEIGHT_PX)
        context = self.browser.new_context(
            viewport={"width": width_px, "height": height_px},
            device_scale_factor=1.5 if is_phone else PICTURE_PX / width_px,
            geolocation=HERE,  # type: ignore[arg-type]
            permissions=["geolocation"],
        )
        page = context.new_page()
        page.goto(f"{self.address}/{self.language}/staff{path}")
        page.locator("[name=login]").fill(login)
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/staff{path}")
        page.wait_for_load_state("networkidle")
        return page

    def edit(self, path: str, login: str = "ed", *, is_wide: bool = False) -> Page:
        """Return the page on which a feature is edited, when its scripts are there and its map is drawn."""
        page = self.open(path, login, is_wide=is_wide)
        page.locator(".edit-state").wait_for(state="attached")
        page.wait_for_timeout(800)
        return page

    def said(self, key: str) -> str:
        """Return something that is typed, in the language of the pictures."""
        return str(SAID[key][self.language])


@contextmanager
def desk_of(browser: Browser, language: Language) -> Iterator[Desk]:
    """Yield a desk of the shipped city with an editor and a contributor, a draft in review and some history."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings(var=Path(folder)))
        store = store_of(app)
        roles = (("ed", "editor"), ("li", "contributor"), ("an", "admin"))
        for (login, role), name in zip(roles, PEOPLE[language], strict=True):
            accounts.add_account(store, NewAccount(login, role, name))  # type: ignore[arg-type]
            accounts.set_password(store, login, accounts.hash_password(PASSWORD))
        first = put(app, PLACE, name=SAID["name"])
        put(app, PLACE, first, name=SAID["name"], address=SAID["address"], order={"comment": SAID["why"][language]})
        said = content(app, "mo-manor")
        lon, lat = said.geometry["coordinates"]  # type: ignore[index]
        shape = {"type": "Point", "coordinates": [lon + 0.0012, lat + 0.0006]}
        changed = content_of(said.layer, shape, said.properties | {"address": SAID["address"]})
        saved = open_draft(store, Edit("mo-manor", changed, "li"), said).revision
        change_state(store, saved.branch or "", saved.number, "in_review", "li", SAID["review"][language])
        add_report(store, NewReport(PLACE, "hours", SAID["report"][language], "", language))
        monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011
        add_terms(store, monday, dict(zip(SAID["sought"][language], (12, 7, 4), strict=True)), 26)
        with served(app.config["SETTINGS"]) as address:
            yield Desk(app, address, browser, language)


def shoot(page: Page, selector: str = "", most_px: int = MOST_HEIGHT_PX) -> bytes:
    """Return what the window shows, or a part of the page, as PNG."""
    if not selector:
        return page.screenshot()
    page.set_viewport_size({"width": WIDTH_PX, "height": 1800})
    page.evaluate("() => document.querySelector('.save-bar')?.style.setProperty('position', 'static')")
    part = page.locator(selector).first
    part.evaluate("part => part.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(600)
    box = part.bounding_box()
    assert box
    top = max(box["y"] - 8, 0)
    height = min(box["height"] + 16, most_px)
    return page.screenshot(clip={"x": max(box["x"] - 8, 0), "y": top, "width": box["width"] + 16, "height": height})


def desk(at: Desk) -> bytes:
    return shoot(at.open("/"))


def edit(at: Desk) -> bytes:
    return shoot(at.edit(f"/features/{PLACE}", is_wide=True))


def hours(at: Desk) -> bytes:
    return shoot(at.edit(f"/features/{PLACE}"), "#group-hours")


def photos(at: Desk) -> bytes:
    page = at.edit(f"/features/{PLACE}")
    page.locator("#group-photos").evaluate("group => { group.open = true; }")
    picture = Image.new("RGB", (600, 400), "#bcd5d9")
    ImageDraw.Draw(picture).arc((100, 150, 500, 500), 180, 360, "#51606b", 40)
    raw = io.BytesIO()
    picture.save(raw, "JPEG")
    page.locator("#f-photo").set_input_files(
        {"name": at.said("photo"), "mimeType": "image/jpeg", "buffer": raw.getvalue()}
    )
    for language in LANGUAGES:
        page.locator(f"#f-alt_{language}").fill(SAID["alt"][language])
    page.locator("#f-credit").fill(PEOPLE[at.language][1])
    return shoot(page, "#group-photos")


def route(at: Desk) -> bytes:
    page = at.edit("/features/water-shore-route")
    page.locator("#group-route").evaluate("group => { group.open = true; }")
    return shoot(page, "#group-route", 1000)


def conflict(at: Desk) -> bytes:
    field = f"[name='address.{at.language}']"
    theirs = at.edit(f"/features/{PLACE}")
    theirs.locator(field).fill(at.said("first"))
    theirs.wait_for_timeout(SAVED_MS)
    draft = theirs.locator("[name=draft]").input_value()
    mine = at.edit(f"/features/{PLACE}?draft={draft}", "li")
    theirs.locator(field).fill(at.said("theirs"))
    theirs.wait_for_timeout(SAVED_MS)
    mine.locator(field).fill(at.said("mine"))
    mine.get_by_role("button", name=translate("editmap.js_compare", at.language)).click(timeout=20_000)
    mine.locator(".question").first.wait_for()
    return shoot(mine, ".page")


def review(at: Desk) -> bytes:
    page = at.open("/")
    page.locator("section[aria-labelledby=review] a").first.click()
    page.wait_for_load_state("networkidle")
    return shoot(page, ".page", 1000)


def history(at: Desk) -> bytes:
    page = at.open(f"/features/{PLACE}/history")
    page.locator("#revision-0 summary, .steps > li:last-child summary").last.click()
    return shoot(page, "#past ~ ol", 1000)


def table(at: Desk) -> bytes:
    page = at.open("/layers/sights?column=visit_min", is_wide=True)
    return shoot(page)


def sheet(at: Desk) -> bytes:
    page = at.open("/layers/sights/import")
    address = f"{at.address}/{at.language}/staff/layers/sights/export?format=csv"
    rows = list(csv.reader(io.StringIO(page.request.get(address).text().removeprefix("\ufeff"))))
    titles = next(row for row in rows if heading_of("id", at.language) in row)
    place, other, third = (next(row for row in rows if key in row) for key in (PLACE, "mo-manor", "jiufeng-tower"))
    at_hours, at_visit, at_name = (
        titles.index(heading_of(key, at.language)) for key in ("opening_hours", "visit_min", f"name.{at.language}")
    )
    place[at_hours], other[at_visit] = SAID["faults"][at.language]
    third[at_name] += SAID["restored"][at.language]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    raw = file.getvalue().encode("utf-8-sig")
    page.locator("#f-file").set_input_files({"name": "sights.csv", "mimeType": "text/csv", "buffer": raw})
    page.locator("main form .button.primary").click()
    page.locator("h2").first.wait_for(timeout=20_000)
    page.wait_for_load_state("networkidle")
    return shoot(page, ".page", 1000)


def told(at: Desk) -> bytes:
    return shoot(at.open("/told"), ".page", 620)


def searches(at: Desk) -> bytes:
    return shoot(at.open("/searches"), ".page", 470)


def changes(at: Desk) -> bytes:
    return shoot(at.open("/changes"), ".page", 760)


def verify(at: Desk) -> bytes:
    page = at.open("/verify", "li", is_phone=True)
    page.get_by_role("button", name=translate("verify.js_near", at.language)).click()
    page.locator("[data-place] .away:not(:empty)").first.wait_for()
    page.wait_for_timeout(600)
    page.locator("[data-place]").first.get_by_role("button", name=translate("verify.js_stand", at.language)).click()
    page.locator(".verify-said a").first.wait_for(timeout=20_000)
    return page.screenshot()


def many(at: Desk) -> bytes:
    page = at.open("/photos/", "li")
    files = []
    for place, colour in (("mo-manor", "#bcd5d9"), ("jiufeng-tower", "#d9cfbb")):
        picture = Image.new("RGB", (600, 400), colour)
        ImageDraw.Draw(picture).arc((100, 150, 500, 500), 180, 360, "#51606b", 40)
        raw = io.BytesIO()
        picture.save(raw, "JPEG")
        files.append({"name": f"{place}.jpg", "mimeType": "image/jpeg", "buffer": raw.getvalue()})
    page.locator("#f-photos").set_input_files(files)  # type: ignore[arg-type]
    page.locator(".photos-form .button.primary").click()
    page.locator(".photo-rows > li").nth(1).wait_for(timeout=20_000)
    return shoot(page, ".page", 1000)


def factor(at: Desk) -> bytes:
    return shoot(at.open("/me/factor"), ".page", 900)


def batch(at: Desk) -> bytes:
    page = at.open("/layers/sights?column=themes")
    for box in page.locator("[name=tick]").all()[:3]:
        box.check()
    page.locator("#bulk input[type=checkbox]").last.check()
    page.locator("button[name=do][value=bulk]").click()
    page.wait_for_load_state("networkidle")
    if page.locator("[name=comment]").count():
        page.locator("[name=comment]").first.fill(at.said("batch"))
    page.locator("form[data-table-saves] .button.primary").click()
    page.locator("a[href*='/batches/']").last.click()
    page.wait_for_load_state("networkidle")
    return shoot(page, ".page", 760)


def scheduled(at: Desk) -> bytes:
    page = at.open("/")
    page.locator("section[aria-labelledby=review] a").first.click()
    monday = date.today() + timedelta(days=7 - date.today().weekday())  # noqa: DTZ011
    page.locator("[name=publish_at]").fill(f"{monday.isoformat()}T08:00")
    page.locator("form[action$='publish'] .button.primary, form[action$='send-out'] .button.primary").first.click()
    page.wait_for_load_state("networkidle")
    return shoot(page, ".page", 560)


def erasures(at: Desk) -> bytes:
    return shoot(at.open("/erasures", "an"), ".page", 610)


TAKEN: tuple[Callable[[Desk], bytes], ...] = (
    desk, edit, hours, photos, route, review, history, table, sheet, conflict,
    told, searches, changes, verify, many, factor, batch, scheduled, erasures,
)  # fmt: skip


def write(png: bytes, path: Path) -> int:
    """Write a picture as WebP, as good as its size allows; return its bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (80, 70, 60, 50, 40, 30):
        raw = io.BytesIO()
        image.save(raw, "WEBP", quality=quality, method=6)
        if raw.tell() <= MOST_BYTES:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw.getvalue())
    print(f"{path.relative_to(PICTURES)}: {image.width} x {image.height}, {raw.tell() / 1000:.0f} kB at {quality}")
    return raw.tell()


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all."""
    with sync_playwright() as driver:
        for language in LANGUAGES:
            browser = driver.chromium.launch(executable_path=chromium_path(), args=[*QUIET])
            with desk_of(browser, language) as at:
                for take in TAKEN:
                    if not names or take.__name__ in names:
                        write(take(at), PICTURES / language / f"{take.__name__}.webp")
                browser.close()  # before the server, which it may still ask for something


if __name__ == "__main__":
    main(sys.argv[1:])
