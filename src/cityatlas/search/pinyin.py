"""Spell Chinese names in pinyin, for search and for ids."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
Starts = tuple[Numbers, Numbers]
END = "\x03"  # of a name; folded text does not hold it
_NO_STARTS: Starts = (np.empty(0, np.intp), np.empty(0, np.intp))


class Syllables:
    """Match letters against the readings of every character of many names, all names at once.

    `_letters` holds, for each character, its readings one after another, each after a mark: 0 before a usual
    reading, 1 before a rare one, 2 for the end of a name. 乐 is `0 le 1 yue`. `_sign_at` tells which
    character a letter belongs to. A match is a set of positions: each further letter either continues the
    reading it is in, or begins a reading of the next character. The work grows with the letters of the
    query, never with the ways to read a name.
    """

    def __init__(self, names: Sequence[tuple[int, str]]) -> None:
        names = names or [(0, "")]
        signs = "".join(f"{name}{END}" for _, name in names)
        blocks = [_block(sign) for sign in signs]
        self._letters = np.frombuffer(b"".join(blocks), np.uint8)
        self._sign_at = np.repeat(np.arange(len(signs)), [len(block) for block in blocks])
        lengths = [len(name) + 1 for _, name in names]
        self._owners = np.array([owner for owner, _ in names], dtype=np.intp)
        self._name_at = np.repeat(np.arange(len(names)), lengths)
        self._begins_name = np.diff(self._name_at, prepend=-1) > 0
        self._usual = self._starts(rarest=0)
        self._any = self._starts(rarest=1)

    def spelled(self, letters: str) -> tuple[Numbers, Numbers, Numbers]:
        """Return the owners of the names that letters spell: by any reading, by usual ones, from the beginning."""
        found = self._spelled(letters, self._any)
        if not found.size:
            return found, found, found
        return found, self._spelled(letters, self._usual), self._spelled(letters, self._usual, is_begun=True)

    def scattered(self, letters: str) -> Numbers:
        """Return the owners of the names that letters spell when characters may be left out."""
        return self._spelled(letters, self._usual, has_gaps=True)

    def _starts(self, rarest: int) -> dict[str, Starts]:
        """Return where readings begin with each letter, and the characters that they belong to."""
        begins = np.flatnonzero(self._letters[:-1] <= rarest) + 1
        first = self._letters[begins]
        found = {chr(letter): begins[first == letter] for letter in np.unique(first)}
        return {letter: (at, self._sign_at[at]) for letter, at in found.items()}

    def _spelled(
        self, letters: str, starts: dict[str, Starts], is_begun: bool = False, has_gaps: bool = False
    ) -> Numbers:
        follows = self._later if has_gaps else self._next
        at, signs = starts.get(letters[0], _NO_STARTS)
        if is_begun:
            at = at[self._begins_name[signs]]
        for letter in letters[1:]:
            if not at.size:
                break
            onward = at[self._letters[at + 1] == ord(letter)] + 1
            begun, signs = starts.get(letter, _NO_STARTS)
            at = np.concatenate((onward, begun[follows(signs, self._sign_at[at])]))
        return self._owners[self._name_at[self._sign_at[at]]]

    def _next(self, signs: Numbers, reached: Numbers) -> NDArray[np.bool_]:
        """Tell which characters come right after one that was reached."""
        is_next = np.zeros(len(self._name_at) + 1, bool)
        is_next[reached + 1] = True
        return is_next[signs]

    def _later(self, signs: Numbers, reached: Numbers) -> NDArray[np.bool_]:
        """Tell which characters come anywhere after one that was reached, in the same name."""
        earliest = np.full(len(self._owners), len(self._name_at))
        np.minimum.at(earliest, self._name_at[reached], reached)
        return signs > earliest[self._name_at[signs]]


@cache
def readings(sign: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the usual spellings of a character without tones, and the rare ones. ü is spelled v and u."""
    if sign.isascii():
        return (sign,), ()
    # pypinyin's phrases cost memory and time, and still leave readings out: take each character's all.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found = [r for r in pinyin(sign, style=Style.NORMAL, heteronym=True)[0] if r.isascii() and r.isalpha()]
    both = [dict.fromkeys((reading, reading.replace("v", "u"))) for reading in found]
    usual = tuple(both[0]) if both else ()
    return usual, tuple(dict.fromkeys(r for spellings in both[1:] for r in spellings if r not in usual))


@cache
def _block(sign: str) -> bytes:
    """Return the readings of a character as `Syllables` keeps them."""
    if sign == END:
        return b"\2"
    usual, rare = readings(sign)
    return "".join([f"\0{reading}" for reading in usual] + [f"\1{reading}" for reading in rare]).encode()


MOST = 48  # letters; an id may have 64, and a number may follow


def make_slug(name: Mapping[str, str], is_taken: Callable[[str], bool]) -> str:
    """Return an id that nothing has yet, from the English name or else the Chinese one; `place` where both are silent.

    Ids stay for good, in addresses and bookmarks, so one that is taken gets a number and never replaces another.
    """
    slug = next((made for tag in ("en", "zh") if (made := _slug(name.get(tag) or ""))), "place")
    number = 1
    while is_taken(numbered := slug if number == 1 else f"{slug}-{number}"):
        number += 1
    return numbered


def _slug(text: str) -> str:
    """Return a text in a-z, 0-9 and hyphens, cut at a word; empty where nothing of it can be spelled."""
    spelled = "".join(_spelled(sign) for sign in unicodedata.normalize("NFKC", text).lower())
    words = re.sub(r"[^a-z0-9]+", "-", spelled.replace("'", "")).strip("-")
    return words if len(words) <= MOST else words[: MOST + 1].rpartition("-")[0] or words[:MOST]


def _spelled(sign: str) -> str:
    """Return a letter without its marks, or a character in pinyin as a word of its own."""
    plain = unicodedata.normalize("NFD", sign)[:1]
    if plain.isascii():
        return plain
    usual, _ = readings(sign)
    return f"-{usual[0]}-" if usual else "-"
