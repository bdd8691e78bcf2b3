"""Take a plan of the shipped city along: from the phone, on paper, and as a booklet without a network."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pypdf import PdfReader

from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.plans import PARTY, SATURDAY, is_wider_than_screen

pytestmark = pytest.mark.browser

# Days of three stops and of twelve or more, with lunch and a boat trip, with and without a start and an end.
SHEETS = (
    f"date={SATURDAY}&start=09:00&end=12:00&unknown_hours=yes&fullness=relaxed",
    PARTY,
    f"date={SATURDAY}&start=08:00&end=19:00&unknown_hours=yes&fullness=full&lunch=yes&boat=yes",
    f"date={SATURDAY}&start=08:00&end=19:00&unknown_hours=yes&fullness=full&lunch=yes&start_at=east-lake-wharf",
)
# A day so full that it has twelve stops, six notes, and eighteen sources.
FULL = (
    f"date={SATURDAY}&start=08:00&end=17:30&unknown_hours=yes&fullness=full&party=12&step_free=yes&boat=yes"
    "&start_at=east-lake-wharf&end_at=pinghu-coach-centre&must=on-board-lecture-line"
)
FEWEST_STOPS, MOST_STOPS = 10, 12
# What is wider than its room would be cut on paper; drawings and raised numbers do not wrap.
CUT = """[...document.querySelectorAll(".sheet *")]
  .filter((e) => !e.closest("svg, sup, .disc") && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 60))"""
OPEN_AROUND = """(e) => {
  for (let n = e; n; n = n.parentElement) if (n.tagName === "DETAILS") n.open = true;
  e.scrollIntoView();
}"""
A4_ROOM_PX: ViewportSize = {"width": 703, "height": 1054}  # what the margins leave of it, in CSS pixels


def stops_of(page: Page) -> int:
    return page.locator(".day .disc").count()


def plain(text: str) -> str:
    """Return a text without spaces, each sign as usual: a font's drawings may stand for several."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def show_take(page: Page) -> Any:
    """Return the block of a plan's page that offers what is taken along, in sight."""
    block = page.locator(".take")
    block.evaluate(OPEN_AROUND)
    return block


@pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (DESKTOP, "en")], ids=["phone", "desktop"])
def test_what_can_be_taken_along_fits_the_screen(visit: OpenVisit, device: dict[str, Any], language: str) -> None:
    page = visit(device).open(f"/{language}/plan?{PARTY}")
    block = show_take(page)
    expect(block.get_by_role("heading", level=2)).to_be_visible()
    assert not is_wider_than_screen(page)
    for button in block.locator(".tiles-take .button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")


def test_the_text_for_a_chat_is_copied_whole(visit: OpenVisit) -> None:
    made = visit(PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = made.open(f"/zh/plan?{PARTY}")
    show_take(page).get_by_role("button", name="复制文字行程").click()
    expect(page.get_by_text("已复制，可以贴到聊天里。")).to_be_visible()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("平湖城市地图\n")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/zh/plan\?\S+", copied.splitlines()[-1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_is_one_page_of_a4_with_up_to_twelve_stops(visit: OpenVisit, language: str) -> None:
    page = visit(DESKTOP).open(f"/{language}/plan/print?{FULL}")
    assert FEWEST_STOPS <= stops_of(page) <= MOST_STOPS
    last = page.locator(".day .name").last.inner_text().split("\n")[-1].strip("0123456789,")
    page.emulate_media(media="print")
    page.set_viewport_size(A4_ROOM_PX)
    assert page.evaluate(CUT) == []
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842]
    said = plain(printed.pages[0].extract_text())
    assert plain(last) in said
    assert SATURDAY in said
    assert plain({"zh": "底图为示意图，不作导航与界线依据", "en": "The basemap is schematic"}[language]) in said


@pytest.mark.parametrize("wish", SHEETS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_fills_what_the_sheet_leaves_and_nothing_runs_over(visit: OpenVisit, language: str, wish: str) -> None:
    page = visit(DESKTOP).open(f"/{language}/plan/print?{wish}")
    page.emulate_media(media="print")
    page.set_viewport_size(A4_ROOM_PX)
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1
    assert page.evaluate(CUT) == []
    assert page.locator(".beside").evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    boxes = [page.locator(part).bounding_box() for part in (".ground", "figure svg", ".sheet")]
    ground, picture, sheet = (box for box in boxes if box)
    assert picture["height"] > sheet["height"] * 0.2
    assert picture["y"] + picture["height"] < ground["y"] + ground["height"] + 1
    foot = page.locator(".foot").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] > sheet["height"] * 0.95  # no empty third below


def test_the_code_on_the_printed_sheet_is_scanned(visit: OpenVisit) -> None:
    page = visit(DESKTOP, device_scale_factor=3).open(f"/zh/plan/print?{FULL}")
    page.emulate_media(media="print")
    shot = Image.open(io.BytesIO(page.locator(".qr").screenshot())).convert("L")  # as a printer of 288 dpi sets it
    (code,) = zxingcpp.read_barcodes(shot)
    assert code.text.startswith(f"{page.url.split('/zh/')[0]}/zh/plan?date={SATURDAY}")


def test_the_sheet_is_read_on_a_phone_too(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/zh/plan/print?{FULL}")
    assert not is_wider_than_screen(page)


def test_the_planners_page_itself_is_printed_with_its_map_and_colours(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{PARTY}")
    expect(page.locator("#paper-map")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#paper-map svg.picture")).to_be_visible()
    expect(page.locator(".folium-map")).to_be_hidden()
    assert page.locator(".row .stop-number").first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1


def test_paper_shows_the_day_as_it_was_changed(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{SHEETS[0]}")
    numbers = page.locator("#paper-map svg a")
    before = numbers.count()
    page.locator(".adjust > summary").first.click()
    page.locator("[data-change=without]").first.click()
    page.wait_for_url(re.compile("not="))
    expect(page.locator(".row.visit")).not_to_have_count(0)
    expect(numbers).to_have_count(page.locator(".row.visit").count())
    assert page.locator("#paper-map svg").count() == 1
    assert before


@pytest.fixture
def booklet(visit: OpenVisit, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that downloads the booklet as a visitor does and returns the file."""

    def download(language: str) -> Path:
        page = visit(PHONE).open(f"/{language}/plan?{PARTY}")
        with page.expect_download() as started:
            show_take(page).locator('a[href*="booklet.html"]').click()
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
        return file

    return download


# Cover, the day with its map, and the sheet to sign; a long day takes a page more, and its map one.
@pytest.mark.parametrize(("wish", "others"), [(SHEETS[0], 3), (SHEETS[2], 5)], ids=["three", "many"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_booklet_is_printed_a_page_a_stop(
    visit: OpenVisit, browser: Browser, tmp_path: Path, language: str, wish: str, others: int
) -> None:
    visitor = visit(DESKTOP)
    answer = visitor.context.request.get(f"{visitor.address}/{language}/plan/booklet.html?{wish}&party=12")
    file = tmp_path / "booklet.html"
    file.write_bytes(answer.body())
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(file.as_uri())
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert len(printed) == page.locator(".stop").count() + others
        assert page.locator(".disc").first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
        last = page.locator(".stop h2").last.inner_text()
        assert plain(last) in plain(printed[-2].extract_text())


@pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (DESKTOP, "en")], ids=["phone", "desktop"])
def test_the_booklet_opens_from_disk_without_a_network(
    browser: Browser, booklet: Callable[[str], Path], device: dict[str, Any], language: str
) -> None:
    file = booklet(language)
    assert SATURDAY in file.name
    assert file.stat().st_size <= 1_000_000
    context = browser.new_context(**device)
    context.set_offline(True)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    assert (asked, complaints) == ([file.as_uri()], [])
    assert not is_wider_than_screen(page)
    # The style is applied although the file's own policy allows nothing else.
    assert page.locator(".cover").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(246, 241, 230)"
    assert page.locator(".signers tbody tr").count() == 12
    page.locator(".stops a").first.click()
    expect(page.locator("#stop-1 h2")).to_be_in_viewport()
    context.close()
