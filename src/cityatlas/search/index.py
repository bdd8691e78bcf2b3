"""Find features by Chinese, English, pinyin, initials, traditional characters, or a mixture, as one types.

Everything is folded first (`fold`), names and queries alike. Names and texts are then searched as one long
string each. Pinyin is not searched as text: `Syllables` walks through the readings of all names at once,
letter by letter, so `jiequ`, `jq` and `jieq` are the same question and no query can make it slow.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .pinyin import END, Numbers, Syllables, readings

if TYPE_CHECKING:
    from opencc import OpenCC

Ranks = NDArray[np.uint8]

# How well a name fits: the lower the better, in the order that results are shown.
EXACT, BEGINS, CONTAINS, PINYIN_BEGINS, PINYIN_INSIDE, PINYIN_RARE, TEXT, SCATTERED, SOUND, ALIKE, NOWHERE = range(11)
_FIELDS = ("name", "name", "name", "pinyin", "pinyin", "pinyin", "text", "name", "pinyin", "name")

_MAX_LETTERS = 64  # of a query; the rest is not read
_MAX_WORDS = 8
_MIN_SCATTERED = 3  # letters of a word that may lie scattered over a name; fewer would fit everywhere
SPOKEN_KEPT = 2**14  # names whose pinyin is kept for the next snapshot: it is most of an index's work
_ALIKE_MAX, _ALIKE_PAIRS = 50, 12  # names compared for "did you mean", pairs of letters that choose them
_ALIKE_RATIO = 0.6
_LEAST_FORGIVEN, _MOST_FORGIVEN = 4, 24  # letters of a word of which one may be wrong
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_START = "\x02"  # of a line; folded text holds neither this nor END
_LAST = "\U0010ffff"  # sorts after every letter

_HAN = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_MARKS = re.compile("[\u0300-\u036f'’ʼ`]+")  # accents after decomposition, and the apostrophe of xi'an
_NOT_WORD = re.compile(r"[\W_]+")
_HAN_GAP = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_LATIN = re.compile(r"[a-z0-9]+")
_EXAMPLE = re.compile(f"[{_HAN}]{{3,8}}")  # fewer initials find too much, more are not typed
_SEAM = re.compile(f"(?<=[{_HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{_HAN}])")


@dataclass(frozen=True)
class SearchEntry:
    """Hold what a feature is found by: names and aliases in all languages, the main one first; other text."""

    id: str
    names: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Hit:
    """Name a feature that was found; `rank` as above, 0 is best; `field` is name, pinyin or text."""

    id: str
    rank: int
    field: str


@dataclass(frozen=True)
class Example:
    """Hold letters that one may type, and the name that they find."""

    query: str
    name: str


class SearchIndex:
    """Answer queries over the entries it was built from; it never changes, and threads may share it."""

    def __init__(self, entries: Sequence[SearchEntry]) -> None:
        """Take entries in the order that equal ranks are shown in; `build` makes that order."""
        named = [(n, fold(name)) for n, entry in enumerate(entries) for name in entry.names]
        han = [(n, name.replace(" ", "")) for n, name in named if re.search(f"[{_HAN}]", name)]
        sounds = [(n, "".join("".join(readings(sign)[0][:1]) for sign in name)) for n, name in han]
        self._ids = [entry.id for entry in entries]
        self._names = _Lines(named)
        self._texts = _Lines([(n, fold(entry.text)) for n, entry in enumerate(entries) if entry.text])
        self._pinyin = Syllables(han)
        self._spoken = _Lines([(n, _spoken(name)) for n, name in han])
        self._sounds = _Lines(sounds + [(n, fold(entry.id)) for n, entry in enumerate(entries)])

    @classmethod
    def build(cls, entries: Iterable[SearchEntry]) -> SearchIndex:
        """Return an index of entries with different ids. Among equals, a shorter main name comes first."""
        return cls(sorted(entries, key=lambda entry: (len("".join(entry.names[:1])), entry.id)))

    def find(self, query: str, limit: int = 20) -> list[Hit]:
        """Return at most `limit` features that fit every word of a query, the best first.

        An English word must begin a word, a Chinese one may stand anywhere; last come names that hold the
        characters or initials of a word in order, with others between (历史街区 and `lsjq` in 历史文化街区).
        A word that nothing fits is forgiven: it finds what sounds the same (东胡: 东湖), or is one letter off.
        At most 64 letters and 8 words are read. An empty query finds nothing. Equal queries, equal order.
        """
        phrase, words = _phrase_and_words(query)
        if not words:
            return []
        each = [self._rank(word) for word in words]
        whole = each[0] if words == [phrase] else self._rank(phrase)
        ranks = np.minimum(whole, np.maximum.reduce(each))
        if np.count_nonzero(ranks < NOWHERE) < limit:  # the wide ranks come last and displace none of these
            each = [np.minimum(rank, self._wide_rank(word)) for rank, word in zip(each, words, strict=True)]
            ranks = np.minimum(whole, np.maximum.reduce(each))
            if not np.any(ranks < SCATTERED):
                each = [self._forgiven(word, rank) for word, rank in zip(words, each, strict=True)]
                ranks = np.minimum(ranks, np.maximum.reduce(each))
        order = np.argsort(ranks, kind="stable")[: max(limit, 0)]
        return [Hit(self._ids[n], int(ranks[n]), _FIELDS[ranks[n]]) for n in order if ranks[n] < NOWHERE]

    def nearest(self, query: str, limit: int = 3) -> list[str]:
        """Return the ids of features whose name, pinyin or id is spelled most like a query, or none."""
        wanted = _phrase_and_words(query)[0]
        likeness: dict[int, float] = {}
        for lines in (self._names, self._sounds):
            for owner, line in lines.alike(wanted):
                likeness[owner] = max(likeness.get(owner, 0), _likeness(wanted, line))
        good = sorted((-ratio, owner) for owner, ratio in likeness.items() if ratio >= _ALIKE_RATIO)
        return [self._ids[owner] for _, owner in good[: max(limit, 0)]]

    def _rank(self, words: str) -> Ranks:
        """Return the rank that words, as they stand, have for each entry by its names."""
        ranks = np.full(len(self._ids), NOWHERE, np.uint8)
        if words.isascii():
            by_rank = zip(
                (PINYIN_RARE, PINYIN_INSIDE, PINYIN_BEGINS), self._pinyin.spelled(words.replace(" ", "")), strict=True
            )
            for rank, owners in by_rank:  # from the worst to the best, which stays
                ranks[owners] = rank
        ranks[self._names.owners(words)] = CONTAINS
        ranks[self._names.holding(f"{_START} {words}")] = BEGINS
        ranks[self._names.holding(f"{_START} {words}{END}")] = EXACT
        return ranks

    def _wide_rank(self, word: str) -> Ranks:
        """Return the rank that a word has for each entry by its text, or scattered over a name."""
        ranks = np.full(len(self._ids), NOWHERE, np.uint8)
        if len(word) >= _MIN_SCATTERED:
            ranks[(self._pinyin if word.isascii() else self._names).scattered(word)] = SCATTERED
        ranks[self._texts.owners(word)] = TEXT
        return ranks

    def _forgiven(self, word: str, rank: Ranks) -> Ranks:
        """Return the rank of a word, with what it is near to where it fits nothing but scattered."""
        return rank if np.any(rank < SCATTERED) else np.minimum(rank, self._near(word))

    def _near(self, word: str) -> Ranks:
        """Return the rank of each entry for a word that nothing fits: by its sound, or with one letter changed."""
        ranks = np.full(len(self._ids), NOWHERE, np.uint8)
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


class _Lines:
    """Search many short folded lines, each with the number of its owner, as one string.

    The Latin words in them are listed in order of the alphabet, so that those with one beginning are a slice.
    """

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self._joined = "".join(f"{_START} {line}{END}" for _, line in lines)
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

    def alike(self, wanted: str) -> Iterator[tuple[int, str]]:
        """Yield (owner, line) of the lines that share most pairs of letters with the beginning of a text."""
        framed = f" {wanted}"
        shared = np.zeros(len(self._owners), np.intp)
        for pair in sorted({framed[n : n + 2] for n in range(min(len(wanted), _ALIKE_PAIRS))}):
            shared[self._with(pair)] += 1
        for number in np.argsort(-shared, kind="stable")[:_ALIKE_MAX]:
            if not shared[number]:
                return
            begin = self._ends[number - 1] if number else 0
            yield int(self._owners[number]), self._joined[begin + 2 : self._ends[number] - 1]

    def _with(self, needle: str) -> Numbers:
        found = []
        at = self._joined.find(needle)
        while at >= 0:
            found.append(at)
            at = self._joined.find(needle, at + len(needle))
        return np.searchsorted(self._ends, np.array(found, dtype=np.intp), side="right")


@lru_cache(maxsize=SPOKEN_KEPT)
def _spoken(name: str) -> str:
    """Return a Chinese name's usual pinyin from each of its signs on, as words: `donghu hu`."""
    syllables = ["".join(readings(sign)[0][:1]) for sign in name]
    return " ".join(fold("".join(syllables[at:])) for at in range(len(syllables)))


def find_example(names: Iterable[str]) -> Example | None:
    """Return the initials of the shortest name of some Chinese characters, the first of such; None without any."""
    short = sorted((name for name in names if _EXAMPLE.fullmatch(name)), key=len)
    spelled = ((name, [readings(sign)[0][:1] for sign in name]) for name in short)
    return next((Example("".join(r[0][0] for r in usual), name) for name, usual in spelled if all(usual)), None)


def fold(text: str) -> str:
    """Return text in the one form that is searched: simplified, half-width, lower case, without accents.

    Signs other than letters and digits become one space, which goes between two Chinese characters, and
    comes between Chinese and Latin: `“匠城”CBD` is `匠城 cbd`. ü is u.
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_simplified())
    return _SEAM.sub(" ", _HAN_GAP.sub("", _NOT_WORD.sub(" ", text).strip()))


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
            yield f"{head}[^{END}{_START} ]{tail}"
            if len(word) > 3:
                yield head + tail


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


@cache
def _simplified() -> dict[int, str]:
    """Return the table that makes each character simplified, whichever region's form it has.

    Each is taken alone, so that a part of a name folds as the whole does.
    """
    from opencc import OpenCC

    signs = simple = "\n".join(chr(code) for code in range(0x3400, 0xA000))
    for step in ("hk2t", "s2t", "t2s"):  # to and fro, so that both forms of a pair end at the same one
        simple = OpenCC(step).convert(simple)
    pairs = zip(signs.split("\n"), simple.split("\n"), strict=True)
    return {ord(sign): form for sign, form in pairs if sign != form}


def traditional(text: str) -> str:
    """Return a text in traditional characters, the most usual of each."""
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2t")
