"""Keep what visitors report, and what staff answer, for as long as was promised and no longer."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import Connection, delete, func, insert, select

from ..errors import NotFound
from ..limits import MOST_REPORTS
from .engine import Store
from .log.revisions import moment_text
from .tables import report_answers, reports

ReportKind = Literal["position", "hours", "closed", "text", "other"]
KINDS: tuple[ReportKind, ...] = get_args(ReportKind)
Verdict = Literal["done", "not_fault", "task"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class NewReport:
    """Hold what a visitor wrote about a feature; `contact` is empty unless they want an answer."""

    feature_id: str
    kind: ReportKind
    words: str
    contact: str
    language: str


@dataclass(frozen=True)
class ReportAnswer:
    """Hold what somebody of the staff answered, and when; nobody else ever sees it."""

    answer: Verdict
    note: str
    author: str
    made_at: str


@dataclass(frozen=True)
class Report:
    """Hold a report with its answers, the newest last."""

    id: str
    feature_id: str
    kind: ReportKind
    words: str
    contact: str
    language: str
    made_at: str
    answers: tuple[ReportAnswer, ...] = field(default=())

    @property
    def state(self) -> Verdict | Literal["new"]:
        """Return how the report stands."""
        return self.answers[-1].answer if self.answers else "new"

    def ends_at(self, days: int) -> datetime:
        """Return when it is deleted."""
        return datetime.fromisoformat(self.made_at) + timedelta(days=days)


def add_report(store: Store, new: NewReport) -> bool:
    """Keep a report; False when so many wait for an answer that no more are taken."""
    with store.writing() as connection:
        answered = select(report_answers.c.report_id)
        waiting = select(func.count()).select_from(reports).where(reports.c.id.not_in(answered))
        if connection.execute(waiting).scalar_one() >= MOST_REPORTS:
            return False
        made_at = moment_text(store.read_clock(connection))
        connection.execute(insert(reports).values(id=secrets.token_hex(8), made_at=made_at, **vars(new)))
    return True


def all_reports(store: Store) -> list[Report]:
    """Return all reports that are kept, the oldest first."""
    with store.reading() as connection:
        answers: defaultdict[str, list[ReportAnswer]] = defaultdict(list)
        for row in connection.execute(select(report_answers).order_by(report_answers.c.number)).mappings():
            answers[row["report_id"]].append(ReportAnswer(row["answer"], row["note"], row["author"], row["made_at"]))
        rows = connection.execute(select(reports).order_by(reports.c.made_at, reports.c.id)).mappings()
        return [Report(**row, answers=tuple(answers[row["id"]])) for row in rows]


def answer_report(store: Store, report_id: str, answer: Verdict, note: str, author: str) -> None:
    """Add an answer; the earlier ones stay. Raises NotFound when the report is not kept any more."""
    with store.writing() as connection:
        if not connection.execute(select(reports.c.id).where(reports.c.id == report_id)).scalar():
            raise NotFound("There is no such report.", "Reports are deleted after some time.")
        newest = select(func.coalesce(func.max(report_answers.c.number), 0))
        number = connection.execute(newest.where(report_answers.c.report_id == report_id)).scalar_one() + 1
        row = {"report_id": report_id, "number": number, "answer": answer, "note": note, "author": author}
        connection.execute(insert(report_answers).values(made_at=moment_text(store.read_clock(connection)), **row))


def forget_old(store: Store, days: int) -> int:
    """Delete reports of more than so many days, with contact and answers, and return how many those were.

    Nothing is written, nor anybody made to wait, while there are none.
    """
    with store.reading() as connection:
        if not _old(connection, store, days):
            return 0
    with store.writing() as connection:
        old = _old(connection, store, days)
        connection.execute(delete(report_answers).where(report_answers.c.report_id.in_(old)))
        connection.execute(delete(reports).where(reports.c.id.in_(old)))
    store.empty_log()
    return len(old)


def _old(connection: Connection, store: Store, days: int) -> list[str]:
    limit = moment_text(store.read_clock(connection) - timedelta(days=days))
    return list(connection.execute(select(reports.c.id).where(reports.c.made_at < limit)).scalars())
