"""Check the links to navigation apps: datum, axis order, encoding, hostile names."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from cityatlas.routing.navigation_links import DirectionLink, direction_links

# The first row of tests/data/datum.csv: GCJ-02 is 121.019393494, 30.692723566.
LON, LAT = 121.015, 30.695


def links(name: str = "Old Mill", address: str = "1 Mill Lane", language: str = "en") -> dict[str, DirectionLink]:
    return {link.provider: link for link in direction_links(LON, LAT, name, address, language)}


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        (
            "amap",
            (
                "https://uri.amap.com/marker?position=121.019393,30.692724"
                "&name=Old%20Mill&src=cityatlas&coordinate=gaode&callnative=0"
            ),
        ),
        (
            "baidu",
            (
                "https://api.map.baidu.com/marker?location=30.692724,121.019393"
                "&title=Old%20Mill&content=1%20Mill%20Lane&output=html&coord_type=gcj02"
                "&src=webapp.cityatlas.cityatlas"
            ),
        ),
        (
            "tencent",
            (
                "https://apis.map.qq.com/uri/v1/marker?marker=coord:30.692724,121.019393"
                ";title:Old%20Mill;addr:1%20Mill%20Lane&coord_type=2&referer=cityatlas"
            ),
        ),
        ("apple", "https://maps.apple.com/?ll=30.692724,121.019393&q=Old%20Mill"),
        ("google", "https://www.google.com/maps/search/?api=1&query=30.695000,121.015000"),
    ],
)
def test_each_app_gets_its_own_datum_and_axis_order(provider: str, url: str) -> None:
    assert links()[provider].url == url


def test_chinese_is_sent_as_utf_8() -> None:
    assert "&name=%E6%A1%A5&" in links(name="桥")["amap"].url


def test_google_is_offered_only_to_readers_of_english() -> None:
    assert list(links(language="zh")) == ["amap", "baidu", "tencent", "apple"]
    assert list(links(language="en")) == ["amap", "baidu", "tencent", "apple", "google"]


def test_titles_speak_the_language_of_the_page() -> None:
    assert links(language="zh")["amap"].title == "高德地图"
    assert links(language="en")["amap"].title == "Amap"


def test_a_missing_address_is_replaced_by_the_name() -> None:
    url = links(name="Mill", address=" ")["tencent"].url
    assert ";title:Mill;addr:Mill&" in url


def test_signs_that_split_the_marker_of_tencent_become_full_width() -> None:
    url = links(name="a;b:c|d", address="x;addr:y")["tencent"].url
    assert parse_qs(urlsplit(url).query, separator="&")["marker"] == [
        "coord:30.692724,121.019393;title:a；b：c｜d;addr:x；addr：y"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "a&callnative=1#x",
        '"><script>alert(1)</script>',
        "javascript:alert(1)",
        "{{7*191}}",
        "%00%",
        "a+b ?c=d/../",
    ],
)
def test_a_hostile_name_stays_one_value(name: str) -> None:
    for link in links(name=name).values():
        parts = urlsplit(link.url)
        assert parts.scheme == "https"
        assert parts.fragment == ""
        assert not set("<>\"'{} \n\\") & set(link.url)
    query = parse_qs(urlsplit(links(name=name)["amap"].url).query)
    assert query["name"] == [name]
    assert query["callnative"] == ["0"]


def test_control_signs_and_broken_characters_become_spaces() -> None:
    assert "&name=a%20b%20c%20d&" in links(name="a\0b\r\nc\u202e\ud800d")["amap"].url


def test_a_long_name_is_cut_at_sixty_characters() -> None:
    query = parse_qs(urlsplit(links(name="桥" * 500)["amap"].url).query)
    assert query["name"] == ["桥" * 60]
