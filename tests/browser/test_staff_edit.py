"""Edit a feature as staff do: on a phone up to publishing, two at once, without a network, by map and by numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from browser.axe import faults_of
from browser.conftest import DESKTOP, PHONE, OpenVisit, served
from browser.desk import SAVED, SOON_MS, log_in, place_of
from cityatlas.store.vain_searches import add_terms
from staff import make_desk, store_of

pytestmark = pytest.mark.browser
DESK_PAGES = [
    "/staff/",
    "/staff/features/hall",
    "/staff/features/boat-tour",
    "/staff/features/old-town",
    "/staff/worklist",
    "/staff/drafts/?kind=all",
    "/staff/layers/",
    "/staff/me",
    "/staff/accounts",
    "/staff/features/mill/history",
    "/staff/new/works",
    "/staff/layers/sights",
    "/staff/layers/sights/import",
    "/staff/media",
    "/staff/reports",
    "/sites/mill/report",
    "/help/staff",
]
IS_SEEN = """() => {
  const { left, top, width, height } = document.activeElement.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === document.activeElement;
}"""
# Of these each device, with its language, takes every second one.
BY_TURNS = [
    "/staff/verify",
    "/staff/photos/",
    "/staff/batches/",
    "/staff/told",
    "/staff/me/factor",
    "/staff/erasures",
    "/staff/searches",
    "/staff/changes",
    "/staff/stamps",
    "/staff/embeds",
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a toy city whose desk has ann, ed, who publishes sights, and coco, who only drafts."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    add_terms(store_of(app), date(2026, 3, 2), {"parking": 4}, 26)
    with served(app.config["SETTINGS"]) as url:
        yield url


def test_from_the_first_login_to_the_first_published_edit_on_a_phone(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(PHONE, at=desk), "ed", "/zh/staff/features/hall")
    row = page.locator(".hours-row").first
    row.get_by_label("一", exact=True).check()  # Monday too
    expect(page.locator("[name=opening_hours]")).to_have_value("Mo-Su 08:30-16:30")
    expect(page.locator(".hours-days tr")).to_have_count(14)
    expect(page.locator(".hours-days").get_by_text("闭馆")).to_have_count(0)
    expect(page.locator(".edit-state")).to_contain_text("已存为草稿", timeout=SOON_MS)
    page.get_by_role("button", name="保存，去发布").click()
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已发布")
    public = visit(PHONE, at=desk).open("/zh/sites/hall")
    for _ in range(10):  # within a second, on a machine that has other things to do in ten
        if "每天" in public.locator("main").inner_text():
            break
        public.wait_for_timeout(1000)
        public.reload()
    expect(public.locator("main")).to_contain_text("每天")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_new_place_opens_in_town_and_its_form_follows_the_kind_at_once(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(PHONE, at=desk), "coco", "/en/staff/new/sights")
    lat, lon = page.evaluate("(({ lat, lng }) => [lat, lng])(window.cityatlas.drawing.map.getCenter())")
    assert abs(lat - 30.7) < 0.005
    assert 121.0 <= lon <= 121.03
    hours = page.locator(".more-groups #group-hours")
    page.locator("[name=kind]").select_option("route")
    expect(hours).to_have_count(1)
    page.locator("[name=kind]").select_option("museum")
    expect(hours).to_have_count(0)
    page.get_by_label("Go to", exact=True).select_option(label="Opening hours")
    expect(page.locator("#group-hours")).to_have_attribute("open", "")
    expect(page.locator("#group-hours")).to_be_in_viewport()


def test_a_new_source_is_typed_once_for_all_that_an_edit_changes(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(PHONE, at=desk), "ann", "/en/staff/features/school#phases.1")
    page.get_by_text("New source…").click()
    page.locator("[name='cites.title']").fill("Notice at the gate")
    page.locator("[name='cites.date']").fill("2024年9月1日")
    page.get_by_role("button", name="Add a phase").click()
    row = page.locator("#phases > fieldset").last
    row.locator("[name$='.phase']").select_option("open")
    row.locator("[name$='.from']").fill("2024-09")
    expect(row.locator("[name$='.source']")).to_have_value("Notice at the gate", timeout=SOON_MS)
    expect(page.locator("[name='sources.1.title']")).to_have_value("Notice at the gate")
    expect(page.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    page.locator("[name='name.en']").fill("New school")  # a later save takes nothing of it back
    page.wait_for_timeout(100)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("#f-cites")).to_have_value("Notice at the gate")
    expect(page.locator("#phases > fieldset").last.locator("[name$='.source']")).to_have_value("Notice at the gate")


def test_two_editors_merge_different_fields_and_are_asked_about_the_same_one(visit: OpenVisit, desk: str) -> None:
    ann = log_in(visit(DESKTOP, at=desk), "ann", "/en/staff/features/quay")
    ann.locator("[name='name.en']").fill("Great quay")
    expect(ann.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    draft = ann.locator("[name=draft]").input_value()
    second = visit(DESKTOP, at=desk)
    coco = log_in(second, "coco", f"/en/staff/features/quay?draft={draft}")
    expect(coco.locator("#edit-others")).to_contain_text("ann has this place open too, and saved a draft")
    summary = coco.locator("[id=summary]")
    expect(summary.locator(".missing:visible")).to_have_count(0)
    coco.locator("[name='summary.zh']").fill("渡口。")
    expect(summary.get_by_text("English is missing")).to_be_visible()
    coco.locator("[name='summary.zh']").fill("")
    coco.locator("[name='address.en']").fill("5 New Street")
    expect(coco.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    ann.locator("[name='summary.en']").fill("A quay.")
    expect(ann.locator(".edit-state")).to_contain_text("with what somebody else changed", timeout=SOON_MS)
    expect(ann.locator("[name='address.en']")).to_have_value("5 New Street")
    coco.locator("[name='summary.en']").fill("The quay.")
    coco.evaluate(
        "scrollBy(0, document.activeElement.getBoundingClientRect().bottom - innerHeight + 100)"
    )  # near the bar
    expect(coco.get_by_role("button", name="Compare and decide")).to_be_visible(timeout=SOON_MS)
    assert coco.evaluate(IS_SEEN)  # the bar has grown, and hides nothing that is being typed into
    coco.get_by_role("button", name="Compare and decide").click()
    expect(coco.get_by_role("heading", level=1)).to_contain_text("Great quay")
    expect(coco.locator(".question")).to_contain_text("saved by ann")
    expect(coco.locator(".question ins")).to_contain_text(["The quay.", "A quay."])
    assert faults_of(coco) == []
    second.allow_complaints()  # the browser reports each 409 itself
    coco.locator("input[value=theirs]").check()
    coco.locator("main form .button.primary").click()
    expect(coco.locator("[name='summary.en']")).to_have_value("A quay.")
    expect(coco.locator("[name='name.en']")).to_have_value("Great quay")


def test_what_was_typed_without_a_network_is_offered_on_return_and_then_saved(visit: OpenVisit, desk: str) -> None:
    visitor = visit(DESKTOP, at=desk)
    page = log_in(visitor, "coco", "/en/staff/features/mill")
    visitor.context.set_offline(True)
    page.locator("[name='summary.en']").fill("A mill that turns.")
    page.get_by_role("button", name="Add a source").click()
    page.locator("[name='sources.1.title']").fill("My own eyes")
    expect(page.locator(".edit-state")).to_contain_text("No connection", timeout=SOON_MS)
    visitor.allow_complaints()
    page.close()
    visitor.context.set_offline(False)
    back = visitor.open("/en/staff/features/mill")
    expect(back.locator("[name='summary.en']")).to_have_value("A mill by the water.")
    back.get_by_role("button", name="Restore what I typed at").click()
    expect(back.locator("[name='summary.en']")).to_have_value("A mill that turns.")
    expect(back.locator("[name='sources.1.title']")).to_have_value("My own eyes")
    expect(back.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    back.reload()
    expect(back.locator("[name='sources.1.title']")).to_have_value("My own eyes")
    expect(back.locator(".edit-offer")).to_have_count(0)


def test_what_the_desk_does_not_take_is_told_and_kept_in_the_browser(visit: OpenVisit, desk: str) -> None:
    visitor = visit(DESKTOP, at=desk)
    page = log_in(visitor, "coco", "/en/staff/features/old-town")
    page.locator("[name='name.en']").fill("town " * 50)
    expect(page.locator(".edit-state")).to_contain_text("Something cannot be saved", timeout=SOON_MS)
    page.locator(".save-bar .button.primary").click()
    expect(page.locator("[id='name.en'] .field-fault")).to_contain_text("200 letters at most")
    expect(page.locator("[name='name.en']")).to_have_value("town " * 50)
    visitor.allow_complaints()
    page.close()
    back = visitor.open("/en/staff/features/old-town")
    back.get_by_role("button", name="Restore what I typed at").click()
    expect(back.locator("[name='name.en']")).to_have_value("town " * 50)


def test_a_point_is_put_by_the_map_by_numbers_and_by_a_paste_and_taken_back(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/hall")
    first = {"type": "Point", "coordinates": [121.03, 30.7]}
    assert place_of(page) == first
    page.get_by_role("button", name="Point").click()
    page.locator("#map-frame").click(position={"x": 120, "y": 300})
    lon, lat = (float(page.locator(f"[name={name}]").input_value()) for name in ("lon", "lat"))
    assert place_of(page) == {"type": "Point", "coordinates": [lon, lat]} != first
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    assert place_of(page) == first
    page.keyboard.press("Control+y")
    assert place_of(page) == {"type": "Point", "coordinates": [lon, lat]}
    page.locator("[name=lon]").fill("121.0345")  # by keyboard alone, half a kilometre off
    page.locator("[name=lat]").fill("30.6978")
    expect(page.locator("#edit-shift")).to_contain_text("GCJ-02 differs from WGS-84")
    page.locator("#edit-paste").fill("Memory hall https://uri.amap.com/marker?position=121.03448,30.69785")
    page.keyboard.press("Enter")
    expect(page.locator("#edit-told")).to_contain_text("read as GCJ-02")
    x, y = place_of(page)["coordinates"]  # type: ignore[index]
    assert abs(x - 121.0300) < 0.0002
    assert abs(y - 30.7000) < 0.0002
    expect(page.locator("#edit-shift")).to_be_hidden()


def test_a_line_is_typed_corner_by_corner_and_pasted_degrees_may_have_minutes(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/boat-tour")
    corners = page.get_by_label("Corners")
    expect(corners).to_have_value("121.0, 30.7\n121.01, 30.7\n121.03, 30.7")
    corners.fill("121, 30.7\n121.02, 30.71")
    assert place_of(page) == {"type": "LineString", "coordinates": [[121, 30.7], [121.02, 30.71]]}
    page.get_by_label("Shape").select_option("Polygon")
    assert place_of(page)["type"] == "LineString"  # type: ignore[index]  # two corners are no area
    corners.press("End")
    corners.fill("121, 30.7\n121.02, 30.71\n121.02, 30.7")
    assert place_of(page)["coordinates"][0][-1] == [121, 30.7]  # type: ignore[index]
    page.locator("#edit-paste").fill("北纬30°42'0\"，东经121°1'48\"")
    page.keyboard.press("Enter")
    assert place_of(page) == {"type": "Point", "coordinates": [121.03, 30.7]}
    expect(corners).to_have_value("")


def test_drawing_over_an_area_takes_hold_of_no_corner_and_escape_brings_it_back(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/old-town")
    first = place_of(page)
    count = page.locator(".marker-icon").count()
    assert count > 3
    assert page.locator(".marker-icon[tabindex], .marker-icon[role]").count() == 0
    page.get_by_role("button", name="Line", exact=True).click()
    expect(page.locator(".marker-icon:not(.cursor-marker)")).to_have_count(0)
    expect(page.locator("#edit-told")).to_contain_text("Esc or Stop drawing")
    page.locator("#map-frame").click(position={"x": 200, "y": 200})
    page.keyboard.press("Escape")
    expect(page.locator(".marker-icon")).to_have_count(count)
    expect(page.get_by_role("button", name="Stop drawing")).to_be_hidden()
    assert place_of(page) == first
    page.get_by_role("button", name="Line", exact=True).click()
    for x in (200, 260, 320):
        page.locator("#map-frame").click(position={"x": x, "y": 220})
    page.locator("#map-frame").click(position={"x": 320, "y": 220})
    assert place_of(page)["type"] == "LineString"  # type: ignore[index]


def test_hours_as_people_write_them_are_read_and_doubtful_ones_asked_back(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/zh/staff/features/hall")
    page.get_by_text("用文字写").click()
    page.locator("[name=opening_hours]").fill("周二至周日 9:00-5:00")
    page.get_by_role("button", name="周二至周日 9:00–17:00").click()
    expect(page.locator(".hours-row").first.get_by_label("二", exact=True)).to_be_checked()
    expect(page.locator(".hours-row").first.get_by_label("从")).to_have_value("09:00")
    expect(page.locator(".hours-days tr")).to_have_count(14)
    page.get_by_label("全天开放").check()
    expect(page.locator("[name=opening_hours]")).to_have_value("24/7")
    expect(page.locator(".hours-weekly")).to_be_hidden()
    page.get_by_label("全天开放").uncheck()
    expect(page.locator("[name=opening_hours]")).to_have_value("Tu-Su 09:00-17:00")


@pytest.mark.parametrize(("device", "lang"), [(PHONE, "zh"), (DESKTOP, "en")], ids=["phone", "desktop"])
def test_axe_finds_nothing_at_the_desk(visit: OpenVisit, desk: str, device: dict[str, object], lang: str) -> None:
    visitor = visit(device, at=desk)
    page = log_in(visitor, "ann", f"/{lang}/staff/features/mill")
    page.locator("[name='name.en']").fill("The old mill")
    page.locator(".save-bar .button.primary").click()
    page.locator(".notice.done").wait_for()
    branch = page.locator("[name=draft]").input_value()
    faults = []
    for path in (
        *DESK_PAGES,
        *BY_TURNS[device is DESKTOP :: 2],
        f"/staff/drafts/{branch}",
        f"/staff/drafts/{branch}/preview",
    ):
        page.goto(f"{desk}/{lang}{path}")
        faults += faults_of(page)
    assert faults == []
