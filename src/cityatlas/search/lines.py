"""Search many short texts as one string."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .pinyin import END, Numbers

Flags = NDArray[np.bool_]

_PAIRS = 12  # pairs of letters of a text that choose what is like it
START = "\x02"  # of a line; folded text holds neither this nor END
_LAST = "\U0010ffff"  # sorts after every letter
_LATIN = re.compile(r"[a-z0-9]+")


class Lines:
    """Search many short folded lines, each with the number of its owner, as one string.

    The Latin words in them are listed in order of the alphabet, so that those with one beginning are a slice.
    """

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self._joined = "".join(f"{START} {line}{END}" for _, line in lines)
        self._ends = np.cumsum([len(line) + 3 for _, line in lines], dtype=np.intp)
        self._owners = np.array([owner for owner, _ in lines], dtype=np.intp)
        users: dict[str, list[int]] = {}
        for owner, line in lines:
            for word in set(_LATIN.findall(line)):
                users.setdefault(word, []).append(owner)
        self._words = sorted(users)
        self._users = np.array([owner for word in self._words for owner in users[word]], dtype=np.intp)
        self._user_ends = np.cumsum([0, *(len(users[word]) for word in self._words)])

    def owners(self, words: str) -> Numbers:
        """Return the owners of the lines that hold words: Latin ones begin a word, Chinese stand anywhere."""
        if _LATIN.fullmatch(words):
            first, last = bisect_left(self._words, words), bisect_left(self._words, f"{words}{_LAST}")
            return self._users[self._user_ends[first] : self._user_ends[last]]
        return self.holding(f" {words}" if words[0].isascii() else words)

    def exactly(self, word: str) -> Numbers:
        """Return the owners of the lines that hold a Latin word as a whole one."""
        at = bisect_left(self._words, word)
        is_there = at < len(self._words) and self._words[at] == word
        return self._users[self._user_ends[at] : self._user_ends[at + is_there]]

    def matching(self, pattern: str) -> Numbers:
        """Return the owners of the lines in which a pattern is found, which must not backtrack."""
        found = [match.start() for match in re.finditer(pattern, self._joined)]
        return self._owners[np.searchsorted(self._ends, np.array(found, dtype=np.intp), side="right")]

    def holding(self, needle: str) -> Numbers:
        """Return the owners of the lines that hold a text as it stands, in no order, some more than once."""
        return self._owners[self._with(needle)]

    def scattered(self, signs: str) -> Numbers:
        """Return the owners of the lines that hold characters in this order, with any others between."""
        # Each gap stops at the sign that is looked for, so there is one way to match, and no backtracking.
        pattern = "".join(f"[^{END}{sign}]*{sign}" for sign in signs[1:])
        return self.matching(signs[0] + pattern)

    def alike(self, wanted: str, limit: int, gone: Flags) -> list[tuple[int, int, str]]:
        """Return (pairs, owner, line) of the lines that share most pairs of letters with the beginning of a text.

        Owners that are `gone` have none; of equals the first come.
        """
        framed = f" {wanted}"
        shared = np.zeros(len(self._owners), np.intp)
        for pair in sorted({framed[n : n + 2] for n in range(min(len(wanted), _PAIRS))}):
            shared[self._with(pair)] += 1
        shared[gone[self._owners]] = 0
        best = np.argsort(-shared, kind="stable")[:limit]
        return [(int(shared[n]), int(self._owners[n]), self._line(n)) for n in best if shared[n]]

    def _line(self, number: int) -> str:
        begin = self._ends[number - 1] if number else 0
        return self._joined[begin + 2 : self._ends[number] - 1]

    def _with(self, needle: str) -> Numbers:
        found = []
        at = self._joined.find(needle)
        while at >= 0:
            found.append(at)
            at = self._joined.find(needle, at + len(needle))
        return np.searchsorted(self._ends, np.array(found, dtype=np.intp), side="right")
