"""Read opening hours in the syntax of OpenStreetMap, say when a place is open, and tell it in words.

Hours are a text such as `Tu-Su 09:00-16:30; PH off`. A place whose hours nobody knows has no such text,
and is the caller's business: absent never means open. `PH` stands for the days off of the city's own calendar
(`holidays.py`), moved ones too: on such a day it is read as that weekday, on all others it matches nothing. A
make-up workday changes no hours by itself; where it does, the text names its date. School holidays (`SH`) have no
calendar here and match no day. Sunrise and sunset are fixed: 07:00, 19:00.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stubs forget these

from ...errors import InvalidHours, InvalidValue
from ...limits import HOURS_LETTERS
from ...schema.faults import fault
from .holidays import NO_HOLIDAYS, Holidays

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Words:
    """Hold the words of one language; `{}` stands for a time."""

    days: tuple[str, ...]
    between_days: str
    to: str
    every_day: str
    holidays: str
    note: str
    all_day: str
    closed: str
    uncertain: str
    next_day: str
    between_times: str


WORDS = {
    "zh": Words(
        days=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        between_days="、",
        to="至",
        every_day="每天",
        holidays="法定节假日",
        note="说明",
        all_day="全天开放",
        closed="闭馆",
        uncertain="{}（请先咨询）",
        next_day="次日{}",
        between_times="、",
    ),
    "en": Words(
        days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        between_days=", ",
        to="–",
        every_day="Every day",
        holidays="Public holidays",
        note="Note",
        all_day="Open all day",
        closed="Closed",
        uncertain="{} (ask first)",
        next_day="{} next day",
        between_times=", ",
    ),
}


def say_days(days: str, language: str) -> str:
    """Return days in OSM syntax without times ("Apr-Oct Sa,Su") in words; what is no day or month stays as it is."""
    words = WORDS["en" if language == "en" else "zh"]
    names = dict(zip(DAYS, words.days, strict=True)) | {"PH": words.holidays, "-": words.to, ",": words.between_days}
    if language != "en":
        names |= {month: f"{number}月" for number, month in enumerate(MONTHS, 1)}
    return re.sub("|".join(names), lambda found: names[found[0]], days)


Interval = tuple[datetime, datetime]

_LOOK_AHEAD_DAYS = 366  # beyond it a change is as good as none; the parser would search to the year 9999
_NIGHT = timedelta(hours=12)  # open past midnight until then belongs to the evening before
_DAY = timedelta(days=1)
_COMMENT = re.compile(r'"[^"]*"')
_PH = re.compile(r'("[^"]*")|\bPH\b')  # PH, but not in a comment, which the first group takes
_NO_DAY = re.compile(r"\b(?:Feb (?:\d+-)?3[01]|(?:Apr|Jun|Sep|Nov) (?:\d+-)?31)\b(?!:)", re.IGNORECASE)


@dataclass(frozen=True)
class OpenState:
    """Say whether a place is open at one moment.

    `changes_at` is when that ends, in the city's time zone, or None when nothing changes within a year.
    `is_unknown` means that the hours themselves leave it open (`unknown`); such a place is not open.
    `comment` is what the hours say beside the times, as `by appointment`; often empty.
    """

    is_open: bool
    changes_at: datetime | None
    is_unknown: bool
    comment: str = ""


def check_hours(text: str) -> None:
    """Raise InvalidHours, with the value, the cure and an example in its fault, when hours cannot be relied on.

    Stricter than the parser where it is dangerous: it takes a blank, a lone comment and the 30th of
    February for "always open".
    """
    _parse(text, "UTC")


def intervals_on(hours: str, day: date, *, timezone: str, holidays: Holidays = NO_HOLIDAYS) -> list[Interval]:
    """Return the open intervals that begin on a day, in order, as times of the city's time zone.

    An interval may end after midnight. Where a place stays open for days, each day has its own part,
    from 00:00 to the next 00:00. An empty list means closed or unknown all day.
    Raises InvalidHours.
    """
    return _begun_on(_text_on(hours, day, holidays), day, State.OPEN, timezone)


def week(
    hours: str, first_day: date, *, timezone: str, holidays: Holidays = NO_HOLIDAYS
) -> list[tuple[date, list[Interval]]]:
    """Return seven days from `first_day`, each with the open intervals that begin on it."""
    days = (first_day + n * _DAY for n in range(7))
    return [(day, intervals_on(hours, day, timezone=timezone, holidays=holidays)) for day in days]


def state_at(hours: str, at: datetime, *, timezone: str, holidays: Holidays = NO_HOLIDAYS) -> OpenState:
    """Return whether a place is open at a moment; `at` must carry a time zone, any one.

    The first minute of an interval is open, the last is not: until 16:30 means closed at 16:30:00.
    Raises InvalidHours, and ValueError for a time without zone.
    """
    if at.tzinfo is None:
        raise ValueError("state_at needs a time with its time zone")
    local = at.astimezone(_zone(timezone))
    state, comment = _parse(_text_on(hours, local.date(), holidays), timezone).state(local)
    changes_at = _next_change(hours, local, state, timezone, holidays)
    return OpenState(state == State.OPEN, changes_at, state == State.UNKNOWN, comment)


def _next_change(hours: str, moment: datetime, state: State, timezone: str, holidays: Holidays) -> datetime | None:
    """Return when another state begins; a new comment alone is none."""
    if not _names_holidays(hours):
        return _change_within(_parse(hours, timezone), moment, state, None)
    for _ in range(_LOOK_AHEAD_DAYS):  # each day has its own rules
        midnight = datetime.combine(moment.date() + _DAY, time(), tzinfo=_zone(timezone))
        rules = _parse(_text_on(hours, moment.date(), holidays), timezone)
        if change := _change_within(rules, moment, state, midnight):
            return change
        moment = midnight
        if _parse(_text_on(hours, moment.date(), holidays), timezone).state(moment)[0] != state:
            return moment
    return None


def _change_within(rules: OpeningHours, moment: datetime, state: State, until: datetime | None) -> datetime | None:
    change: datetime | None = rules.next_change(moment)
    while change and (until is None or change < until):
        if rules.state(change)[0] != state:
            return change
        change = rules.next_change(change)
    return None


def describe(hours: str, language: str, *, on: date) -> list[tuple[str, str]]:
    """Return hours as a table to read: (days, times), days alike in one row, closed days last.

    It is the week, Monday to Sunday, that `on` lies in, so that seasons come out right; a public holiday
    in that week does not disturb it. Hours that name `PH` get a row for it, and comments a row of notes.
    `language` is "zh" or "en". Raises InvalidHours.
    """
    from_monday = on - timedelta(days=on.weekday())
    words = WORDS["en" if language == "en" else "zh"]
    times = [_times(hours, from_monday + n * _DAY, words) for n in range(7)]
    texts = sorted(dict.fromkeys(times), key=lambda text: text == words.closed)
    rows = [(_day_names([n for n in range(7) if times[n] == text], words), text) for text in texts]
    if _names_holidays(hours):
        rows.append((words.holidays, _times(_with_weekday(hours, on), on, words)))
    comments = [comment.strip('" ') for comment in _COMMENT.findall(hours)]
    return rows + [(words.note, "; ".join(dict.fromkeys(comments)))] * bool(comments)


def tell_days(
    hours: str, first_day: date, days: int, language: str, *, holidays: Holidays = NO_HOLIDAYS
) -> list[tuple[date, str]]:
    """Return so many days from `first_day`, each with its times in words; days off are read as such.

    `language` is "zh" or "en". Raises InvalidHours.
    """
    words = WORDS["en" if language == "en" else "zh"]
    named = (first_day + n * _DAY for n in range(days))
    return [(day, _times(_text_on(hours, day, holidays), day, words)) for day in named]


def _names_holidays(hours: str) -> bool:
    return any(not found[1] for found in _PH.finditer(hours))


def _text_on(hours: str, day: date, holidays: Holidays) -> str:
    """Return the hours as they are to be read on a day: on a day off, `PH` is that weekday."""
    return _with_weekday(hours, day) if day in holidays.off else hours


def _with_weekday(hours: str, day: date) -> str:
    return _PH.sub(lambda found: found[1] or DAYS[day.weekday()], hours)


def _times(hours: str, day: date, words: Words) -> str:
    """Return one day's intervals as text; those of unknown state say so."""
    found = [(i, "{}") for i in _begun_on(hours, day, State.OPEN, "UTC")]
    found += [(i, words.uncertain) for i in _begun_on(hours, day, State.UNKNOWN, "UTC")]
    texts = [form.format(_clock_range(interval, words)) for interval, form in sorted(found)]
    return words.between_times.join(texts) or words.closed


def _clock_range(interval: Interval, words: Words) -> str:
    start, end = interval
    if end - start == _DAY and start.time() == time():
        return words.all_day
    if end.date() == start.date():
        closing = _clock(end)
    else:
        closing = words.next_day.format(_clock(end)) if end.time() != time() else "24:00"
    return f"{_clock(start)}–{closing}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _day_names(numbers: list[int], words: Words) -> str:
    """Return the names of days (0 is Monday), neighbours joined: Mon, Wed–Fri."""
    if len(numbers) == 7:
        return words.every_day
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = [words.to.join(words.days[n] for n in dict.fromkeys((run[0], run[-1]))) for run in runs]
    return words.between_days.join(names)


def _begun_on(hours: str, day: date, state: State, timezone: str) -> list[Interval]:
    """Return the intervals of one state that begin on a day; see `intervals_on`."""
    midnight = datetime.combine(day, time(), tzinfo=_zone(timezone))
    next_midnight = midnight + _DAY
    rules = _parse(hours, timezone)
    begun: list[Interval] = []
    for start, end in _runs(rules, midnight - _DAY, next_midnight + _DAY, state):
        is_tail = start < midnight and end <= midnight + _NIGHT
        if is_tail or end <= midnight or start >= next_midnight:
            continue
        last = end if end <= next_midnight + _NIGHT else next_midnight
        begun.append((max(start, midnight), last))
    return begun


def _runs(rules: OpeningHours, start: datetime, end: datetime, wanted: State) -> Iterator[Interval]:
    """Yield the unbroken stretches of one state between two moments; a new comment breaks none."""
    run: Interval | None = None
    for begins, ends, state, _ in rules.intervals(start, end):
        if state != wanted:
            continue
        if run and run[1] == begins:
            run = (run[0], ends)
        else:
            if run:
                yield run
            run = (begins, ends)
    if run:
        yield run


@lru_cache(maxsize=4096)
def _parse(hours: str, timezone: str) -> OpeningHours:
    """Return parsed hours, made once for each text. Raises InvalidHours or InvalidValue.

    The parser's own calendars are left out: its Chinese one knows six of the 33 days off of 2026.
    """
    _refuse_traps(hours)
    try:
        return OpeningHours(
            hours,
            timezone=_zone(timezone),
            country=None,
            auto_country=False,
            auto_timezone=False,
            max_interval_days=_LOOK_AHEAD_DAYS,
        )
    except ParserError as error:
        raise _invalid("syntax", hours) from error


def _refuse_traps(text: str) -> None:
    """Raise InvalidHours for what the parser would take, and take wrongly."""
    if len(text) > HOURS_LETTERS:
        raise _invalid("long", text, most=HOURS_LETTERS)
    if not text.strip():
        raise _invalid("empty", text)
    if any(not rule.strip() for rule in re.split(r"[;,]|\|\|", _COMMENT.sub(" ", text))):
        raise _invalid("rule", text)
    if day := _NO_DAY.search(text):
        raise _invalid("day", text, day=day[0])


@lru_cache(maxsize=64)
def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (KeyError, OSError, ValueError) as error:
        raise InvalidValue(f'There is no time zone "{timezone}".', "Write as Asia/Shanghai.") from error


def _invalid(reason: str, text: str, **values: object) -> InvalidHours:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return InvalidHours(fault(f"hours_{reason}", given=shown, **values), value=shown, reason=reason)
