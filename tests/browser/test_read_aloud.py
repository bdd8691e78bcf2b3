"""Read a summary aloud where the browser has a voice, and stop."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, OpenVisit

pytestmark = pytest.mark.browser
# A browser without speakers has no voice: ours keeps what it was asked to say.
VOICE = """window.said = [];
const voices = VOICES.map((lang) => ({ lang, localService: true }));
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener() {}, cancel: () => said.push("stop"),
  speak: (one) => said.push([one.lang, one.text]),
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };"""


def test_a_summary_is_read_in_the_pages_language_and_stopped(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    visitor.context.add_init_script(VOICE.replace("VOICES", '["zh-CN", "fr-FR"]'))
    page = visitor.open("/zh/sites/mo-manor")
    button = page.locator("button.read")
    button.click()
    expect(button).to_have_text("停下")
    expect(button).to_have_attribute("aria-pressed", "true")
    (tag, text) = page.evaluate("said.at(-1)")
    assert tag == "zh-CN"
    assert text == page.locator("[data-read-text]").inner_text()
    button.click()
    expect(button).to_have_text("读给我听")
    assert page.evaluate("said.at(-1)") == "stop"
    page = visitor.open("/en/sites/mo-manor")
    expect(page.locator("button.read")).to_be_hidden()  # no voice speaks English


def test_the_maps_card_is_read_too(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    visitor.context.add_init_script(VOICE.replace("VOICES", '["zh-CN"]'))
    page = visitor.open("/zh/?site=mo-manor")
    page.locator(".card button.read").click()
    assert page.evaluate("said.at(-1)[0]") == "zh-CN"
