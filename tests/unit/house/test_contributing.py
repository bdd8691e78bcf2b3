"""Hold the page for newcomers to the tree: each place that it names is there, and each floor is as imports are held."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LEAST_ROWS = 25


def test_each_place_of_the_table_is_there() -> None:
    rows = re.findall(r"^\| .+ \| `([^`]+)` \|$", PAGE, re.MULTILINE)
    assert len(rows) >= LEAST_ROWS
    assert [place for place in rows if not (ROOT / place).is_file()] == []


def test_each_place_in_the_text_is_there() -> None:
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)*/?(?:\.(?:py|toml|json|js|ts|mjs))?)`", PAGE)
    places = {name for name in named if "/" in name}
    package = ROOT / "src" / "cityatlas"
    roots = (ROOT, package, package / "static", package / "static" / "js")
    assert {name for name in places if not any((root / name).exists() for root in roots)} == set()


def test_the_floors_are_those_that_imports_are_held_to() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    told = dict(re.findall(r"(?:^  |   )([a-z]+)(?:/|\.py) +(\d+)  ", PAGE, re.MULTILINE))
    floors = [{room.strip() for room in row.split("|")} for row in contract["layers"][:-2]]
    numbers = [{told[room] for room in rooms} for rooms in floors]
    assert [len(of_one_floor) for of_one_floor in numbers] == [1] * len(numbers)
    assert [int(number) for (number,) in numbers] == list(range(len(numbers), 0, -1))


def test_the_package_holds_few_modules_beside_its_rooms() -> None:
    assert len(list((ROOT / "src" / "cityatlas").glob("*.py"))) <= 8


def test_no_test_imports_another_test() -> None:
    imports = re.compile(r"^\s*(?:from|import) (?:\w+\.)*test_\w+", re.MULTILINE)
    assert [path for path in (ROOT / "tests").rglob("*.py") if imports.search(path.read_text("utf-8"))] == []
