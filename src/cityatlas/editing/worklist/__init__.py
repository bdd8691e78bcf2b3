"""Find what staff should mend: one task for each fault, with the field that mends it.

Pure: it reads a snapshot and plain values, and neither a database nor the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import get_args

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...i18n import Text
from ...limits import DRAFT_DAYS, EXPIRY_DAYS
from .finders import (
    figure_tasks,
    hours_tasks,
    link_tasks,
    outside_tasks,
    phase_tasks,
    position_tasks,
    source_urls,
    text_tasks,
)
from .links import Link
from .task import Draft, Expiry, Kind, Reported, Severity, Task

__all__ = [
    "KINDS",
    "Draft",
    "Expiry",
    "Kind",
    "Reported",
    "Severity",
    "Task",
    "find_city_tasks",
    "find_tasks",
    "joined",
    "position_tasks",
    "source_urls",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def find_tasks(
    catalogue: Catalogue,
    today: date,
    drafts: Iterable[Draft] = (),
    checked_links: Mapping[str, Link] | None = None,
    expiries: Iterable[Expiry] = (),
) -> tuple[Task, ...]:
    """Return every task, what matters most first, then by kind, the oldest first.

    `today` is the day in the city's time zone. `checked_links` is what `cityatlas check-links` found, by address.
    """
    return joined(find_city_tasks(catalogue, today, checked_links), today, drafts, expiries)


TextTasks = dict[str, tuple[Feature, tuple[Task, ...]]]  # by id, those of a feature's words: they change with it alone


def find_city_tasks(
    catalogue: Catalogue,
    today: date,
    checked_links: Mapping[str, Link] | None = None,
    known: TextTasks | None = None,
) -> tuple[Task, ...]:
    """Return the tasks that a snapshot has on a day, in no order: with many features worth keeping for `joined`.

    `known` keeps those of words for the next snapshot, which holds most features as the very same objects: of 10,000
    they are nine tenths of the work.
    """
    return (
        *_feature_tasks(catalogue, today, {} if known is None else known),
        *outside_tasks(catalogue),
        *figure_tasks(catalogue),
        *link_tasks(catalogue, checked_links or {}),
    )


def joined(
    city_tasks: Iterable[Task],
    today: date,
    drafts: Iterable[Draft],
    expiries: Iterable[Expiry],
    reports: Iterable[Reported] = (),
) -> tuple[Task, ...]:
    """Return the tasks of a snapshot and those of the store together, in order."""
    found = [
        *city_tasks,
        *(_draft(draft) for draft in drafts if today - draft.touched_on >= timedelta(days=DRAFT_DAYS)),
        *(_expiry(expiry) for expiry in expiries if expiry.expires_on - today <= timedelta(days=EXPIRY_DAYS)),
        *(_reported(reported) for reported in reports),
    ]
    return tuple(sorted(found, key=_order))


def _feature_tasks(catalogue: Catalogue, today: date, known: TextTasks) -> Iterator[Task]:
    for gone in known.keys() - catalogue.features.keys():
        del known[gone]
    for feature in catalogue.features.values():
        yield from position_tasks(feature, today)
        yield from hours_tasks(catalogue, feature, today)
        yield from phase_tasks(feature, today)
        kept = known.get(feature.id)
        if kept is None or kept[0] is not feature:
            kept = known[feature.id] = (feature, tuple(text_tasks(feature)))
        yield from kept[1]


def _draft(draft: Draft) -> Task:
    day = draft.touched_on.isoformat()
    values = {"owner": draft.owner, "day": day, "branch": draft.branch}
    return Task("draft", "draft", draft.feature_id, draft.name, "", day, values, f"{draft.branch} {day}")


def _expiry(expiry: Expiry) -> Task:
    day = expiry.expires_on.isoformat()
    told = "expiry_over" if expiry.is_over else "expiry_soon"
    return Task("expiry", told, expiry.feature_id, expiry.name, "", day, {"day": day}, day)


def _reported(reported: Reported) -> Task:
    day = reported.reported_on.isoformat()
    values: dict[str, str | Text] = {"what": reported.what, "day": day}
    return Task("report", "report", reported.feature_id, reported.name, "", day, values, reported.report_id)


def _order(task: Task) -> tuple[int, int, bool, str, str, str]:
    """Return what sorts a task; one of unknown age stands behind those of its kind."""
    ranks = SEVERITIES.index(task.severity), KINDS.index(task.kind)
    return (*ranks, not task.since, task.since, task.feature_id, task.field)
