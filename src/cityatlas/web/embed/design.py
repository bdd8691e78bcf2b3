"""Read what a person asks of the builder: what a frame shows, how it looks, in which language and how high."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from ...catalogue.catalogue import Catalogue
from ...catalogue.changes.public_revision import read_pin
from ...catalogue.filters import Selection
from ...errors import InvalidTour, NotFound, Retired
from ...i18n import LANGUAGES, Language
from ...schema.phases import PHASES
from ..http.languages import MAP_KEYS, localised
from .options import (
    EMBED_KEYS,
    OPTIONS,
    PLAN_KEYS,
    PLAN_OPTION_KEYS,
    TOLD_LETTERS,
    Wanted,
    Wrong,
    read_wanted,
)
from .plan import plan_of
from .scope import Scope, layer_scope, plan_scope, route_scope, site_scope, whole_scope

LEAST_PX, MOST_PX = 240, 1200  # the heights of a frame for hosts that do not size it
OWN_KEYS = ("of", "language", "height", "pin", "plan")  # what the builder asks beside the options of a frame
BUILDER_KEYS = EMBED_KEYS | MAP_KEYS | {*OWN_KEYS}
JOINED = ("layers", "theme", "kind", "phase")  # a form says each choice by itself, an address all with commas
MOST_TOLD_HERE = 40
LIST, PLAN = "list", "plan"
# By the first part of `of`: the endpoint of the frame, the name of the value in its address, and its scope.
ScopeOf = Callable[[Catalogue, Selection, str], Scope]
PARTS: Mapping[str, tuple[str, str, ScopeOf]] = {
    "layers": ("embed.layer", "layer_id", layer_scope),
    "sites": ("embed.site", "site_id", site_scope),
    "routes": ("embed.route", "route_id", route_scope),
}


@dataclass(frozen=True)
class Design:
    """Hold a frame as it is asked for: `of` is empty for the whole map, `list`, `plan`, or as `layers/works`.

    `plan` is the query of a plan, as /plan has it, empty where another thing is shown.
    `pin` is the state of the map that it stays at, empty for the latest. `query` holds what differs from the usual;
    `height_px` is None where the host sizes the frame by its content.
    """

    of: str
    language: Language
    height_px: int | None
    pin: str
    plan: str
    query: Mapping[str, str]
    wanted: Wanted
    scope: Scope
    wrong: tuple[Wrong, ...]

    @property
    def address(self) -> str:
        """Return the frame's address, without a host."""
        if self.of == PLAN:
            asked = "&".join(filter(None, (self.plan, self.asked.removeprefix("?"))))
            return f"{localised('embed_plan.show', self.language)}?{asked}"
        kind, _, name = self.of.partition("/")
        endpoint, key, _ = PARTS.get(kind, ("", "", None))
        if endpoint:
            bare = localised(endpoint, self.language, **{key: name}, **self.pinned)
        else:
            bare = localised("embed.feature_list" if self.of == LIST else "embed.show", self.language, **self.pinned)
        return bare + self.asked

    @property
    def pinned(self) -> dict[str, str]:
        """Return what pins an address that is built."""
        return {"pin": self.pin} if self.pin and self.of != PLAN else {}

    def in_language(self, language: Language) -> Design:
        """Return the same in a language."""
        return replace(self, language=language)

    @property
    def page_address(self) -> str:
        """Return the address of the page of the same thing; that of the map keeps view and filters."""
        bare = localised(self.scope.endpoint, self.language, **self.scope.values)
        return bare + (self.map_query if not self.scope.values else "")

    @property
    def asked(self) -> str:
        """Return what the frame's address says of options, with its question mark."""
        return _joined(self.query)

    @property
    def map_query(self) -> str:
        """Return what of it the map's own page understands, with its question mark."""
        return _joined({key: value for key, value in self.query.items() if key in MAP_KEYS})


def read_design(args: MultiDict[str, str], catalogue: Catalogue, language: Language) -> Design:
    """Return what an address of the builder asks for; what is wrong keeps its usual value and is told."""
    told = {key: _value(args, key) for key in args if _value(args, key)}
    of_frame = {key: value for key, value in told.items() if key not in {*OWN_KEYS, "tour", "base"}}
    wanted = read_wanted(of_frame, catalogue.city, most_told=MOST_TOLD_HERE)
    wrong = [replace(one, choices=one.choices or _choices(one.key, catalogue)) for one in wanted.wrong]
    site = wanted.selection.site
    if site and site not in catalogue.features:
        wrong.append(Wrong("unknown_value", "site", site[:TOLD_LETTERS]))
        wanted = replace(wanted, selection=replace(wanted.selection, site=""))
    plan = _clean_plan(told.get("plan", ""))
    of, scope = _scope(told.get("of", ""), catalogue, wanted.selection, wrong, plan)
    in_language = _one_of(told, "language", LANGUAGES, wrong)
    height_px = _height(told.get("height", ""), wrong)
    pin = _pin(told.get("pin", ""), wrong)
    query = _obeyed(of_frame, of, wrong)
    return Design(
        of, in_language or language, height_px, pin, plan if of == PLAN else "", query, wanted, scope, tuple(wrong)
    )


def _value(args: MultiDict[str, str], key: str) -> str:
    if key == "accent":
        return args[key].removeprefix("#").lower()  # as people copy it
    return ",".join(filter(None, args.getlist(key))) if key in JOINED else args[key]


def _choices(key: str, catalogue: Catalogue) -> tuple[str, ...]:
    city = catalogue.city
    known = {"layers": catalogue.layers, "theme": city.themes, "kind": city.kinds, "phase": PHASES}
    return tuple(known.get(key, ()))


def _clean_plan(query: str) -> str:
    """Return what of a query is a wish, written as we do."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key in PLAN_KEYS], safe=",:")


def _scope(of: str, catalogue: Catalogue, selection: Selection, wrong: list[Wrong], plan: str) -> tuple[str, Scope]:
    kind, _, name = of.partition("/")
    try:
        if of == PLAN and plan:
            return of, plan_scope(catalogue, selection, plan_of(catalogue, dict(parse_qsl(plan))))
        if kind in PARTS:
            return of, PARTS[kind][2](catalogue, selection, name)
    except (NotFound, Retired, InvalidTour):
        wrong.append(Wrong("unknown_value", "of", of[:TOLD_LETTERS]))
        return "", whole_scope(catalogue, selection)
    if of not in ("", LIST):
        wrong.append(Wrong("unknown_value", "of", of[:TOLD_LETTERS], (LIST, *(f"{part}/…" for part in PARTS))))
    return LIST if of == LIST else "", whole_scope(catalogue, selection)


def _one_of(told: Mapping[str, str], key: str, choices: tuple[Language, ...], wrong: list[Wrong]) -> Language | None:
    value = told.get(key, "")
    if value and value not in choices:
        wrong.append(Wrong("unknown_value", key, value[:TOLD_LETTERS], choices))
    return next((choice for choice in choices if choice == value), None)


def _height(text: str, wrong: list[Wrong]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and LEAST_PX <= int(text[:9]) <= MOST_PX:
        return int(text)
    wrong.append(Wrong("unknown_value", "height", text[:TOLD_LETTERS], (f"{LEAST_PX}–{MOST_PX}",)))
    return None


def _pin(text: str, wrong: list[Wrong]) -> str:
    if text and not read_pin(text):
        wrong.append(Wrong("unknown_value", "pin", text[:TOLD_LETTERS]))
        return ""
    return text


def _obeyed(of_frame: Mapping[str, str], of: str, wrong: list[Wrong]) -> dict[str, str]:
    """Return what stays in the frame's address: what is known, right, not the usual, and not said by its path."""
    usual = {option.key: option.choices[0] for option in OPTIONS if option.choices}
    left = {one.key for one in wrong}
    left |= {"z"} if "c" in left else set()
    left |= EMBED_KEYS - PLAN_OPTION_KEYS if of == PLAN else set()
    left |= {"layers": {"layers"}, "sites": {"site"}}.get(of.partition("/")[0], set())
    return {k: v for k, v in of_frame.items() if k in EMBED_KEYS and k not in left and usual.get(k) != v}


def _joined(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query, safe=',:')}" if query else ""
