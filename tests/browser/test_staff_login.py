"""Log in to the desk on a phone: a mistyped password, a logout, and a copied cookie that is worth nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.axe import faults_of
from browser.conftest import PHONE, OpenVisit, served
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """Return the address of a toy city whose desk has an admin, ann."""
    with served(make_desk(tmp_path).config["SETTINGS"]) as url:
        yield url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_day_at_the_desk_on_a_phone(visit: OpenVisit, desk: str, scripts: bool) -> None:
    visitor = visit(PHONE, at=desk, java_script_enabled=scripts)
    page, faults = visitor.open("/zh/staff/me"), []
    expect(page.get_by_role("heading", level=1)).to_have_text("登录工作台")
    page.get_by_label("登录名").fill("ann")
    page.get_by_label("密码").fill("not this one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("登录名或密码不对。")
    expect(page.get_by_label("登录名")).to_have_value("ann")
    visitor.allow_complaints()  # the browser reports the 401 itself
    faults += faults_of(page) if scripts else []
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh/staff/me")
    expect(page.get_by_text("本机")).to_be_visible()
    faults += faults_of(page) if scripts else []
    page.get_by_role("link", name="账号管理").click()
    page.get_by_label("登录名").fill("王小明")
    page.get_by_role("button", name="添加并生成链接").click()
    link = page.get_by_label("请把这个链接发给本人").input_value()
    assert link.startswith(f"{desk}/zh/staff/welcome/")
    faults += faults_of(page) if scripts else []
    cookies = visitor.context.cookies()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("status")).to_have_text("您已退出。")
    thief = visit(PHONE, at=desk, java_script_enabled=scripts)
    thief.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave is what it takes
    expect(thief.open("/zh/staff/me").get_by_role("heading", level=1)).to_have_text("登录工作台")
    invited = thief.open(link.removeprefix(desk))
    expect(invited.get_by_role("heading", level=1)).to_have_text("王小明，您好")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert faults == []
