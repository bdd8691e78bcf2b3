"""List what a feature is found by where no server searches: in a frozen site, and on a phone without a network."""

from __future__ import annotations

from collections.abc import Iterator

from .folding import fold, traditional
from .pinyin import readings
from .segment import SearchEntry


def word_list(entry: SearchEntry) -> list[str]:
    """Return a feature's names, folded and without spaces: as written, in traditional characters, pinyin and initials.

    The main name comes first. A browser looks for what is typed in them as text, so that rare readings, mixtures and
    slips of the finger, which `SearchIndex` knows, are not found.
    """
    return list(dict.fromkeys(form for name in entry.names for form in _forms(name) if form))


def text_of(entry: SearchEntry) -> str:
    """Return what else a feature is found by, in the same form."""
    return _closed(entry.text)


def _forms(name: str) -> Iterator[str]:
    folded = _closed(name)
    yield folded
    if not folded.isascii():
        yield "".join(traditional(folded).split())
        usual = [(readings(sign)[0] or ("",))[0] for sign in folded]
        yield "".join(usual)
        yield "".join(reading[:1] for reading in usual)


def _closed(text: str) -> str:
    return fold(text).replace(" ", "")
