"""Hold every format of every subject to the table: addresses, headers, lists, and what other programs read of them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import gpxpy
import pyogrio
import pytest
import vobject
import xmlschema
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from cityatlas.app import create_app
from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.exchange.layers.exports import layers_kml
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import BilingualText, Property, both
from cityatlas.settings import Settings
from cityatlas.web.http import pages as pages_module
from cityatlas.web.http.sending import formats
from cityatlas.web.http.sending.caching import PUBLIC, REDIRECT
from cityatlas.web.http.sending.formats import FORMATS, SUBJECTS, Format, Subject
from hostile import EVERYTHING, write_hostile_city
from plan_pages import MORNING
from sheet_files import read
from toy import Json, with_properties
from toy_plan import walkable_sights, write_walkable

CREDIT = {"zh": "© 测绘局", "en": "© Survey <Office>"}
LICENCE = "https://survey.example/licence"
VALUES = {"<site_id>": "mill", "<layer_id>": "sights", "<route_id>": "boat-tour"}
ELSEWHERE = {("plan", "pdf"): "/plan/booklet.pdf", ("layer", "tilejson"): "/tiles/sights.json"}
QUERY = {"list": "?kind=house,museum", "search": "?q=mill", "plan": f"?{MORNING}"}
NOTE = Property("desk_note", BilingualText("long"), both("内部", "Internal"), group="visit", is_public=False)
ALL = [(subject, one) for subject in SUBJECTS.values() for one in subject.formats]
NAMES = [f"{subject.name}.{one.suffix}" for subject, one in ALL]


def credited(layer: Json) -> Json:
    return layer | {"attribution": CREDIT, "licence_url": LICENCE}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return a city in which tours can be planned, whose first layer is another office's and says what staff see."""
    folder = tmp_path_factory.mktemp("formats")
    layer = with_properties(walkable_sights(), "mill", desk_note={"zh": "Secretword", "en": "Secretword"})
    with with_added(NOTE):
        city = write_walkable(folder / "toy", sights=credited(layer))
        settings = Settings(geodata=city, var=folder / "var", public_url="https://a.example", plans_per_minute=10_000)
        yield create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def stem_of(subject: Subject) -> str:
    stem = subject.stem
    for place, value in VALUES.items():
        stem = stem.replace(place, value)
    return stem


def address(subject: Subject, one: Format, language: str = "en") -> str:
    """Return the address that the table gives a format."""
    path = ELSEWHERE.get((subject.name, one.suffix)) or f"{stem_of(subject)}.{one.suffix}"
    return ("" if one.is_bilingual else f"/{language}") + path + QUERY.get(subject.name, "")


def page_of(subject: Subject) -> str:
    stem = {"city": "/about", "list": "/sites/"}.get(subject.name, stem_of(subject))
    return stem + QUERY.get(subject.name, "")


def get(client: FlaskClient, subject: str, suffix: str, language: str = "en") -> bytes:
    one = next(one for one in SUBJECTS[subject].formats if one.suffix == suffix)
    answer = client.get(address(SUBJECTS[subject], one, language))
    assert answer.status_code == 200, answer.text
    content: bytes = answer.data
    return content


def comparable(link: str) -> str:
    return link.partition("?")[0]


@pytest.mark.parametrize(("subject", "one"), ALL, ids=NAMES)
def test_every_format_of_the_table_answers(client: FlaskClient, subject: Subject, one: Format) -> None:
    where = address(subject, one)
    answer = client.get(where, headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.mimetype) == (200, one.mimetype)
    assert answer.headers["Cache-Control"] == PUBLIC
    assert "Accept," not in answer.headers.get("Vary", "")
    assert (answer.headers.get("Access-Control-Allow-Origin") == "*") == (one.suffix != "pdf")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    if where.startswith("/search.json"):
        return  # made for each word that is typed
    is_text = one.suffix not in ("png", "pdf", "xlsx", "shp.zip", "zip")
    assert answer.headers.get("Content-Encoding") == ("br" if is_text else None)
    assert (
        client.get(where, headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_header_head_and_list_of_a_page_say_what_the_table_says(client: FlaskClient, subject: Subject) -> None:
    wanted = [comparable(address(subject, one)) for one in subject.formats]
    answer = client.get(f"/en{page_of(subject)}")
    soup = BeautifulSoup(answer.text, "html.parser")
    header = [part.partition(">")[0] for part in answer.headers["Link"].split("<")[1:]]
    head = [
        str(link["href"])
        for link in soup.select('link[rel="alternate"][type]')
        if not re.search("oembed|/changes", str(link))
    ]
    listed = [str(link["href"]) for link in soup.select(".downloads a")]
    assert [comparable(link) for link in header] == wanted
    assert [comparable(link) for link in head] == wanted
    assert [comparable(link) for link in listed] == wanted
    types = [str(link["type"]) for link in soup.select(".downloads a")]
    assert types == [one.mimetype for one in subject.formats]
    for link in listed:
        assert client.get(link).status_code == 200


def test_a_list_of_files_draws_nothing_and_packs_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(make: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(pages_module, "make_in_turn", refuse)
    for subject in SUBJECTS.values():
        if subject.name != "plan":
            assert app.test_client().get(f"/zh{page_of(subject)}").status_code == 200


def test_sizes_are_those_of_the_files(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/zh/layers/works").text, "html.parser")
    told = {
        row.select(".download-name")[0].get_text(): row.select_one(".download-size")
        for row in soup.select(".downloads a")
    }
    size, packed = told["CSV"], told["Excel"]
    assert size
    assert size.get_text() == f"{len(client.get('/layers/works.csv').data) / 1000:.1f} KB"
    assert packed is None or "KB" in packed.get_text()  # told where another test had it made


@pytest.mark.parametrize("subject", formats.NEGOTIATED.values(), ids=lambda s: s.name)
def test_accept_leads_from_a_bare_address_to_the_format(client: FlaskClient, subject: Subject) -> None:
    bare = "/city" if subject.name == "city" else page_of(subject)
    for one in {one.mimetype: one for one in reversed(subject.formats)}.values():  # of two alike the first
        answer = client.get(bare, headers={"Accept": one.mimetype, "Accept-Language": "en"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (303, REDIRECT)
        assert answer.headers["Location"] == address(subject, one)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for accept in ("*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", "x/y", ""):
        answer = client.get(bare, headers={"Accept": accept, "Accept-Language": "en"})
        assert answer.headers["Location"] == f"/en{bare}", accept
    assert client.get(f"/en{bare}", follow_redirects=True).mimetype == "text/html"


def test_a_page_that_is_kept_is_a_page_for_everybody(client: FlaskClient) -> None:
    for accept in ("text/html", "application/geo+json", "text/html"):
        answer = client.get("/en/sites/mill", headers={"Accept": accept})
        assert (answer.mimetype, answer.headers["Vary"]) == ("text/html", "Accept-Encoding")


def test_what_holds_both_languages_has_one_address(client: FlaskClient) -> None:
    for subject, one in ALL:
        if one.is_bilingual and (subject.name, one.suffix) not in (("search", "json"), ("layer", "tilejson")):
            answer = client.get(f"/zh{address(subject, one)}")
            assert (answer.status_code, answer.headers["Location"]) == (303, address(subject, one))


def said(raw: bytes) -> str:
    """Return the texts of a file, and of those in it."""
    if not raw.startswith(b"PK"):
        return raw.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize(("subject", "one"), ALL, ids=NAMES)
def test_every_file_says_whose_the_data_are_and_that_a_position_is_schematic(
    client: FlaskClient, subject: Subject, one: Format
) -> None:
    answer = client.get(address(subject, one))
    if subject.name == "plan" or one.made != "drawn":
        assert f'<{LICENCE}>; rel="license"' in answer.headers["Link"]
    if one.suffix in ("png", "pdf"):
        return  # they say it in their margin
    text = said(answer.data).replace("\r\n ", "")
    if one.made != "drawn":
        assert LICENCE in text
    assert "© Survey" in text.replace("\\u00a9", "©")
    if one.suffix != "atom" and (subject.name, one.suffix) not in (("search", "json"), ("plan", "json")):
        assert "schematic" in text.lower()  # the others name places, and lead to their pages


def test_what_is_staffs_alone_is_in_no_file(client: FlaskClient) -> None:
    for subject, one in ALL:
        if one.suffix not in ("png", "pdf"):
            text = said(client.get(address(subject, one)).data)
            assert "Secretword" not in text, (subject.name, one.suffix)
            assert "desk_note" not in text, (subject.name, one.suffix)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser of a city in which every text is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(geodata=write_hostile_city(folder / "toy", EVERYTHING), var=folder / "var")
    return create_app(replace(settings, plans_per_minute=10_000)).test_client()


@pytest.fixture(scope="module", params=["toy", "hostile"])
def either(request: pytest.FixtureRequest, app: Flask) -> FlaskClient:
    """Return a browser of a usual city, and of one of attacks."""
    found: FlaskClient = app.test_client() if request.param == "toy" else request.getfixturevalue("hostile")
    return found


@pytest.fixture(scope="module")
def kml_schema() -> xmlschema.XMLSchema:
    """Return the schema of KML 2.2 out of fastkml, which is not imported: without lxml it warns."""
    schema = distribution("fastkml").locate_file("fastkml/schema/ogckml22.xsd")
    return xmlschema.XMLSchema(str(schema), allow="local")


def test_kml_is_valid_by_the_standards_schema(either: FlaskClient, kml_schema: xmlschema.XMLSchema) -> None:
    for subject in ("site", "layer", "route", "plan"):
        if subject == "plan" and "测绘局" not in either.get("/zh/about").text:
            continue  # nobody can walk in the city of attacks
        kml_schema.validate(get(either, subject, "kml", "zh").decode())


def test_ids_that_xml_does_not_know_leave_kml_valid(toy_city: Path, kml_schema: xmlschema.XMLSchema) -> None:
    city = build_catalogue(Settings(geodata=toy_city))
    layer = city.layers["sights"]
    mill, quay, *_ = layer.features
    renamed = replace(layer, features=(replace(mill, id="24-mills"), replace(quay, id="sights")))
    kml_schema.validate(layers_kml([renamed], city.city, "en").decode())


def test_gpx_is_read_by_gpxpy(either: FlaskClient) -> None:
    (place,) = gpxpy.parse(get(either, "site", "gpx").decode()).waypoints
    assert (place.longitude, place.latitude) == (121.0, 30.7)
    assert "[Schematic]" in str(place.description)
    route = gpxpy.parse(get(either, "route", "gpx").decode())
    assert [point.name for point in route.routes[0].points] == [point.name for point in route.waypoints]
    assert [str(point.name).endswith(" (schematic position)") for point in route.waypoints] == [True, False, False]
    assert len(route.tracks[0].segments[0].points) == 3
    assert len(gpxpy.parse(get(either, "layer", "gpx").decode()).waypoints) == 3


def test_gdal_reads_what_we_pack(either: FlaskClient, tmp_path: Path) -> None:
    for suffix in ("gpkg", "gpx", "kml"):
        path = tmp_path / f"sights.{suffix}"
        path.write_bytes(get(either, "layer", suffix))
        frame = pyogrio.read_dataframe(path, layer={"gpx": "waypoints", "kml": 0}.get(suffix, "sights"))
        assert frame.geometry[0].coords[0][:2] == (121.0, 30.7)
        assert frame.crs.to_epsg() == 4326
    table = pyogrio.read_dataframe(tmp_path / "sights.gpkg")
    assert table["position_class"][0] == "schematic"
    packed = tmp_path / "sights.shp.zip"
    packed.write_bytes(get(either, "layer", "shp.zip"))
    points = pyogrio.read_dataframe(f"/vsizip/{packed}/sights_points.shp")
    assert points["pos_class"][0] == "schematic"
    with zipfile.ZipFile(packed) as archive:
        assert archive.read("sights_points.cpg") == b"UTF-8"
        assert "10 letters" in archive.read("README.txt").decode("utf-8-sig")


def test_a_geopackage_of_the_city_has_a_table_for_each_layer(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    path.write_bytes(get(client, "city", "gpkg"))
    assert [name for name, _ in pyogrio.list_layers(path)] == ["sights", "works"]


def test_the_calendar_is_read_by_another_program(client: FlaskClient) -> None:
    calendar = vobject.readOne(get(client, "plan", "ics").decode())
    calendar.validate()
    assert LICENCE in calendar.description.value
    assert all(event.description.value.endswith(f"© Survey <Office> {LICENCE}") for event in calendar.vevent_list)


def test_the_text_of_a_plan_ends_with_whose_the_data_are(client: FlaskClient) -> None:
    assert get(client, "plan", "txt").decode().splitlines()[-1] == f"© Survey <Office> {LICENCE}"


def test_nothing_in_a_table_runs(hostile: FlaskClient) -> None:
    text = get(hostile, "list", "csv").decode("utf-8-sig")
    assert not [cell for cell in text.replace("\n", ",").split(",") if cell.startswith(("=", "+", "-", "@"))]
    with zipfile.ZipFile(io.BytesIO(get(hostile, "city", "xlsx"))) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_the_workbook_has_a_sheet_a_layer_and_says_what_it_is(client: FlaskClient) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(get(client, "city", "xlsx")))
    assert book.sheet_names == ["sights", "works", "About this file"]
    about = {str(label): text for label, text in book.get_sheet_by_name("About this file").to_python()}
    assert about["Source and licence"] == f"© Survey <Office> {LICENCE}"
    assert about["Page"] == "https://a.example/about"


def test_a_table_and_a_workbook_come_back_without_a_change(toy_app: Flask) -> None:
    client = toy_app.test_client()
    for suffix in ("csv", "xlsx"):
        difference = read(get(client, "layer", suffix))
        assert (difference.changes, difference.faults, difference.new, difference.missing) == ((), (), (), ())


def test_json_tells_the_stops_of_a_route_and_what_a_filter_leaves(client: FlaskClient) -> None:
    route = json.loads(get(client, "route", "json"))
    assert [(stop["number"], stop["id"]) for stop in route["stops"]] == [(1, "mill"), (2, "quay"), (3, "hall")]
    assert [leg["mode"] for leg in route["legs"]] == ["walk", "boat"]
    assert route["are_lengths_about"]
    assert [place["id"] for place in json.loads(get(client, "list", "json"))["places"]] == ["mill", "hall"]
    assert [row["id"] for row in json.loads(get(client, "search", "geojson"))["features"]] == ["mill"]


@pytest.mark.parametrize("where", ["/sites/none.json", "/en/sites/none.gpx", "/layers/none.csv", "/routes/mill.json"])
def test_what_is_not_there_has_no_file(client: FlaskClient, where: str) -> None:
    assert client.get(where).status_code == 404


def test_the_same_city_is_the_same_file(app: Flask, tmp_path: Path) -> None:
    other = create_app(replace(app.config["SETTINGS"], var=tmp_path)).test_client()
    for suffix in ("xlsx", "zip", "gpkg"):
        assert get(other, "city", suffix) == get(app.test_client(), "city", suffix), suffix


def test_the_table_has_no_format_twice() -> None:
    assert [one.suffix for one in FORMATS.values()] == list(FORMATS)
