"""Make the layer of services out of OpenStreetMap: toilets, parking, drinking water and nursing rooms for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely.geometry import shape

from ...city.opening.opening_hours import check_hours
from ...city.spec import City
from ...errors import InvalidHours
from ...i18n import Text
from ...limits import NAME_LETTERS
from ...versioning.content import Json
from .city import CLOSED, Drawn, step_free
from .extract import OsmService, Tags, name_of

LAYER = "services"  # the id of the layer that is filled, in a city that has one
TITLE = "OpenStreetMap"
ACCURACY_M = 50  # what a mapper's eye is worth; nobody has measured
LOCATED_BY: Text = {"zh": "OpenStreetMap 上的位置，未经现场核实", "en": "As OpenStreetMap has it; not checked on site"}
CHANGING_TABLE: Text = {"zh": "有婴儿护理台", "en": "Has a changing table"}
NAMES: dict[str, Text] = {  # of what nobody has named, by kind
    "toilets": {"zh": "公共厕所", "en": "Public toilets"},
    "parking": {"zh": "停车场", "en": "Parking"},
    "drinking_water": {"zh": "饮水点", "en": "Drinking water"},
    "nursing_room": {"zh": "母婴室", "en": "Nursing room"},
}
AMENITIES = {"toilets": "toilets", "parking": "parking", "drinking_water": "drinking_water"}


def kind_of(tags: Tags) -> str:
    """Return which kind of service for everybody a place is, or ""; a private one is none."""
    if tags.get("access") in CLOSED or tags.get("access") == "customers":
        return ""
    if kind := AMENITIES.get(tags.get("amenity", "")):
        return kind
    if tags.get("drinking_water") == "yes" and (tags.get("amenity") == "fountain" or "man_made" in tags):
        return "drinking_water"
    return "nursing_room" if tags.get("baby_feeding") == "room" else ""


def make_services(found: Iterable[OsmService], city: City, kept: Iterable[Drawn]) -> Iterator[Drawn]:
    """Yield the features of the layer of services: `kept` ones that staff wrote, then those found, of its kinds."""
    spec = city.layer(LAYER)
    yield from kept
    for service in found:
        kind = kind_of(service.tags)
        if spec and kind in spec.kinds:
            yield Drawn(service.point, _said(service, kind), f"osm-{service.id.replace('/', '-')}")


def own_services(path: Path) -> list[Drawn]:
    """Return the features of a layer's file that no import wrote."""
    if not path.is_file():
        return []
    rows = json.loads(path.read_text("utf-8"))["features"]
    return [Drawn(shape(r["geometry"]), r["properties"], r["id"]) for r in rows if not r["id"].startswith("osm-")]


def _said(service: OsmService, kind: str) -> Json:
    tags = service.tags
    position = {"class": "approximate", "accuracy_m": ACCURACY_M, "located_by": LOCATED_BY, "source": TITLE}
    named = {language: text[:NAME_LETTERS] for language, text in name_of(tags).items()}
    said: Json = {"name": {**NAMES[kind], **named}, "kind": kind}
    said |= _hours(tags)
    if (is_flat := step_free(tags)) is not None:
        said["access"] = {"step_free": is_flat}
    if services := _services(tags, kind):
        said["services"] = services
    source = {"title": TITLE, "url": f"https://www.openstreetmap.org/{service.id}"}
    return said | {"position": position, "sources": [source]}


def _hours(tags: Tags) -> Json:
    """Return the hours, where they are such as can be relied on."""
    hours = tags.get("opening_hours", "")
    try:
        check_hours(hours)
    except InvalidHours:
        return {}
    return {"opening_hours": hours, "hours_source": TITLE}


def _services(tags: Tags, kind: str) -> Json:
    told: dict[str, Any] = {}  # Any: what JSON holds
    if tags.get("baby_feeding") == "room" and kind != "nursing_room":
        told["nursing_room"] = True
    if tags.get("changing_table") == "yes":
        told["note"] = CHANGING_TABLE
    return told
