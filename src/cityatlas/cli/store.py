"""Run the commands about what staff changed: export, import, backup, restore."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import click

from .. import store as st
from ..catalogue.catalogue import Catalogue, build_catalogue
from ..catalogue.folder import lay_out, read_folder, version_at
from ..catalogue.folder_export import FolderChange, content_of_feature, export_folder, folder_changes
from ..catalogue.reconcile import build_shown, reconcile
from ..catalogue.step_cache import StepCache
from ..catalogue.store_watch import Overlay, overlay_of
from ..city.photos import photo_folders
from ..city.spec import City, read_city
from ..editing.change_checks import change_faults
from ..editing.publishing_rules import check_publishable
from ..errors import BrokenGeodata, CityatlasError, EditConflict, InvalidValue
from ..i18n import LANGUAGES, Language
from ..settings import Settings, read_settings
from ..store.people.accounts import find_account
from ..versioning.content import Content
from .city import GEODATA, city_settings
from .export_file import export_file, is_file

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--at", help="As it was at a revision's number, at the end of a day (2026-11-24), or at a moment.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="zh",
    help="Language of a file (default zh); of a map the one it begins in.",
)
@click.option("--layers", metavar="A,B", default="", help="Layers of a file (default: all).")
@GEODATA
def export(out: Path, at: str | None, lang: Language, layers: str, geodata: Path | None) -> None:
    """Write all that is published as OUT: its ending decides what it is.

    \b
      OUT/          the city's folder anew, checked, to be served, changed and imported like any other
      OUT.html      the map as one file, which opens without a server and without a network; in both languages
                    with a switch, or in one where both would have more than 700 KB; it says what is not in it
      OUT.gpkg      all layers for GIS programs; also .geojson, .xlsx and .zip
      OUT.pmtiles   all layers as vector tiles, for maps that are drawn from a plain file

    Drafts, and what waits for its moment, are not in it; what is staff's alone is in a folder only. With --at a folder
    is the same bytes each time: servers keep each version of the city's folder in CITYATLAS_VAR/geodata.
    """
    with Failing(), TemporaryDirectory() as aside:
        settings, city, store = _open(geodata)
        overlay = _published(store, city, at)
        if at is not None:
            settings = replace(settings, geodata=_folder_of(settings, overlay.moment, Path(aside)))
        cache = StepCache()
        shown_folder = read_folder(settings, cache)
        overlay, troubles = reconcile(overlay, shown_folder, photo_folders(settings), cache)
        for trouble in troubles:
            click.echo(f"Warning: {trouble.sentence('en')}", err=True)
        if is_file(out):
            catalogue = build_catalogue(settings, overlay, cache)
            chosen = [layer for layer in layers.split(",") if layer]
            size, count, left_out = export_file(catalogue, out, lang, chosen, settings.public_url)
            click.echo(f"{out}: {count} features, {size / 1_000:,.0f} KB. {left_out}".rstrip())
            return
        catalogue = export_folder(settings, overlay, out)
    told = f"{len(catalogue.features)} features, {len(overlay.rows)} of them changed by staff, no faults"
    click.echo(f"{out}: {told}; from the city's folder as {shown_folder.tag}.")


@click.command("import")
@click.argument("folder", type=FOLDER)
@click.option("--author", required=True, help="Login of who answers for the changes; the history names them.")
@click.option("--comment", default="", help="Why; the history shows it.")
@click.option("--archive-missing", is_flag=True, help="Archive features that FOLDER does not have.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@GEODATA
def import_folder(
    folder: Path, author: str, comment: str, archive_missing: bool, dry_run: bool, geodata: Path | None
) -> None:
    """Publish in what the city's folder FOLDER differs from what visitors see, all or nothing.

    A feature that FOLDER does not have stays, unless --archive-missing is given. What [publishing] in city.toml blocks
    is refused here as at the desk.
    """
    with Failing():
        settings, city, store = _open(geodata)
        seen = st.published(store) if store.exists() else None
        here, _ = build_shown(settings, overlay_of(seen) if seen else Overlay())
        base = build_catalogue(settings)
        there = build_catalogue(read_settings(os.environ, geodata=folder))
        changes = [c for c in folder_changes(here, there) if c.there or archive_missing]
        _judge(changes, city)
        for change in changes:
            verb = "archive" if change.there is None else "change" if change.here else "add"
            click.echo(f"  {verb:<8} {change.feature_id}")
        if changes and not dry_run:
            _check_author(store, author)
            _publish(store, seen, base, there, changes, author, comment)
    click.echo(f"{len(changes)} features {'would change' if dry_run else 'changed'} in {city.id}.")


@click.command()
@click.argument("file", type=FILE)
@GEODATA
def backup(file: Path, geodata: Path | None) -> None:
    """Copy all that staff wrote, with its history and accounts, into FILE while the server runs.

    The file restores into SQLite and PostgreSQL alike. It holds drafts and password hashes: keep it safe. Uploaded
    photos are files of their own: copy the folder CITYATLAS_VAR/media beside it. Visitors' reports are not copied.
    """
    with Failing():
        counts = st.back_up(_open(geodata)[2], file)
    click.echo(f"{file}: {_told(counts)}; read again and found whole.")


@click.command()
@click.argument("file", type=FILE)
@GEODATA
def restore(file: Path, geodata: Path | None) -> None:
    """Fill an empty store from FILE, and check it. A store that holds something is refused."""
    with Failing():
        store = _open(geodata)[2]
        counts = st.restore_backup(store, file)
    click.echo(f"{store.path or 'database'}: {_told(counts)}; counted and found the same.")


COMMANDS = (export, import_folder, backup, restore)


class Failing:
    """End a command with one sentence, or a line for each fault, when one of our errors is raised in it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, BrokenGeodata):
            raise click.ClickException("\n".join(map(str, error.faults))) from None
        if isinstance(error, CityatlasError):
            raise click.ClickException(f"{error.message} {error.hint}".strip()) from None


def _open(geodata: Path | None) -> tuple[Settings, City, st.Store]:
    settings = city_settings(geodata)
    city = read_city(settings.geodata)
    return settings, city, st.open_store(settings.database_url, settings.var, city.id)


def _published(store: st.Store, city: City, at: str | None) -> Overlay:
    """Return what was published at a number, day or moment; without one, now."""
    if not store.exists():
        return Overlay()
    store.prepare()
    if at is None:
        return overlay_of(st.published(store))
    if at.isdecimal():
        return overlay_of(st.published(store, at_number=int(at)))
    return overlay_of(st.published(store, at_moment=_moment(at, ZoneInfo(city.timezone))))


def _folder_of(settings: Settings, moment: str, aside: Path) -> Path:
    """Return the city's folder as a server saw it at a moment, laid out aside; the present one where none was kept."""
    version = version_at(settings.shared_folder, moment)
    if version is None:
        told = "no version of the city's folder was kept; its present state is exported under what staff published"
        click.echo(f"Warning: {told}", err=True)
        return settings.geodata
    if version.moment > moment:
        click.echo(f"Warning: the city's folder is not known before {version.moment}; it is taken as of then", err=True)
    lay_out(settings.shared_folder, version, aside)
    return aside


def _moment(at: str, zone: ZoneInfo) -> datetime:
    try:
        if len(at) == len("2026-11-24"):
            return datetime.combine(date.fromisoformat(at), time.max, zone)
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise InvalidValue(
            f'"{at}" is no number, day or moment.', "Write 12, 2026-11-24 or 2026-11-24T18:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _judge(changes: list[FolderChange], city: City) -> None:
    """Print what the city warns of in the changes. Raises BrokenGeodata for what it lets nobody publish."""
    judged = [(c.feature_id, *check_publishable(c.there, city)) for c in changes if c.there]
    for feature_id, _, warns in judged:
        for objection in warns:
            click.echo(f"Warning: {feature_id}: {objection.field}: {objection.sentence('en')}", err=True)
    told = [(feature_id, objection) for feature_id, blocks, _ in judged for objection in blocks]
    if told:
        raise BrokenGeodata(o.fault.of("change", feature_id) for feature_id, o in told)


def _check_author(store: st.Store, author: str) -> None:
    """Raise InvalidValue for somebody who has no account: the history must name a person of the desk."""
    account = find_account(store, author) if store.exists() else None
    if account is None or not account.is_active:
        raise InvalidValue(f'There is no account "{author}".', "Add it with cityatlas user add, or name another.")


def _publish(
    store: st.Store,
    seen: st.Published | None,
    base: Catalogue,
    there: Catalogue,
    changes: list[FolderChange],
    author: str,
    comment: str,
) -> None:
    """Publish changes in one transaction, each based on what was seen and checked as part of the other folder."""
    numbers = {revision.feature_id: revision.number for revision in seen.revisions} if seen else {}
    rows = []
    for change in changes:
        feature = base.features.get(change.feature_id)

        def check(content: Content | None, _: object, feature_id: str = change.feature_id) -> None:
            if content and (faults := change_faults(there, feature_id, content)):
                raise BrokenGeodata(found.of("change", feature_id) for found in faults)

        origin = content_of_feature(feature) if feature else None
        order = st.Order(author, comment, origin=origin, check=check)
        rows.append((change.feature_id, change.there, numbers.get(change.feature_id, 0), order))
    try:
        st.publish_all(store, rows)
    except EditConflict as error:  # only when somebody published while this command ran
        raise InvalidValue(f"{error.message}", "Nothing was imported; try again.") from None


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in counts.items()) or "nothing"
