"""Check the frames for other people's pages: what each shows, what its options do, what it says of wrong ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.city.spec import read_city
from cityatlas.paths import PACKAGE, static_dir
from cityatlas.render.built import manifest
from cityatlas.web.embed import scope
from cityatlas.web.embed.options import OPTIONS, Look, contrast, read_wanted
from cityatlas.web.embed.page import FRAME_WORDS
from cityatlas.web.http.sending import caching
from hostile import PAYLOADS
from toy import write_city

FRAMES = [
    "/zh/embed/",
    "/en/embed/layers/works",
    "/en/embed/sites/mill",
    "/zh/embed/routes/boat-tour",
    "/en/embed/list",
]


ELEMENT_BYTES = 3 * 1024
MANIFEST = Path(__file__).parents[2] / "src/cityatlas/static/js/embed/custom-elements.json"
OF_ELEMENT = {"theme": "look"}  # attributes that have another name in the address


def soup_of(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def atlas_of(soup: BeautifulSoup) -> dict[str, object]:
    node = soup.select_one("#atlas")
    assert node is not None
    table: dict[str, object] = json.loads(node.get_text())
    return table


@pytest.mark.parametrize("address", FRAMES)
def test_a_frame_may_stand_in_any_page_and_has_its_height_in_the_flow(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, caching.PUBLIC)
    assert "frame-ancestors" not in answer.headers["Content-Security-Policy"]
    head = answer.text.partition("</head>")[0]
    assert '<meta name="responsive-embedded-sizing" content="allow-origins=*">' in head
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_route_s_frame_shows_its_line_and_its_stops_and_nothing_else(client: FlaskClient) -> None:
    soup = soup_of(client, "/en/embed/routes/boat-tour")
    table = atlas_of(soup)
    inline = table["inline"]
    assert isinstance(inline, dict)
    ids = [row["id"] for row in inline["features"]]
    stops = client.get("/sites/boat-tour.geojson").get_json()["properties"]["stops"]
    assert ids == ["boat-tour", *dict.fromkeys(stops)]
    assert [row["data-id"] for row in soup.select("#stops li")] == ids[1:]
    drawn = {str(link["href"]) for link in soup.select("#picture a[href]")}
    assert drawn == {f"/en/sites/{feature_id}" for feature_id in ids}


def test_a_layer_s_frame_shows_that_layer_and_fits_it(client: FlaskClient) -> None:
    table = atlas_of(soup_of(client, "/en/embed/layers/works"))
    rows = client.get("/layers/works.geojson").get_json()["features"]
    inline = table["inline"]
    assert isinstance(inline, dict)
    assert [row["id"] for row in inline["features"]] == [row["id"] for row in rows]
    assert len(table["fit"]) == 4  # type: ignore[arg-type]
    assert atlas_of(soup_of(client, "/en/embed/layers/works?c=121.01,30.7&z=14"))["fit"] is None


def test_a_frame_of_few_places_brings_them_and_one_of_many_asks_for_its_layers(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = atlas_of(soup_of(client, "/en/embed/?kind=park"))["inline"]
    assert isinstance(whole, dict)
    assert len(whole["features"]) == client.get("/health").get_json()["features"]  # a host's script may show others
    monkeypatch.setattr(scope, "INLINE", 1)
    table = atlas_of(soup_of(client, "/en/embed/layers/works?list=none"))
    assert table["inline"] is None
    layers = table["layers"]
    assert isinstance(layers, list)
    assert [layer["id"] for layer in layers if layer["visible"]] == ["works"]


def test_every_link_of_a_frame_opens_a_page_of_its_own(client: FlaskClient) -> None:
    for address in FRAMES:
        links = soup_of(client, address).select("main .embed-list a[href], main .embed-foot a[href]")
        assert links, address
        assert {str(link["target"]) for link in links} == {"_blank"}


def test_a_wrong_option_is_told_in_small_words_and_nothing_is_blank(client: FlaskClient) -> None:
    soup = soup_of(client, "/en/embed/?look=pink&site=mill&theme=none&utm_source=x&zoom=3&accent=ffff00")
    told = [row.get_text(" ", strip=True) for row in soup.select(".embed-wrong li")]
    assert told == [
        "The option look cannot be “pink”; the usual one is shown. Choose from: light, dark, auto, print.",
        "Words in the colour ffff00 cannot be read; our own colour is used.",
        "The option theme cannot be “none”; the usual one is shown.",
        "“zoom” in the address is no option of the map and was left out.",
    ]
    assert soup.select("#picture svg.picture")
    assert soup.select("article.card[data-id=mill]")


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("key", ["look", "accent", "site", "odd<b>"])
def test_a_hostile_option_stays_text(client: FlaskClient, key: str, payload: str) -> None:
    answer = client.get("/en/embed/layers/works", query_string={key: payload})
    assert answer.status_code in (200, 404)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert not soup.select("img, svg[onload], b, [onmouseover]")


def test_two_wrong_options_are_two_answers(client: FlaskClient) -> None:
    first, second = (client.get(f"/en/embed/?odd{n}=1").text for n in (1, 2))
    assert ("“odd1”" in first, "“odd2”" in second, "“odd2”" in first) == (True, True, False)


def test_what_was_withdrawn_is_said_with_its_successor(client: FlaskClient) -> None:
    answer = client.get("/en/embed/sites/old-mill")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, caching.REDIRECT)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert next(str(link["href"]) for link in soup.select("main p a")) == "/en/sites/mill"
    assert "frame-ancestors" not in answer.headers["Content-Security-Policy"]
    missing = client.get("/zh/embed/routes/mill?look=dark")
    assert (missing.status_code, "没有找到这一页" in missing.text) == (404, True)
    assert 'data-look="dark"' in missing.text


def test_a_poster_is_a_picture_with_a_button_to_the_same_frame(client: FlaskClient) -> None:
    soup = soup_of(client, "/zh/embed/routes/boat-tour?poster=1&look=dark&list=none")
    assert [str(script["src"]).split(".")[0] for script in soup.select("script[src]")] == ["/static/frame"]
    assert soup.select("#picture svg.picture")
    (button,) = soup.select("button#open-map")
    assert button["data-map"] == "/zh/embed/routes/boat-tour?look=dark&list=none"
    assert not soup.select("#atlas")
    assert next(str(link["href"]) for link in soup.select("noscript a")) == "/zh/routes/boat-tour"


def test_the_accent_is_a_sheet_of_its_own(client: FlaskClient) -> None:
    (sheet,) = soup_of(client, "/en/embed/?accent=0B5CAD").select("link[rel=stylesheet][href*=accent]")
    answer = client.get(str(sheet["href"]))
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.text == ":root[data-look]{--cinnabar:#0b5cad;--cinnabar-deep:#0b5cad}"
    assert client.get("/embed/accent-red.css").status_code == 404


def test_the_element_s_script_has_an_address_that_lasts_and_is_small(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "br"}
    answer = client.get("/embed/city-atlas.js", headers=asked)
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Encoding"]) == (caching.PUBLIC, "br")
    assert len(answer.data) <= ELEMENT_BYTES
    assert (
        client.get("/embed/city-atlas.js", headers=asked | {"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )


def test_the_manifest_of_the_element_says_the_choices_of_every_option() -> None:
    (module,) = json.loads(MANIFEST.read_text("utf-8"))["modules"]
    types = {row["name"]: row["type"]["text"] for row in module["declarations"][0]["attributes"]}
    said = {OF_ELEMENT.get(name, name): tuple(re.findall('"([^"]+)"', types[name])) for name in types}
    for option in OPTIONS:
        assert said[option.key] == (*option.choices, *(["only"] if option.key == "list" else []))


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known grey that just fails


def test_every_choice_of_every_option_is_obeyed(tmp_path: Path) -> None:
    city = read_city(write_city(tmp_path / "toy"))
    for option in OPTIONS:
        for choice in option.choices:
            wanted = read_wanted({option.key: choice}, city)
            assert (getattr(wanted.look, option.key), wanted.wrong) == (choice, ())
            assert re.fullmatch("[a-z0-9]+", choice)
    assert read_wanted({}, city).look == Look()


def test_a_frame_brings_every_word_that_its_scripts_say() -> None:
    scripts = PACKAGE / "static" / "js"
    own = [*(scripts / "embed").glob("*.js"), scripts / "embed.js", scripts / "embed_names.js", scripts / "tiled.js"]
    own += [scripts / "map" / f"{name}.js" for name in ("basemaps", "card", "layers", "names", "places", "routes")]
    said = {word for path in own for word in re.findall(r'\bword\("([a-z_]+)"', path.read_text("utf-8"))}
    built = "".join(
        (static_dir() / manifest()[name]["file"]).read_text("utf-8")
        for name in ("embed.js", "embed_names.js", "tiled.js")
    )
    said = {word for word in said if f'"{word}"' in built}  # what only the map's own page does is not built in
    assert len(said) > 10
    assert said <= FRAME_WORDS
