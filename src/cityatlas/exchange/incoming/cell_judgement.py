"""Judge what a person or a spreadsheet made of a cell, and of a feature as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...city.property_checks import check_properties
from ...city.spec import City, LayerSpec
from ...geo.geojson import MARGIN_DEG
from ...schema.faults import Fault, field_of
from ...schema.items import Attributes
from ...schema.properties import Derived
from ...schema.property_types import ItemList, Property, SourceTitle, Table
from ...versioning.content import Json
from ..tables.cell_lists import trimmed, value_at
from ..tables.cells import Cell, Day, shown

UNWRITTEN = Derived(  # members of a list's items that have no room in a cell
    lambda table: {
        m.key: m for p in table if isinstance(p.type, ItemList) for m in p.members if m not in p.type.in_cell
    }
)
SOURCED = Derived(lambda table: {p.key: p for p in table if p.is_list_of_statements})  # each item names a source
# Single values that name one: what a property of its own or a table has as its source.
SINGLY_SOURCED = Derived(lambda table: dict.fromkeys(path for p in table for path in _source_paths(p)))


def lined(cell: Cell) -> str:
    """Return a cell's text without what spreadsheets change in it: line ends and the space around it."""
    return re.sub(r"\r\n?", "\n", shown(cell)).strip()


def kept(after: object, before: object) -> object:
    """Return a list with the items that were there before as they were, so that only what changed is new."""
    if not isinstance(after, list) or not isinstance(before, list):
        return after
    known = [(trimmed(_written(item)), item) for item in before]
    return [next((old for plain, old in known if plain == trimmed(item)), _completed(item, before)) for item in after]


def _written(item: object) -> object:
    """Return an item of a list as a sheet shows it."""
    return {key: value for key, value in item.items() if key not in UNWRITTEN} if isinstance(item, dict) else item


def _completed(item: object, before: list[object]) -> object:
    """Return a changed item with what no sheet shows of the one that it was."""
    if not isinstance(item, dict) or not item.get("id"):
        return item
    old = next((old for old in before if isinstance(old, dict) and old.get("id") == item["id"]), {})
    return item | {key: old[key] for key in UNWRITTEN if key in old}


def is_same_date(cell: Cell, after: object, before: object) -> bool:
    """Return whether a spreadsheet made the first day of a month of that month."""
    is_made = isinstance(cell, Day) or (isinstance(after, str) and shown(cell).strip() != after)
    return is_made and isinstance(before, str) and after in (f"{before}-01", f"{before}-01-01")


def lies_in(lon: float, lat: float, city: City) -> bool:
    west, south, east, north = city.extent
    return west - MARGIN_DEG <= lon <= east + MARGIN_DEG and south - MARGIN_DEG <= lat <= north + MARGIN_DEG


def uncited(properties: Json) -> Iterator[tuple[str, str]]:
    """Yield column and title of each statement whose source is not one of the feature's.

    Lists and tables that are none are passed by: `new_faults` tells of them.
    """
    titles = [source.title for source in Attributes.of(properties).sources]
    cited = [(key, item.get("source")) for key in SOURCED for item in _tables(properties.get(key))]
    cited += [(key, value_at(properties, key.split("."))) for key in SINGLY_SOURCED]
    for key, title in cited:
        if isinstance(title, str) and title and title not in titles:
            yield key, title


def _source_paths(one: Property) -> Iterator[str]:
    """Yield the paths of the titles of sources that a property holds outside a list."""
    if isinstance(one.type, SourceTitle):
        yield one.key
    elif isinstance(one.type, Table):
        yield from (f"{one.key}.{member.key}" for member in one.members if isinstance(member.type, SourceTitle))


def _tables(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def column_at(path: str, columns: Iterable[str]) -> str:
    """Return the column that shows what a path leads to, else the first one of its property, else ""."""
    name, keys = field_of(path), list(columns)
    own = [key for key in keys if name == key or name.startswith(f"{key}.")]
    alike = [key for key in keys if key.partition(".")[0] == name.partition(".")[0]]
    return max(own, key=len, default="") or next(iter(alike), "")


def new_faults(properties: Json, before: Json, spec: LayerSpec, city: City) -> Iterator[Fault]:
    """Yield what is wrong with properties, was not before in any item of a list, and is no wrong source."""
    old = {(one.rule, one.root, one.values) for one in check_properties(before, spec, city)} if before else set()
    for one in check_properties(properties, spec, city):  # `uncited` tells better of an unknown source
        if (one.rule, one.root, one.values) not in old and one.rule != "unknown_source":
            yield one
