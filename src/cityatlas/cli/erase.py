"""Run the command that erases what must go."""

from __future__ import annotations

from pathlib import Path

import click

from ..catalogue.catalogue import Catalogue
from ..catalogue.changes.erasing import finish_erasure
from ..catalogue.folder_export import content_of_feature
from ..catalogue.reconcile import build_shown
from ..catalogue.store_watch import overlay_of
from ..city.photos import is_upload
from ..city.spec import read_city
from ..errors import CityatlasError, InvalidValue
from ..settings import Settings
from ..store import Store, open_store, published
from ..store.log.erase import Erased, erase_feature, erase_person, erase_photo, erase_revision
from ..store.people.accounts import find_account
from .city import GEODATA, city_settings


@click.command()
@click.argument("what", metavar="WHAT")
@click.option("--revision", type=int, help="Erase what this version says and visitors no longer see.")
@click.option("--words", default="", help="With --revision: only texts that hold these words.")
@click.option("--person", is_flag=True, help="WHAT is a login name: erase the person's names, close the account.")
@click.option("--by", "author", required=True, help="Login of the admin who answers for it; the tombstone names them.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@GEODATA
def erase(
    what: str, revision: int | None, words: str, person: bool, author: str, yes: bool, geodata: Path | None
) -> None:
    """Erase what must go: a text of the feature WHAT, the whole feature, an uploaded photo, or a person's names.

    It goes from history, drafts, pins, feeds, kept versions of the city's folder and later backups. Only that something
    was erased, when and by whom stays. A feature has to be off the map. Backups made before keep it: delete them. So do
    caches in front of the server, photos for a year: empty them (nginx: rm -r /var/cache/nginx/cityatlas/*).

    \b
    Examples:
      cityatlas erase old-mill --revision 12 --by li.wei                  texts of version 12 that are no longer public
      cityatlas erase old-mill --revision 12 --words 138000 --by li.wei   only those with a number in them
      cityatlas erase old-mill --by li.wei                                the whole feature
      cityatlas erase zhou --person --by li.wei                           the name of somebody who left
    """
    try:
        settings = city_settings(geodata)
        catalogue, store = _shown(settings)
        _check_author(store, author)
        if not yes:
            click.confirm(f"Nothing brings back what is erased of {what}. Erase it?", abort=True)
        erased = _erase(store, catalogue, what, revision, words, person, author)
        left = finish_erasure(settings, store, erased, catalogue)
    except CityatlasError as error:
        raise click.ClickException(f"{error.message} {error.hint}".strip()) from None
    click.echo(f"{what}: something was erased from {len(erased.revisions)} revisions.")
    click.echo("Empty the caches in front of the server too (nginx: rm -r /var/cache/nginx/cityatlas/*).")
    for name in left:
        click.echo(f"Warning: {name} of the city's folder still has it; take it out there and erase again.", err=True)


def _erase(
    store: Store, catalogue: Catalogue, what: str, revision: int | None, words: str, person: bool, author: str
) -> Erased:
    if person:
        return erase_person(store, what, author)
    if is_upload(what):
        seen = tuple(key for key, one in catalogue.features.items() if any(p.file == what for p in one.photos))
        return erase_photo(store, what, author, shown_by=seen)
    found = catalogue.features.get(what)
    shown = content_of_feature(found) if found else None
    if revision is None:
        return erase_feature(store, what, author, shown=shown)
    return erase_revision(store, what, revision, author, shown=shown, words=words)


def _shown(settings: Settings) -> tuple[Catalogue, Store]:
    store = open_store(settings.database_url, settings.var, read_city(settings.geodata).id)
    if not store.exists():
        raise InvalidValue("There is no database yet.", "Nothing was written that could be erased.")
    store.prepare()
    return build_shown(settings, overlay_of(published(store)))[0], store


def _check_author(store: Store, author: str) -> None:
    """Raise InvalidValue for somebody who is no admin: the tombstone must name who answers for it."""
    account = find_account(store, author)
    if account is None or not account.is_active or not account.is_admin:
        raise InvalidValue(f'"{author}" is no admin here.', "Name one of `cityatlas user list`.")
