"""Name what visitors see by one token: the state of the store, the version of the folder, and whether all of it fits.

Whoever holds a token can ask what changed since; what it says inside is nobody's business but ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InvalidValue
from ..store import UNPUBLISHED, PublicState

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
