"""Speak the visitor's language: the interface's sentences, and texts of the city with fallback by field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from .paths import PACKAGE

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}

# A text in several languages as a layer holds it: {"zh": "...", "en": "..."}.
Text = Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """Hold a text and the language that it really is in."""

    text: str
    language: Language

    def __str__(self) -> str:
        return self.text


def say(text: Text | None, language: Language) -> Said:
    """Return a text in `language`, or in the other one where it is missing; empty when there is none."""
    for choice in (language, *LANGUAGES):
        if text and text.get(choice):
            return Said(text[choice], choice)
    return Said("", language)


def tag_of(text: str) -> str:
    """Return the tag of what a text seems to be written in, where nothing says it: Chinese when it has such a sign."""
    return TAGS["zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en"]


@cache
def messages(language: Language) -> dict[str, str]:
    """Return the interface's sentences by key. A key that lacks the language is a KeyError at start."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted((PACKAGE / "messages").glob("*.toml"))]
    return {
        f"{group}.{key}": text[language]
        for table in tables
        for group, keys in table.items()
        for key, text in keys.items()
    }


def translate(key: str, language: Language, **values: object) -> str:
    """Return the sentence of `key` ("group.name") with its `{places}` filled in."""
    return messages(language)[key].format(**values)


def negotiate(cookie: str | None, accepted: str | None) -> Language:
    """Return the language of a request without one in its address: cookie first, then browser, else zh."""
    if cookie in LANGUAGES:
        return cookie
    return accepted if accepted in LANGUAGES else "zh"


def length_words(length_m: float, language: Language, *, is_about: bool = False) -> str:
    """Return a length in words: metres, and from a kilometre on kilometres; one that is about right in tens."""
    step_m = 10 if is_about and length_m >= 10 else 1
    shown_m = int(length_m / step_m + 0.5) * step_m
    if shown_m >= 1000:
        return translate("unit.km", language, n=f"{max(length_m, 1000) / 1000:.1f}")
    return translate("unit.m", language, n=shown_m)
