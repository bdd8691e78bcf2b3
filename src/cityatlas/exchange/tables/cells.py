"""Write values into the cells of a sheet, and read them back from what a person made of them.

A cell is a text, a number, true or false, `Day` or `Clock`, or None when it is blank. Whatever a codec writes,
it reads back to the same value; what spreadsheets and people commonly make of a value it reads as well.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, NoReturn

from ...city.opening.hours_notice import understood_hours
from ...city.opening.hours_sentence import write_hours
from ...city.value_checks import LINE_BREAK
from ...geo.geojson import NOT_TEXT
from ...schema.dates import iso_date
from .headings import FileFault, fault

COMMAS = {"zh": "、", "en": ", "}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet may run, with any marks that already keep it from it
_MARKED = re.compile(r"'+[=+\-@\t\r]")
_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # days since then: 1954 to 2119, never a year
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_YES = frozenset(("true", "是", "有", "yes", "y", "1", "1.0", "√", "✓", "对"))
_NO = frozenset(("false", "否", "无", "没有", "不是", "no", "n", "0", "0.0", "×", "✗"))


@dataclass(frozen=True)
class Day:
    """Hold a day that a spreadsheet made of what somebody typed, as ISO text."""

    iso: str


@dataclass(frozen=True)
class Clock:
    """Hold a time of day that a spreadsheet made of what somebody typed, as HH:MM."""

    text: str


Cell = str | int | float | bool | Day | Clock | None


class BadCell(Exception):
    """A cell cannot be read; holds the fault."""

    def __init__(self, found: FileFault) -> None:
        super().__init__(found.key)
        self.fault = found


def refuse(key: str, cure: str = "", **values: object) -> NoReturn:
    """Raise BadCell."""
    raise BadCell(fault(key, "", cure, **values))


@dataclass(frozen=True)
class Codec:
    """Write a value as a cell and read it back; `kind` is the key of how people are told to write it.

    `read` raises BadCell. `choices` are the texts to choose from, where there are only a few.
    """

    kind: str
    write: Callable[[Any], str | int | float]  # Any: what the property holds; its checker has looked at it
    read: Callable[[Cell], object]
    choices: tuple[str, ...] = ()


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before = + - @ TAB CR."""
    return f"'{text}" if _FORMULA.match(text) else text


def quoted(text: str) -> str:
    """Return a text for a cell that is marked as text anyway, so that `plain` still gives it back."""
    return f"'{text}" if _MARKED.match(text) else text


def plain(text: str) -> str:
    """Return the text that was made neutral or quoted."""
    return text[1:] if _MARKED.match(text) else text


def shown(cell: Cell) -> str:
    """Return a cell as text, as a person would see it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case Day(iso):
            return iso
        case Clock(text):
            return text
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
    return str(cell)


def folded(text: str) -> str:
    """Return a text with full-width letters and digits made plain and no space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def read_text(cell: Cell) -> str | None:
    """Return a text without space around it, or None when there is none."""
    text = shown(cell).replace("\r\n", "\n").strip()
    if NOT_TEXT.search(text):
        refuse("files.control", given=_short(NOT_TEXT.sub("�", text)))
    return text or None


def read_name(cell: Cell) -> str | None:
    """Return a text of one line, as a name is."""
    text = read_text(cell)
    if text and LINE_BREAK.search(text):
        refuse("files.line_break", " ".join(text.split()))
    return text


def read_whole(cell: Cell) -> int | None:
    """Return a whole number; 30.0 and full-width digits are one."""
    text = folded(shown(cell))
    if not text:
        return None
    if _WHOLE.fullmatch(text) and len(text) < 12:
        return int(float(text))
    digits = re.search(r"\d{1,6}", text)
    refuse("files.not_whole", digits.group() if digits else "", given=_short(text))


def read_number(cell: Cell) -> float | None:
    """Return a finite number."""
    text = folded(shown(cell)).rstrip("°")
    if not text:
        return None
    if isinstance(cell, bool) or len(text) > 40 or not re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?", text):
        refuse("files.not_number", given=_short(text))
    if not math.isfinite(number := float(text)):
        refuse("files.not_number", given=_short(text))
    return number


def read_truth(cell: Cell) -> bool | None:
    """Return true or false for what people write for it."""
    text = folded(shown(cell)).lower()
    if not text:
        return None
    if text not in _YES | _NO:
        refuse("files.not_truth", given=_short(text))
    return text in _YES


def read_date(cell: Cell) -> str | None:
    """Return a year, month or day as ISO text; 2024/5/6, 2024年5月 and Excel's serial numbers are one."""
    text = folded(shown(cell))
    if not text:
        return None
    if text.isdigit() and int(text[:9]) in _SERIALS:
        return (_EXCEL_ZERO + timedelta(days=int(text))).isoformat()
    return iso_date(text) or refuse("files.not_date", given=_short(text))


def read_month(cell: Cell) -> str | None:
    """Return a month as ISO text; of a day, its month."""
    iso = read_date(cell)
    if iso and len(iso) < len("2024-01"):
        refuse("files.not_month", given=_short(iso))
    return iso[:7] if iso else None


def read_hours(cell: Cell) -> str | None:
    """Return opening hours in OSM syntax, read as people write them too; a doubtful reading is offered as the cure."""
    if isinstance(cell, Day) and cell.iso.endswith("-07-24"):  # a spreadsheet took 24/7 for the 24th of July
        refuse("files.not_hours", "24/7", given=shown(cell))
    text = read_text(cell)
    if not text:
        return None
    notice = understood_hours(text)
    if not notice.is_sure:
        refuse("files.not_hours", write_hours(notice.hours) if notice.hours else "", given=_short(text))
    return notice.hours


def write_truth(value: object) -> str:
    """Return how a sheet says true and false."""
    return "是" if value else "否"


def write_number(value: float) -> int | float:
    """Return a number as it is, for a cell that stays a number."""
    return value


TEXT = Codec("text", str, read_text)
NAME = Codec("text", str, read_name)
WHOLE = Codec("whole", write_number, read_whole)
NUMBER = Codec("number", write_number, read_number)
TRUTH = Codec("truth", write_truth, read_truth, ("是", "否"))
DATE = Codec("date", str, read_date)
MONTH = Codec("month", str, read_month)
HOURS = Codec("hours", write_hours, read_hours)


def choice(titles: Mapping[str, Mapping[str, str]]) -> Codec:
    """Return a codec for one of several ids, written as its Chinese title, read as any title or as the id."""
    meant = meanings(titles)

    def write(value: str) -> str:
        title = titles.get(value, {}).get("zh", "")
        return title if meant.get(_key(title)) == value else value

    def read(cell: Cell) -> str | None:
        text = read_text(cell)
        if text and _key(text) not in meant:
            refuse("files.not_choice", _nearest(text, titles, meant), given=_short(text), **_listed(titles))
        return meant[_key(text)] if text else None

    return Codec("choice", write, read, tuple(write(value) for value in titles))


def meanings(titles: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return id by what people may write for it; a title that two ids share stands for neither."""
    told: dict[str, set[str]] = {}
    for value, title in titles.items():
        for text in title.values():
            told.setdefault(_key(text), set()).add(value)
    meant = {text: next(iter(values)) for text, values in told.items() if len(values) == 1}
    return meant | {_key(value): value for value in titles}


def _key(text: str) -> str:
    return folded(text).casefold()


def _nearest(text: str, titles: Mapping[str, Mapping[str, str]], meant: Mapping[str, str]) -> str:
    near = get_close_matches(_key(text)[:100], meant, 1)
    return titles[meant[near[0]]].get("zh", meant[near[0]]) if near else ""


def _listed(titles: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what there is to choose from, in each language."""
    told = {
        language: [title.get(language) or title.get("zh") or value for value, title in titles.items()]
        for language in COMMAS
    }
    return {f"choices_{language}": comma.join(told[language]) for language, comma in COMMAS.items()}


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
