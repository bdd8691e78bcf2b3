"""Keep on which pages of other sites embeds of the map were seen, by day; nothing about who saw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from ..limits import EMBED_PAGES_A_DAY
from .engine import Store
from .tables import embed_uses

MOST_NAMED = 500  # embeds that a query names; for more it reads them all
FEATURES = ("sites", "routes")  # what an embed of one feature begins with
OTHERS = "*"  # stands for all pages of a day beyond those that are kept by name


class Use(NamedTuple):
    """Name a frame and the page that it stood on.

    `embed` is the path below /zh/embed/ or /en/embed/, "" for the whole map; `page` is host and path, the host alone
    where a browser says no more, "" where it says nothing.
    """

    embed: str
    page: str


@dataclass(frozen=True)
class EmbedUse:
    """Hold on which page an embed was seen, how often, and on which day last (ISO)."""

    embed: str
    page: str
    views: int
    last_day: str


def add_uses(store: Store, day: date, uses: Mapping[Use, int], kept_days: int) -> None:
    """Add views of a day, and delete what is older than so many days; of a day at most so many pages have a name."""
    with store.writing() as connection:
        oldest = (day - timedelta(days=kept_days)).isoformat()
        connection.execute(delete(embed_uses).where(embed_uses.c.day < oldest))
        known = _uses_on(connection, day)
        for use, views in uses.items():
            named = use if use in known or len(known) < EMBED_PAGES_A_DAY else Use(use.embed, OTHERS)
            _add(connection, day, named, views, is_new=named not in known)
            known.add(named)


def _uses_on(connection: Connection, day: date) -> set[Use]:
    rows = connection.execute(select(embed_uses.c.embed, embed_uses.c.page).where(embed_uses.c.day == day.isoformat()))
    return {Use(*row) for row in rows}


def _add(connection: Connection, day: date, use: Use, views: int, *, is_new: bool) -> None:
    row = {"day": day.isoformat(), **use._asdict()}
    if is_new:
        connection.execute(insert(embed_uses).values(views=views, **row))
    else:
        connection.execute(update(embed_uses).filter_by(**row).values(views=embed_uses.c.views + views))


def all_uses(store: Store, *embeds: str) -> list[EmbedUse]:
    """Return where embeds were seen, or some of them, by embed and the most seen page first."""
    views = func.sum(embed_uses.c.views)
    wanted = select(embed_uses.c.embed, embed_uses.c.page, views, func.max(embed_uses.c.day))
    if embeds:
        wanted = wanted.where(embed_uses.c.embed.in_(embeds))
    grouped = wanted.group_by(embed_uses.c.embed, embed_uses.c.page).order_by(embed_uses.c.embed, views.desc())
    with store.reading() as connection:
        return [EmbedUse(*row) for row in connection.execute(grouped)]


def feature_uses(store: Store, feature_ids: Sequence[str]) -> dict[str, tuple[EmbedUse, ...]]:
    """Return where features were seen, in frames of their own or as routes, by their ids, the most seen page first."""
    found: dict[str, list[EmbedUse]] = {}
    named = [f"{kind}/{key}" for key in feature_ids for kind in FEATURES]
    for use in all_uses(store, *(named if len(named) <= MOST_NAMED else ())) if named else ():
        kind, _, feature_id = use.embed.partition("/")
        if kind in FEATURES:
            found.setdefault(feature_id, []).append(use)
    return {key: tuple(sorted(uses, key=lambda use: -use.views)) for key, uses in found.items()}


def layer_uses(store: Store) -> dict[str, list[str]]:
    """Return the pages on which frames of a layer were seen, by the layer's id, the most seen first.

    Nothing is made and nothing brought up to date. Raises StoreUnavailable for a store that is not there or too old.
    """
    views = func.sum(embed_uses.c.views)
    wanted = select(embed_uses.c.embed, embed_uses.c.page).where(embed_uses.c.embed.startswith("layers/"))
    found: dict[str, list[str]] = {}
    with store.looking() as connection:
        for embed, page in connection.execute(wanted.group_by(*wanted.selected_columns).order_by(views.desc())):
            found.setdefault(embed.removeprefix("layers/"), []).append(page)
    return found
