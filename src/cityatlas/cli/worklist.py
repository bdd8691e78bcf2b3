"""Run the commands about what staff should mend: worklist, check-links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ..catalogue.catalogue import Catalogue, build_catalogue
from ..catalogue.reconcile import build_shown
from ..catalogue.store_watch import NOTHING, overlay_of
from ..editing.worklist import KINDS, find_tasks, source_urls
from ..editing.worklist.links import Link, check_links, read_links, write_links
from ..editing.worklist.task import expiries_of, report, to_json
from ..errors import BrokenGeodata, CityatlasError
from ..i18n import LANGUAGES, Language
from ..settings import Settings
from ..store import Published, open_store, published
from .city import GEODATA, city_settings

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@GEODATA
@click.option("--links", metavar="FILE", type=FILE, help="What check-links wrote.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; may be repeated.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Language of the lines."
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON instead of lines.")
def worklist(
    geodata: Path | None, links: Path | None, kinds: tuple[str, ...], language: Language, is_json: bool
) -> None:
    """Print what staff should mend in what is published, what matters most first.

    Each task names the feature and the field that mends it. Dead links are told only with --links, and drafts at the
    staff desk only.
    """
    with _failing():
        catalogue, seen = _published(city_settings(geodata, is_output_data=True))
        zone = ZoneInfo(catalogue.city.timezone)
        expiries = expiries_of(seen, zone) if seen else ()
        checked = read_links(links) if links else {}
        tasks = find_tasks(catalogue, datetime.now(zone).date(), checked_links=checked, expiries=expiries)
    tasks = tuple(task for task in tasks if not kinds or task.kind in kinds)
    for line in [to_json(tasks, language)] if is_json else report(tasks, language):
        click.echo(line)


@click.command("check-links")
@click.argument("out", metavar="OUT.json", type=FILE)
@GEODATA
@click.option("--allow-private", is_flag=True, help="Also ask addresses inside a private network.")
def check(out: Path, geodata: Path | None, allow_private: bool) -> None:
    """Ask each web address that a source names whether it still answers, and write that to OUT.json.

    Two at a time, ten seconds each, at most five redirects. Run it weekly: a page that does not answer is told in the
    worklist once it has not answered for a week. When nothing at all answers, the file is left as it was.
    """
    with _failing():
        catalogue, _ = _published(city_settings(geodata))
        today = datetime.now(ZoneInfo(catalogue.city.timezone)).date().isoformat()
        urls, before = source_urls(catalogue), read_links(out)
        found = check_links(urls, today, before, allow_private=allow_private, tell=_tell)
        if found and all(link.state == "failing" and not link.status for link in found.values()):
            raise click.ClickException("nothing answered at all: is this machine online? The file was left as it was.")
        write_links(out, found)
    click.echo(f"{len(found)} addresses, written to {out}")


COMMANDS = (worklist, check)


def _tell(url: str, link: Link) -> None:
    click.echo(f"{link.state:<8} {link.status or '-':>3}  {url}")


def _published(settings: Settings) -> tuple[Catalogue, Published | None]:
    """Return what visitors see, and what of it the store says; None while nothing was ever written there."""
    base = build_catalogue(settings)
    store = open_store(settings.database_url, settings.var, base.city.id)
    if not store.exists():
        return base, None
    store.prepare()
    seen = published(store)
    overlay = overlay_of(seen)
    return (build_shown(settings, overlay)[0] if overlay is not NOTHING else base), seen


@contextmanager
def _failing() -> Iterator[None]:
    """End a command with one sentence, or a line for each fault."""
    try:
        yield
    except BrokenGeodata as error:
        raise click.ClickException("\n".join(map(str, error.faults))) from None
    except CityatlasError as error:
        raise click.ClickException(f"{error.message} {error.hint}".strip()) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
