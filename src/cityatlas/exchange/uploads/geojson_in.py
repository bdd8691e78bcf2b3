"""Read a GeoJSON file from outside: features with flat attributes."""

from __future__ import annotations

import json
from typing import Any

from ...limits import TEXT_LETTERS
from ...schema.strict_json import JsonTable, NotJson, parse_strictly
from .limits import Refused
from .shapes import Collected

_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490", "WGS-84", "CGCS2000")


def parse(raw: bytes, _: dict[str, str]) -> JsonTable:
    """Return columns and features; texts by language become columns as `name.zh`, lists stay lists."""
    document = _document(raw)
    kind = document.get("type") if isinstance(document, dict) else None
    if kind not in ("FeatureCollection", "Feature"):
        raise Refused("files.not_geojson")
    named = document.get("datum") or document.get("crs")
    if named and not any(name in json.dumps(named) for name in _WGS84):
        raise Refused("files.unknown_crs", name=json.dumps(named, ensure_ascii=False))
    rows = document.get("features") if kind == "FeatureCollection" else [document]
    if not isinstance(rows, list):
        raise Refused("files.not_geojson")
    collected = Collected(len(rows))
    for row in rows:
        if not isinstance(row, dict):
            raise Refused("files.not_geojson")
        geometry, properties = row.get("geometry"), row.get("properties")
        attributes = {"id": row["id"]} if isinstance(row.get("id"), str | int) else {}
        attributes |= dict(_flat("", properties)) if isinstance(properties, dict) else {}
        if isinstance(geometry, dict) and "coordinates" in geometry:
            collected.add(_plain(geometry), attributes)
        else:
            collected.add(None, attributes, "files.no_geometry")
    return collected.result()


def _document(raw: bytes) -> Any:  # Any: what JSON holds
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("files.unknown_encoding") from None
    try:
        return parse_strictly(text)
    except NotJson as error:
        match error.reason:
            case "syntax":
                raise Refused("files.not_json", line=error.line) from None
            case "depth":
                raise Refused("files.not_geojson") from None
            case _:
                raise Refused("files.bad_number", given=error.given or "…") from None


def _plain(geometry: JsonTable) -> JsonTable:
    """Return a geometry with nothing beside it; one point of a MultiPoint is a point."""
    kind, coordinates = geometry.get("type"), geometry["coordinates"]
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        return {"type": "Point", "coordinates": coordinates[0]}
    return {"type": kind, "coordinates": coordinates}


def _flat(start: str, properties: JsonTable) -> list[tuple[str, object]]:
    """Return properties with tables spread over columns, one level deep or two."""
    found: list[tuple[str, object]] = []
    for key, value in properties.items():
        if isinstance(value, dict) and start.count(".") < 2:
            found += _flat(f"{start}{key}.", value)
        elif isinstance(value, str):
            found.append((f"{start}{key}", value[:TEXT_LETTERS]))
        else:
            found.append((f"{start}{key}", value))
    return found
