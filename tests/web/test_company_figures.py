"""Hold the shipped figures: what is said of the whole company is shown at no place."""

from __future__ import annotations

import json
from pathlib import Path

from bs4 import BeautifulSoup

from cityatlas.app import create_app
from cityatlas.city.figures import read_figures
from cityatlas.paths import geodata_dir
from cityatlas.settings import Settings

COMPANY = {
    "craftsman-sessions",
    "craftsman-attendances",
    "induction-sessions",
    "inspections",
    "units-inspected",
    "discipline-notices",
    "problems-corrected",
    "led-projects",
    "tough-projects",
}


def test_figures_of_the_company_are_about_no_place() -> None:
    figures = read_figures(geodata_dir() / "figures.json", 1 << 20)
    assert {figure.id for figure in figures if figure.group == "company"} == COMPANY
    assert {figure.id for figure in figures if not figure.feature} == COMPANY
    named = set()
    for layer in geodata_dir().glob("*.geojson"):
        for row in json.loads(layer.read_text("utf-8"))["features"]:
            named |= set(row["properties"].get("figures") or ())
    assert named
    assert not named & COMPANY


def test_they_stand_together_under_the_company(tmp_path: Path) -> None:
    client = create_app(Settings(var=tmp_path)).test_client()
    for language, title in (("en", "The company as a whole"), ("zh", "公司整体")):
        soup = BeautifulSoup(client.get(f"/{language}/figures").text, "html.parser")
        (group,) = [part for part in soup.select(".figure-group") if title in part.get_text()]
        assert {str(tile["id"]).removeprefix("figure-") for tile in group.select(".figure")} == COMPANY
        assert group.select(".tile-links") == []
