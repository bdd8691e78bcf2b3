"""Name what visitors see: by a token, for programs that ask what changed since, and by a pin, for addresses.

A token tells the state of the store, the version of the folder, and whether all of it fits; what it says inside is
nobody's business but ours. A pin is short, and stands in other people's pages for years: what pins are written as,
and what the folder's tag in them is made of, stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import InvalidValue
from ...store import UNPUBLISHED, PublicState

PIN_PATTERN = r"\d{1,9}(?:\.[1-9]\d{0,3})?(?:-[0-9a-f]{8})?"  # of a pin, behind the @ of an address
PIN_LETTERS = 8  # of the folder's tag
PIN = re.compile(r"(\d{1,9})(?:\.([1-9]\d{0,3}))?(?:-([0-9a-f]{8}))?", re.ASCII)
TOKEN = re.compile(r"(\d{1,15})-([0-9a-f]{12})-(\d{20}|0)(x?)", re.ASCII)
MOMENT = "{}{}{}{}-{}{}-{}{}T{}{}:{}{}:{}{}.{}{}{}{}{}{}Z"  # as the store writes moments, a place for each digit


@dataclass(frozen=True)
class PublicRevision:
    """Hold the state of the store and the folder's tag; not `is_whole` where something did not fit and was left out.

    Two processes that show the same have the same one.
    """

    state: PublicState
    folder: str
    is_whole: bool = True

    def __str__(self) -> str:
        moment = re.sub(r"\D", "", self.state.moment) or "0"
        return f"{self.state.number}-{self.folder}-{moment}" + ("" if self.is_whole else "x")


NOTHING_SHOWN = PublicRevision(UNPUBLISHED, "0" * 12)


def read_revision(token: str) -> PublicRevision:
    """Return what a token names. Raises InvalidValue for what is none of ours."""
    found = TOKEN.fullmatch(token)
    if not found:
        raise InvalidValue(f'since="{token[:80]}" is no revision.', 'Take "next" of an answer, or 0 for everything.')
    moment = "" if found[3] == "0" else MOMENT.format(*found[3])
    return PublicRevision(PublicState(int(found[1]), moment), found[2], not found[4])


@dataclass(frozen=True)
class Pin:
    """Hold the newest revision that had come, how many moments since then had changed something, and the folder.

    `steps` is left out for none, as in `57-3f9a2c81`; an empty `folder` is the one that was shown when it came.
    """

    number: int
    steps: int = 0
    folder: str = ""

    def __str__(self) -> str:
        return f"{self.number}{f'.{self.steps}' if self.steps else ''}{f'-{self.folder}' if self.folder else ''}"


def read_pin(text: str) -> Pin | None:
    """Return the pin that a text is, None for any other text."""
    found = PIN.fullmatch(text)
    return Pin(int(found[1]), int(found[2] or 0), found[3] or "") if found else None
