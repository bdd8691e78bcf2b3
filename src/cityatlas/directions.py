"""Make links that open a place in a navigation app, each in the app's own datum and axis order.

Positions come in as WGS-84 (lon, lat) degrees. The addresses and parameters are those of the vendors'
published link interfaces: Amap takes lon,lat; Baidu, Tencent, Apple and Google take lat,lon. All
Chinese maps get GCJ-02, which each of them names or assumes; Google gets WGS-84.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from .datum import convert

Provider = Literal["amap", "baidu", "tencent", "apple", "google"]

_CALLER = "cityatlas"  # tells the vendor who made the link
_NAME_MAX = 60  # characters; longer names make some apps drop the link
_TITLES: dict[Provider, tuple[str, str]] = {
    "amap": ("高德地图", "Amap"),
    "baidu": ("百度地图", "Baidu Maps"),
    "tencent": ("腾讯地图", "Tencent Maps"),
    "apple": ("苹果地图", "Apple Maps"),
    "google": ("谷歌地图", "Google Maps"),
}
# Tencent splits its marker value at these signs, even when they arrive encoded.
_TENCENT_SIGNS = str.maketrans({";": "；", ":": "：", "|": "｜"})


@dataclass(frozen=True)
class DirectionLink:
    """A link to one navigation app; `title` is in the reader's language."""

    provider: Provider
    title: str
    url: str


def direction_links(lon: float, lat: float, name: str, address: str, language: str) -> tuple[DirectionLink, ...]:
    """Return the links for a WGS-84 position in degrees, the app most used in China first.

    An empty `address` is replaced by the name. Google is offered only when `language` is "en".
    Do not call this for a schematic position: nobody should be led to it.
    """
    label = _plain(name)
    urls = _urls(lon, lat, label, _plain(address) or label)
    if language != "en":
        del urls["google"]
    column = 1 if language == "en" else 0
    return tuple(DirectionLink(provider, _TITLES[provider][column], url) for provider, url in urls.items())


def _urls(lon: float, lat: float, name: str, address: str) -> dict[Provider, str]:
    gcj_lon, gcj_lat = convert(lon, lat, "WGS-84", "GCJ-02")
    lon_lat, lat_lon = f"{gcj_lon:.6f},{gcj_lat:.6f}", f"{gcj_lat:.6f},{gcj_lon:.6f}"
    title, place = _encoded(name), _encoded(address)
    tencent = f"coord:{lat_lon};title:{_tencent(name)};addr:{_tencent(address)}"
    return {
        "amap": "https://uri.amap.com/marker"
        f"?position={lon_lat}&name={title}&src={_CALLER}&coordinate=gaode&callnative=0",
        "baidu": "https://api.map.baidu.com/marker"
        f"?location={lat_lon}&title={title}&content={place}&output=html&coord_type=gcj02"
        f"&src=webapp.{_CALLER}.{_CALLER}",
        "tencent": f"https://apis.map.qq.com/uri/v1/marker?marker={tencent}&coord_type=2&referer={_CALLER}",
        "apple": f"https://maps.apple.com/?ll={lat_lon}&q={title}",
        "google": f"https://www.google.com/maps/search/?api=1&query={lat:.6f},{lon:.6f}",
    }


def _plain(text: str) -> str:
    """Return text on one line without control or invisible characters, at most 60 characters."""
    visible = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in text)
    return " ".join(visible.split())[:_NAME_MAX].strip()


def _tencent(text: str) -> str:
    return _encoded(text.translate(_TENCENT_SIGNS))


def _encoded(text: str) -> str:
    return quote(text, safe="")
