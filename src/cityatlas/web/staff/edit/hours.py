"""Show what opening hours mean on the next days while somebody types them."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, g, jsonify, request

from ....city.opening.holidays import Holidays
from ....city.opening.hours_notice import understood_hours
from ....city.opening.hours_sentence import say_hours
from ....city.opening.opening_hours import check_hours, tell_days
from ....errors import InvalidHours
from ....i18n import translate
from ....limits import HOURS_DAYS
from ...http.languages import page
from ...http.snapshots import now, snapshot

bp = Blueprint("staff_hours", __name__)


@page(bp, "/staff/hours")
def show() -> Response:
    """Answer with the hours that a text means and the next days, or with its fault and what it may mean.

    `hours` and `cure` are in OSM syntax, `said` is either as a sentence in the reader's language.
    """
    text = request.args.get("text", "").strip()
    notice = understood_hours(text)
    told = {"hours" if notice.is_sure else "cure": notice.hours, "said": say_hours(notice.hours, g.language)}
    if notice.is_sure:
        return jsonify(told | {"days": _days(notice.hours)})
    try:
        check_hours(text)
    except InvalidHours as error:
        told["fault"] = translate(f"editmap.hours_{error.values['reason']}", g.language, value=error.values["value"])
    return jsonify(told)


def _days(hours: str) -> list[dict[str, str]]:
    catalogue = snapshot()
    holidays = catalogue.city.holidays
    told = tell_days(hours, now(catalogue).date(), HOURS_DAYS, g.language, holidays=holidays)
    return [_day(day, times, holidays) for day, times in told]


def _day(day: date, times: str, holidays: Holidays) -> dict[str, str]:
    """Return a row; `note` says what the calendar makes of the day, where that is not the usual."""
    kind = holidays.kind_of(day)
    note = translate(f"editmap.day_{kind}", g.language) if kind in ("off", "workday") else ""
    weekday = translate(f"planner.weekday_{day.weekday()}", g.language)
    return {"date": day.isoformat(), "weekday": weekday, "times": times, "note": note}
