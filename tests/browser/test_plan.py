"""Plan a tour of the shipped city as visitors do: on a phone, at a desk, by keyboard, and without scripts."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Response, Route, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.plans import PARTY, SATURDAY, is_wider_than_screen

pytestmark = pytest.mark.browser


MOST_PIN_PX = 34
MOST_REQUESTS, MOST_BYTES = 20, 150_000  # of the planner's first view


def test_two_taps_on_a_phone_give_a_plan(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/plan")
    page.locator(".day").last.locator("[data-span]").first.tap()
    page.get_by_role("button", name="开始安排").tap()
    expect(page.locator(".timeline .row.visit").first).to_be_visible()
    assert page.locator(".plan-pin").count() == page.locator(".row.visit").count()
    expect(page.locator("#told")).to_contain_text("安排好了")
    told = page.locator("#told.shown").bounding_box()
    assert told
    for pin in page.locator(".plan-pin").all():
        assert (pin.bounding_box() or told)["y"] + MOST_PIN_PX <= told["y"]  # no number of the map lies under it
    day = page.locator("#plan-day").bounding_box()
    assert day
    assert told["y"] + told["height"] <= day["y"]  # nor what the plan says
    assert "date=" in page.url
    assert not is_wider_than_screen(page)


def test_five_taps_from_the_map_give_an_afternoon_with_a_child_from_the_station_and_back(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/")
    page.get_by_role("link", name="安排游览").tap()
    page.get_by_role("button", name="平湖客运中心").tap()
    page.locator(".day").last.get_by_role("button", name="下午").tap()
    expect(page.locator(".day .spans [aria-pressed=true]")).to_have_count(1)
    page.locator("[data-theme=family]").tap()
    page.get_by_role("button", name="开始安排").tap()
    expect(page.locator(".timeline .row.visit").first).to_be_visible()
    expect(page.locator(".timeline .row.edge").last).to_contain_text("到这里结束：平湖客运中心")
    expect(page.locator("#plan-day")).to_contain_text("午饭时间（11:30 到 13:00 开始）不在您的游览时间内")
    day = json.loads(page.locator("#plan-drawn").text_content() or "")
    walks = [leg for leg in day["legs"] if leg and leg["mode"] == "walk"]
    assert all(leg["end_s"] - leg["begin_s"] <= 20 * 60 for leg in walks)
    assert (day["begin_s"], day["end_s"] <= 16.5 * 3600) == (13.5 * 3600, True)


def test_the_end_moves_with_the_start(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/plan")
    page.locator(".day").last.get_by_role("button", name="上午").tap()
    page.locator("#plan-start").fill("14:15")
    expect(page.locator("#plan-end")).to_have_value("17:15")
    page.locator("button[data-day]").first.tap()  # the day alone changes
    expect(page.locator("#plan-start")).to_have_value("14:15")


def test_the_first_view_is_light(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    answers: list[Response] = []
    visitor.context.on("response", lambda answer: answers.append(answer))
    visitor.open("/zh/plan")
    assert len(answers) <= MOST_REQUESTS
    assert sum(int(answer.headers["content-length"]) for answer in answers) <= MOST_BYTES


def test_without_scripts_a_form_and_links_plan(visit: OpenVisit) -> None:
    page = visit(PHONE, java_script_enabled=False).open("/zh/plan")
    page.get_by_label("日期").fill(SATURDAY)
    page.get_by_label("清廉文化").check()
    page.get_by_role("button", name="开始安排").click()
    page.wait_for_url("**/plan?date=*")  # and until it has loaded: a style that comes late hides cells late
    expect(page.locator("#picture svg.picture")).to_be_visible()
    cells = page.locator(".tiles-take").first.locator("li:visible:not(:has-text('嵌入'))")
    assert [cell.inner_text().strip() for cell in cells.all()] == ["存到日历"]  # no empty cells of what needs a script
    tops = [page.locator(part).bounding_box() for part in (".strip", "#picture", ".timeline")]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    page.locator(".adjust summary").first.click()
    page.get_by_role("link", name=re.compile("^多看 10 分钟")).first.click()
    page.wait_for_url("**&stay=*")
    expect(page.locator(".timeline .row.visit").first).to_be_visible()


def test_the_menu_leads_to_the_planner(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/about")
    page.get_by_role("link", name="Plan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a tour")


def test_a_party_of_twelve_gets_its_afternoon(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/en/plan?{PARTY}")
    expect(page.locator(".row.edge").first).to_contain_text("East Lake Boat Wharf")
    expect(page.locator(".row.edge").last).to_contain_text("Pinghu Coach Center")
    expect(page.locator(".timeline")).to_contain_text("On-Board Party Lecture")
    expect(page.locator(".timeline")).to_contain_text("No timetable is published")
    assert not is_wider_than_screen(page)


def test_why_not_leads_to_a_plan(visit: OpenVisit) -> None:
    monday = (date.fromisoformat(SATURDAY) + timedelta(days=2)).isoformat()
    page = visit(PHONE).open(f"/en/plan?date={monday}&start=10:00&end=15:00&must=li-shutong-memorial")
    expect(page.locator("#nothing")).to_contain_text("closed on that day")
    page.get_by_role("link", name=re.compile("^Go on Tuesday")).click()
    expect(page.locator(".timeline")).to_contain_text("Li Shutong Memorial")


def test_an_alternative_replaces_the_plan_and_leads_back(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{PARTY}")
    planned = page.locator(".stop-name").all_inner_texts()
    page.locator(".other").first.click()
    page.wait_for_url(re.compile("variant="))
    expect(page.locator(".others")).to_contain_text("The plan itself")
    assert page.locator(".stop-name").all_inner_texts() != planned
    page.get_by_role("link", name="The plan itself").click()
    expect(page.locator(".stop-name")).to_have_text(planned)


def test_a_route_is_adapted_to_the_time_one_has(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/routes/east-lake-integrity-trail")
    page.get_by_role("link", name="Adapt this route to my time").click()
    assert "route=east-lake-integrity-trail" in page.url
    expect(page.get_by_role("heading", level=2).first).to_contain_text("When will you follow")
    page.locator("#plan-date").fill(SATURDAY)
    page.locator("#plan-start").fill("09:00")
    page.locator("#plan-end").fill("11:00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator(".along")).to_contain_text("These did not fit")
    expect(page.locator("#plan-ask")).to_be_empty()
    assert f"date={SATURDAY}&start=09:00&end=11:00" in page.url


def test_a_script_that_does_not_come_leaves_a_page_that_plans(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    visitor.context.route("**/plan.*.js", lambda route: route.abort())
    page = visitor.context.new_page()
    page.goto(f"{visitor.address}/zh/plan?{PARTY}")
    expect(page.locator("#picture svg.picture")).to_be_visible()
    for dead in ("[data-start-walk]", ".grip", "#plan-add", "[data-span]"):
        expect(page.locator(dead).first).to_be_hidden()
    page.locator("#wish > summary").click()
    page.get_by_role("button", name="开始安排").click()
    expect(page.locator(".timeline .row.visit").first).to_be_visible()
    visitor.allow_complaints()  # the browser reports the script that did not come


def test_a_script_that_is_slow_moves_nothing_and_leaves_nothing_dead(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    held: list[Route] = []
    visitor.context.route("**/plan.*.js", lambda route: held.append(route))
    page = visitor.context.new_page()
    page.goto(f"{visitor.address}/zh/plan", wait_until="commit")
    expect(page.locator("#plan-date")).to_be_visible()
    before = page.locator("#plan-date").bounding_box()
    expect(page.locator("[data-span]").first).to_be_hidden()
    expect(page.locator("#plan-add")).to_be_hidden()
    held[0].continue_()
    expect(page.locator("[data-day][aria-pressed=true]")).to_be_visible()
    assert page.locator("#plan-date").bounding_box() == before


def test_on_a_small_phone_the_controls_of_the_map_lie_above_the_sheet(visit: OpenVisit) -> None:
    page = visit(PHONE | {"viewport": {"width": 320, "height": 568}}).open(f"/en/plan?{PARTY}")
    sheet = page.locator("#panel").bounding_box()
    bars = [bar.bounding_box() for bar in page.locator(".leaflet-top .leaflet-control:visible").all()]
    assert sheet
    assert len(bars) == 3
    assert all(bar and bar["y"] + bar["height"] <= sheet["y"] for bar in bars)


def test_in_forced_colours_what_is_chosen_stands_out(visit: OpenVisit) -> None:
    page = visit(DESKTOP, forced_colors="active").open("/en/plan")
    page.locator(".day").last.locator("[data-span]").nth(1).click()
    colours = (
        page.locator(".day")
        .last.locator("[data-span]")
        .evaluate_all("all => all.map((tap) => getComputedStyle(tap).backgroundColor)")
    )
    assert len(set(colours)) == 2  # the afternoon is chosen, the morning and a whole day are not
    assert colours[0] == colours[2]
