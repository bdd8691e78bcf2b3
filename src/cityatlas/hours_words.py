"""Hold the words that opening hours are told with, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


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
