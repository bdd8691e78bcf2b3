"""Check the bill of materials against what is installed and what the scripts are built from."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from click.testing import CliRunner

from cityatlas import __version__
from cityatlas.cli.main import main

ROOT = Path(__file__).parents[3]


def test_the_bill_names_every_package_that_runs_with_its_version_and_licence() -> None:
    answer = CliRunner().invoke(main, ["sbom"])
    table = json.loads(answer.stdout)
    rows = {row["purl"]: row for row in table["components"]}
    assert (table["bomFormat"], table["metadata"]["component"]["version"]) == ("CycloneDX", __version__)
    assert {f"pkg:pypi/{name}@{version(name)}" for name in ("flask", "werkzeug", "geopandas", "pyproj")} <= rows.keys()
    assert not any("pytest" in purl or "mypy" in purl for purl in rows)  # what only the tests need
    shipped = json.loads((ROOT / "src/frontend/package.json").read_text("utf-8"))["dependencies"]
    assert {f"pkg:npm/{name.replace('@', '%40', 1)}@{number}" for name, number in shipped.items()} <= rows.keys()
    assert {row["name"] for row in rows.values() if "licenses" not in row} <= {"resvg-py"}  # whose metadata names none
    refs = {row["bom-ref"] for row in table["components"]} | {table["metadata"]["component"]["bom-ref"]}
    assert all(one in refs for row in table["dependencies"] for one in (row["ref"], *row["dependsOn"]))
    assert answer.stdout == CliRunner().invoke(main, ["sbom"]).stdout
