"""Check the leaflet of a route: one page, drawn as lines and letters, with a code for each stop."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup
from pypdf import PdfReader

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.handouts.leaflet import GRIDS, Leaflet, leaflet_pdf, make_leaflet, map_px
from cityatlas.routing.route_legs import RouteLeg
from cityatlas.schema.strict_json import JsonTable
from cityatlas.settings import Settings
from hostile import EVERYTHING
from pictures import scan

DAY = datetime(2026, 12, 5, tzinfo=UTC)
MAP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"/>'


def read(client: FlaskClient, address: str) -> PdfReader:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.data))


def links(page: object) -> set[str]:
    found = (note.get_object() for note in page["/Annots"])  # type: ignore[index]  # pypdf's own
    return {str(note["/A"]["/URI"]) for note in found}


def stops_of(table: JsonTable) -> list[dict[str, str]]:
    stops: list[dict[str, str]] = json.loads(json.dumps(table["stops"]))
    return stops


def leaflet(folder: Path, count: int, words: str = "Stop") -> Leaflet:
    """Return the leaflet of the toy city's route with so many stops, whose names are long."""
    catalogue = build_catalogue(Settings(geodata=folder))
    route, mill = catalogue.features["boat-tour"], catalogue.features["mill"]
    renamed = dict(mill.properties) | {"name": {"en": f"{words} with quite a long name"}, "visit_min": 30}
    stops = [replace(mill, id=f"stop-{n}", properties=renamed) for n in range(count)]
    catalogue.features.update({stop.id: stop for stop in stops})  # type: ignore[attr-defined]  # ours alone
    legs = [RouteLeg("walk", 340, 5)] * (count - 1)
    base = "https://atlas.example/en/"
    return Leaflet(catalogue, route, stops, legs, "en", lambda f: f"{base}sites/{f.id}", f"{base}routes/x", DAY)


def test_a_route_is_one_page_of_lines_and_letters_with_its_stops_in_order(client: FlaskClient) -> None:
    (page,) = read(client, "/zh/routes/boat-tour.pdf").pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert len(page.images) == 0
    words = page.extract_text()
    for told in ("水上游线", "Boat tour", "去 2：步行，约 960 米，约 15 分钟", "去 3：坐船", "Town paper", "不作导航"):
        assert told in words, told
    assert links(page) >= {
        f"https://atlas.example/zh/{path}" for path in ("sites/mill", "sites/quay", "sites/hall", "routes/boat-tour")
    }


def test_hours_are_those_of_a_week_or_said_to_be_unknown(client: FlaskClient, toy_city: Path) -> None:
    (page,) = read(client, "/en/routes/boat-tour.pdf").pages
    assert "Tue–Sun 8:30–16:30" in page.extract_text()
    table = make_leaflet(leaflet(toy_city, 2), Markup(MAP).format(600, 400))
    assert [stop["hours"] for stop in stops_of(table)] == ["Opening hours unknown"] * 2


@pytest.mark.parametrize("count", [2, 8, 9, 15, 16, 20])
def test_many_stops_stay_on_the_page(toy_city: Path, count: int) -> None:
    told = leaflet(toy_city, count)
    table = make_leaflet(told, Markup(MAP).format(*map_px(told)))
    assert len(PdfReader(io.BytesIO(leaflet_pdf(table, DAY))).pages) == 1


def test_a_phone_reads_the_code_of_each_stop_and_of_the_route(toy_city: Path) -> None:
    told = leaflet(toy_city, 2)
    table = make_leaflet(told, Markup(MAP).format(*map_px(told)))
    codes = [str(table["qr"]), *(stop["qr"] for stop in stops_of(table))]
    found = [scan(Markup(code))[0][0] for code in codes]
    assert found == [table["link"], *(f"https://atlas.example/en/sites/stop-{n}" for n in range(2))]


def test_a_codes_modules_are_wide_enough_for_a_phone(toy_city: Path) -> None:
    table = make_leaflet(leaflet(toy_city, GRIDS[-1][0]), Markup(MAP).format(600, 400))
    modules = int(str(stops_of(table)[0]["qr"]).split('viewBox="0 0 ')[1].split()[0])
    assert GRIDS[-1][1].qr_mm / modules > 0.33


def test_texts_that_attack_are_only_texts(toy_city: Path) -> None:
    told = leaflet(toy_city, 3, EVERYTHING)
    table = make_leaflet(told, Markup(MAP).format(*map_px(told)))
    (page,) = PdfReader(io.BytesIO(leaflet_pdf(table, DAY))).pages
    assert "{{7*191}}" in page.extract_text().replace("\n", "")


@pytest.mark.parametrize("where", ["/zh/routes/mill.pdf", "/zh/routes/none.pdf"])
def test_what_is_no_route_has_no_leaflet(client: FlaskClient, where: str) -> None:
    assert client.get(where).status_code == 404
