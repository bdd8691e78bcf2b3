"""Look at every page of the toy city as a visitor without scripts would."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from toy import sights, text, with_properties, works, write_city

PAGES = [
    "/sites/",
    "/sites/hall",
    "/sites/school",
    "/sites/boat-tour",
    "/layers/",
    "/layers/sights",
    "/routes/",
    "/routes/boat-tour",
    "/figures",
    "/about",
    "/search?q=mill",
]
SITE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def look(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.text, "html.parser")


def the(soup: BeautifulSoup, selector: str, attribute: str) -> str:
    """Return an attribute of the first element that fits."""
    found = soup.select_one(selector)
    assert found, selector
    return str(found[attribute])


def every(soup: BeautifulSoup, selector: str, attribute: str) -> list[str]:
    """Return an attribute of all elements that fit."""
    return [str(found[attribute]) for found in soup.select(selector)]


def words(soup: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]


def linked_data(soup: BeautifulSoup) -> list[dict[str, Any]]:  # Any: what JSON holds
    graph: list[dict[str, Any]] = json.loads(soup.select('script[type="application/ld+json"]')[0].get_text())["@graph"]
    return graph


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_h1_a_title_its_language_and_both_alternates(
    client: FlaskClient, page: str, language: str
) -> None:
    soup = look(client, f"/{language}{page}")
    assert len(soup.select("h1")) == 1
    assert words(soup, "title")[0]
    assert the(soup, "html", "lang") == {"zh": "zh-CN", "en": "en"}[language]
    path = page.partition("?")[0]
    assert the(soup, "link[rel=canonical]", "href") == f"https://atlas.example/{language}{path}"
    assert every(soup, "link[rel=alternate][hreflang]", "hreflang") == ["zh-CN", "en", "x-default"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_uses_inline_styles_or_names_an_id_twice(client: FlaskClient, page: str) -> None:
    soup = look(client, f"/en{page}")
    assert not soup.select("[style], style")
    ids = every(soup, "[id]", "id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_headings_step_down_one_level_at_a_time(client: FlaskClient, page: str) -> None:
    levels = [int(heading.name[1]) for heading in look(client, f"/en{page}").select("main h1, main h2, main h3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_site_leads_somewhere(client: FlaskClient, page: str) -> None:
    soup = look(client, f"/en{page}")
    ids = set(every(soup, "[id]", "id"))
    for address in every(soup, "main a[href]", "href"):
        if address.startswith("#"):
            assert address[1:] in ids
        elif address.startswith("/"):
            # A city that nobody edits has no database to keep a report in, and the form says so.
            assert client.get(address).status_code == (503 if address.endswith("/report") else 200), address


def test_the_card_is_a_bare_fragment_with_a_heading_that_names_it(client: FlaskClient) -> None:
    soup = look(client, "/zh/sites/hall/card")
    assert not soup.select("html, head, main, script, link")
    assert words(soup, f"#{the(soup, 'article.card', 'aria-labelledby')}") == ["纪念馆"]


def test_each_statement_of_a_card_links_to_its_source(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/hall")
    assert words(soup, ".sources li") == ["Town paper, March 2024", "Sign at the door, 2025"]
    assert the(soup, ".hours caption .cite a", "href") == "#source-hall-2"
    assert the(soup, ".figures .cite a", "href") == "#source-hall-1"
    assert soup.find(id="source-hall-2")
    assert every(soup, ".sources a[rel='noopener external nofollow']", "href") == ["https://paper.example/1"]


def test_hours_stand_in_a_table_and_the_visit_time_is_called_an_estimate(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/hall")
    assert words(soup, ".hours th") == ["Tue–Sun", "Mon"]
    assert words(soup, ".hours td") == ["8:30–16:30", "Closed"]
    assert soup.select('[data-open="hall"][hidden]')
    assert "A visit takes about 45 minutes (our estimate)" in soup.get_text()
    assert "Last entry 30 minutes before closing." in soup.get_text()


def test_a_programme_tells_its_party_and_that_booking_is_unknown(client: FlaskClient) -> None:
    (programme,) = words(look(client, "/en/sites/hall"), ".programmes li")
    assert programme == "TalkSource [2] 30 min · 5 to 20 people · How to book has not been published"


def test_access_is_told_only_where_it_is_known(client: FlaskClient) -> None:
    assert words(look(client, "/en/sites/hall"), ".access li") == ["Step-free", "No toilets"]
    assert not look(client, "/en/sites/mill").select(".access")


def test_a_schematic_place_offers_no_directions_but_its_address(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/mill")
    assert not soup.select(".go")
    assert the(soup, "[data-copy]", "data-copy") == "1 Canal Road"
    assert "there are no directions" in soup.get_text()
    assert "Located by: by its place on the canal" in soup.get_text()


def test_an_approximate_place_offers_directions_in_new_windows(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/hall")
    hosts = [href.split("/")[2] for href in every(soup, ".go a[target=_blank][rel~=noopener]", "href")]
    assert hosts == [
        "uri.amap.com",
        "api.map.baidu.com",
        "apis.map.qq.com",
        "maps.apple.com",
        "www.google.com",
    ]


def test_the_phases_of_a_project_mark_the_latest(client: FlaskClient) -> None:
    soup = look(client, "/en/sites/school")
    assert words(soup, ".phases li") == [
        "Planned until August 2023Source [1]",
        "Ground broken September 2023 to December 2023Source [1]",
        "Piling since January 2024 Latest knownSource [1]",
    ]
    assert [li.get_text().split()[0] for li in soup.select('[aria-current="step"]')] == ["Piling"]
    assert soup.select_one(".progress.step-4.active")


def test_distances_are_straight_lines_and_about_where_the_position_is(client: FlaskClient) -> None:
    # mill to quay: 0.01 degrees of longitude at 30.7 N = 957 m
    near = words(look(client, "/en/sites/mill"), ".near li")
    assert "Nearest stop: Quay, about 960 m in a straight line" in near


def test_a_district_lists_what_it_holds_and_a_site_where_it_lies(client: FlaskClient) -> None:
    assert "School" in words(look(client, "/en/sites/old-town"), ".aside .feature-name")
    assert "Lies in Old town" in words(look(client, "/en/sites/school"), ".near li")


def test_a_route_lists_stops_and_legs_and_gives_no_boat_time(client: FlaskClient) -> None:
    soup = look(client, "/en/routes/boat-tour")
    assert words(soup, ".stop-name") == ["Old mill", "Quay", "Memory hall"]
    # 957 m at 65 m a minute = 14.7 minutes; the second leg is twice as long
    assert words(soup, ".leg") == ["On foot, about 960 m, about 15 min on foot", "By boat, about 1.9 km"]
    assert words(soup, ".key-facts dd")[0] == "60 minSource [1]"


def test_a_route_warns_of_works_that_it_passes_with_their_date(client: FlaskClient) -> None:
    (warning,) = words(look(client, "/en/routes/boat-tour"), ".warning li")
    assert warning == "School: Piling, since January 2024 as of March 2024"


def test_structured_data_has_coordinates_only_when_they_are_known(client: FlaskClient) -> None:
    hall, trail = linked_data(look(client, "/en/sites/hall"))
    assert hall["@type"] == "Museum"
    assert hall["geo"] == {"@type": "GeoCoordinates", "latitude": 30.7, "longitude": 121.03}
    (hours,) = hall["openingHoursSpecification"]
    assert (hours["opens"], hours["closes"]) == ("08:30", "16:30")
    assert hours["dayOfWeek"] == ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert trail["@type"] == "BreadcrumbList"
    mill, _ = linked_data(look(client, "/en/sites/mill"))
    assert "geo" not in mill


def test_a_route_is_a_trip_with_its_stops_in_order(client: FlaskClient) -> None:
    trip, _ = linked_data(look(client, "/zh/routes/boat-tour"))
    assert trip["@type"] == "TouristTrip"
    items = trip["itinerary"]["itemListElement"]
    assert [(item["position"], item["item"]["name"]) for item in items] == [
        (1, "老磨坊"),
        (2, "渡口"),
        (3, "纪念馆"),
    ]


def test_a_form_with_repeated_boxes_chooses_as_a_list_with_commas_does(client: FlaskClient) -> None:
    repeated = look(client, "/en/sites/?theme=family&theme=art&kind=")
    assert words(repeated, ".feature-name") == ["Old mill", "Memory hall"]
    assert words(look(client, "/en/sites/?theme=family,art"), ".feature-name") == ["Old mill", "Memory hall"]
    assert every(repeated, "main input[checked]", "value") == ["family", "art"]


def test_open_at_leaves_only_what_is_surely_open(client: FlaskClient) -> None:
    saturday, monday = "/en/sites/?at=2026-12-05T10:00", "/en/sites/?at=2026-12-07T10:00"
    assert words(look(client, saturday), ".feature-name") == ["Memory hall"]
    assert words(look(client, monday), ".feature-name") == []
    assert "Nothing fits" in look(client, monday).get_text()


def test_the_legend_is_reached_before_the_list(client: FlaskClient) -> None:
    parts = look(client, "/en/").select(".legend summary, #list a")
    assert parts[0].get_text(strip=True) == "Legend"
    assert len(parts) > 1


def test_chips_stand_in_the_order_of_the_city_s_themes(client: FlaskClient) -> None:
    assert every(look(client, "/en/"), ".chips input[name=theme]", "value") == ["family", "art"]


@pytest.mark.parametrize("path", ["/en/", "/en/sites/"])
def test_a_list_says_what_the_filters_leave_out_and_shows_all_again(client: FlaskClient, path: str) -> None:
    def said(query: str) -> list[str]:
        page = look(client, path + query)
        assert every(page, "#left-out a", "href") == [path]
        return words(page, "#left-out:not([hidden]) > p:not([hidden])")

    known = "Opening hours are known for 1 of all 6 places; the others are left out."
    assert said("") == []
    assert said("?at=2026-12-05T10:00") == [known, "Show all places"]
    assert said("?at=2026-12-07T10:00") == ["Nothing fits. Try fewer conditions.", known, "Show all places"]
    assert said("?theme=art&kind=project") == ["Nothing fits. Try fewer conditions.", "Show all places"]


def test_figures_have_charts_of_like_units_and_tell_all_numbers_in_text(client: FlaskClient) -> None:
    soup = look(client, "/en/figures")
    (chart,) = soup.select("svg.chart")
    assert chart["role"] == "img"
    assert words(soup, "svg.chart desc") == ["Visits count: more than 600,000 visits; Talks count: about 1,500 visits"]
    assert words(soup, ".figure .amount") == [
        "more than 600,000 visits",
        "about 1,500 visits",
        "24 to 30 months",
    ]
    assert words(look(client, "/zh/figures"), ".figure .amount") == [
        "超过60万人次",
        "约1,500人次",
        "24至30个月",
    ]


def test_about_counts_positions_and_offers_each_layer(client: FlaskClient) -> None:
    soup = look(client, "/en/about")
    assert words(soup, ".classes .tag") == ["Places: 0", "Places: 2", "Places: 4"]
    assert every(soup, "table a[download]", "href") == ["/layers/sights.geojson", "/layers/works.geojson"]
    assert words(soup, ".source-list li")[0] == "Town paper, March 2024 (places that cite it: 6)"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_hint_of_the_search_finds_a_place_of_this_city(client: FlaskClient, lang: str) -> None:
    field = BeautifulSoup(client.get(f"/{lang}/").text, "html.parser").select_one("input[name=q]")
    assert field is not None
    assert str(field["placeholder"]).endswith(" lmf")
    assert "lmf" in client.get(f"/{lang}/search").text
    assert client.get(f"/{lang}/search.json?q=lmf").get_json()["results"][0]["id"] == "mill"


def test_the_hint_of_the_search_names_no_place_where_no_name_is_chinese(tmp_path: Path) -> None:
    layers = {"sights": sights(), "works": works()}
    for layer in layers.values():
        for row in layer["features"]:
            row["properties"]["name"] = {"zh": row["id"], "en": row["id"]}
    client = create_app(Settings(geodata=write_city(tmp_path / "toy", **layers), var=tmp_path)).test_client()
    field = BeautifulSoup(client.get("/en/").text, "html.parser").select_one("input[name=q]")
    assert field is not None
    assert field["placeholder"] == "Name, pinyin or initials"
    assert client.get("/en/search").status_code == 200


def test_search_finds_and_else_offers_what_is_near(client: FlaskClient) -> None:
    assert words(look(client, "/en/search?q=Old mill"), ".feature-name")[0] == "Old mill"
    nothing = look(client, "/en/search?q=qqqqqq")
    assert "Found for “qqqqqq”: 0" in nothing.get_text()
    assert the(nothing, "meta[name=robots]", "content") == "noindex"


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/en/nowhere", 404, "This page was not found"),
        ("/zh/sites/nowhere", 404, "没有找到这一页"),
        ("/en/sites/old-mill", 410, "This place was withdrawn"),
        ("/zh/sites/?theme=ufos", 422, "这个地址里有看不懂的内容"),
    ],
)
def test_an_error_speaks_the_visitors_language_and_offers_ways_on(
    client: FlaskClient, address: str, status: int, title: str
) -> None:
    soup = look(client, address, status)
    assert words(soup, "h1") == [title]
    assert soup.select_one("main form[role=search] input[name=q]")
    assert the(soup, "main a.button.primary", "href") == address[:3] + "/"
    assert bool(soup.select("main [lang=en]")) == address.startswith("/en")  # what programs are told is English


def test_a_withdrawn_place_names_its_successor(client: FlaskClient) -> None:
    assert words(look(client, "/en/sites/old-mill", 410), ".feature-name") == ["Old mill"]


def test_the_sitemap_lists_every_page_in_both_languages(client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")
    root = ElementTree.fromstring(answer.data)
    places = [loc.text for loc in root.iter(f"{{{SITE}}}loc")]
    # 12 pages, 2 layers, 1 route, 6 sites, each in 2 languages
    assert len(places) == 42
    assert "https://atlas.example/zh/sites/mill" in places
    links = root[0].findall("{http://www.w3.org/1999/xhtml}link")
    assert [link.get("hreflang") for link in links] == ["zh-CN", "en"]
    assert client.get("/sitemap-2.xml", headers={"Accept": "text/html"}).status_code == 404
    assert "Sitemap: https://atlas.example/sitemap.xml" in client.get("/robots.txt").text


def test_a_large_sitemap_is_split_and_each_part_is_there(toy_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(Settings(geodata=toy_city, public_url="https://atlas.example")).test_client()
    monkeypatch.setattr("cityatlas.web.public.sitemap.LIMIT", 22)  # 42 addresses: two parts
    parts = [loc.text for loc in ElementTree.fromstring(client.get("/sitemap.xml").data).iter(f"{{{SITE}}}loc")]
    assert parts == ["https://atlas.example/sitemap-1.xml", "https://atlas.example/sitemap-2.xml"]
    counts = [client.get(f"/sitemap-{n}.xml").text.count("<loc>") for n in (1, 2)]
    assert counts == [22, 20]


HOSTILE = "</script><img src=x onerror=alert(1)>{{7*191}}${7*191}`\"'"


@pytest.fixture
def hostile_client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a city in which one site's texts are an attack."""
    bad = text(HOSTILE, HOSTILE)
    source = {"title": HOSTILE, "date": None, "url": None}
    layer = with_properties(
        sights(),
        "hall",
        name=bad,
        summary=bad,
        address=bad,
        sources=[source],
        hours_source=HOSTILE,
        facts=[{"label": bad, "value": bad, "source": HOSTILE}],
        programmes=[{"id": "x", "title": bad, "summary": bad, "booking": bad, "source": HOSTILE}],
        position={"class": "approximate", "accuracy_m": 9, "source": HOSTILE, "located_by": bad},
        access={"note": bad},
    )
    folder = write_city(tmp_path_factory.mktemp("hostile") / "toy", sights=layer)
    return create_app(Settings(geodata=folder)).test_client()


@pytest.mark.parametrize(
    "page", [*PAGES, "/sites/hall/card", "/search?q=%3C/script%3E%3Cimg src=x onerror=alert(1)%3E"]
)
def test_hostile_text_stays_text_on_every_page(hostile_client: FlaskClient, page: str) -> None:
    html = hostile_client.get(f"/en{page}").text
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("img, [onerror]")
    assert "1337" not in html
    for script in soup.select('script[type="application/ld+json"]'):
        json.loads(script.get_text())


def test_keys_that_chat_apps_add_change_no_page(client: FlaskClient) -> None:
    plain = client.get("/zh/?theme=family")
    shared = client.get("/zh/?theme=family&from=singlemessage&isappinstalled=0")
    assert plain.status_code == 200
    assert shared.data == plain.data
    assert b"isappinstalled" not in shared.data


def test_page_beyond_the_list_is_not_found(client: FlaskClient) -> None:
    assert client.get("/en/sites/?page=2").status_code == 404
