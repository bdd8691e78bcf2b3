"""Say opening hours in one sentence, as people read them; `hours_notice.py` reads the Chinese one back."""

from __future__ import annotations

import re

from .hours_notice import read_notice
from .opening_hours import DAYS, MONTHS, WORDS, Words, say_days

_MONTH, _DAY, _TIME = "|".join(MONTHS), "|".join(DAYS), r"\d\d:\d\d-\d\d:\d\d"
_SEASON = rf"(?:{_MONTH})(?: \d\d)?(?:-(?:{_MONTH})(?: \d\d)?)?"
_NAMED = rf"(?:(?:{_DAY})(?:-(?:{_DAY}))?|PH)"
_RULE = re.compile(
    rf"(?:(?P<season>{_SEASON}(?:,{_SEASON})*) )?(?:(?P<days>{_NAMED}(?:,{_NAMED})*) )?"
    rf"(?P<times>{_TIME}(?:,{_TIME})*|off|closed|24/7)(?: \"(?P<comment>[^\"]*)\")?"
)
_BETWEEN_RULES, _BETWEEN_SEASON = {"zh": "；", "en": "; "}, {"zh": " ", "en": ": "}
_WITH_COMMENT = {"zh": "{}（{}）", "en": "{} ({})"}


def say_hours(hours: str, language: str) -> str:
    """Return hours as a sentence in "zh" or "en"; what this cannot say stays in the syntax of OpenStreetMap."""
    language = "en" if language == "en" else "zh"
    rules = [_RULE.fullmatch(rule.strip()) for rule in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', hours)]
    said = [_say_rule(rule, language) for rule in rules if rule]
    return _BETWEEN_RULES[language].join(said) if len(said) == len(rules) else hours


def write_hours(hours: str) -> str:
    """Return hours as a Chinese sentence for a cell if that reads as the very same hours again, else as they are."""
    said = say_hours(hours, "zh")
    notice = read_notice(said)
    return said if notice.is_sure and notice.hours == hours else hours


def _say_rule(rule: re.Match[str], language: str) -> str:
    words = WORDS[language]
    season = say_days(rule["season"] or "", language)
    season = re.sub(r" 0?(\d+)", r"\1日" if language == "zh" else r" \1", season)
    days = words.every_day if rule["days"] in (None, "Mo-Su") else say_days(rule["days"], language)
    closed = words.closed.lower()
    times = {"off": closed, "closed": closed, "24/7": words.all_day}.get(rule["times"])
    times = times or words.between_times.join(_say_span(span, words) for span in rule["times"].split(","))
    if not rule["days"] and times in (closed, words.all_day):
        days = ""
    between = "" if times == closed and language == "zh" else " "
    said = between.join(part for part in (days, times) if part)
    said = f"{season}{_BETWEEN_SEASON[language] if days else between}{said}" if season else said
    return _WITH_COMMENT[language].format(said, rule["comment"]) if rule["comment"] else said


def _say_span(span: str, words: Words) -> str:
    start, end = span.split("-")
    plain_start, plain_end = (f"{int(time[:2])}:{time[3:]}" for time in (start, end))
    return f"{plain_start}–{words.next_day.format(plain_end) if end <= start else plain_end}"
