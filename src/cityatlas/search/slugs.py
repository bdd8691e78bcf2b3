"""Make an id from a name: pinyin for Chinese, plain letters for all else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from .pinyin import readings

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
