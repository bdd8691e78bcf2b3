"""Tell what visitors do on the map: look, filter, open a card, share the address, come back."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser
LAKE = "?c=121.02390,30.69890&z=16"  # near enough that no marks are gathered into clusters


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_first_view_shows_marks_list_and_controls(visit: OpenVisit, device: dict[str, object], lang: str) -> None:
    page = visit(device).open(f"/{lang}/")
    assert page.locator(".mark-pin, .cluster").count() > 8
    assert page.locator("#list li").count() == 67
    for name in [
        "leaflet-control-zoom-in",
        "leaflet-control-scale",
        "leaflet-control-layers-toggle",
        "home-button",
    ]:
        expect(page.locator(f".{name}").first).to_be_visible()
    assert page.locator("h1").count() == 1


def test_mark_opens_card_and_back_closes_it(visit: OpenVisit) -> None:
    page = visit().open(f"/zh/{LAKE}")
    page.locator(".mark-pin[aria-label='东湖']").click()
    expect(page.locator("#card-place h2")).to_have_text("东湖")
    expect(page.locator("#card-place h2")).to_be_focused()
    assert "site=east-lake" in page.url
    page.emulate_media(media="print")
    card, end = page.locator("#card-place").bounding_box(), page.evaluate("document.documentElement.scrollHeight")
    assert card
    assert card["y"] + card["height"] <= end + 1  # on the sheet, all of it
    assert page.evaluate("getComputedStyle(document.querySelector('#panel-scroll')).overflow") == "visible"
    expect(page.locator("#list")).to_be_hidden()
    page.emulate_media(media="screen")
    page.go_back()
    expect(page.locator("#card-place")).to_be_hidden()
    assert "site=" not in page.url


def test_address_brings_back_view_filters_card_and_month(visit: OpenVisit) -> None:
    page = visit().open("/zh/?site=mo-manor&theme=canal_town&month=2023-10&c=121.01200,30.69800&z=16")
    expect(page.locator("#card-place h2")).to_have_text("莫氏庄园")
    expect(page.locator("#month")).to_have_attribute("aria-valuetext", "2023年10月")
    assert page.locator("input[value=canal_town]").is_checked()
    assert page.evaluate("cityatlas.map.map.getZoom()") == 16


def test_themes_leave_only_what_fits_on_map_and_list(visit: OpenVisit) -> None:
    page = visit().open("/zh/")
    page.locator(".chip", has_text="清廉文化").click()
    expect(page.locator("#count")).not_to_have_text("图上 67 处")
    shown = page.locator("#list li").count()
    assert 0 < shown < 20
    assert re.search(r"theme=integrity", page.url)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#list li")).to_have_count(67)
    chips = page.locator(".chips .chip")
    expect(chips.first).to_have_text("现在开放")
    chips.first.click()
    expect(page.locator("#left-out")).to_be_visible()
    assert "at=20" in page.url
    expect(chips.first.locator("input")).to_be_checked()
    page.get_by_text("更多条件").click()
    page.get_by_label("此时开放").fill("2026-12-07T10:00")
    expect(page.locator("#told.shown")).to_have_text("没有符合条件的地点。试试少选几个条件。")
    page.get_by_label("此时开放").fill("")
    expect(page.locator("#list li")).to_have_count(67)
    chips.first.click()
    expect(chips.first.locator("input")).to_be_checked()
    chips.first.click()
    expect(page.locator("#list li")).to_have_count(67)
    assert "at=" not in page.url


def test_only_places_with_known_hours_can_be_open(visit: OpenVisit) -> None:
    page = visit().open("/zh/?at=2026-12-05T10:00")
    expect(page.locator("#list li")).to_have_count(1)
    expect(page.locator("#list")).to_contain_text("李叔同纪念馆")
    monday = visit().open("/zh/?at=2026-12-07T10:00")
    expect(monday.locator("#list li")).to_have_count(0)
    monday.locator("#left-out a").click()
    expect(monday.locator("#list li")).to_have_count(67)
    expect(monday.locator("#left-out")).to_be_hidden()


def test_months_take_projects_back_and_say_what_nobody_knows(visit: OpenVisit) -> None:
    page = visit().open("/zh/")
    slider, item = page.locator("#month"), page.locator("#list li[data-id=minghu-sci-tech-island]")
    expect(slider).to_be_hidden()
    page.locator(".chip", has_text="城市建设").click()
    expect(item).to_contain_text("主体施工")
    months = page.evaluate("cityatlas.atlas.months")
    assert slider.get_attribute("max") == str(len(months))  # each step is a month in which something began, then today
    slider.fill(str(months.index("2023-09")))
    expect(item).to_contain_text("开工")
    assert "month=2023-09" in page.url
    expect(page.locator("#undated")).to_contain_text("科创图书馆")
    expect(page.locator("#list li[data-id=minghu-library]")).to_have_count(0)
    expect(page.locator(".mark-pin[aria-label=科创图书馆]")).to_have_count(0)
    page.get_by_role("button", name="逐步播放").click()
    expect(item).to_contain_text("桩基")
    page.get_by_role("button", name="暂停").click()
    page.get_by_role("button", name="清除筛选").click()
    expect(slider).to_be_hidden()
    expect(page.locator("#undated")).to_be_hidden()


def test_a_tour_route_shows_in_its_months_alone(visit: OpenVisit) -> None:
    page = visit(java_script_enabled=False).open("/zh/?month=2012-11")
    expect(page.locator("#list")).not_to_contain_text("游线")
    expect(page.locator("#undated")).to_contain_text("环东湖清廉文化展示线")
    expect(page.locator("#undated")).not_to_contain_text("水岸交融红色教育游线")  # it began in 2021


@pytest.mark.parametrize("query", ["nanhetou", "nhtlsjq", "南河頭", "Nanhetou Hist", "lsjq"])
def test_search_finds_while_typing_and_works_by_keyboard(visit: OpenVisit, query: str) -> None:
    page = visit().open("/zh/")
    box = page.get_by_role("combobox")
    box.press_sequentially(query[:-1], delay=10)
    with page.expect_response(lambda response: response.url.endswith(f"q={quote(query)}")):
        box.press_sequentially(query[-1])
    found = page.locator("[role=option] .feature-name")
    expect(found.filter(has_text="南河头历史文化街区").first).to_be_visible()
    marked = page.locator("[role=option][aria-selected=true] .feature-name")
    for _ in range(2 * found.count()):
        box.press("ArrowDown")
        if marked.all_inner_texts() == ["南河头历史文化街区"]:
            break
    box.press("Enter")
    expect(page.locator("#card-place h2")).to_have_text("南河头历史文化街区")


def test_layer_control_speaks_and_hides_a_layer(visit: OpenVisit) -> None:
    page = visit().open("/zh/")
    page.locator(".leaflet-control-layers-toggle").click()
    label = page.locator(".leaflet-control-layers label", has_text="城市建设项目")
    label.locator("input").uncheck()
    expect(page.locator("#list li[data-id=tianyuefu]")).to_have_count(0)
    assert "layers=" in page.url
    again = visit().open(page.url.replace(page.url.split("/zh/")[0], ""))
    expect(again.locator("#list li[data-id=tianyuefu]")).to_have_count(0)


def test_language_switch_keeps_view_and_card(visit: OpenVisit) -> None:
    page = visit().open("/zh/?site=east-lake&c=121.02390,30.69890&z=15")
    page.locator("a[data-lang=en]").click()
    page.wait_for_url(re.compile("/en/.*z=15"))
    expect(page.locator("#card-place h2")).to_have_text("East Lake")  # already in the HTML, before the map's script
    page.wait_for_selector("#picture", state="detached")
    assert page.evaluate("cityatlas.map.map.getZoom()") == 15
    assert "z=15" in page.url


def test_tour_is_gathered_reordered_and_shared_by_its_address(visit: OpenVisit) -> None:
    first = visit(PHONE)
    page = first.open("/zh/?site=east-lake")
    page.locator("#card-place button[data-tour]").click()
    told, panel = page.locator("#told.shown").bounding_box(), page.locator("#panel").bounding_box()
    assert told
    assert panel
    assert told["y"] + told["height"] <= panel["y"]  # over the map, not over the tour that it speaks of
    page.goto(page.url.replace("site=east-lake", "site=mo-manor"))
    page.wait_for_selector("#picture", state="detached")
    page.locator("#card-place button[data-tour]").click()
    expect(page.locator(".tour-list li")).to_have_count(2)
    page.locator(".tour-list .down").first.click()
    assert "tour=mo-manor,east-lake" in page.url
    stranger = visit(PHONE).open("/zh/?tour=mo-manor,east-lake")
    expect(stranger.locator(".tour-list li").first).to_contain_text("莫氏庄园")
    expect(stranger.locator(".tour-number")).to_have_count(2)
    expect(stranger.locator(".stop-pin")).to_have_count(0)  # one thing at a time has numbers
    stranger.evaluate("cityatlas.map.choose('water-shore-route')")
    expect(stranger.locator(".stop-pin")).to_have_count(7)
    expect(stranger.locator(".tour-number")).to_have_count(0)


def test_keyboard_alone_opens_and_closes_a_card(visit: OpenVisit) -> None:
    page = visit().open(f"/en/{LAKE}")
    mark = page.locator(".mark-pin[aria-label='East Lake']")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-place h2")).to_have_text("East Lake")
    page.keyboard.press("Escape")
    expect(page.locator("#card-place")).to_be_hidden()


def test_schematic_place_is_looked_for_by_name_and_approximate_one_by_its_position(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/?site=mo-manor")
    expect(page.locator("#card-place a[href^='https://uri.amap.com/marker']")).to_have_count(1)
    emblem = page.locator("#card-place .emblem").bounding_box()
    assert emblem
    assert emblem["height"] <= 64  # a thin head: there is no photo
    other = visit().open("/zh/?site=integrity-memory-hall")
    expect(other.locator("#card-place a[href^='https://uri.amap.com/search']")).to_have_count(1)
    expect(other.locator("#card-place a[href*='uri.amap.com/marker']")).to_have_count(0)


def test_sheet_grows_by_key_and_by_drag(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/")
    handle = page.locator("#sheet-handle")
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "half")
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, 120, steps=5)
    page.mouse.up()
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "full")
    page.locator("#panel").evaluate("e => Promise.all(e.getAnimations().map(one => one.finished))")
    row = page.locator("#list li").nth(30)
    row.evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.locator("#panel-scroll").evaluate(
        "e => addEventListener('click', () => { e.dataset.at = e.scrollTop; }, true)"
    )
    row.click()
    scrolled = float(str(page.locator("#panel-scroll").get_attribute("data-at")))
    assert scrolled > 500
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "half")
    expect(page.locator("#card-place h2")).to_be_visible()
    page.go_back()
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "full")
    expect(row.locator("a")).to_be_focused()
    assert abs(page.locator("#panel-scroll").evaluate("e => e.scrollTop") - scrolled) < 40
    expect(page.locator(".leaflet-tooltip")).to_have_count(0)


def test_position_is_asked_for_by_a_tap_only_and_shown(visit: OpenVisit) -> None:
    here = {"latitude": 30.6989, "longitude": 121.0239}
    visitor = visit(PHONE, geolocation=here, permissions=["geolocation"])
    page = visitor.open("/zh/")
    assert page.locator(".leaflet-control-locate-location").count() == 0
    first = page.locator("#list li").first
    usual = first.get_attribute("data-id")
    assert usual != "east-lake"
    page.locator(".leaflet-control-locate a").click()
    expect(page.locator(".leaflet-control-locate-location").first).to_be_attached()
    expect(first).to_have_attribute("data-id", "east-lake")
    expect(page.locator("#nearest")).not_to_have_attribute("hidden", "")
    expect(page).to_have_url(re.compile("z=16"))  # and no nearer
    page.locator(".leaflet-control-locate a").click()
    expect(first).to_have_attribute("data-id", str(usual))


def test_overview_is_there_where_there_is_room(visit: OpenVisit) -> None:
    expect(visit(DESKTOP).open("/zh/").locator(".leaflet-control-minimap")).to_be_visible()
    expect(visit(PHONE).open("/zh/").locator(".leaflet-control-minimap")).to_have_count(0)


def test_layer_that_fails_says_so_and_the_rest_stays(visit: OpenVisit) -> None:
    visitor = visit()
    visitor.context.route("**/layers/sights.map.json*", lambda route: route.abort())
    page = visitor.context.new_page()
    page.goto(visitor.address + "/zh/")
    expect(page.locator("#told")).to_contain_text("景点与码头")
    expect(page.locator("#list li")).to_have_count(36)
    visitor.allow_complaints()


def test_back_before_the_card_has_come_leaves_it_closed_and_the_map_where_it_was(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/en/?c=121.01646,30.69052&z=14")
    held: list[Route] = []
    page.route("**/card?*", lambda route: held.append(route))
    page.evaluate("document.querySelector('#list [data-id=mo-manor] a').click()")
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "half")
    page.wait_for_timeout(400)  # the map has moved, which keeps its view in the address
    assert page.evaluate("history.state.isStep")
    page.evaluate("history.back()")
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "low")
    held[0].continue_()
    page.wait_for_timeout(200)
    expect(page.locator("#card-place")).to_be_hidden()
    assert page.evaluate("location.search") == "?c=121.01646,30.69052&z=14"


def test_who_types_what_nobody_knows_is_told_so_at_once(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/en/")
    field = page.get_by_role("combobox")
    field.click()
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "full")
    field.fill("滑雪场")
    expect(page.locator(".found-none")).to_have_text(
        "Nothing found. Try other words, or press search to look in map apps."
    )
    expect(page.locator("#found")).to_be_hidden()
    field.fill("厕所")
    expect(page.locator("#found [role=option]").first).to_contain_text("toilets")
    expect(page.locator("#found [role=option]").first).to_contain_text("km from the map")  # several have one name
    expect(page.locator("#found [role=option]").last).to_have_text("Look for “厕所” in map apps")
    expect(page.locator(".found-none")).to_be_hidden()
    page.locator("#found [role=option]").first.tap()  # the sheet moves under the finger, and the map gets nothing of it
    expect(page.locator("#card-place h2")).to_have_text("Public toilets")
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "half")
