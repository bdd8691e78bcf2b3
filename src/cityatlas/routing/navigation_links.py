"""Make links that open a place in a navigation app, each in the app's own datum and axis order.

Positions come in as WGS-84 (lon, lat) degrees. The addresses and parameters are those of the vendors'
published link interfaces: Amap takes lon,lat; Baidu, Tencent, Apple and Google take lat,lon. All
Chinese maps get GCJ-02, which each of them names or assumes; Google gets WGS-84. A place that nobody has located is
looked for by its name (lbs.amap.com/api/uri-api/guide/search/search, lbs.qq.com/webApi/uriV1/uriGuide/uriWebPoisearch,
Baidu's uri/api/web, Apple's Map Links): the app answers with what it knows itself.

A tour on foot has more than two places. What the published interfaces allow of that: Amap shows up to ten
places at once, but its routes take a place on the way only for cars; Baidu, Tencent and Apple lead from one
place to another; Google takes up to nine places on the way (three in a phone's browser).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from ..geo.datum import convert

Provider = Literal["amap", "baidu", "tencent", "apple", "google"]

_CALLER = "cityatlas"  # tells the vendor who made the link
MOST_AMAP, MOST_GOOGLE = 10, 11  # places in one link
_NAME_MAX = 60  # characters; longer names make some apps drop the link
_TITLES: dict[Provider, tuple[str, str]] = {
    "amap": ("高德地图", "Amap"),
    "baidu": ("百度地图", "Baidu Maps"),
    "tencent": ("腾讯地图", "Tencent Maps"),
    "apple": ("苹果地图", "Apple Maps"),
    "google": ("谷歌地图", "Google Maps"),
}
# Amap and Tencent split their markers at these signs, even when they arrive encoded.
_TENCENT_SIGNS = str.maketrans({";": "；", ":": "：", "|": "｜"})


@dataclass(frozen=True)
class Spot:
    """Hold a place of a tour: WGS-84 degrees and a name."""

    lon: float
    lat: float
    name: str


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
    return _titled(urls, language)


def tour_links(spots: Sequence[Spot], language: str) -> tuple[DirectionLink, ...]:
    """Return the links that open all places of a tour at once, where an interface takes as many.

    Do not call this with a schematic position among them: nobody should be led to it.
    """
    urls: dict[Provider, str] = {}
    if 1 < len(spots) <= MOST_AMAP:
        marks = "%7C".join(f"{_gcj(spot, 'lon,lat')},{_encoded(_unsplit(spot.name, ','))}" for spot in spots)
        urls["amap"] = f"https://uri.amap.com/marker?markers={marks}&src={_CALLER}&coordinate=gaode&callnative=0"
    if 1 < len(spots) <= MOST_GOOGLE and language == "en":
        between = "%7C".join(_wgs(spot) for spot in spots[1:-1])
        urls["google"] = (
            f"https://www.google.com/maps/dir/?api=1&origin={_wgs(spots[0])}&destination={_wgs(spots[-1])}"
            f"{'&waypoints=' * bool(between)}{between}&travelmode=walking"
        )
    return _titled(urls, language)


# What each app calls a way: Amap, Baidu, Tencent, Apple, Google. By boat one walks to it.
_MODES = {
    "walk": ("walk", "walking", "walk", "w", "walking"),
    "bicycle": ("ride", "riding", "bike", "c", "bicycling"),
    "bus": ("bus", "transit", "bus", "r", "transit"),
    "taxi": ("car", "driving", "drive", "d", "driving"),
}


def leg_links(origin: Spot, goal: Spot, language: str, mode: str = "walk") -> tuple[DirectionLink, ...]:
    """Return the links that lead from one place to the next, on foot or as one rides. Neither may be schematic."""
    by_amap, by_baidu, by_tencent, by_apple, by_google = _MODES.get(mode, _MODES["walk"])
    names = _encoded(_unsplit(origin.name, ",")), _encoded(_unsplit(goal.name, ","))
    start, end = _gcj(origin, "lat,lon"), _gcj(goal, "lat,lon")
    amap = [f"{_gcj(spot, 'lon,lat')},{name}" for spot, name in zip((origin, goal), names, strict=True)]
    tencent = f"from={_tencent(_plain(origin.name))}&fromcoord={start}&to={_tencent(_plain(goal.name))}&tocoord={end}"
    baidu = [f"latlng:{at}%7Cname:{_tencent(_plain(s.name))}" for at, s in ((start, origin), (end, goal))]
    urls: dict[Provider, str] = {
        "amap": f"https://uri.amap.com/navigation?from={amap[0]}&to={amap[1]}&mode={by_amap}&src={_CALLER}"
        "&callnative=0",
        "baidu": f"https://api.map.baidu.com/direction?origin={baidu[0]}&destination={baidu[1]}&mode={by_baidu}"
        f"&output=html&coord_type=gcj02&src=webapp.{_CALLER}.{_CALLER}",
        "tencent": f"https://apis.map.qq.com/uri/v1/routeplan?type={by_tencent}&{tencent}&coord_type=2&referer={_CALLER}",
        "apple": f"https://maps.apple.com/?saddr={start}&daddr={end}&dirflg={by_apple}",
    }
    if language == "en":
        ends = f"origin={_wgs(origin)}&destination={_wgs(goal)}"
        urls["google"] = f"https://www.google.com/maps/dir/?api=1&{ends}&travelmode={by_google}"
    return _titled(urls, language)


def search_links(name: str, region: str, language: str) -> tuple[DirectionLink, ...]:
    """Return the links that look for a name within a region; they hold no position, so any place may have them.

    Both are best in Chinese, as the maps of China have them.
    """
    sought, within = _encoded(_plain(name)), _encoded(_plain(region))
    urls: dict[Provider, str] = {
        "amap": f"https://uri.amap.com/search?keyword={sought}&city={within}&view=map&src={_CALLER}&callnative=0",
        "baidu": f"https://api.map.baidu.com/place/search?query={sought}&region={within}&output=html"
        f"&src=webapp.{_CALLER}.{_CALLER}",
        "tencent": f"https://apis.map.qq.com/uri/v1/search?keyword={sought}&region={within}&referer={_CALLER}",
        "apple": f"https://maps.apple.com/?q={within}%20{sought}",
    }
    if language == "en":
        urls["google"] = f"https://www.google.com/maps/search/?api=1&query={within}%20{sought}"
    return _titled(urls, language)


def _titled(urls: dict[Provider, str], language: str) -> tuple[DirectionLink, ...]:
    column = 1 if language == "en" else 0
    return tuple(DirectionLink(provider, _TITLES[provider][column], url) for provider, url in urls.items())


def _gcj(spot: Spot, order: Literal["lon,lat", "lat,lon"]) -> str:
    lon, lat = convert(spot.lon, spot.lat, "WGS-84", "GCJ-02")
    return f"{lon:.6f},{lat:.6f}" if order == "lon,lat" else f"{lat:.6f},{lon:.6f}"


def _wgs(spot: Spot) -> str:
    return f"{spot.lat:.6f},{spot.lon:.6f}"


def _unsplit(name: str, signs: str) -> str:
    """Return a name without the signs at which an app splits its list; `|` and `;` always go."""
    return "".join(" " if sign in f"|;{signs}" else sign for sign in _plain(name))


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
