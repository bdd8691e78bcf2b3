"""Keep the worklist of the present snapshot and day, and join to it what the store knows."""

from __future__ import annotations

import logging
import threading
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app

from ....editing.worklist import Expiry, Task, TextTasks, find_city_tasks, joined
from ....editing.worklist.links import Link, read_links
from ....editing.worklist.task import drafts_of, expiries_of, reports_of
from ....errors import InvalidFile
from ....store import newest_public, published
from ....store.log.desk_lists import OpenDraft
from ....store.reports import all_reports
from ...http.desk import desk_store
from ...http.snapshots import snapshot

log = logging.getLogger(__name__)
KEPT, KNOWN = "cityatlas_city_tasks", "cityatlas_text_tasks"
MAKING = threading.Lock()
Found = tuple[tuple[Task, ...], tuple[Expiry, ...]]
LINKS_FILE = "links.json"  # in CITYATLAS_VAR: where `cityatlas check-links` may leave what it found


def all_tasks(drafts: list[OpenDraft]) -> tuple[Task, ...]:
    """Return every task of this moment; `drafts` are all that are open."""
    zone = ZoneInfo(snapshot().city.timezone)
    today = datetime.now(zone).date()
    tasks, expiries = _kept(today, zone)
    names = {feature.id: feature.name for feature in snapshot().features.values()}
    reports = reports_of(all_reports(desk_store()), names, zone)
    return joined(tasks, today, drafts_of(drafts, zone), expiries, reports)


def _kept(today: date, zone: ZoneInfo) -> Found:
    """Return what the snapshot and the published revisions give; with 10,000 features that is no work for each page."""
    path: Path = current_app.config["SETTINGS"].shared_folder / LINKS_FILE
    checked_at = path.stat().st_mtime_ns if path.is_file() else 0
    key = (snapshot().tag, today, checked_at, newest_public(desk_store()))
    kept: tuple[object, Found] | None = current_app.extensions.get(KEPT)
    if kept is None or kept[0] != key:
        known: TextTasks = current_app.extensions.setdefault(KNOWN, {})
        with MAKING:  # what is known is shared between two requests
            tasks = find_city_tasks(snapshot(), today, _links(path), known)
        kept = (key, (tasks, tuple(expiries_of(published(desk_store()), zone))))
        current_app.extensions[KEPT] = kept
    return kept[1]


def _links(path: Path) -> dict[str, Link]:
    """Return what the last check of links found; a file that is none must not close the desk."""
    try:
        return read_links(path)
    except InvalidFile as error:
        log.error("%s %s", error.message, error.hint)
        return {}
