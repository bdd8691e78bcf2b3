"""Hold the words that opening hours are told with, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
