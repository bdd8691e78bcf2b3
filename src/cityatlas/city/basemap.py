"""Read the basemap: land, water, streets and names, each from a file that may be absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any

import shapely

from ..errors import BrokenGeodata
from ..geo.geojson import Unreadable, parse_document, read_geometry, show
from ..geo.projection import Bbox
from ..i18n import Language, say
from ..schema.faults import Fault, fault
from ..schema.items import Attribution
from .spec import SLUG
from .value_checks import URL, check_text, matches

BASE_FILES = ("land", "water", "streets", "labels", "places")
GROUP_OF = {"places": "labels"}  # names too, in a file of their own since they have a licence of their own


@dataclass(frozen=True, eq=False)
class BaseShape:
    """Hold one shape of the basemap; `min_zoom` is where it begins to be drawn, `max_zoom` where it ends."""

    group: str
    kind: str
    geometry: Any  # Any: shapely publishes no common base for its typed geometries
    name: Mapping[str, str]
    min_zoom: int
    max_zoom: int | None = None


@dataclass(frozen=True, eq=False)
class Base:
    """Hold the basemap: its shapes in the order they are drawn, and whose they are.

    `attributions` must be shown wherever it is; one that is not schematic was not drawn by hand.
    """

    shapes: tuple[BaseShape, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    is_schematic: bool = True

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([shape.geometry for shape in self.shapes])

    def within(self, bbox: Bbox, zoom: float) -> list[BaseShape]:
        """Return the shapes that a view shows, in the order they are drawn."""
        found = self._tree.query(shapely.box(*bbox))
        found.sort()
        return [self.shapes[at] for at in found if self.shapes[at].min_zoom <= zoom]


def read_base(folder: Path, extent: Bbox, limits: Mapping[str, int]) -> Base:
    """Return the basemap; a file that is not there has no shapes. Raises BrokenGeodata with all faults."""
    shapes: list[BaseShape] = []
    faults: list[Fault] = []
    told: list[Attribution] = []
    drawn: list[bool] = []
    for file in BASE_FILES:
        path = folder / "base" / f"{file}.geojson"
        if not path.exists() and not path.is_symlink():
            continue
        try:
            document = parse_document(path, **limits)
            told += read_attribution(document)
            drawn.append(_is_schematic(document))
        except Unreadable as error:
            faults.append(replace(error.fault, file=f"base/{path.name}"))
            continue
        for number, row in enumerate(document["features"], 1):
            try:
                shapes.append(_base_shape(row, GROUP_OF.get(file, file), extent))
            except Unreadable as error:
                faults.append(replace(error.fault, file=f"base/{path.name}").of("feature_number", str(number)))
    if faults:
        raise BrokenGeodata(faults)
    return Base(tuple(shapes), distinct(told), all(drawn))


def distinct(told: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Return each attribution once, in their order."""
    return tuple(one for at, one in enumerate(told) if one not in told[:at])


def credit_line(told: Sequence[Attribution], language: Language) -> str:
    """Return in one line whose data are and where each licence is read, for files that have no links."""
    return "; ".join(" ".join((say(one.text, language).text, one.url)).strip() for one in told)


def read_attribution(document: Mapping[str, Any]) -> list[Attribution]:
    """Return whose a file's shapes are; nothing where it does not say. Raises Unreadable."""
    given, url = document.get("attribution"), document.get("licence_url") or ""
    if given is None:
        return []
    text = {"zh": given, "en": given} if isinstance(given, str) else given
    for found in check_text(text):
        raise Unreadable(found.under("attribution"))
    if url and not matches(URL, url):
        raise Unreadable(fault("not_address", "licence_url", given=show(url)))
    return [Attribution(text, url)]


def _is_schematic(document: Mapping[str, Any]) -> bool:
    """Return whether a file was drawn by hand, as they all are that do not say so. Raises Unreadable."""
    said = document.get("is_schematic", True)
    if not isinstance(said, bool):
        raise Unreadable(fault("not_truth", "is_schematic", given=show(said)))
    return said


def _base_shape(row: Any, group: str, extent: Bbox) -> BaseShape:
    """Return one shape of the basemap. Raises Unreadable."""
    properties = row.get("properties") if isinstance(row, dict) else None
    if not isinstance(properties, dict):
        raise Unreadable(fault("not_base_feature"))
    kind, name, min_zoom = (properties.get(key) for key in ("class", "name", "min_zoom"))
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise Unreadable(fault("not_word", "class", given=show(kind)))
    if type(min_zoom) not in (int, NoneType):
        raise Unreadable(fault("not_zoom", "min_zoom", given=show(min_zoom)))
    for found in check_text(name) if name is not None else ():
        raise Unreadable(found.under("name"))
    geometry = read_geometry(row.get("geometry"), extent)
    if group == "labels" and (geometry.geom_type != "Point" or not name):
        raise Unreadable(fault("not_label"))
    return BaseShape(group, kind, geometry, name or {}, min_zoom or 0)
