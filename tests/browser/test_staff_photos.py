"""Hand in a photo by dropping or pasting it, and report a problem from a phone without scripts."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, OpenVisit, served
from browser.desk import log_in
from cityatlas.web.public import report_form
from photo_files import half_red, written
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser
HAND_IN = """([kind, bytes]) => {
  const raw = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([raw], "bridge.jpg", { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  if (kind === "paste") document.body.dispatchEvent(new ClipboardEvent(kind, { ...options, clipboardData: given }));
  else document.querySelector(".photo-drop").dispatchEvent(new DragEvent(kind, { ...options, dataTransfer: given }));
}"""


def test_a_photo_pasted_into_the_form_of_a_place_goes_with_it_when_that_is_saved(
    visit: OpenVisit, tmp_path: Path
) -> None:
    with served(make_desk(tmp_path).config["SETTINGS"]) as desk:
        page = log_in(visit(at=desk), "coco", "/en/staff/features/mill")
        raw = base64.b64encode(written(half_red(300, 200), "JPEG")).decode()
        page.evaluate(HAND_IN, ["paste", raw])  # the group of photos is closed until then
        expect(page.get_by_label("What it shows, in Chinese")).to_be_focused()
        page.get_by_role("button", name="Upload it and add it here").click()  # the browser asks for words first
        expect(page.locator("[id='photos.0']")).to_have_count(0)
        for label, text in (
            ("What it shows, in Chinese", "磨坊"),
            ("What it shows, in English", "The mill"),
            ("Who took it", "Li"),
            ("Licence", "CC0"),
        ):
            page.get_by_label(label, exact=label == "Licence").fill(text)
        page.get_by_role("button", name="Save the draft").click()  # it is not left behind
        expect(page.locator(".notice.done")).to_be_visible()
        expect(page.locator("[name='photos.0.alt.en']")).to_have_value("The mill")
        expect(page.locator("[name='photos.0.credit']")).to_have_value("Li · CC0")
        image = page.locator("[id='photos.0'] .photo-thumb")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")


def test_a_report_from_a_phone_is_read_and_a_photo_is_dropped_pasted_and_uploaded(
    visit: OpenVisit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_form, "LEAST_S", 0)
    with served(make_desk(tmp_path).config["SETTINGS"]) as desk:
        page = visit(PHONE, at=desk, java_script_enabled=False).open("/zh/sites/mill")
        page.get_by_role("link", name="报告问题").click()
        page.get_by_label("开放时间不对").check()
        page.get_by_label("请说明").fill("周一也开门。")
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")

        page = visit(at=desk).open("/zh/staff/reports")
        page.get_by_label("登录名").fill("ann")
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("article")).to_contain_text("周一也开门。")
        page.get_by_role("button", name="列为待办").click()
        expect(page.get_by_role("heading", name="待办（1）")).to_be_visible()

        page.get_by_role("link", name="照片", exact=True).click()
        expect(page.get_by_text("也可以把照片拖到这里")).to_be_visible()
        for kind, width in (("drop", 300), ("paste", 200)):
            raw = base64.b64encode(written(half_red(width, 100), "JPEG")).decode()
            page.evaluate(HAND_IN, [kind, raw])
            expect(page.get_by_text("已选 bridge.jpg")).to_be_visible()
            expect(page.locator(".photo-drop canvas")).to_have_attribute("width", str(width))
        for label, text in (
            ("图中内容（中文）", "桥"),
            ("图中内容（英文）", "Bridge"),
            ("拍摄者", "Li"),
            ("使用许可", "CC0"),
        ):
            page.get_by_label(label, exact=label == "Licence").fill(text)
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_role("status").first).to_have_text("照片已上传，现在可以用到地点里了。")
        expect(page.get_by_role("img", name="桥")).to_have_js_property("naturalWidth", 200)
