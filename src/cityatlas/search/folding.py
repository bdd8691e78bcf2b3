"""Fold texts into the one form that is searched, and write them in traditional characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"  # Chinese characters, for a class of a pattern
_MARKS = re.compile("[\u0300-\u036f'’ʼ`]+")  # accents after decomposition, and the apostrophe of xi'an
_NOT_WORD = re.compile(r"[\W_]+")
_HAN_GAP = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_SEAM = re.compile(f"(?<=[{HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{HAN}])")


def fold(text: str) -> str:
    """Return text in the one form that is searched: simplified, half-width, lower case, without accents.

    Signs other than letters and digits become one space, which goes between two Chinese characters, and
    comes between Chinese and Latin: `“匠城”CBD` is `匠城 cbd`. ü is u.
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_simplified())
    return _SEAM.sub(" ", _HAN_GAP.sub("", _NOT_WORD.sub(" ", text).strip()))


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
