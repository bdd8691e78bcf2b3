"""Find features by Chinese, English, pinyin, initials, traditional characters, or a mixture, as one types.

Everything is folded first (`fold`), names and queries alike. Names and texts are then searched as one long
string each. Pinyin is not searched as text: `Syllables` walks through the readings of all names at once,
letter by letter, so `jiequ`, `jq` and `jieq` are the same question and no query can make it slow.

Entries lie in segments, as in a log-structured merge tree: what changed is indexed anew, and the rest stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import merge
from itertools import islice
from operator import itemgetter

import numpy as np

from .folding import HAN, fold
from .lines import Flags
from .pinyin import readings
from .segment import NOWHERE, SCATTERED, Ranks, SearchEntry, Segment

_FIELDS = ("name", "name", "name", "pinyin", "pinyin", "pinyin", "text", "name", "pinyin", "name")
_MAX_LETTERS = 64  # of a query; the rest is not read
_MAX_WORDS = 8
_GROWTH = 4  # times the next one's entries a segment holds at least, so that there are few
_ALIKE_MAX = 50  # names compared for "did you mean"
_ALIKE_RATIO = 0.6
_EXAMPLE = re.compile(f"[{HAN}]{{3,8}}")  # fewer initials find too much, more are not typed


@dataclass(frozen=True)
class Hit:
    """Name a feature that was found; `rank` as in `segment`, 0 is best; `field` is name, pinyin or text."""

    id: str
    rank: int
    field: str


@dataclass(frozen=True)
class Example:
    """Hold letters that one may type, and the name that they find."""

    query: str
    name: str


@dataclass(frozen=True)
class _Part:
    """Hold a segment, and which of its entries are gone or stand anew in a later one."""

    segment: Segment
    gone: Flags

    @property
    def size(self) -> int:
        """Return how many of its entries are left."""
        return len(self.gone) - int(np.count_nonzero(self.gone))

    def left(self) -> list[SearchEntry]:
        """Return the entries that are left."""
        return [entry for entry, is_gone in zip(self.segment.entries, self.gone, strict=True) if not is_gone]

    def without(self, ids: Collection[str]) -> _Part:
        """Return it with more of its entries gone."""
        numbers = [number for key in ids if (number := self.segment.numbers.get(key)) is not None]
        gone = self.gone.copy()
        gone[numbers] = True
        return _Part(self.segment, gone) if numbers else self

    def ranked(self, ranks: Ranks) -> Ranks:
        """Return the ranks of all entries, with those that are gone nowhere."""
        ranks[self.gone] = NOWHERE
        return ranks


class SearchIndex:
    """Answer queries over its entries; it never changes, and threads may share it.

    Two indexes of equal entries answer alike, whatever segments they lie in.
    """

    def __init__(self, parts: tuple[_Part, ...] = ()) -> None:
        """Take segments, the largest first; `build` makes them of entries."""
        self._parts = parts
        self._entries = [entry for part in parts for entry in part.segment.entries]
        self._begins = np.cumsum([0, *(len(part.gone) for part in parts)])

    @classmethod
    def build(cls, entries: Iterable[SearchEntry]) -> SearchIndex:
        """Return an index of entries with different ids. Among equals, a shorter main name comes first."""
        return cls().updated(entries)

    def updated(self, entries: Iterable[SearchEntry], gone: Collection[str] = ()) -> SearchIndex:
        """Return an index with entries that are new or in the place of those with their ids, and without others.

        What it costs grows with what changed: a segment is made of that, and of the small ones before it.
        """
        new = {entry.id: entry for entry in entries if self._entry(entry.id) != entry}
        parts = [part for part in (part.without({*new, *gone}) for part in self._parts) if part.size]
        while parts and parts[-1].size < _GROWTH * len(new):
            new |= {entry.id: entry for entry in parts.pop().left()}
        if new:
            parts.append(_Part(Segment(list(new.values())), np.zeros(len(new), bool)))
        return SearchIndex(tuple(parts))

    def find(self, query: str, limit: int = 20) -> list[Hit]:
        """Return at most `limit` features that fit every word of a query, the best first.

        An English word must begin a word, a Chinese one may stand anywhere; last come names that hold the
        characters or initials of a word in order, with others between (历史街区 and `lsjq` in 历史文化街区).
        A word that nothing fits is forgiven: it finds what sounds the same (东胡: 东湖), or is one letter off.
        At most 64 letters and 8 words are read. An empty query finds nothing. Equal queries, equal order.
        """
        phrase, words = _phrase_and_words(query)
        if not words or not self._parts:
            return []
        each = [self._rank(Segment.rank, word) for word in words]
        whole = each[0] if words == [phrase] else self._rank(Segment.rank, phrase)
        ranks = np.minimum(whole, np.maximum.reduce(each))
        if np.count_nonzero(ranks < NOWHERE) < limit:  # the wide ranks come last and displace none of these
            each = [
                np.minimum(rank, self._rank(Segment.wide_rank, word)) for rank, word in zip(each, words, strict=True)
            ]
            ranks = np.minimum(whole, np.maximum.reduce(each))
            if not np.any(ranks < SCATTERED):
                each = [self._forgiven(word, rank) for word, rank in zip(words, each, strict=True)]
                ranks = np.minimum(ranks, np.maximum.reduce(each))
        best = sorted((int(ranks[n]), self._entries[n].order, self._entries[n].id) for n in self._best(ranks, limit))
        return [Hit(key, rank, _FIELDS[rank]) for rank, _, key in best[: max(limit, 0)]]

    def nearest(self, query: str, limit: int = 3) -> list[str]:
        """Return the ids of features whose name, pinyin or id is spelled most like a query, or none."""
        wanted = _phrase_and_words(query)[0]
        likeness: dict[tuple[int, str], float] = {}
        for order, line in self._alike(wanted):
            likeness[order] = max(likeness.get(order, 0), _likeness(wanted, line))
        good = sorted((-ratio, order) for order, ratio in likeness.items() if ratio >= _ALIKE_RATIO)
        return [key for _, (_, key) in good[: max(limit, 0)]]

    def _entry(self, key: str) -> SearchEntry | None:
        """Return the entry with an id."""
        for part in reversed(self._parts):
            number = part.segment.numbers.get(key)
            if number is not None and not part.gone[number]:
                return part.segment.entries[number]
        return None

    def _rank(self, how: Callable[[Segment, str], Ranks], words: str) -> Ranks:
        """Return the rank that words have for each entry, of one segment after the other."""
        return np.concatenate([part.ranked(how(part.segment, words)) for part in self._parts])

    def _forgiven(self, word: str, rank: Ranks) -> Ranks:
        """Return the rank of a word, with what it is near to where it fits nothing but scattered."""
        is_known = np.any(rank < SCATTERED)
        return rank if is_known else np.minimum(rank, self._rank(Segment.near_rank, word))

    def _best(self, ranks: Ranks, limit: int) -> Iterator[int]:
        """Yield the numbers of the entries that were found, of each segment no more than are wanted of all."""
        for begin, end in zip(self._begins, self._begins[1:], strict=False):
            order = np.argsort(ranks[begin:end], kind="stable")[: max(limit, 0)]
            yield from (begin + n for n in order if ranks[begin + n] < NOWHERE)

    def _alike(self, wanted: str) -> Iterator[tuple[tuple[int, str], str]]:
        """Yield (order of an entry, line) of the names, then of the sounds, that share most with a text."""
        for of in (Segment.alike_names, Segment.alike_sounds):
            found = (of(part.segment, wanted, _ALIKE_MAX, part.gone) for part in self._parts)
            for _, order, line in islice(merge(*found, key=itemgetter(0, 1)), _ALIKE_MAX):
                yield order, line


def find_example(names: Iterable[str]) -> Example | None:
    """Return the initials of the shortest name of some Chinese characters, the first of such; None without any."""
    short = sorted((name for name in names if _EXAMPLE.fullmatch(name)), key=len)
    spelled = ((name, [readings(sign)[0][:1] for sign in name]) for name in short)
    return next((Example("".join(r[0][0] for r in usual), name) for name, usual in spelled if all(usual)), None)


def _phrase_and_words(query: str) -> tuple[str, list[str]]:
    """Return a folded query and its different words; a space that was typed parts Chinese words, too."""
    pieces = [fold(piece) for piece in query[:_MAX_LETTERS].split()]
    words = dict.fromkeys(word for piece in pieces for word in piece[:_MAX_LETTERS].split())
    return fold(" ".join(pieces))[:_MAX_LETTERS].strip(), list(words)[:_MAX_WORDS]


def _likeness(wanted: str, line: str) -> float:
    """Return how alike a text and a line, or its most similar word, are spelled: 0 to 1."""
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    best = 0.0
    for part in (line, *line.split()[:_MAX_WORDS]):
        matcher.set_seq1(part[: 2 * _MAX_LETTERS])
        if matcher.quick_ratio() > max(best, _ALIKE_RATIO - 0.01):
            best = max(best, matcher.ratio())
    return best
