"""Run the command that writes the public site as files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..app import create_app
from ..web.frozen.folder import write_site
from ..web.frozen.freeze import freeze as frozen_files
from ..web.frozen.upload import MANIFEST
from .city import GEODATA, city_settings
from .store import Failing

NO_LIMIT = 10**9  # of what one asks for in a minute, and of features in a layer that is sent whole


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--address", metavar="URL", default="", help="Where the files will stand (default CITYATLAS_PUBLIC_URL).")
@GEODATA
def freeze(out: Path, address: str, geodata: Path | None) -> None:
    """Write the public site into the folder OUT as files, for any object store, CDN or web server.

    In both languages: pages, search, pictures, data, frames, and of texts their forms as .gz and .br. What needs a
    server (planning, reports, what is open now) leads to CITYATLAS_PUBLIC_URL, where that is another address than the
    files'; else it is not offered. A second freeze writes only what changed. OUT/freeze.json says of each file its
    type, encoding and cache; OUT.changes/ lists what is to be uploaded, in order, and deleted. /help/operators tells
    how.
    """
    with Failing():
        settings = city_settings(geodata)
        root = address.rstrip("/") or settings.public_url
        if not root.startswith(("https://", "http://")):
            raise click.UsageError("Say where the files will stand: --address https://map.example")
        live = settings.public_url if settings.public_url != root else ""
        unbounded = replace(settings, plans_per_minute=NO_LIMIT, tile_threshold=NO_LIMIT)
        app = create_app(replace(unbounded, public_url=live or root))
        change = write_site(frozen_files(app, root, live), out)
    size = sum(row.bytes for row in change.rows)
    click.echo(f"{out}: {len(change.rows)} files, {size / 1_000_000:,.1f} MB, in the order of {MANIFEST}.")
    click.echo(f"To upload: {len(change.written)}. To delete: {len(change.deleted)}. Lists: {out}.changes/")
