"""Show staff who changed what, in words: by person, layer and week, since one's last visit, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, request

from ....city.spec import LayerSpec
from ....editing.diff import DiffLine, redline
from ....editing.stop_names import naming
from ....exchange.tables.cells import neutral
from ....i18n import say, translate
from ....store import moment_text
from ....store.log.desk_lists import PublishedStep, Which, published_steps
from ....store.people.accounts import Account, all_accounts
from ....versioning.content import Content
from ...http.desk import SEEN, SEEN_DAYS, DeskPage, desk_store
from ...http.languages import page
from ...http.snapshots import local_time, now, snapshot
from ..auth.gate import me

bp = Blueprint("staff_changes", __name__)
KEYS = ["person", "layer", "week", "page"]
PER_PAGE = 30
MOST_PAGES = 1_000_000  # no desk has more
MOST_ROWS = 5_000  # of the table
WEEKS = 12  # that the form offers


@dataclass(frozen=True)
class ToldStep:
    """Hold a published change with its difference in words; `is_unread` since this browser's last visit."""

    step: PublishedStep
    name: str
    lines: tuple[DiffLine, ...]
    is_unread: bool


@dataclass(frozen=True, kw_only=True)
class ChangesPage(DeskPage):
    """Hold one page of what was published, the newest first."""

    template = "staff/review/changes.html"
    told: list[ToldStep]
    people: list[Account]
    layers: list[LayerSpec]
    weeks: list[str]
    person_wanted: str
    layer_wanted: str
    week_wanted: str
    query: dict[str, str]
    count: int
    unread: int
    number: int
    last_page: int


@page(bp, "/staff/changes", KEYS)
def show() -> Response:
    """Show what was published and by whom, and remember up to where this browser has seen it."""
    first = (min(MOST_PAGES, max(1, request.args.get("page", 1, type=int))) - 1) * PER_PAGE
    steps, count = published_steps(desk_store(), _which(), first, PER_PAGE)
    seen = request.cookies.get(SEEN, "")
    last = int(seen) if seen.isdecimal() and len(seen) < len("1" * 19) else 0
    told = [_told(step, last) for step in steps]
    catalogue = snapshot()
    html = ChangesPage(
        told=told,
        people=all_accounts(desk_store()),
        layers=list(catalogue.city.layers),
        weeks=[(_monday() - timedelta(weeks=n)).isoformat() for n in range(WEEKS)],
        person_wanted=request.args.get("person", ""),
        layer_wanted=request.args.get("layer", ""),
        week_wanted=request.args.get("week", ""),
        query={key: value for key in ("person", "layer", "week") if (value := request.args.get(key))},
        count=count,
        unread=sum(one.is_unread for one in told),
        number=first // PER_PAGE + 1,
        last_page=max(1, -(-count // PER_PAGE)),
    ).fill()
    response = Response(html)
    if steps and not first:
        newest = max(last, steps[0].revision.number)
        response.set_cookie(
            SEEN, str(newest), SEEN_DAYS * 86_400, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


@page(bp, "/staff/changes.csv", KEYS)
def table() -> Response:
    """Answer with the same as a table: a row for each property that a change touched; nothing runs as a formula."""
    steps, _ = published_steps(desk_store(), _which(), 0, MOST_ROWS)
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    heads = ("moment", "person", "layer", "id", "name", "state", "property", "before", "after", "comment")
    writer.writerow([translate(f"lately.column_{head}", g.language) for head in heads])
    writer.writerows([neutral(cell) for cell in row] for step in steps for row in _rows(step))
    response = Response(output.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="changes.csv"'
    return response


def _which() -> Which:
    """Return what the address asks for; a week begins on its Monday, by the clock of the city."""
    week = request.args.get("week", "")
    try:
        monday = date.fromisoformat(week) if week else None
    except ValueError:
        monday = None
    since, until = (_moment(monday + timedelta(days=n)) if monday else "" for n in (0, 7))
    return Which(request.args.get("person", ""), request.args.get("layer", ""), since, until)


def _moment(day: date) -> str:
    midnight = datetime.combine(day, time(), ZoneInfo(snapshot().city.timezone))
    return moment_text(midnight.astimezone(UTC))


def _monday() -> date:
    today = now(snapshot()).date()
    return today - timedelta(days=today.weekday())


def _told(step: PublishedStep, last: int) -> ToldStep:
    revision = step.revision
    name = say(revision.content.attributes.name, g.language).text or revision.feature_id
    is_unread = revision.number > last and revision.author != me().account.login
    return ToldStep(step, name, _lines(step), is_unread)


def _lines(step: PublishedStep) -> tuple[DiffLine, ...]:
    catalogue, content = snapshot(), step.revision.content
    before = step.before or Content(content.layer, None, {})
    return redline(before, content, catalogue.city, g.language, naming(catalogue, g.language))


def _rows(step: PublishedStep) -> Iterator[tuple[str, ...]]:
    revision, told = step.revision, _told(step, 0)
    state = translate(f"office.state_{'gone' if revision.state == 'archived' else revision.state}", g.language)
    head = (local_time(revision.made_at), revision.author, revision.layer, revision.feature_id, told.name, state)
    for line in told.lines:
        for part in line.parts:
            title = f"{line.title} {part.label}".strip()
            before, after = ("".join(p.text for p in part.pieces if p.mark in ("same", mark)) for mark in ("out", "in"))
            yield (*head, title, before, after, revision.comment)
    if not told.lines:
        yield (*head, "", "", "", revision.comment)
