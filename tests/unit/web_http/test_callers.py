"""Check what is kept of where a login comes from."""

from __future__ import annotations

import pytest

from cityatlas.i18n import messages
from cityatlas.web.http.clients import BROWSERS, SYSTEMS, read_address, read_browser


@pytest.mark.parametrize(
    ("text", "address", "network"),
    [
        ("203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/64"),
        ("::1", "::/64", "::/64"),
        ("", "", ""),
        ("unix:", "", ""),
        ("203.0.113.777", "", ""),
    ],
)
def test_an_address_is_counted_alone_or_by_its_household(text: str, address: str, network: str) -> None:
    assert read_address(text) == (address, network)


@pytest.mark.parametrize(
    ("agent", "browser"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36", "chrome windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "edge windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "safari iphone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile MicroMessenger/8.0.42", "wechat iphone"),
        ("Mozilla/5.0 (Linux; Android 14; V2307A) Chrome/107.0 MicroMessenger/8.0.44", "wechat android"),
        ("Mozilla/5.0 (Linux; Android 10; HarmonyOS; NOH) HuaweiBrowser/14.0 Chrome/99", "huawei harmony"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.0) Gecko Firefox/120.0", "firefox mac"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "chrome linux"),
        ("curl/8.0", "other other"),
        ("", "other other"),
    ],
)
def test_a_browser_is_known_by_its_words(agent: str, browser: str) -> None:
    assert read_browser(agent) == browser


def test_every_browser_and_system_has_words() -> None:
    keys = {f"staff.browser_{key}" for key in BROWSERS.values()} | {f"staff.system_{key}" for key in SYSTEMS.values()}
    assert keys <= set(messages("zh"))
