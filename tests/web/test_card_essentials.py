"""Show on a card first what a visitor asks first, and say item by item what nobody knows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from plan_pages import look, words
from toy import sights, text, with_properties, write_city

TODAY = date.today()  # noqa: DTZ011  # the server's clock is real
SAID: dict[str, Any] = {
    "price": [
        {"amount": 10, "currency": "CNY", "for": "adult", "source": "Sign at the door"},
        {
            "amount": 0,
            "currency": "CNY",
            "for": "child",
            "note": text("1.2米以下", "below 1.2 m"),
            "source": "Town paper",
        },
        {"amount": 2.5, "currency": "EUR", "source": "Town paper"},
    ],
    "reservation": {"needed": True, "how": text("打电话", "by phone")},
    "reservation_source": "Sign at the door",
    "phone": "0573-85012345",
    "phone_source": "Sign at the door",
    "website": "https://hall.example/visit?a=1&b=2",
    "services": {"parking": True, "lockers": False, "note": text("西侧", "on the west side")},
}


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def notice(begins: int, ends: int, words_en: str, **more: Any) -> dict[str, Any]:
    """Return a notice from and to so many days from today."""
    return {"text": text("通告", words_en), "from": day(begins), "to": day(ends), "source": "Town paper"} | more


def visitor(folder: Path, feature_id: str = "hall", **said: Any) -> FlaskClient:
    """Return a browser that sees the toy city, one place of which says more."""
    layer = with_properties(sights(), feature_id, **said)
    return create_app(Settings(geodata=write_city(folder / "city", sights=layer))).test_client()


def rows(soup: BeautifulSoup) -> dict[str, str]:
    """Return what a card says first: what is asked, and the answer without the numbers of sources."""
    for number in soup.select(".essentials .cite, .essentials .hidden-visually"):
        number.decompose()
    asked, told = words(soup, ".essentials dt"), words(soup, ".essentials dd")
    return dict(zip(asked, told, strict=True))


def test_what_is_known_is_told_with_its_source(tmp_path: Path) -> None:
    soup = look(visitor(tmp_path, **SAID), "/en/sites/hall")
    assert [str(a["href"]) for a in soup.select(".essentials .price .cite a")] == [
        *("#source-hall-2", "#source-hall-1", "#source-hall-1")
    ]
    (call,), (site,) = soup.select(".essentials .phone"), soup.select(".essentials .website")
    assert call["href"] == "tel:057385012345"
    assert (site["href"], "noopener" in str(site["rel"])) == ("https://hall.example/visit?a=1&b=2", True)
    told = rows(soup)
    assert told.pop("Today") in ("8:30–16:30", "Closed")
    assert told == {
        "Price": "Adults CNY 10, Children Free below 1.2 m, EUR 2.5",
        "Booking": "Has to be booked: by phone",
        "Phone": "0573-85012345",
        "Website": "hall.example",
    }
    assert words(soup, ".access li") == ["Step-free", "No toilets", "Parking", "No lockers"]
    assert "on the west side" in soup.get_text()


def test_in_chinese_nothing_to_pay_is_free(tmp_path: Path) -> None:
    told = rows(look(visitor(tmp_path, **SAID), "/zh/sites/hall"))
    assert told["票价"] == "成人 10 元、儿童 免费 1.2米以下、2.5 EUR"
    assert told["预约"] == "要预约：打电话"


@pytest.mark.parametrize(
    ("language", "unknown"),
    [
        ("en", {"Price": "not known", "Booking": "not known", "Phone": "not known", "Website": "not known"}),
        ("zh", {"票价": "未知", "预约": "未知", "电话": "未知", "网站": "未知"}),
    ],
)
def test_what_is_unknown_is_said_item_by_item(tmp_path: Path, language: str, unknown: dict[str, str]) -> None:
    told = rows(look(visitor(tmp_path), f"/{language}/sites/hall"))
    told.pop("Today" if language == "en" else "今天")
    assert told == unknown


def test_unknown_hours_steps_and_toilets_are_said_too_but_of_no_landing_and_no_works(tmp_path: Path) -> None:
    client = visitor(tmp_path, "mill", visit_min=30)
    asked = ["Hours", "Price", "Booking", "Phone", "Website", "Steps", "Toilets"]
    assert rows(look(client, "/en/sites/mill")) == dict.fromkeys(asked, "not known")
    assert [look(client, f"/en/sites/{key}").select(".essentials") for key in ("quay", "school", "old-town")] == [
        []
    ] * 3


def test_the_first_things_stand_first(tmp_path: Path) -> None:
    client = visitor(tmp_path, **SAID, summary=text("馆", "A hall"), notices=[notice(-1, 9, "Repairs", closes=True)])
    card = look(client, "/en/sites/hall/card").select_one("article")
    assert card
    order = [".place-notice", ".open-now", ".essentials", ".access", ".week", ".go", ".card-summary", ".sources"]
    nodes = list(card.find_all(True))
    found = [node for selector in order for node in card.select(selector)[:1]]
    places = [next(at for at, node in enumerate(nodes) if node is one) for one in found]
    assert len(places) == len(order)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"), ("en", str(TODAY.year))]
)
def test_paper_is_told_which_day_today_was(tmp_path: Path, language: str, said: str) -> None:
    (asked,) = look(visitor(tmp_path), f"/{language}/sites/hall").select(".essentials dt[data-printed-day]")
    assert asked.get_text() in ("Today", "今天")
    assert said in str(asked["data-printed-day"])


def test_a_closure_stands_first_until_it_is_over(tmp_path: Path) -> None:
    notices = [notice(-9, -1, "Over"), notice(5, 9, "Floods"), notice(-1, 3, "Repairs <i>", closes=True)]
    client = visitor(tmp_path, notices=notices)
    soup = look(client, "/en/sites/hall")
    told = words(soup, ".place-notice")
    assert [line.split(" (")[0] for line in told] == ["Closed for now: Repairs <i>", "Floods"]
    assert [str(time["datetime"]) for time in soup.select(".place-notice time")] == [day(-1), day(3), day(5), day(9)]
    assert rows(soup)["Today"] == "Closed"
    (listed,) = words(look(client, "/en/sites/"), ".feature-notice")
    assert listed == "Repairs <i>"
    assert words(look(client, "/en/"), ".feature-notice") == ["Repairs <i>"]
    hours = json.loads(client.get("/en/hours.json").data)["sites"]["hall"]
    assert hours["open"] is False
    assert hours["changes_at"] >= day(4)


def linked(soup: BeautifulSoup) -> dict[str, Any]:
    (script,) = soup.select('script[type="application/ld+json"]')
    found: dict[str, Any] = json.loads(script.get_text())["@graph"][0]
    return found


def test_search_engines_get_phone_website_price_and_closures(tmp_path: Path) -> None:
    place = linked(look(visitor(tmp_path, **SAID, notices=[notice(1, 3, "Repairs", closes=True)]), "/en/sites/hall"))
    assert (place["telephone"], place["sameAs"]) == ("0573-85012345", SAID["website"])
    assert place["isAccessibleForFree"] is False
    (closed,) = place["specialOpeningHoursSpecification"]
    assert (closed["opens"], closed["closes"], closed["validFrom"]) == ("00:00", "00:00", day(1))


def test_search_engines_get_nothing_that_is_not_known(tmp_path: Path) -> None:
    keys = {"telephone", "sameAs", "isAccessibleForFree", "specialOpeningHoursSpecification", "offers"}
    client = visitor(
        tmp_path, "boat-tour", price=[{"amount": 30, "currency": "CNY", "for": "adult", "source": "Town paper"}]
    )
    assert not keys & linked(look(client, "/en/sites/hall")).keys()
    (offer,) = linked(look(client, "/en/routes/boat-tour"))["offers"]
    assert offer == {"@type": "Offer", "name": "Adults", "price": 30, "priceCurrency": "CNY"}


def test_a_route_out_of_its_months_says_so(tmp_path: Path) -> None:
    season = {"valid_to": (TODAY - timedelta(days=62)).isoformat()[:7], "valid_source": "Town paper"}
    client = visitor(tmp_path, "boat-tour", **season)
    assert words(look(client, "/en/routes/"), ".off-season") == ["Not running now"]
    assert words(look(client, "/zh/routes/boat-tour"), ".off-season") == ["现在不开行"]
    running = visitor(tmp_path / "on", "boat-tour", valid_from=TODAY.isoformat()[:7], valid_source="Town paper")
    assert words(look(running, "/en/routes/"), ".off-season") == []
    assert words(look(running, "/en/routes/boat-tour"), ".season")[0].startswith("Runs: since ")


REGION = 'region = { zh = "玩具城", en = "Toy City" }\ntimezone'


def test_a_schematic_place_is_found_by_its_name_and_no_coordinate_is_given(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city")
    city = folder / "city.toml"
    city.write_text(city.read_text("utf-8").replace("timezone", REGION, 1), "utf-8")
    client = create_app(Settings(geodata=folder)).test_client()
    for path in ("/zh/sites/mill/card", "/zh/sites/mill"):
        soup = look(client, path)
        addresses = [str(link["href"]) for link in soup.select(".go a")]
        hosts = ["uri.amap.com", "api.map.baidu.com", "apis.map.qq.com", "maps.apple.com"]
        assert [address.split("/")[2] for address in addresses] == hosts
        assert not [address for address in addresses if "121." in address or "30." in address]
        assert words(soup, ".button.primary") == ["按名称去找"]


@pytest.mark.parametrize("site", ["mill", "hall", "boat-tour", "old-town", "school"])
def test_no_two_buttons_of_a_card_lead_to_one_page_and_one_is_the_main(client: FlaskClient, site: str) -> None:
    for path in (f"/en/sites/{site}/card", f"/en/sites/{site}"):
        soup = look(client, path)
        led = [
            client.get(str(link["href"]), follow_redirects=True).request.path for link in soup.select(".card a.button")
        ]
        assert len(led) == len(set(led)), path
        assert len(soup.select(".card .button.primary")) == 1, path


def test_an_area_counts_its_projects_by_phase_with_a_link_to_each(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/old-town/card")
    assert words(soup, ".parts p") == ["In all 1: 1 Piling"]
    assert [link["href"] for link in soup.select(".parts a")] == ["/en/sites/school"]


def test_a_list_says_once_that_positions_are_drawn_and_marks_the_known_ones(client: FlaskClient) -> None:
    soup = look(client, "/en/layers/sights")
    assert "schematic" in words(soup, ".small.soft")[0]
    notes = words(soup, ".feature-item .feature-note")
    assert [note for note in notes if "Approximate" in note]
    assert not [note for note in notes if "chematic" in note]


def test_a_route_leads_to_where_it_begins(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city")
    city = folder / "city.toml"
    city.write_text(city.read_text("utf-8").replace("timezone", REGION, 1), "utf-8")
    client = create_app(Settings(geodata=folder)).test_client()
    for path in ("/zh/sites/boat-tour/card", "/zh/routes/boat-tour"):
        soup = look(client, path)
        assert words(soup, ".go summary") == ["去起点：老磨坊"]
        assert len(soup.select(".go a")) == 4


def test_a_search_leads_on_to_map_apps_whatever_it_finds(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city")
    city = folder / "city.toml"
    city.write_text(city.read_text("utf-8").replace("timezone", REGION, 1), "utf-8")
    client = create_app(Settings(geodata=folder)).test_client()
    for query in ("mill", "停车"):
        soup = look(client, f"/zh/search?q={query}")
        (amap, *_) = soup.select("section a[rel~=nofollow]")
        assert str(amap["href"]).startswith(f"https://uri.amap.com/search?keyword={quote(query)}&")
        assert f"到地图应用里找“{query}”" in words(soup, "section h2")
