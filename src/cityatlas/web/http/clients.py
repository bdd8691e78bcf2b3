"""Tell where a request comes from: its address, the network around it, and the browser in words."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ...settings import Settings

# Signs in what a browser says of itself; the first that is found counts, since each imitates those below it.
BROWSERS = {
    "MicroMessenger": "wechat",
    "DingTalk": "dingtalk",
    "QQBrowser": "qq",
    "UCBrowser": "uc",
    "HuaweiBrowser": "huawei",
    "MiuiBrowser": "xiaomi",
    "QHBrowser": "so360",
    "360SE": "so360",
    "Edg": "edge",
    "Firefox": "firefox",
    "FxiOS": "firefox",
    "CriOS": "chrome",
    "Chrome": "chrome",
    "Safari": "safari",
}
SYSTEMS = {
    "HarmonyOS": "harmony",
    "OpenHarmony": "harmony",
    "iPhone": "iphone",
    "iPad": "ipad",
    "Android": "android",
    "Windows": "windows",
    "Macintosh": "mac",
    "Linux": "linux",
}
OTHER = "other"


@dataclass(frozen=True)
class Caller:
    """Say where a request comes from.

    `address` is what failed logins are counted by: one IPv4 address, or an IPv6 /64, which one household has whole.
    `network` is coarser (IPv4 /24) and kept with a session; `browser` is a browser and a system, "chrome windows".
    """

    address: str
    network: str
    browser: str


def read_caller() -> Caller:
    """Return where the present request comes from."""
    address, network = read_address(request.remote_addr or "")
    return Caller(address, network, read_browser(request.headers.get("User-Agent", "")))


def is_from_own_page() -> bool:
    """Return whether a form was sent from a page of ours, by what the browser says; one that says nothing is believed.

    Only browsers are sent across sites by others, and all of this decade say where from. What is no address is foreign.
    """
    own = {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc in own - {""}
    except ValueError:  # as of half an IPv6 address
        return False


def read_address(text: str) -> tuple[str, str]:
    """Return the address to count by and the network around it; both are empty where there is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "", ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            network = str(ip_network((address, 64), strict=False))
            return network, network
        address = address.ipv4_mapped
    return str(address), str(ip_network((address, 24), strict=False))


def read_browser(agent: str) -> str:
    """Return the keys of a browser and its system, "wechat android"; "other" for what is not known."""
    found = (next((key for sign, key in table.items() if sign in agent), OTHER) for table in (BROWSERS, SYSTEMS))
    return " ".join(found)


def init_app(app: Flask) -> None:
    """Believe as many proxies about the visitor's address as the settings say stand before us, and no more."""
    settings: Settings = app.config["SETTINGS"]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
