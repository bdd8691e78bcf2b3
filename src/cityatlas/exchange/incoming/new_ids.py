"""Make the id of a new feature from its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from ...i18n import Text
from ...search.pinyin import readings

MAX_ID = 60  # leaves room for a number within the 64 letters of an id


def make_id(name: Text, taken: Container[str]) -> str:
    """Return an id that is not taken: of the English name, else of the Chinese name's pinyin, else `place`."""
    base = _slug(name.get("en") or "") or _slug(_spelled(name.get("zh") or "")) or "place"
    number, made = 1, base
    while made in taken:
        number += 1
        made = f"{base}-{number}"
    return made


def _slug(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:MAX_ID].strip("-")


def _spelled(name: str) -> str:
    """Return a name in pinyin, a hyphen between syllables; what is Latin already stays together."""
    sounds = []
    for sign in unicodedata.normalize("NFKC", name[:MAX_ID]):
        usual = readings(sign)[0]
        sounds.append(sign if sign.isascii() else f"-{usual[0]}-" if usual else "-")
    return "".join(sounds)
