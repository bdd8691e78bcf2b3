"""Rank a fixed set of entries by a word: by their names, their pinyin, what else is said of them, and by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folding import HAN, fold
from .lines import START, Flags, Lines
from .pinyin import END, Syllables, readings

Ranks = NDArray[np.uint8]
Alike = tuple[int, tuple[int, str], str]  # less the pairs of letters shared, an entry's order, a line of it

# How well a name fits: the lower the better, in the order that results are shown.
EXACT, BEGINS, CONTAINS, PINYIN_BEGINS, PINYIN_INSIDE, PINYIN_RARE, TEXT, SCATTERED, SOUND, ALIKE, NOWHERE = range(11)

_MIN_SCATTERED = 3  # letters of a word that may lie scattered over a name; fewer would fit everywhere
_LEAST_FORGIVEN, _MOST_FORGIVEN = 4, 24  # letters of a word of which one may be wrong
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class SearchEntry:
    """Hold what a feature is found by: names and aliases in all languages, the main one first; other text."""

    id: str
    names: tuple[str, ...]
    text: str = ""

    @property
    def order(self) -> tuple[int, str]:
        """Return where it stands among equals: a shorter main name comes first."""
        return len("".join(self.names[:1])), self.id


class Segment:
    """Rank some entries with different ids, in their order; it never changes, and threads may share it."""

    def __init__(self, entries: Sequence[SearchEntry]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.order)
        self.numbers = {entry.id: number for number, entry in enumerate(self.entries)}
        named = [(n, fold(name)) for n, entry in enumerate(self.entries) for name in entry.names]
        han = [(n, name.replace(" ", "")) for n, name in named if re.search(f"[{HAN}]", name)]
        sounds = [(n, "".join("".join(readings(sign)[0][:1]) for sign in name)) for n, name in han]
        self._names = Lines(named)
        self._texts = Lines([(n, fold(entry.text)) for n, entry in enumerate(self.entries) if entry.text])
        self._pinyin = Syllables(han)
        self._spoken = Lines([(n, _spoken(name)) for n, name in han])
        self._sounds = Lines(sorted([*sounds, *((n, fold(entry.id)) for n, entry in enumerate(self.entries))]))

    def rank(self, words: str) -> Ranks:
        """Return the rank that words, as they stand, have for each entry by its names."""
        ranks = self._nowhere()
        if words.isascii():
            by_rank = zip(
                (PINYIN_RARE, PINYIN_INSIDE, PINYIN_BEGINS), self._pinyin.spelled(words.replace(" ", "")), strict=True
            )
            for rank, owners in by_rank:  # from the worst to the best, which stays
                ranks[owners] = rank
        ranks[self._names.owners(words)] = CONTAINS
        ranks[self._names.holding(f"{START} {words}")] = BEGINS
        ranks[self._names.holding(f"{START} {words}{END}")] = EXACT
        return ranks

    def wide_rank(self, word: str) -> Ranks:
        """Return the rank that a word has for each entry by its text, or scattered over a name."""
        ranks = self._nowhere()
        if len(word) >= _MIN_SCATTERED:
            ranks[(self._pinyin if word.isascii() else self._names).scattered(word)] = SCATTERED
        ranks[self._texts.owners(word)] = TEXT
        return ranks

    def near_rank(self, word: str) -> Ranks:
        """Return the rank of each entry for a word that nothing fits: by its sound, or with one letter changed."""
        ranks = self._nowhere()
        if word.isascii():
            for part, is_whole in one_off(word):
                for lines in (self._names, self._texts, self._spoken):
                    ranks[lines.exactly(part) if is_whole else lines.owners(part)] = ALIKE
        else:
            for part in _one_sign_off(word):
                ranks[self._names.matching(part)] = ALIKE
            if letters := "".join("".join(readings(sign)[0][:1]) for sign in word):
                if len(word) >= _MIN_SCATTERED:
                    ranks[self._pinyin.scattered(letters)] = SOUND
                ranks[self._pinyin.spelled(letters)[1]] = SOUND
        return ranks

    def alike_names(self, wanted: str, limit: int, gone: Flags) -> list[Alike]:
        """Return the names that share most with a text, of entries that are not gone, the likest first."""
        return self._alike(self._names, wanted, limit, gone)

    def alike_sounds(self, wanted: str, limit: int, gone: Flags) -> list[Alike]:
        """Return the same of what names are read as, and of ids."""
        return self._alike(self._sounds, wanted, limit, gone)

    def _alike(self, lines: Lines, wanted: str, limit: int, gone: Flags) -> list[Alike]:
        found = lines.alike(wanted, limit, gone)
        return [(-pairs, self.entries[owner].order, line) for pairs, owner, line in found]

    def _nowhere(self) -> Ranks:
        return np.full(len(self.entries), NOWHERE, np.uint8)


def _spoken(name: str) -> str:
    """Return a Chinese name's usual pinyin from each of its signs on, as words: `donghu hu`."""
    syllables = ["".join(readings(sign)[0][:1]) for sign in name]
    return " ".join(fold("".join(syllables[at:])) for at in range(len(syllables)))


def one_off(word: str) -> Iterator[tuple[str, bool]]:
    """Yield what a Latin word may have been meant as, with one letter more, less, another or two swapped.

    True goes with what must be a whole word: else the end of a short one would be as good as left out. A word of fewer
    than 4 letters or more than 24 is taken at its word, since it is like too many or too few.
    """
    length = len(word)
    if not _LEAST_FORGIVEN <= length <= _MOST_FORGIVEN:
        return
    for at in range(length + 1):
        head, tail = word[:at], word[at:]
        is_whole = length == _LEAST_FORGIVEN or at >= length - 1
        if tail:
            yield head + tail[1:], is_whole
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:], is_whole
        for letter in _LETTERS:
            if tail:
                yield head + letter + tail[1:], is_whole
            yield head + letter + tail, is_whole


def _one_sign_off(word: str) -> Iterator[str]:
    """Yield patterns of a Chinese word of three signs or more with one of them another, or one too many."""
    if 3 <= len(word) <= _MOST_FORGIVEN:
        for at in range(len(word)):
            head, tail = re.escape(word[:at]), re.escape(word[at + 1 :])
            yield f"{head}[^{END}{START} ]{tail}"
            if len(word) > 3:
                yield head + tail
