"""Take a planned tour of the toy city along: files by their names, the sheet, the booklet, and what is refused."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import gpxpy
import icalendar
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pypdf import PdfReader

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.sending.caching import PRIVATE
from days import FRIDAY, coming
from hostile import PAYLOADS
from pictures import scan
from toy import text, with_properties
from toy_plan import walkable_sights, write_walkable

DAY = coming(FRIDAY).isoformat()
MONDAY = (coming(FRIDAY) + timedelta(days=3)).isoformat()
MORNING = f"date={DAY}&start=09:00&end=12:00&start_at=quay&end_at=hall&unknown_hours=yes&fullness=full&party=12"
NOTHING = f"date={MONDAY}&start=09:00&end=12:00&must=hall"
SITE = "https://atlas.example"
TYPES = {
    "plan.ics": "text/calendar",
    "plan.gpx": "application/gpx+xml",
    "plan.kml": "application/vnd.google-earth.kml+xml",
    "plan.geojson": "application/geo+json",
    "plan.txt": "text/plain",
    "plan.qr.svg": "image/svg+xml",
    "plan/booklet.html": "text/html",
    "plan/booklet.pdf": "application/pdf",
}
APPROXIMATE = {"class": "approximate", "accuracy_m": 50, "source": "Town paper"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees the toy city with its streets."""
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, public_url=SITE)).test_client()


@pytest.fixture(scope="module")
def located(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees a toy city whose mill somebody has located."""
    sights = with_properties(walkable_sights(), "mill", position=APPROXIMATE)
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy", sights=sights)
    return create_app(Settings(geodata=folder, public_url=SITE)).test_client()


def look(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]


@pytest.mark.parametrize("file", TYPES)
@pytest.mark.parametrize(("language", "title"), [("zh", "玩具城地图"), ("en", "Toy City Atlas")])
def test_a_file_is_named_for_city_and_day(client: FlaskClient, file: str, language: str, title: str) -> None:
    answer = client.get(f"/{language}/{file}?{MORNING}")
    assert (answer.status_code, answer.mimetype) == (200, TYPES[file])
    extension = file.rpartition(".")[2]
    named = answer.headers["Content-Disposition"]
    assert f"filename=toy-{DAY}.{extension}" in named
    assert unquote(named.partition("filename*=UTF-8''")[2]) == f"{title} {DAY}.{extension}"


def test_what_a_phone_opens_by_itself_is_no_download(client: FlaskClient) -> None:
    kinds = {file: client.get(f"/zh/{file}?{MORNING}").headers["Content-Disposition"].split(";")[0] for file in TYPES}
    opened = {file for file, kind in kinds.items() if kind == "inline"}
    assert opened == {"plan.ics", "plan.txt", "plan.qr.svg", "plan/booklet.pdf"}
    assert set(kinds.values()) == {"inline", "attachment"}


def test_a_repeated_answer_keeps_its_name(client: FlaskClient) -> None:
    first, second = (client.get(f"/zh/plan.gpx?{MORNING}") for _ in range(2))
    assert (first.data, first.headers["Content-Disposition"]) == (second.data, second.headers["Content-Disposition"])


@pytest.mark.parametrize("file", [*(file for file in TYPES if file != "plan.geojson"), "plan/print"])
@pytest.mark.parametrize(
    ("language", "told"), [("zh", "按这些要求排不出任何地点"), ("en", "No place fits into this wish")]
)
def test_an_impossible_wish_gets_a_sentence_and_no_file(
    client: FlaskClient, file: str, language: str, told: str
) -> None:
    answer = client.get(f"/{language}/{file}?{NOTHING}")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (422, "text/html", PRIVATE)
    assert "Content-Disposition" not in answer.headers
    soup = BeautifulSoup(answer.text, "html.parser")
    assert told in words(soup, ".lead")[0]
    (back,) = soup.select("a.button.primary")
    assert client.get(str(back["href"])).status_code == 200
    assert NOTHING in str(back["href"])


def test_a_wish_that_cannot_be_read_is_told_in_the_visitors_words(client: FlaskClient) -> None:
    answer = client.get(f"/en/plan.ics?date={DAY}&must=nowhere")
    assert answer.status_code == 422
    assert "There is no place “nowhere”." in answer.text


def test_programs_get_the_one_shape_of_errors(client: FlaskClient) -> None:
    answer = client.get(f"/en/plan.geojson?{NOTHING}")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["code"] == "invalid_tour"


def test_the_files_lead_back_to_the_plan_in_their_language(client: FlaskClient) -> None:
    link = client.get(f"/zh/plan.txt?{MORNING}").text.splitlines()[-1]
    assert link.startswith(f"{SITE}/zh/plan?date={DAY}")
    gpx = gpxpy.parse(io.StringIO(client.get(f"/zh/plan.gpx?{MORNING}").text))
    assert (str(gpx.link), str(gpx.waypoints[0].link)) == (link, f"{SITE}/zh/sites/mill")
    (event, _) = icalendar.Calendar.from_ical(client.get(f"/zh/plan.ics?{MORNING}").data).walk("VEVENT")
    assert str(event["description"]).endswith(link)
    ((scanned, level),) = scan(client.get(f"/zh/plan.qr.svg?{MORNING}").text)
    assert (scanned, level in ("M", "Q", "H")) == (link, True)
    assert "&made=" in link
    made = client.get(link.removeprefix(SITE))
    assert (made.status_code, "老磨坊" in made.text) == (200, True)


def test_the_page_offers_all_of_it(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}")
    hrefs = [str(a["href"]) for a in soup.select(".take a[href]")]
    for file in (*TYPES, "plan/print"):
        (address,) = {href for href in hrefs if href.startswith(f"/en/{file}?")}
        assert client.get(address).status_code == 200
    text = client.get(f"/en/plan.txt?{MORNING}").text.rstrip("\n")
    assert [str(button["data-copy"]) for button in soup.select(".take button[data-copy]")] == [text]
    assert str(soup.select(".take button[data-share]")[0]["data-share"]) == text.splitlines()[-1]


def test_nobody_is_led_to_a_position_that_is_only_drawn(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}")
    assert "with a schematic position only: 1." in words(soup, ".take .limits")[0]
    assert not soup.select('.take a[href*="amap.com"], .take a[href*="apple.com"]')


def test_a_place_that_nobody_located_is_looked_for_by_its_name(tmp_path: Path) -> None:
    folder = write_walkable(tmp_path / "toy")
    toml = folder / "city.toml"
    toml.write_text(
        toml.read_text("utf-8").replace("[city]", '[city]\nregion = { zh = "玩具城", en = "Toytown" }'), "utf-8"
    )
    soup = look(create_app(Settings(geodata=folder, public_url=SITE)).test_client(), f"/en/plan?{MORNING}")
    (details,) = soup.select(".take .by-name")
    assert not details.has_attr("open")
    assert [" ".join(str(li.find(string=True)).split()) for li in details.select("li:has(ul)")] == ["Old mill"]
    assert words(soup, ".by-name [lang=zh-CN]") == ["老磨坊"]
    links = [str(a["href"]) for a in details.select("a")]
    assert [re.sub("^https://([^/]+)/.*$", r"\1", link) for link in links] == [
        "uri.amap.com",
        "api.map.baidu.com",
        "apis.map.qq.com",
        "maps.apple.com",
        "www.google.com",
    ]
    assert not [link for link in links if re.search(r"\d\d\.\d", unquote(link))]
    assert not [a for a in details.select("a") if not {"noopener", "noreferrer"} <= set(a["rel"])]


def test_located_stops_open_in_map_apps_all_at_once_and_leg_by_leg(located: FlaskClient) -> None:
    soup = look(located, f"/en/plan?{MORNING}")
    assert not [told for told in words(soup, ".take .limits") if "schematic" in told]
    assert words(soup, ".take .buttons a") == [
        "All stops in Amap (opens in a new window)",
        "All stops in Google Maps (opens in a new window)",
    ]
    legs = [" ".join(str(li.find(string=True)).split()) for li in soup.select(".take-legs > li")]
    assert legs == ["Quay → Old mill", "Old mill → Memory hall"]
    hosts = [
        re.sub("^https://([^/]+)/.*$", r"\1", str(a["href"])) for a in soup.select(".take-legs > li")[0].select("a")
    ]
    assert hosts == ["uri.amap.com", "api.map.baidu.com", "apis.map.qq.com", "maps.apple.com", "www.google.com"]
    assert not [a for a in soup.select(".take-legs a") if "noopener" not in a["rel"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_tells_the_day_with_its_code_notes_and_sources(client: FlaskClient, language: str) -> None:
    soup = look(client, f"/{language}/plan/print?{MORNING}")
    assert len(soup.select("h1")) == 1
    assert words(soup, ".day .at") == ["09:00", "09:15–09:45", "10:30–11:15", "11:15"]
    ((scanned, _),) = scan(str(soup.select(".qr svg")[0]).replace("viewbox", "viewBox"))
    assert scanned.startswith(f"{SITE}/{language}/plan?date={DAY}")
    assert words(soup, ".sources li") == ["Town paper, 2024-03", "Sign at the door, 2025"]
    assert len(words(soup, ".notes li")) == 2  # hours, schematic position: of the mill alone
    assert [mark.replace(" ", "") for mark in words(soup, ".day sup")] == ["1,", "2"]
    assert soup.select("figure svg.picture")
    assert {"zh": "点线是步行", "en": "dotted is on foot"}[language] in words(soup, "figcaption")[0]
    assert not soup.select("script[src], [style], style")


def test_the_booklet_is_one_file_that_fetches_nothing(client: FlaskClient) -> None:
    answer = client.get(f"/zh/plan/booklet.html?{MORNING}")
    assert len(answer.data) < 1_000_000
    soup = BeautifulSoup(answer.text, "html.parser")
    assert not soup.select("script, link, img, iframe, object, [src], [style], [onclick]")
    assert [a for a in soup.select("a[href]") if not str(a["href"]).startswith(("https://", "#"))] == []
    (style,) = soup.select("style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    assert words(soup, "section.stop h2") == ["老磨坊", "纪念馆"]
    assert len(soup.select(".signers tbody tr")) == 12
    assert len(soup.select("figure.map > svg, .strip > svg")) == 2
    codes = [scan(str(code).replace("viewbox", "viewBox"))[0][0] for code in soup.select(".qr svg")]
    assert codes[1:] == [f"{SITE}/zh/sites/mill", f"{SITE}/zh/sites/hall"]


def test_pdfs_of_one_plan_are_counted_like_plans(tmp_path: Path) -> None:
    folder = write_walkable(tmp_path / "toy")
    client = create_app(Settings(geodata=folder, public_url=SITE, plans_per_minute=1)).test_client()
    address = f"/zh/plan/booklet.pdf?{MORNING}"
    answers = [client.get(address), client.get(address), client.get(address.replace("/zh/", "/en/"))]
    assert [answer.status_code for answer in answers] == [200, 200, 429]  # two may come at once: plan and PDF
    assert client.get(f"/zh/plan.gpx?{MORNING}").status_code == 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_stays_a_text_on_paper(tmp_path: Path, payload: str) -> None:
    said = text(f"{PAYLOADS[payload]}中", f"{PAYLOADS[payload]}e")
    sights = with_properties(walkable_sights(), "mill", name=said, summary=said, address=said)
    folder = write_walkable(tmp_path / "toy", sights=with_properties(sights, "quay", name=said))
    attacked = create_app(Settings(geodata=folder, public_url=SITE)).test_client()
    for address in ("plan", "plan/print", "plan/booklet.html"):
        soup = look(attacked, f"/en/{address}?{MORNING}")
        assert said["en"].split("\n")[0].split()[0] in soup.get_text()
        assert not soup.select("[onerror], [onload], [onmouseover], [onfocus], img, [style]")
        assert not [tag for tag in soup.select("script:not([type])") if "window.__x" in tag.text]
        assert not soup.select('a[href^="javascript"]')
    assert attacked.get(f"/en/plan/booklet.pdf?{MORNING}").data.startswith(b"%PDF-")


def test_the_booklet_as_pdf_says_the_same_names(client: FlaskClient) -> None:
    reader = PdfReader(io.BytesIO(client.get(f"/zh/plan/booklet.pdf?{MORNING}").data))
    assert len(reader.pages) == 5
    assert "老磨坊" in reader.pages[2].extract_text()
    assert "纪念馆" in reader.pages[3].extract_text()
