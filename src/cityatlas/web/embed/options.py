"""Say each option of an embedded map once, and read them from an address: a wrong one is told and never fails.

The builder's form, the frame, the element, the help page and the tests are made of this table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ...catalogue.filters import Selection, read_selection
from ...city.spec import City
from ...errors import InvalidView
from ...planner.request.request import KEYS
from ..http.languages import MAP_KEYS

PAPERS = {"light": "#fffdf8", "dark": "#1b242b"}  # what words in the accent colour stand on, as in css/tokens.css
COLOUR = re.compile("[0-9a-fA-F]{6}")
CAMPAIGN = re.compile("utm_.*|fbclid|gclid|from|isappinstalled|spm")  # what chat apps and advertisers add to addresses
ENOUGH = 4.5  # to one, WCAG 2.2, 1.4.3
MOST_TOLD = 4  # in a frame
TOLD_LETTERS = 40


@dataclass(frozen=True)
class Option:
    """Hold one option: its key in the address and its choices, the usual one first; none for a colour."""

    key: str
    choices: tuple[str, ...] = ()


OPTIONS = (
    Option("look", ("light", "dark", "auto", "print")),
    Option("accent"),
    Option("controls", ("all", "zoom", "none")),
    Option("list", ("below", "beside", "none")),
    Option("gestures", ("shared", "free", "none")),
    Option("poster", ("0", "1")),
)
OPTION_KEYS = frozenset(option.key for option in OPTIONS)
EMBED_KEYS = (MAP_KEYS - {"tour", "base"}) | OPTION_KEYS
# A frame of a plan is of what the wish gives now: what a plan was when it was sent ("made") is of no use to it.
PLAN_KEYS = frozenset(KEYS)
PLAN_OPTION_KEYS = OPTION_KEYS | {"c", "z", "site"}  # a wish has chosen the places already: nothing is filtered


@dataclass(frozen=True)
class Wrong:
    """Hold an option that cannot be obeyed: `reason` is unknown_key, unknown_value or contrast."""

    reason: str
    key: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """Hold how a frame looks and behaves; `accent` is six hex digits, or empty for the site's own."""

    look: str = "light"
    accent: str = ""
    controls: str = "all"
    list: str = "below"
    gestures: str = "shared"
    poster: str = "0"


@dataclass(frozen=True)
class Wanted:
    """Hold what an address asks of a frame, and what of it cannot be obeyed."""

    look: Look
    selection: Selection
    wrong: tuple[Wrong, ...]


def read_wanted(
    args: Mapping[str, str], city: City, keys: Collection[str] = EMBED_KEYS, most_told: int = MOST_TOLD
) -> Wanted:
    """Return what a query asks for; what is wrong keeps its usual value. A frame obeys `keys`."""
    look, wrong = _read_look(args)
    selection, misread = _read_selection({key: value for key, value in args.items() if key in keys}, city)
    odd = [key for key in args if key not in keys and not CAMPAIGN.fullmatch(key)]
    unknown = [Wrong("unknown_key", key[:TOLD_LETTERS], args[key][:TOLD_LETTERS]) for key in odd]
    return Wanted(look, selection, tuple([*wrong, *misread, *unknown][:most_told]))


def _read_look(args: Mapping[str, str]) -> tuple[Look, list[Wrong]]:
    look, wrong = Look(), []
    for option in OPTIONS:
        value = args.get(option.key, "")
        if not value:
            continue
        if option.choices and value not in option.choices:
            wrong.append(Wrong("unknown_value", option.key, value[:TOLD_LETTERS], option.choices))
        elif not option.choices and not COLOUR.fullmatch(value):
            wrong.append(Wrong("unknown_value", option.key, value[:TOLD_LETTERS], ("a8321f",)))
        else:
            look = replace(look, **{option.key: value})
    if look.accent and not _is_readable(look):
        wrong.append(Wrong("contrast", "accent", look.accent))
        look = replace(look, accent="")
    return look, wrong


def _is_readable(look: Look) -> bool:
    """Return whether words in the accent colour can be read on every paper that the frame may have."""
    papers = PAPERS.values() if look.look == "auto" else [PAPERS.get(look.look, PAPERS["light"])]
    return all(contrast(f"#{look.accent}", paper) >= ENOUGH for paper in papers)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (#rrggbb) by WCAG 2.2: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2, "relative luminance")."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read_selection(args: Mapping[str, str], city: City) -> tuple[Selection, list[Wrong]]:
    """Return the filters and the view; each key is read by itself, so that one that is wrong takes no other with it."""
    good: dict[str, str] = {}
    wrong = []
    for keys in (("c", "z"), *((key,) for key in sorted(MAP_KEYS - {"c", "z", "tour", "base"}))):
        own = {key: args[key] for key in keys if args.get(key)}
        try:
            read_selection(own, city)
        except InvalidView:
            key = keys[0]
            wrong.append(Wrong("unknown_value", key, own.get(key, "")[:TOLD_LETTERS]))
        else:
            good |= own
    return read_selection(good, city), wrong
