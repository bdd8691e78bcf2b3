"""Check the properties of a feature: by the type of each, and by what its type cannot say.

Each checker yields what is wrong with a property, its path begun at it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable

from ..geo.geojson import show
from ..i18n import messages, translate
from ..schema.dates import span_of
from ..schema.faults import fault, under
from ..schema.items import Attributes
from ..schema.members import POSITION_CLASSES
from ..schema.properties import Derived
from ..schema.properties import properties as in_force
from .spec import City, LayerSpec
from .type_checks import MONTH, Known, own_source_faults, programme_faults, sailing_faults, type_faults
from .value_checks import Faults, is_date, matches

REQUIRED = Derived(lambda table: {row.key: row for row in table if row.is_required})


def check_properties(properties: object, spec: LayerSpec, city: City) -> Faults:
    """Yield every fault of a feature's properties; the path begins with the property's name."""
    if not isinstance(properties, dict):
        yield fault("no_properties")
        return
    for key in REQUIRED:
        if properties.get(key) in (None, "", [], {}):
            yield fault("missing", key)
    if not isinstance(properties.get("sources"), list | None):
        yield fault("not_sources", "sources", given=show(properties["sources"]))
        return
    table, held = in_force().by_key, Attributes.of(properties)
    known = Known(tuple(source.title for source in held.sources), spec.kinds, spec.id, tuple(city.themes))
    cited = set[str]()
    for key, value in properties.items():
        if key not in table:
            yield from _unknown_faults(key)
        elif value is not None:
            yield from under(key, type_faults(table[key], value, known))
            yield from under(key, OWN[key](held)) if key in OWN else ()
            if table[key].cited_in not in cited:  # several statements may share a source
                yield from own_source_faults(table[key], properties, known)
            cited.add(table[key].cited_in)


def _unknown_faults(key: str) -> Faults:
    near = difflib.get_close_matches(key, in_force().by_key, 1)
    rule = "misspelt_property" if near else "unknown_property"
    yield fault(rule, given=key[:60], **({"near": near[0]} if near else {}))


def _phases(held: Attributes) -> Faults:
    """Yield that a phase ends before it begins, or begins before the one above it."""
    begun = ""
    for number, phase in enumerate(held.phases):
        first, last, named = phase.begins or begun, phase.ends, _phase_words(phase.phase)
        if matches(MONTH, first) and matches(MONTH, last) and last < first:
            yield fault("phase_ends", f"[{number}].to", **named, first=first, last=last)
        if matches(MONTH, first) and first < begun:
            yield fault("phase_order", f"[{number}].from", **named, first=first)
        begun = phase.begins if matches(MONTH, phase.begins) else begun


def _phase_words(phase: str) -> dict[str, str]:
    """Return what a phase is called for those who read, beside its key, which stands in files."""
    known = f"phase.{phase}" in messages("zh")
    return {
        "phase_zh": f"{translate(f'phase.{phase}', 'zh')}（{phase}）" if known else show(phase),
        "phase_en": show(phase),
    }


def _position(held: Attributes) -> Faults:
    """Yield what a position of its class needs."""
    position = held.position
    if not position.trust:
        yield fault("missing", "class")
    elif position.trust == "approximate" and position.accuracy_m is None:
        yield fault("no_accuracy", "accuracy_m")
    if position.trust == "schematic" and not position.located_by:
        yield fault("no_located_by", "located_by")
    elif position.trust in POSITION_CLASSES[:2] and not position.source:
        yield fault("no_position_source", "source", **{"class": position.trust})


def _legs(held: Attributes) -> Faults:
    """Yield that the legs are not one fewer than the stops."""
    count, stops = len(held.legs), len(held.stops)
    if count != max(0, stops - 1):
        yield fault("legs_count", count=count, stops=stops, needed=max(0, stops - 1))


def _notices(held: Attributes) -> Faults:
    """Yield that a notice ends before it begins."""
    for number, notice in enumerate(held.notices):
        yield from under(f"[{number}]", _order(notice.begins, notice.ends, "to"))


def _valid_to(held: Attributes) -> Faults:
    """Yield that a route's season ends before it begins."""
    yield from _order(held.valid_from, held.valid_to, "")


def _order(first: str, last: str, path: str) -> Faults:
    """Yield that something ends before it begins; a month holds all of its days."""
    if is_date(first) and is_date(last) and span_of(last)[1] < span_of(first)[0]:
        yield fault("ends_early", path, first=first, last=last)


OWN: dict[str, Callable[[Attributes], Faults]] = {  # what asks more of a property than its type says
    "phases": _phases,
    "notices": _notices,
    "programmes": programme_faults,
    "position": _position,
    "legs": _legs,
    "valid_to": _valid_to,
    "sailings": sailing_faults,
}
