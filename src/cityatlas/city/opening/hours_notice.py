"""Read opening hours as people write them on a door, and give them in the syntax of OpenStreetMap.

Each letter of a notice has to end in a token (`hours_tokens.py`) or be one of the words that say nothing; what is
left over, or may mean two things, makes the reading a proposal that somebody has to confirm, never a fact.

A day that only a closure names is taken out of the days that are open. `PH` stands for the city's own days off
(`opening_hours.py`). Times without a day hold for all days, times without a season for the whole year, and "from
8:30" keeps the closing time that was said before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ...errors import InvalidHours
from ...limits import HOURS_LETTERS
from .hours_tokens import DAY_MIN, HOLIDAY, read_tokens
from .opening_hours import DAYS, check_hours

EVERY_DAY = frozenset(DAYS)
MOST_LAST_ENTRY_MIN = 180
_SHORT_HOUR = re.compile(r"(?<!\d)\d:\d")

Span = tuple[int, int]  # minutes from midnight
Part = tuple[str, frozenset[str], list[Span]]  # season, days, spans; no spans: closed


@dataclass(frozen=True)
class Notice:
    """Hold what a notice says: hours in OSM syntax, or "" where it says none that can be written so.

    `is_sure` when each of its words was understood, and in one way only; `left` are words that were not.
    `last_entry_min` are the minutes before closing at which it lets in for the last time, where there is one closing.
    """

    hours: str = ""
    is_sure: bool = False
    left: tuple[str, ...] = ()
    last_entry_min: int | None = None


def understood_hours(text: str) -> Notice:
    """Return hours that stand in OSM syntax as they are, and others as `read_notice` does.

    OSM writes hours with two digits: 9:00-5:00 would be a night there, and is asked back.
    """
    notice = read_notice(text)
    try:
        check_hours(text)
    except InvalidHours:
        return notice
    return Notice(text, is_sure=True) if notice.is_sure or not _SHORT_HOUR.search(text) else notice


def read_notice(text: str) -> Notice:
    """Return what a text says about opening hours; a text too long or without any hours gives an empty notice."""
    if len(text) > HOURS_LETTERS:
        return Notice()
    reading = _Reading()
    for kind, value in read_tokens(text):
        reading.take(kind, value)
    return reading.notice()


@dataclass
class _Rule:
    """Hold when something is open; no days: none were said. A span that begins at -1 takes its end from before."""

    season: str
    days: frozenset[str]
    spans: list[Span] = field(default_factory=list)


class _Reading:
    """Gather rules and closures token by token."""

    def __init__(self) -> None:
        self.rules: list[_Rule] = []
        self.shut: list[tuple[str, frozenset[str]]] = []  # season and days of each closure
        self.pending: list[frozenset[str]] = []  # days that were named and wait for what they are named for
        self.before_bracket = 0  # how many of them stand before the last bracket
        self.exempt: frozenset[str] = frozenset()  # of what comes next
        self.season = ""
        self.is_season_new = False  # it was named after all that was opened or shut
        self.is_season_owed = False  # one was named without its months
        self.is_day_owed = False  # by the mode
        self.mode = ""  # what days that follow are: "off" closed, "except" the other than what was said last
        self.last, self.act = "", ""  # the kind of the token before; whether something was opened or shut last
        self.is_as_usual = self.is_unsure = False
        self.breaks: list[Span] = []
        self.last_entries: list[int] = []
        self.left: list[str] = []

    def take(self, kind: str, value: str) -> None:
        """Take in one token."""
        getattr(self, f"_take_{kind}")(value)
        self.last = kind

    def _take_left(self, value: str) -> None:
        self.left.append(value)

    def _take_clock(self, value: str) -> None:
        self.left.append(_clock_written(int(value[:-1])))  # a time that is neither a beginning nor an end

    def _take_unsure(self, _: str) -> None:
        self.is_unsure = True

    def _take_stop(self, _: str) -> None:
        self.mode = ""

    def _take_rest(self, _: str) -> None:
        self.season, self.mode, self.act, self.is_season_new = "", "", "", False

    def _take_label(self, _: str) -> None:
        self.is_season_owed = not self.is_season_new

    def _take_season(self, value: str) -> None:
        self.season = f"{self.season},{value}" if self.last == "season" else value
        self.is_season_new, self.is_season_owed = True, False

    def _take_days(self, value: str) -> None:
        days = frozenset(value.split(","))
        self.is_day_owed = False
        if self.mode == "off":
            self._shut(days)
        elif self.mode == "except":
            self._except(days)
        else:
            self.pending.append(days)

    def _take_span(self, value: str) -> None:
        start, _, end = value.partition("-")
        self._open((int(start), int(end)))

    def _take_since(self, value: str) -> None:
        self._open((int(value), 0))

    def _open(self, span: Span) -> None:
        if self.mode in ("break", "break told"):
            self.breaks.append(span)
            self.mode = ""
            return
        self.is_unsure |= self.is_season_owed or (self.act == "shut season" and not self.is_season_new)
        self.is_season_owed = False
        if self.last == "span" and self.rules and not self.pending:
            self.rules[-1].spans.append(span)
        else:
            self.rules.append(_Rule(self.season, self._named(), [span]))
        self.mode, self.act, self.is_season_new = "", "open", False
        if self.exempt:
            self._shut(self.exempt)
            self.exempt, self.act = frozenset(), "open"

    def _take_noon(self, _: str) -> None:
        spans = self.rules[-1].spans if self.rules else []
        if len(spans) > 1 and spans[-2][1] < spans[-1][0]:
            self.mode = "break told"  # 9:00-12:00, 13:00-17:00: what lies between them
        elif len(spans) > 1:
            self.breaks.append(spans.pop())  # 9:00-17:00, or 9:00-12:00, then 12:00-13:00: the last one
        else:
            self.mode = "break"

    def _take_last(self, value: str) -> None:
        self.last_entries.append(int(value))

    def _take_off(self, _: str) -> None:
        if self.pending or self.is_season_new:
            self._shut(self._named())
            self.is_as_usual |= HOLIDAY in self.exempt
            self.is_unsure |= bool(self.exempt - {HOLIDAY})
            self.exempt = frozenset()
        else:
            self._take_shut("")

    def _take_shut(self, _: str) -> None:
        self.mode, self.is_day_owed = "off", True

    def _shut(self, days: frozenset[str]) -> None:
        self.shut.append((self.season if self.is_season_new else "", days))
        self.act, self.is_season_new = ("shut season" if self.is_season_new else "shut"), False

    def _take_as(self, _: str) -> None:
        days = self._named()
        self.is_as_usual |= HOLIDAY in days
        self.is_unsure |= bool(days - {HOLIDAY})

    def _take_but(self, _: str) -> None:
        self.is_unsure |= bool(self.pending)

    def _take_beyond(self, _: str) -> None:
        self.exempt = self._named()

    def _take_bracket(self, _: str) -> None:
        self.before_bracket = len(self.pending)

    def _take_except(self, _: str) -> None:
        days = frozenset[str]().union(*self.pending[self.before_bracket :])
        del self.pending[self.before_bracket :]
        if not days:
            self.mode, self.is_day_owed = "except", True
        elif self.pending or not self.act:
            self.exempt = days
        else:
            self._except(days)

    def _except(self, days: frozenset[str]) -> None:
        """Take days out of what was said last: out of the days that are open, or the closed ones."""
        if self.act == "open":
            self._shut(days)
            self.act = "open"
        elif days == {HOLIDAY}:
            self.is_as_usual = True
        else:
            self.is_unsure = True

    def _named(self) -> frozenset[str]:
        days = frozenset[str]().union(*self.pending)
        self.pending.clear()
        self.before_bracket = 0
        return days

    def notice(self) -> Notice:
        """Return what was gathered."""
        parts = list(self._parts())
        hours = "; ".join(_written(season, days, spans) for season, days, spans in parts)
        hours = "24/7" if hours == f"{_days_written(EVERY_DAY)} 00:00-24:00" else hours
        try:
            check_hours(hours)
        except InvalidHours:
            return Notice(left=tuple(self.left))
        closings = list(dict.fromkeys(spans[-1][1] for _, _, spans in parts if spans))
        last_entry_min, is_last_plain = _before_closing(self.last_entries, closings)
        is_open_end = bool(
            self.pending or self.exempt or self.is_day_owed or self.is_season_owed or self.mode == "break"
        )
        is_sure = not (self.left or self.is_unsure or is_open_end) and is_last_plain
        return Notice(hours, is_sure, tuple(self.left), last_entry_min)

    def _parts(self) -> Iterator[Part]:
        """Yield seasons, days and spans in the order in which OSM overrides them; no spans: closed."""
        shut = frozenset[str]().union(*(days for season, days in self.shut if not season))
        opened = self._opened(shut - {HOLIDAY})
        yield from sorted(opened, key=lambda part: (bool(part[0]), part[1] == {HOLIDAY}))
        told = {season for season, days, _ in opened if days == {HOLIDAY}}
        if self.is_as_usual and shut - {HOLIDAY}:
            usual = {season: spans for season, _, spans in opened}
            self.is_unsure |= HOLIDAY in shut or any(usual[season] != spans for season, _, spans in opened)
            yield from ((season, frozenset({HOLIDAY}), spans) for season, spans in usual.items() if season not in told)
        if opened:
            yield from ((season, days, []) for season, days in self.shut if season)
            yield from [("", frozenset({HOLIDAY}), [])] * (HOLIDAY in shut)

    def _opened(self, shut: frozenset[str]) -> list[Part]:
        """Return when it is open, each season and days once; `shut` are days of the week that it is closed on."""
        base = [rule for rule in self.rules if not rule.season and rule.days]
        usual = base[0].days - {HOLIDAY} if len(base) == 1 and base[0].days != {HOLIDAY} else EVERY_DAY
        found: dict[tuple[str, frozenset[str]], list[Span]] = {}
        before: list[Span] = []
        for rule in self.rules:
            spans = before = self._spans(rule, before)
            days = rule.days or (usual if rule.season else self._others(rule.season))
            self.is_unsure |= not (days - shut and spans)  # of what was said nothing is left
            for part in (days & EVERY_DAY) - shut, days & {HOLIDAY}:
                if part:
                    found.setdefault((rule.season, part), []).extend(spans)
        for spans in found.values():
            spans.sort()
            self.is_unsure |= any(later[0] < sooner[1] for sooner, later in pairwise(spans))
        return [(season, days, spans) for (season, days), spans in found.items()]

    def _others(self, season: str) -> frozenset[str]:
        """Return the days of the week for which no rule of the season was made by name."""
        named = frozenset[str]().union(*(rule.days for rule in self.rules if rule.season == season))
        return EVERY_DAY - named

    def _spans(self, rule: _Rule, before: list[Span]) -> list[Span]:
        """Return the spans of a rule without its breaks; one without an end ends as those before it."""
        self.is_unsure |= any(not end for _, end in rule.spans) and len(before) != 1
        spans = [(start, end or (before[-1][1] if before else DAY_MIN)) for start, end in rule.spans]
        for pause_start, pause_end in self.breaks:
            spans = [part for span in spans for part in _without(span, pause_start, pause_end)]
        return spans


def _without(span: Span, pause_start: int, pause_end: int) -> list[Span]:
    start, end = span
    around = (start, min(end, pause_start)), (max(start, pause_end), end)
    return [(opens, closes) for opens, closes in around if opens < closes]


def _before_closing(last_entries: list[int], closings: list[int]) -> tuple[int | None, bool]:
    """Return the minutes between last entry and closing, and whether what was said of it is plain."""
    if not last_entries:
        return None, True
    if len(last_entries) != len(closings):
        return None, False
    before = {closing - last for closing, last in zip(closings, last_entries, strict=True)}
    minutes = before.pop()
    return (minutes, True) if not before and 0 < minutes <= MOST_LAST_ENTRY_MIN else (None, False)


def _written(season: str, days: frozenset[str], spans: Iterable[Span]) -> str:
    times = ",".join(f"{_clock_written(start)}-{_clock_written(end)}" for start, end in spans) or "off"
    return " ".join(part for part in (season.replace(".", " "), _days_written(days), times) if part)


def _clock_written(minutes: int) -> str:
    minutes = minutes if minutes <= DAY_MIN else minutes - DAY_MIN
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days_written(days: frozenset[str]) -> str:
    """Return days as OSM writes them, three and more neighbours as a run."""
    runs: list[list[str]] = []
    for number, day in enumerate(DAYS):
        if day in days and runs and DAYS[number - 1] in days:
            runs[-1].append(day)
        elif day in days:
            runs.append([day])
    named = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run) for run in runs]
    return ",".join([*named, *([HOLIDAY] if HOLIDAY in days else [])])
