"""Collect the features of a file that is parsed, within the limits of a file."""

from __future__ import annotations

from ...limits import COLUMNS, FEATURES, VERTICES
from ...schema.strict_json import JsonTable
from .refused import Refused, tell

_DEEPEST_LIST = 5  # lists and tables within each other in an attribute; ours have three
_DEEPEST = 4  # lists around a position, in a MultiPolygon


class Collected:
    """Collect geometries (as GeoJSON, in the file's own datum) and attributes, in the order of the file.

    `count` is how many there will be, where that is known.
    """

    def __init__(self, count: int = 0) -> None:
        self._count = count
        self._features: list[JsonTable] = []
        self._columns: dict[str, None] = {}
        self._vertices = 0

    def add(self, geometry: JsonTable | None, attributes: JsonTable, fault: str = "") -> None:
        """Take a feature; `fault` is the key of why it has no geometry. Raises Refused above a limit."""
        flat = {name: value for name, value in attributes.items() if value not in (None, "")}
        if any(_is_deep(value, _DEEPEST_LIST) for value in flat.values()):
            raise Refused("files.deep")
        self._columns |= dict.fromkeys(attributes)
        self._vertices += count_vertices(geometry.get("coordinates")) if geometry else 0
        self._features.append({"geometry": geometry, "attributes": flat, "fault": fault})
        tell(len(self._features), self._count)
        if self._vertices > VERTICES:
            raise Refused("files.many_vertices", is_too_large=True, most=VERTICES)
        if len(self._features) > FEATURES:
            raise Refused("files.many_features", is_too_large=True, most=FEATURES)
        if len(self._columns) > COLUMNS:
            raise Refused("files.large_table", is_too_large=True, rows=FEATURES, columns=COLUMNS)

    def result(self, **more: object) -> JsonTable:
        """Return what was collected. Raises Refused when that is nothing."""
        if not self._features:
            raise Refused("files.no_features")
        return {"columns": list(self._columns), "features": self._features} | more


def count_vertices(coordinates: object) -> int:
    """Return how many positions lie in lists; what is nested too deep counts as none, and is refused later."""
    level: list[object] = [coordinates]
    count = 0
    for _ in range(_DEEPEST):
        inner = [part for node in level if isinstance(node, list) for part in node]
        count += sum(1 for node in level if isinstance(node, list) and node and not isinstance(node[0], list))
        level = [part for part in inner if isinstance(part, list)]
    return count


def _is_deep(value: object, most: int) -> bool:
    """Return whether lists and tables lie deeper within each other than something of ours could."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (most == 0 or any(_is_deep(part, most - 1) for part in inner))


def merged(parts: list[JsonTable]) -> JsonTable | None:
    """Return geometries of one kind as one, or None when they are of several kinds or none."""
    kinds = {str(part["type"]).removeprefix("Multi") for part in parts}
    if len(parts) == 1 and parts[0]["type"] != "MultiPoint":
        return parts[0]
    if len(kinds) != 1 or kinds == {"Point"}:
        return None
    coordinates: list[object] = []
    for part in parts:
        own = part["coordinates"]
        coordinates += own if isinstance(own, list) and str(part["type"]).startswith("Multi") else [own]
    return {"type": f"Multi{kinds.pop()}", "coordinates": coordinates}
