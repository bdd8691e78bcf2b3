"""Run the command that takes streets, waters and paths from OpenStreetMap."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from .city import read_city
from .errors import BrokenGeodata
from .settings import read_settings

_STEP_S = 0.5  # between two looks at the progress line


@click.command("import-osm")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into.")
@click.option("--geodata", type=click.Path(path_type=Path), help="Folder of the city: its extent and outline.")
@click.option("--buildings", is_flag=True, help="Take buildings too; the basemap gets much larger.")
def import_osm_command(file: Path, out: Path, geodata: Path | None, buildings: bool) -> None:
    """Make paths.geojson and base/ of an OpenStreetMap extract (.osm.pbf).

    Only what lies within the city's extent is taken. The data are under the ODbL: wherever the map is
    shown, it must say "© OpenStreetMap contributors".
    """
    from .exchange.osm_files import import_osm  # here, since no other command needs its library

    folder = read_settings(os.environ, geodata=geodata).geodata
    try:
        city = read_city(folder)
    except BrokenGeodata as error:
        raise click.ClickException("\n".join(error.faults)) from None
    begun = time.monotonic()
    try:
        counts = import_osm(file, city, folder, out, _Progress(begun), has_buildings=buildings)
    except RuntimeError as error:  # how libosmium tells of a file that is none
        raise click.ClickException(f"{file}: {error}") from None
    click.echo("", err=True)
    for name, count in counts.items():
        click.echo(f"  {count:>8}  {out / name}")
    click.echo(f"Done in {time.monotonic() - begun:.0f} s. Data © OpenStreetMap contributors, ODbL 1.0.")
    click.echo("Say so in geodata/README.md and on the map, then run `cityatlas check --geodata FOLDER`.")


class _Progress:
    """Tell on one line of the terminal how far the reading is."""

    def __init__(self, begun: float) -> None:
        self._begun, self._told = begun, 0.0

    def __call__(self, what: str, count: int) -> None:
        now = time.monotonic()
        if now - self._told > _STEP_S:
            self._told = now
            click.echo(f"\r{what}: {count:,} read, {now - self._begun:.0f} s ", nl=False, err=True)


COMMANDS = (import_osm_command,)
