"""Run the command that takes streets, waters and paths from OpenStreetMap."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..city.spec import City, read_city
from ..errors import BrokenGeodata
from ..settings import Settings
from .city import GEODATA, city_settings

if TYPE_CHECKING:
    from ..exchange.osm.files import TakenFiles

STEPS = 1_000  # of the progress bar
REPLACED = ("paths.geojson", "base", "services.geojson")
BUILDINGS_SHARE = 0.75  # of the features that a file may have


@click.command("import-osm")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write into.")
@click.option("--replace", is_flag=True, help="Replace basemap, paths and services of the city; the old ones are kept.")
@GEODATA
@click.option("--buildings/--no-buildings", default=True, help="Take buildings, seen from near (default: yes).")
def import_osm_command(file: Path, out: Path | None, replace: bool, geodata: Path | None, buildings: bool) -> None:
    """Make paths.geojson, base/ and services.geojson of an OpenStreetMap extract (.osm.pbf).

    Services (toilets, parking, drinking water, nursing rooms) are taken in a city whose city.toml has that layer; those
    that staff wrote stay. Only what lies within the city's extent is taken. The data are under the ODbL: the files
    carry the attribution "© OpenStreetMap contributors", and the map, its pictures and pages show it.

    \b
    Examples:
      cityatlas import-osm zhejiang.osm.pbf --replace        the old files are kept beside the folder
      cityatlas import-osm zhejiang.osm.pbf --out /tmp/osm   to look at it first
    """
    if bool(out) == replace:
        raise click.UsageError("Say either --out FOLDER or --replace.")
    settings = city_settings(geodata)
    try:
        city = read_city(settings.geodata)
    except BrokenGeodata as error:
        raise click.ClickException("\n".join(map(str, error.faults))) from None
    begun = time.monotonic()
    with _target(settings.geodata, out) as folder:
        taken = _take(file, city, settings, folder, buildings)
    _tell(taken, out or settings.geodata, settings)
    click.echo(f"Done in {time.monotonic() - begun:.0f} s. Data © OpenStreetMap contributors, ODbL 1.0.")
    click.echo("Name them in geodata/README.md, then run `cityatlas check --geodata FOLDER`.")


def _take(file: Path, city: City, settings: Settings, folder: Path, has_buildings: bool) -> TakenFiles:
    """Write the files, with a progress bar."""
    from ..exchange.osm.files import import_osm  # here, since no other command needs its library

    most = int(settings.max_features * BUILDINGS_SHARE)
    with click.progressbar(length=STEPS, label=file.name) as bar:

        def report(share: float) -> None:
            bar.update(max(0, int(share * STEPS) - bar.pos))

        try:
            return import_osm(
                file, city, settings.geodata, folder, report, most_buildings=most, has_buildings=has_buildings
            )
        except RuntimeError as error:  # how libosmium tells of a file that is none
            raise click.ClickException(f"{file}: {error}") from None


@contextmanager
def _target(geodata: Path, out: Path | None) -> Iterator[Path]:
    """Yield the folder to write into: `out`, or one that takes the place of the city's files when all went well."""
    if out:
        yield out
        return
    with tempfile.TemporaryDirectory(dir=geodata.parent, prefix=f".{geodata.name}-osm-") as new:
        yield Path(new)
        kept = geodata.with_name(f"{geodata.name}-before-osm-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
        kept.mkdir()
        for name in REPLACED:
            if not (Path(new) / name).exists():  # a city without the layer
                continue
            if (geodata / name).exists():
                (geodata / name).rename(kept / name)
            shutil.move(Path(new) / name, geodata / name)
    click.echo(f"What was there before is in {kept}.")


def _tell(taken: TakenFiles, folder: Path, settings: Settings) -> None:
    """Tell how much was taken, and what would keep it from being served."""
    for name, count in taken.counts.items():
        click.echo(f"  {count:>8,}  {(folder / name).stat().st_size / 1e6:>6.1f} MB  {folder / name}")
    if taken.left_out:
        click.echo(f"  Small buildings left out, since a file has a limit: {taken.left_out:,}.")
    if max(taken.counts.values()) > settings.max_features:
        click.echo(f"  A file has more than {settings.max_features:,} features: set CITYATLAS_MAX_FEATURES higher.")


COMMANDS = (import_osm_command,)
