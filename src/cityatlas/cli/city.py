"""Choose the city that a command is about, and say first which it is and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from ..settings import Settings, choose_folder, read_settings

GEODATA = click.option(
    "--geodata",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the city (default: CITYATLAS_GEODATA, else ./geodata with a city.toml, else the shipped one).",
)


def city_settings(
    geodata: Path | None, chosen: Mapping[str, object] | None = None, *, is_output_data: bool = False
) -> Settings:
    """Return a command's settings, after its first line has said whose folder it reads.

    `chosen` are other options of the command line. The line goes to standard error where the output is data for
    another program. Raises InvalidValue.
    """
    folder, why = choose_folder(os.environ, geodata)
    settings = read_settings(os.environ, geodata=folder, **(chosen or {}))
    click.echo(f"City: {folder}, {why}.", err=is_output_data)
    return settings
