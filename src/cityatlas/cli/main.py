"""Run the commands: serve the map, check the geodata."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from socket import socket
from typing import NoReturn

import click

from .. import __version__
from ..app import create_app
from ..catalogue.catalogue import Catalogue, build_catalogue
from ..catalogue.live import LiveCatalogue
from ..errors import BrokenGeodata, CityatlasError
from ..i18n import LANGUAGES, Language, translate
from ..schema.faults import Fault
from ..serving.answering import Site, listen, serve_alone
from ..settings import Settings, help_lines
from ..store import open_store
from ..store.embed_uses import OTHERS, layer_uses
from ..web.staff.auth.access import most_bytes
from . import config_files, erase, freeze, osm, sbom, store, user, worklist
from .city import GEODATA, city_settings

PAGES_NAMED = 8
OWN_MACHINE = ("127.0.0.1", "::1", "localhost")  # which browsers trust without TLS
NO_TLS = (
    "Visitors come without TLS: browsers give no positions, keep no city for later (service workers) and copy nothing "
    "to the clipboard. `cityatlas print-config nginx` prints one with TLS; CITYATLAS_PUBLIC_URL names it."
)
EPILOG = "\b\nEnvironment:\n" + "\n".join(f"  {line}" for line in help_lines())


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cityatlas")
def main() -> None:
    """Show a city's layers as one interactive map.

    The city is a folder of GeoJSON files with a city.toml: the one that --geodata or CITYATLAS_GEODATA names, else
    ./geodata, else the one that is shipped. Each command says first which it takes. `geodata/README.md` tells how
    such a folder is written.

    \b
    Examples:
      cityatlas serve                     ./geodata or the shipped city at http://127.0.0.1:8000
      cityatlas serve --geodata my-city   another city
      cityatlas check --geodata my-city   every fault of its files, with its cure
    """


@main.command()
@click.option("--host", help="Address to listen on (default 127.0.0.1; 0.0.0.0 for all).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default 8000).")
@click.option("--processes", type=click.IntRange(1), help="Processes that answer (default: the cores, at most 4).")
@GEODATA
def serve(host: str | None, port: int | None, processes: int | None, geodata: Path | None) -> None:
    """Serve the map until Ctrl-C.

    Files that change are read again while the server runs; a file that breaks leaves the last good map in
    place, and /health says what is wrong. Ctrl-C, SIGTERM and a closed terminal let it finish what it has begun to
    answer, at most 10 seconds.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = _settings(geodata, host=host, port=port, processes=processes)
    try:
        app = create_app(settings)
    except BrokenGeodata as error:
        _stop(error)
    live: LiveCatalogue = app.extensions["cityatlas_live"]
    _tell_city(live.newest, settings)
    try:
        listeners = listen(settings.host, settings.port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None
    if needs_tls(settings):
        click.echo(NO_TLS, err=True)
    live.store.close()  # no connection may be shared with the processes to come
    site = Site(app, partial(most_bytes, app), live.resume, settings.threads, settings.proxies > 0)
    _serve(site, listeners, settings)


def needs_tls(settings: Settings) -> bool:
    """Return whether visitors come without TLS to what is not their own machine."""
    if settings.public_url:
        return not settings.public_url.startswith("https://")
    return settings.host not in OWN_MACHINE


def _tell_city(catalogue: Catalogue, settings: Settings) -> None:
    title = catalogue.city.title.get("zh") or catalogue.city.id
    click.echo(f"{title}: {len(catalogue.features)} features in {len(catalogue.layers)} layers from {settings.geodata}")
    for layer in catalogue.layers.values():
        click.echo(f"  {len(layer.features):>7}  {layer.spec.id}")


def _serve(site: Site, listeners: list[socket], settings: Settings) -> None:
    count = settings.processes if hasattr(os, "fork") else 1

    def tell_ready() -> None:
        told = f"{count} process{'es' if count > 1 else ''}"
        click.echo(f"Ready at http://{settings.host}:{settings.port} in {told} (Ctrl-C stops)")

    def tell_stopped() -> None:
        click.echo("Stopped.")

    if hasattr(os, "fork"):
        from ..serving.processes import serve_in_processes  # here: gunicorn cannot be imported on Windows

        serve_in_processes(site, listeners, count, tell_ready, tell_stopped)
    else:
        serve_alone(site, listeners, tell_ready, tell_stopped)


@main.command()
@click.option("--json", "is_json", is_flag=True, help="Print the faults and warnings as a JSON list, for programs.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the sentences (default en).")
@GEODATA
def check(is_json: bool, lang: Language, geodata: Path | None) -> None:
    """Check a city's files and print every fault: file, feature, property and cure.

    Exit status 0 means that the folder can be served, 1 that it has faults. With --json, each fault has file, feature,
    item, rule, path, severity, values and sentence.
    """
    settings = _settings(geodata, is_output_data=is_json)
    try:
        catalogue = build_catalogue(settings)
    except BrokenGeodata as error:
        if is_json:
            _print_json(error.faults, lang)
            sys.exit(1)
        _stop(error, lang)
    if is_json:
        _print_json(catalogue.network.warnings, lang)
        return
    for warning in catalogue.network.warnings:
        click.echo(translate("check.warning", lang, line=warning.line(lang)), err=True)
    for layer_id, pages in _broken_layers(settings, catalogue):
        named = ", ".join(page for page in pages[:PAGES_NAMED] if page not in ("", OTHERS)) or "?"
        click.echo(translate("check.embedded", lang, layer=layer_id, count=len(pages), pages=named), err=True)
    counts = {"features": len(catalogue.features), "layers": len(catalogue.layers)}
    click.echo(translate("check.none", lang, folder=settings.geodata, **counts))


def _broken_layers(settings: Settings, catalogue: Catalogue) -> list[tuple[str, list[str]]]:
    """Return layers that a city has no more, by a new name or at all, with the pages of others that embed them."""
    try:
        uses = layer_uses(open_store(settings.database_url, settings.var, catalogue.city.id))
    except CityatlasError:  # without a desk nobody has counted, and the folder is fine without
        return []
    return [(layer_id, pages) for layer_id, pages in uses.items() if layer_id not in catalogue.layers]


def _print_json(faults: Iterable[Fault], language: Language) -> None:
    click.echo(json.dumps([found.as_json(language) for found in faults], ensure_ascii=False, indent=2))


for command in (
    *config_files.COMMANDS,
    *osm.COMMANDS,
    *store.COMMANDS,
    *worklist.COMMANDS,
    erase.erase,
    freeze.freeze,
    sbom.sbom,
    user.user,
):
    main.add_command(command)


def _settings(geodata: Path | None, *, is_output_data: bool = False, **chosen: object) -> Settings:
    try:
        return city_settings(geodata, chosen, is_output_data=is_output_data)
    except CityatlasError as error:
        raise click.UsageError(f"{error.message}. {error.hint}") from None


def _stop(error: BrokenGeodata, language: Language = "en") -> NoReturn:
    for found in error.faults:
        click.echo(found.line(language), err=True)
    key = "found" if len(error.faults) > 1 else "found_one"
    click.echo(translate(f"check.{key}", language, count=len(error.faults)), err=True)
    sys.exit(1)
