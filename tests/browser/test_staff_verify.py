"""Stand at a place with a phone that loses its network: a fix and a photo wait, survive a login, and are sent once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import PHONE, OpenVisit, served
from browser.desk import SOON_MS
from cityatlas.store.log import desk_lists
from photo_files import half_red, written
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser
HERE = {"longitude": 121.0301, "latitude": 30.7004, "accuracy": 4}  # good enough at once: nobody waits ten seconds


WORDS = (("图中内容（中文）", "门"), ("图中内容（英文）", "A door"), ("使用许可", "CC0"))
LOST_ANSWER = re.compile("hall/photo")


def log_in(page: Page) -> None:
    """Fill in the form of the login."""
    page.locator("[name=login]").fill("coco")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_fix_and_a_photo_wait_on_the_phone_until_there_is_a_network(visit: OpenVisit, tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    with served(desk.config["SETTINGS"]) as url:
        visitor = visit(PHONE, at=url, geolocation=HERE, permissions=["geolocation"])
        page = visitor.open("/zh/staff/verify")
        log_in(page)
        row, said = page.locator("[data-place=hall]"), page.locator("[data-place=hall] .photo-said")
        stand, camera = (row.get_by_role("button", name=name) for name in ("我就站在这里", "拍照"))
        expect(stand).to_be_visible(timeout=SOON_MS)
        visitor.context.set_offline(True)
        stand.click()
        state = page.locator("#verify-state")
        expect(state).to_have_text("有 1 个位置还在手机里，有网络时自动发送。", timeout=SOON_MS)
        for file, words in (
            ({"name": "list.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}, "这不是照片"),
            ({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes((10 << 20) + 1)}, "超过 10 MB"),
            ({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": written(half_red(90), "JPEG")}, "已存在手机里"),
        ):
            with page.expect_file_chooser() as chooser:
                camera.click()
            chooser.value.set_files(file)  # type: ignore[arg-type]
            expect(said).to_contain_text(words)
        assert row.locator("input[type=file]").get_attribute("capture") == "environment"
        for label, text in WORDS:
            row.get_by_label(label).fill(text)
        expect(row.get_by_label("拍摄者")).to_have_value("coco")
        row.get_by_role("button", name="发送照片").click()
        expect(state).to_have_text(re.compile("有 1 个位置.*有 1 张照片"))
        visitor.allow_complaints()  # of the network that is not there
        page.context.route(re.compile("verify/hall"), lambda route: route.abort())
        visitor.context.set_offline(False)
        visitor.context.clear_cookies()
        page.reload()
        log_in(page)
        expect(state).to_have_text(re.compile("有 1 个位置.*有 1 张照片"), timeout=SOON_MS)
        visitor.allow_complaints()
        page.context.unroute(re.compile("verify/hall"))
        page.context.route(LOST_ANSWER, lambda route: (route.fetch(), route.abort()))
        page.reload()
        expect(row.locator(".verify-said").first).to_contain_text("已存成草稿", timeout=SOON_MS)
        expect(state).to_have_text("有 1 张照片还在手机里，有网络时自动发送。", timeout=SOON_MS)
        visitor.allow_complaints()  # the desk has it; the phone does not know
        page.context.unroute(LOST_ANSWER)
        page.reload()
        expect(said).to_contain_text("照片已加到草稿里", timeout=SOON_MS)
        expect(state).to_have_text("")
        page.get_by_role("button", name="近的排在前面").click()
        expect(page.locator("[data-place]").first).to_contain_text("约", timeout=SOON_MS)
        row.get_by_role("link", name="看草稿").click()
        expect(page.locator("main")).to_contain_text("现场核实")
    (draft,) = desk_lists.open_drafts(desk.extensions["cityatlas_store"], feature_id="hall")
    (photo,) = draft.head.content.properties["photos"]
    assert photo["alt"] == {"zh": "门", "en": "A door"}
