"""Stand at a place with a phone that loses its network: a fix waits, survives a reload, and is sent once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, OpenVisit, served
from browser.desk import SOON_MS
from cityatlas.store.log import desk_lists
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser
HERE = {"longitude": 121.0301, "latitude": 30.7004, "accuracy": 4}  # good enough at once: nobody waits ten seconds


def test_a_fix_waits_on_the_phone_until_there_is_a_network(visit: OpenVisit, tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    with served(desk.config["SETTINGS"]) as url:
        visitor = visit(PHONE, at=url, geolocation=HERE, permissions=["geolocation"])
        page = visitor.open("/zh/staff/verify")
        page.locator("[name=login]").fill("coco")
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        row = page.locator("[data-place=hall]")
        expect(row.get_by_role("button")).to_be_visible(timeout=SOON_MS)
        visitor.context.set_offline(True)
        row.get_by_role("button", name="我就站在这里").click()
        state = page.locator("#verify-state")
        expect(state).to_have_text("有 1 个位置还在手机里，有网络时自动发送。", timeout=SOON_MS)
        visitor.allow_complaints()  # of the network that is not there
        page.context.route(re.compile("verify/hall"), lambda route: route.abort())
        visitor.context.set_offline(False)
        page.reload()
        expect(state).to_have_text(re.compile("有 1 个位置"), timeout=SOON_MS)
        visitor.allow_complaints()
        page.context.unroute(re.compile("verify/hall"))
        page.reload()
        expect(row.locator(".verify-said")).to_contain_text("已存成草稿", timeout=SOON_MS)
        expect(state).to_have_text("")
        page.get_by_role("button", name="近的排在前面").click()
        expect(page.locator("[data-place]").first).to_contain_text("约", timeout=SOON_MS)
        row.get_by_role("link", name="看草稿").click()
        expect(page.locator("main")).to_contain_text("现场核对")
    store = desk.extensions["cityatlas_store"]
    assert len(desk_lists.open_drafts(store, feature_id="hall")) == 1
