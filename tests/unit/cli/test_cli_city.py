"""Check which city a command takes, and that its first line says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cityatlas import paths
from cityatlas.cli.main import main
from cityatlas.settings import choose_folder, read_settings
from toy import write_city

WITH_SERVER = {"serve"}  # tests/web/test_install.py
NOBODY = ("--author", "nobody")
COMMANDS = {
    "check": (),
    "export": ("{new}",),
    "freeze": ("{new}",),
    "import": ("{city}", *NOBODY),
    "backup": ("{new}",),
    "restore": ("{new}",),
    "worklist": (),
    "check-links": ("{new}",),
    "import-osm": ("{file}", "--out", "{new}"),
    "user add": ("ann", "--role", "admin", "--invite"),
    "user list": (),
    "user disable": ("ann",),
    "user enable": ("ann",),
    "user role": ("ann", "editor"),
    "user password": ("ann", "--invite"),
    "user second-factor": ("ann", "--reset"),
    "user require-second-factor": ("none",),
    "erase": ("mill", "--by", "ann"),
}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder, without any variable of ours but the one for what is written."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("CITYATLAS_GEODATA", "CITYATLAS_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CITYATLAS_VAR", str(tmp_path / "var"))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input="")


def test_the_folder_is_named_found_here_or_shipped_in_this_order(elsewhere: Path) -> None:
    assert choose_folder({}, None)[0] == paths.geodata_dir()
    (elsewhere / "geodata").mkdir()
    assert choose_folder({}, None)[0] == paths.geodata_dir()  # no city yet
    here = write_city(elsewhere / "geodata")
    assert choose_folder({}, None) == (here, "which is in the present folder")
    by_variable = choose_folder({"CITYATLAS_GEODATA": "other"}, None)
    assert by_variable == (Path("other"), "named by CITYATLAS_GEODATA")
    assert choose_folder({"CITYATLAS_GEODATA": "other"}, Path("mine")) == (Path("mine"), "named by --geodata")
    assert read_settings({}).geodata == here
    assert read_settings({"CITYATLAS_GEODATA": "other"}, Path("mine")).geodata == Path("mine")


def commands_of(group: click.Group, prefix: str = "") -> Iterator[str]:
    """Yield the names of all commands that are about a city."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{name} ")
        elif any(parameter.name == "geodata" for parameter in command.params):
            yield prefix + name


def test_every_command_about_a_city_is_tried_here() -> None:
    every = set(commands_of(main))
    assert every == set(COMMANDS) | WITH_SERVER
    assert not any(parameter.name == "geodata" for parameter in main.commands["user"].params)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_first_line_says_which_city_and_why(elsewhere: Path, tmp_path: Path, command: str) -> None:
    city = write_city(elsewhere / "geodata")
    (tmp_path / "file").write_bytes(b"no extract")
    places = {"new": tmp_path / "new", "city": city, "file": tmp_path / "file"}
    result = run(*command.split(), *(text.format_map(places) for text in COMMANDS[command]))
    told = result.output.splitlines()
    assert told[0] == f"City: {city}, which is in the present folder."
    assert [line for line in told if line.startswith("City: ")] == told[:1]
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)


def test_what_was_edited_here_is_what_is_checked(elsewhere: Path) -> None:
    write_city(elsewhere / "geodata")
    (elsewhere / "geodata" / "sights.geojson").write_text("{", "utf-8")
    result = run("check")
    assert (result.exit_code, "sights.geojson: " in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("option", "variable", "why"),
    [
        (True, False, "named by --geodata"),
        (False, True, "named by CITYATLAS_GEODATA"),
        (False, False, "which is shipped with the program; --geodata or CITYATLAS_GEODATA names another"),
    ],
)
def test_a_city_that_is_named_or_shipped_is_told_too(
    elsewhere: Path, toy_city: Path, monkeypatch: pytest.MonkeyPatch, option: bool, variable: bool, why: str
) -> None:
    if variable:
        monkeypatch.setenv("CITYATLAS_GEODATA", str(toy_city))
    result = run("user", "disable", "ann", *(("--geodata", toy_city) if option else ()))
    folder = toy_city if option or variable else paths.geodata_dir()
    assert result.output.splitlines()[0] == f"City: {folder}, {why}."


@pytest.mark.parametrize("command", ["worklist --json", "user list"])
def test_output_that_is_data_holds_no_such_line(elsewhere: Path, command: str) -> None:
    write_city(elsewhere / "geodata")
    result = run(*command.split())
    assert (result.exit_code, result.stderr[:6]) == (0, "City: ")
    assert "City: " not in result.stdout
    assert isinstance(json.loads(result.stdout), list | dict) if "--json" in command else result.stdout
