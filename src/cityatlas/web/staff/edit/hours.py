"""Show what opening hours mean on the next days while somebody types them."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, g, jsonify, request

from ....city.holidays import Holidays
from ....city.opening_hours import tell_days
from ....errors import InvalidHours
from ....exchange.tables.cells import mended_hours
from ....i18n import translate
from ....limits import HOURS_DAYS
from ...http.languages import page
from ...http.snapshots import now, snapshot

bp = Blueprint("staff_hours", __name__)


@page(bp, "/staff/hours")
def show() -> Response:
    """Answer with the next days and their times, or with the fault of the text, in words, and what it may mean."""
    text = request.args.get("text", "").strip()
    catalogue = snapshot()
    today, holidays = now(catalogue).date(), catalogue.city.holidays
    try:
        told = tell_days(text, today, HOURS_DAYS, g.language, holidays=holidays)
    except InvalidHours as error:
        fault = translate(f"editmap.hours_{error.values['reason']}", g.language, value=error.values["value"])
        return jsonify({"fault": fault, "cure": mended_hours(text)})
    return jsonify({"days": [_day(day, times, holidays) for day, times in told]})


def _day(day: date, times: str, holidays: Holidays) -> dict[str, str]:
    """Return a row; `note` says what the calendar makes of the day, where that is not the usual."""
    kind = holidays.kind_of(day)
    note = translate(f"editmap.day_{kind}", g.language) if kind in ("off", "workday") else ""
    weekday = translate(f"planner.weekday_{day.weekday()}", g.language)
    return {"date": day.isoformat(), "weekday": weekday, "times": times, "note": note}
