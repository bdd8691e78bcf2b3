"""Hold what a feature says in one canonical form, so that equal contents are equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..schema.items import Attributes
from ..schema.strict_json import JsonObject

Json = dict[str, Any]  # Any: what JSON holds


@dataclass(frozen=True, eq=False)
class Content:
    """Hold a feature's layer, geometry (GeoJSON, WGS-84 lon-lat) and properties; not its id.

    Made by `content_of`, so that nothing empty is in it and every coordinate is a float.
    """

    layer: str
    geometry: Json | None
    properties: Json

    @property
    def attributes(self) -> Attributes:
        """Return what the properties hold; of a draft, which nobody has checked, what is unsound is empty there."""
        return Attributes.of(self.properties)

    @property
    def text(self) -> str:
        """Return the content as canonical JSON."""
        return canonical([self.layer, self.geometry, self.properties])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def content_of(layer: str, geometry: JsonObject | None, properties: JsonObject) -> Content:
    """Return a content without what is null or empty: for a feature that is the same as absent."""
    kept = {key: value for key, value in properties.items() if value is not None and value not in ({}, [])}
    if geometry is None:
        return Content(layer, None, kept)
    coordinates = _as_floats(geometry.get("coordinates"))
    return Content(layer, {"type": geometry.get("type"), "coordinates": coordinates}, kept)


def content_of_row(layer: str, row: Mapping[str, Any]) -> Content:
    """Return the content of a GeoJSON feature."""
    return content_of(layer, row.get("geometry"), row.get("properties") or {})


def row_of(feature_id: str, content: Content) -> Json:
    """Return a content as GeoJSON feature."""
    return {"type": "Feature", "id": feature_id, "geometry": content.geometry, "properties": content.properties}


def canonical(value: object) -> str:
    """Return JSON that is the same for the same value: keys in order, no spaces, letters as they are.

    Raises ValueError for NaN and Infinity, which are no JSON.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _as_floats(node: object) -> object:
    """Return coordinates with every number a float: a browser writes 121 for what a file calls 121.0."""
    if isinstance(node, list | tuple):
        return [_as_floats(child) for child in node]
    return float(node) if type(node) is int else node
