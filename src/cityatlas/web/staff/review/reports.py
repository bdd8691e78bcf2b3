"""Show staff what visitors report, with the feature beside it, and take their answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug import Response

from ....city.layers import Feature
from ....city.opening.hours_sentence import say_hours
from ....errors import InvalidValue
from ....limits import NOTE_LETTERS
from ....settings import Settings
from ....store.reports import VERDICTS, Report, ReportKind, all_reports, answer_report, forget_old
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me

bp = Blueprint("staff_reports", __name__)
STATES = {"waiting": ("new",), "tasks": ("task",), "answered": ("done", "not_fault")}
# The field of the form that mends what is reported.
FIELDS: Mapping[ReportKind, str] = {
    "position": "geometry",
    "hours": "opening_hours",
    "closed": "notices",
    "text": "summary",
    "other": "",
}
SHOWN = 50  # of each state at once; who answers one sees the next


@dataclass(frozen=True, kw_only=True)
class ReportsPage(DeskPage):
    """Hold the reports of each queue."""

    template = "staff/review/reports.html"
    shown = SHOWN
    verdicts = VERDICTS
    most_note = NOTE_LETTERS
    fields: ClassVar = FIELDS
    queues: dict[str, list[Report]]
    days: int
    features: Mapping[str, Feature]
    say_hours = staticmethod(say_hours)

    def ends_at(self, report: Report) -> str:
        """Return the day on which a report is forgotten."""
        return report.ends_at(self.days).date().isoformat()


@page(bp, "/staff/reports")
def show() -> str:
    """Show reports that wait, oldest first, then those that became a task, then those that were answered."""
    settings: Settings = current_app.config["SETTINGS"]
    forget_old(desk_store(), settings.report_days)
    queues = _by_state(all_reports(desk_store()))
    return ReportsPage(queues=queues, days=settings.report_days, features=snapshot().features).fill()


@page(bp, "/staff/reports/<report_id>", methods=["POST"])
def answer(report_id: str) -> Response:
    """Add an answer to a report."""
    verdict = next((verdict for verdict in VERDICTS if verdict == request.form.get("answer")), None)
    if verdict is None:
        raise InvalidValue("A report is not answered like this.", f"There are: {', '.join(VERDICTS)}.")
    note = request.form.get("note", "").strip()[:NOTE_LETTERS]
    answer_report(desk_store(), report_id, verdict, note, me().account.login)
    flash("reports.answered")
    return redirect(localised("staff_reports.show"), 303)


def _by_state(reports: list[Report]) -> dict[str, list[Report]]:
    """Return the reports of each queue; of those that were answered the newest come first."""
    queues = {name: [report for report in reports if report.state in states] for name, states in STATES.items()}
    return queues | {"answered": queues["answered"][::-1]}
