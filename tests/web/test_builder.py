"""Check the builder of frames: what its form asks, what comes of it, and what it says of what cannot be."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from cityatlas.i18n import LANGUAGES
from cityatlas.web.embed.options import OPTIONS
from hostile import PAYLOADS


def built(client: FlaskClient, query: str = "", lang: str = "en") -> BeautifulSoup:
    answer = client.get(f"/{lang}/embed/builder{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def frame_of(soup: BeautifulSoup) -> Tag:
    (frame,) = soup.select("#made iframe")
    return frame


def pasted(soup: BeautifulSoup) -> dict[str, str]:
    """Return the snippets by what they are for."""
    return {str(area["aria-labelledby"]).removeprefix("for-"): area.get_text() for area in soup.select("textarea")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_asks_each_option_with_each_of_its_choices(client: FlaskClient, lang: str) -> None:
    soup = built(client, lang=lang)
    for option in OPTIONS:
        (field,) = soup.select(f"#builder [name={option.key}]")
        assert tuple(str(choice["value"]) for choice in field.select("option")) == option.choices
        assert all(choice.get_text() for choice in field.select("option"))


def test_it_starts_with_the_whole_map_and_says_nothing_that_is_usual(client: FlaskClient) -> None:
    soup = built(client, "?of=&look=light&poster=0&theme=&c=&tour=mill&base=x&utm_source=chat")
    assert frame_of(soup)["src"] == "/en/embed/"
    assert not soup.select("#made .warning")


@pytest.mark.parametrize(
    ("query", "src"),
    [
        ("?of=layers/works&height=600", "/en/embed/layers/works"),
        ("?of=routes/boat-tour&language=zh&look=dark", "/zh/embed/routes/boat-tour?look=dark"),
        ("?of=sites/mill&site=mill", "/en/embed/sites/mill"),
        ("?of=list&theme=art&theme=family", "/en/embed/list?theme=art,family"),
        ("?c=121.01,30.7&z=14&layers=works", "/en/embed/?c=121.01,30.7&z=14&layers=works"),
        ("?accent=%230B5CAD", "/en/embed/?accent=0b5cad"),
    ],
)
def test_the_frame_is_the_one_that_was_asked_for(client: FlaskClient, query: str, src: str) -> None:
    soup = built(client, query)
    assert (str(frame_of(soup)["src"]), soup.select("#made .warning")) == (src, [])
    answer = client.get(src)
    assert (answer.status_code, "embed-wrong" in answer.text) == (200, False)


def test_the_snippets_hold_the_frame_the_page_and_the_picture(client: FlaskClient) -> None:
    texts = pasted(built(client, "?of=layers/works&look=dark"))
    src = "https://atlas.example/en/embed/layers/works?look=dark"
    assert texts["page"] == (
        f'<iframe src="{src}" title="Works" loading="lazy" style="width:100%;border:0;min-height:480px;'
        'frame-sizing:content-height" allow="geolocation" referrerpolicy="no-referrer-when-downgrade"></iframe>'
    )
    assert f'src="{src}" title="Works" width="100%" height="640"' in texts["stripped"]
    assert "style" not in texts["stripped"]
    assert texts["wordpress"] == src  # a page says nothing of a look, and what is pasted is all that is known
    assert pasted(built(client, "?of=layers/works"))["wordpress"] == "https://atlas.example/en/layers/works"
    element = BeautifulSoup(texts["element"], "html.parser").select_one("city-atlas")
    assert element is not None
    assert element.attrs == {"lang": "en", "theme": "dark", "layer": "works"}
    picture = BeautifulSoup(texts["picture"], "html.parser").select_one("a > img[alt=Works]")
    assert picture is not None
    assert client.get(str(picture["src"]).removeprefix("https://atlas.example")).mimetype == "image/png"


def test_a_fixed_height_is_in_the_snippets_and_not_in_the_frame_s_address(client: FlaskClient) -> None:
    soup = built(client, "?of=layers/works&height=600")
    texts = pasted(soup)
    assert ("height:600px" in texts["page"], "frame-sizing" in texts["page"]) == (True, False)
    assert 'height="600"' in texts["stripped"]
    assert frame_of(soup)["height"] == "600"
    assert "600" not in urlsplit(str(frame_of(soup)["src"])).query


def test_what_cannot_be_is_told_in_full_and_the_rest_is_shown(client: FlaskClient) -> None:
    soup = built(
        client,
        "?of=layers/none&height=9000&look=pink&theme=none&kind=none&phase=none&layers=none&month=none&odd=1&controls=zoom&site=nobody",
    )
    told = [row.get_text(" ", strip=True) for row in soup.select("#made .warning li")]
    assert [row for row in told if " of " in row or not row.startswith("The option")] == [
        "“odd” in the address is no option of the map and was left out.",
        "The option of cannot be “layers/none”; the usual one is shown.",
    ]
    assert len(told) == 10
    assert {*told} >= {
        "The option look cannot be “pink”; the usual one is shown. Choose from: light, dark, auto, print.",
        "The option theme cannot be “none”; the usual one is shown. Choose from: family, art.",
        "The option site cannot be “nobody”; the usual one is shown.",
        "The option of cannot be “layers/none”; the usual one is shown.",
        "The option height cannot be “9000”; the usual one is shown. Choose from: 240–1200.",
    }
    assert parse_qs(urlsplit(str(frame_of(soup)["src"])).query) == {"controls": ["zoom"]}


@pytest.mark.parametrize(
    ("address", "src"),
    [
        ("/en/", "/en/embed/"),
        ("/en/?theme=art&layers=sights&tour=mill&odd=1", "/en/embed/?theme=art&layers=sights"),
        ("/en/layers/works", "/en/embed/layers/works"),
        ("/zh/sites/mill", "/zh/embed/sites/mill"),
        ("/en/routes/boat-tour", "/en/embed/routes/boat-tour"),
        ("/en/sites/boat-tour", "/en/embed/routes/boat-tour"),
    ],
)
def test_a_page_leads_to_the_builder_of_what_it_shows(client: FlaskClient, address: str, src: str) -> None:
    links = BeautifulSoup(client.get(address).text, "html.parser").select("main a[href*='/embed/builder']")
    (link,) = {str(link["href"]) for link in links}
    assert str(frame_of(BeautifulSoup(client.get(link).text, "html.parser"))["src"]) == src


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("key", ["of", "look", "accent", "site", "height", "odd<b>", "c"])
def test_a_hostile_choice_stays_text(client: FlaskClient, key: str, payload: str) -> None:
    answer = client.get("/en/embed/builder", query_string={key: payload})
    soup = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert not soup.select("img, svg[onload], b, [onmouseover], [onfocus]")
    texts = pasted(soup)
    assert not set(texts.pop("wordpress")) & set(" <>\"'")
    own = '<script src="https://atlas.example/embed/city-atlas.js" async></script>\n'
    assert texts["element"].startswith(own)
    texts["element"] = texts["element"].removeprefix(own)
    for text in texts.values():
        assert not BeautifulSoup(text, "html.parser").select("svg, script, [onmouseover], [onfocus], [onerror]")


def test_the_builder_may_show_our_frames_and_be_framed_by_nobody(client: FlaskClient) -> None:
    policy = client.get("/en/embed/builder").headers["Content-Security-Policy"]
    assert "frame-src 'self'; frame-ancestors 'none'" in policy
    assert "frame-src" not in client.get("/en/embed/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("of", ["layers/works", "sites/mill", "routes/boat-tour"])
def test_the_picture_of_one_thing_ends_as_wikis_ask(client: FlaskClient, of: str) -> None:
    picture = BeautifulSoup(pasted(built(client, f"?of={of}"))["picture"], "html.parser").select_one("img")
    assert picture is not None
    assert picture["src"] == f"https://atlas.example/en/{of}.png"
    assert client.get(f"/en/{of}.png").mimetype == "image/png"
