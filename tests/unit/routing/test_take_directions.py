"""Check the links that open a whole tour, or one leg of it, in a navigation app: datum, order, what each allows."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from cityatlas.routing.navigation_links import DirectionLink, Spot, leg_links, search_links, tour_links

# From tests/data/datum.csv: 121.015, 30.695 is 121.019393494, 30.692723566 in GCJ-02, and 121.03, 30.69 is
# 121.034444459, 30.687763488.
MILL, HALL = Spot(121.015, 30.695, "Old Mill"), Spot(121.03, 30.69, "纪念馆")
HALL_NAME = "%E7%BA%AA%E5%BF%B5%E9%A6%86"


def by_provider(links: tuple[DirectionLink, ...]) -> dict[str, str]:
    return {link.provider: link.url for link in links}


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        (
            "amap",
            (
                "https://uri.amap.com/navigation?from=121.019393,30.692724,Old%20Mill"
                f"&to=121.034444,30.687763,{HALL_NAME}&mode=walk&src=cityatlas&callnative=0"
            ),
        ),
        (
            "baidu",
            (
                "https://api.map.baidu.com/direction?origin=latlng:30.692724,121.019393%7Cname:Old%20Mill"
                f"&destination=latlng:30.687763,121.034444%7Cname:{HALL_NAME}&mode=walking&output=html"
                "&coord_type=gcj02&src=webapp.cityatlas.cityatlas"
            ),
        ),
        (
            "tencent",
            (
                "https://apis.map.qq.com/uri/v1/routeplan?type=walk&from=Old%20Mill&fromcoord=30.692724,121.019393"
                f"&to={HALL_NAME}&tocoord=30.687763,121.034444&coord_type=2&referer=cityatlas"
            ),
        ),
        ("apple", "https://maps.apple.com/?saddr=30.692724,121.019393&daddr=30.687763,121.034444&dirflg=w"),
        (
            "google",
            (
                "https://www.google.com/maps/dir/?api=1&origin=30.695000,121.015000&destination=30.690000,121.030000"
                "&travelmode=walking"
            ),
        ),
    ],
)
def test_a_leg_leads_on_foot_in_each_apps_own_datum_and_order(provider: str, url: str) -> None:
    assert by_provider(leg_links(MILL, HALL, "en"))[provider] == url


def test_amap_shows_all_stops_at_once() -> None:
    links = by_provider(tour_links([MILL, HALL], "zh"))
    assert list(links) == ["amap"]
    assert links["amap"] == (
        f"https://uri.amap.com/marker?markers=121.019393,30.692724,Old%20Mill%7C121.034444,30.687763,{HALL_NAME}"
        "&src=cityatlas&coordinate=gaode&callnative=0"
    )


def test_google_takes_the_stops_between_on_english_pages() -> None:
    query = parse_qs(urlsplit(by_provider(tour_links([MILL, HALL, HALL, MILL], "en"))["google"]).query)
    assert query["origin"] == query["destination"] == ["30.695000,121.015000"]
    assert query["waypoints"] == ["30.690000,121.030000|30.690000,121.030000"]


@pytest.mark.parametrize(
    ("stops", "offered"),
    [(0, []), (1, []), (2, ["amap", "google"]), (10, ["amap", "google"]), (11, ["google"]), (12, [])],
)
def test_no_link_holds_more_places_than_its_app_takes(stops: int, offered: list[str]) -> None:
    assert list(by_provider(tour_links([MILL] * stops, "en"))) == offered


@pytest.mark.parametrize("name", ["a|b,c;d", "x&mode=car#y", '"><script>alert(1)</script>', "a\nb\u202ec"])
def test_a_hostile_name_neither_splits_a_list_nor_ends_a_value(name: str) -> None:
    spots = [Spot(121.015, 30.695, name), HALL]
    for link in (*tour_links(spots, "en"), *leg_links(spots[0], HALL, "en")):
        parts = urlsplit(link.url)
        assert (parts.scheme, parts.fragment) == ("https", "")
        assert not set("<>\"'{} \n\\|") & set(link.url)
    amap = parse_qs(urlsplit(by_provider(tour_links(spots, "en"))["amap"]).query)
    assert len(amap["markers"][0].split("|")) == 2
    assert [len(mark.split(",")) for mark in amap["markers"][0].split("|")] == [3, 3]
    walk = parse_qs(urlsplit(by_provider(leg_links(spots[0], HALL, "en"))["amap"]).query)
    assert (walk["mode"], len(walk["from"][0].split(","))) == (["walk"], 3)


def test_a_name_is_looked_for_within_a_town_without_any_position() -> None:
    links = by_provider(search_links("大瀛洲", "平湖", "en"))
    name, town = "%E5%A4%A7%E7%80%9B%E6%B4%B2", "%E5%B9%B3%E6%B9%96"
    assert links == {
        "amap": f"https://uri.amap.com/search?keyword={name}&city={town}&view=map&src=cityatlas&callnative=0",
        "baidu": f"https://api.map.baidu.com/place/search?query={name}&region={town}&output=html"
        "&src=webapp.cityatlas.cityatlas",
        "tencent": f"https://apis.map.qq.com/uri/v1/search?keyword={name}&region={town}&referer=cityatlas",
        "apple": f"https://maps.apple.com/?q={town}%20{name}",
        "google": f"https://www.google.com/maps/search/?api=1&query={town}%20{name}",
    }
    assert "google" not in by_provider(search_links("大瀛洲", "平湖", "zh"))


def test_a_hostile_name_stays_one_value_of_a_search() -> None:
    for link in search_links("a&city=b#c?d\n" * 20, "平湖", "en"):
        values = parse_qs(urlsplit(link.url).query)
        assert all(len(value) == 1 for value in values.values())
        assert urlsplit(link.url).fragment == ""
        assert max(len(value[0]) for value in values.values()) <= 60 + len("平湖 ")
