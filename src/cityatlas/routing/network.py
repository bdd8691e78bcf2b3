"""Read paths.geojson, the streets one can walk and the waterways a boat can take, as a network."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..city.basemap import read_attribution
from ..city.spec import SLUG, City
from ..city.value_checks import check_text
from ..errors import BrokenGeodata
from ..geo.geojson import Unreadable, parse_document, read_geometry, show
from ..geo.projection import WGS84, to_metres
from ..i18n import Text
from ..schema.faults import Fault, fault, under
from ..schema.items import Attribution
from ..schema.members import MODES
from .graph import Anchor, Walks, Way

FILE = "paths.geojson"
MAX_FAULTS = 200
NODE_DECIMALS = 6  # 0.1 m: ends that are the same up to it are one node
GAP_M = 1.0  # a loose end as near as this to another was meant to meet it
MAX_WARNINGS = 20
KEPT_ANCHORS = 4096  # places of the city, and points that visitors named

Place = tuple[BaseGeometry, float, float]  # a WGS-84 geometry, and lon, lat of its mark


@dataclass(frozen=True, eq=False, slots=True)
class Path:
    """Hold one piece of street or waterway; `step_free` is None where nobody has looked."""

    id: str
    mode: str
    line: shapely.LineString
    name: Text
    step_free: bool | None


class Network:
    """Answer questions about the paths of a city; what is worked out for one is kept, the paths never change.

    `lon`, `lat` say where the city lies, so that all metres are of one projection.
    """

    def __init__(
        self, paths: tuple[Path, ...], lon: float, lat: float, attributions: tuple[Attribution, ...] = ()
    ) -> None:
        self.paths, self.lon, self.lat, self.attributions = paths, lon, lat, attributions
        self._around: dict[Hashable, Walks] = {}
        self._anchors: dict[Hashable, Anchor] = {}

    @property
    def has_walks(self) -> bool:
        """Return whether there is anything to walk on."""
        return any(path.mode == "walk" for path in self.paths)

    @cached_property
    def _all_walks(self) -> tuple[Walks, tuple[Path, ...]]:
        return self._join([path for path in self.paths if path.mode == "walk"])

    @cached_property
    def _step_free_walks(self) -> tuple[Walks, tuple[Path, ...]]:
        return self._join([path for path in self.paths if path.mode == "walk" and path.step_free is not False])

    @cached_property
    def _boats(self) -> tuple[Walks, tuple[Path, ...]]:
        return self._join([path for path in self.paths if path.mode == "boat"])

    def walks(self, *, is_step_free: bool = False) -> Walks:
        """Return what one can walk; step-free leaves out paths with steps, and keeps those nobody looked at."""
        return (self._step_free_walks if is_step_free else self._all_walks)[0]

    def walks_around(self, sites: Mapping[str, BaseGeometry], reach_m: float, *, is_step_free: bool = False) -> Walks:
        """Return what one can walk without passing through paths within reach of some WGS-84 geometries, by id.

        Made once for the same sites; they change with the month.
        """
        walks, key = self.walks(is_step_free=is_step_free), (is_step_free, reach_m, *sorted(sites))
        if key not in self._around:
            self._around[key] = walks.closing(walks.spans_near(self._metres([*sites.values()]), reach_m))
        return self._around[key]

    def anchors(self, places: Sequence[Place], *, is_step_free: bool = False) -> list[Anchor]:
        """Return where places meet the walk network; there must be one. Found once for each place."""
        keys = [(is_step_free, *place) for place in places]
        known = {key: self._anchors[key] for key in keys if key in self._anchors}
        new = [key for key in dict.fromkeys(keys) if key not in known]
        known |= zip(new, self._anchor(self.walks(is_step_free=is_step_free), [key[1:] for key in new]), strict=True)
        if len(self._anchors) + len(new) > KEPT_ANCHORS:
            self._anchors.clear()
        self._anchors.update((key, known[key]) for key in new)
        return [known[key] for key in keys]

    def _anchor(self, walks: Walks, places: Sequence[Place]) -> list[Anchor]:
        if not places:
            return []
        marks = [shapely.Point(lon, lat) for _, lon, lat in places]
        metric = self._metres([*(geometry for geometry, _, _ in places), *marks])
        snapped = walks.snap(metric[: len(places)], metric[len(places) :])
        anchors = []
        for (line, at_m, off_m), (geometry, lon, lat) in zip(snapped, places, strict=True):
            gate = (lon, lat) if geometry.geom_type == "Point" else walks.at(line, at_m)
            anchors.append(Anchor(line, at_m, off_m, *gate))
        return anchors

    def are_steps_unknown(self, way: Way, *, is_step_free: bool = False) -> bool:
        """Return whether a way takes a path of which nobody has said whether it has steps."""
        paths = (self._step_free_walks if is_step_free else self._all_walks)[1]
        return any(paths[line].step_free is None for line in way.lines)

    def boat_way(self, start: Place, end: Place) -> Way | None:
        """Return the way of a boat between two landings, metres and course; no minutes, which are a timetable's."""
        if not any(path.mode == "boat" for path in self.paths):
            return None
        return self._boats[0].way(*self._anchor(self._boats[0], [start, end]))

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """Return what may be wrong and stops nobody: walks in several parts, ends that nearly meet."""
        return tuple(_warnings(self))[:MAX_WARNINGS]

    def _join(self, paths: Sequence[Path]) -> tuple[Walks, tuple[Path, ...]]:
        degrees = [shapely.get_coordinates(path.line) for path in paths]
        nodes: dict[tuple[float, float], int] = {}
        ends = [[nodes.setdefault(_node(c), len(nodes)) for c in (line[0], line[-1])] for line in degrees]
        metres = self._metres([path.line for path in paths])
        return Walks(degrees, metres, np.array(ends, dtype=np.int64).reshape(-1, 2)), tuple(paths)

    def _metres(self, geometries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        return list(to_metres(gpd.GeoSeries(list(geometries), crs=WGS84), self.lon, self.lat))


def read_network(folder: FilePath, city: City, *, max_bytes: int, max_features: int) -> Network:
    """Return the network of a geodata folder; a city without the file has none to walk on.

    Raises BrokenGeodata with every fault of the file.
    """
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        return Network((), city.view.lon, city.view.lat)
    try:
        document = parse_document(path, max_bytes, max_features)
        attributions = read_attribution(document)
    except Unreadable as error:
        raise BrokenGeodata([replace(error.fault, file=FILE)]) from None
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    for number, row in enumerate(document["features"], 1):
        found = list(_faults(row, city, paths))
        name = row.get("id") if isinstance(row, dict) and isinstance(row.get("id"), str) else ""
        at = ("path", show(name)[1:-1]) if name else ("path_number", str(number))
        faults += [replace(one, file=FILE).of(*at) for one in found]
        if not found:
            paths[row["id"]] = _path(row, city)
    if faults:
        raise BrokenGeodata(faults[:MAX_FAULTS])
    return Network(tuple(paths.values()), city.view.lon, city.view.lat, tuple(attributions))


def _faults(row: Any, city: City, seen: dict[str, Path]) -> Iterator[Fault]:
    """Yield what is wrong with one path."""
    properties = row.get("properties") if isinstance(row, dict) else None
    if not isinstance(properties, dict):
        yield fault("not_path")
        return
    if not isinstance(row.get("id"), str) or not SLUG.fullmatch(row["id"]):
        yield fault("not_slug", "id", given=show(row.get("id")))
    elif row["id"] in seen:
        yield fault("path_twice", "id")
    if properties.get("mode") not in MODES:
        yield fault("not_choice", "mode", given=show(properties.get("mode")), known=", ".join(MODES))
    if not isinstance(properties.get("step_free"), bool | None):
        yield fault("not_known_truth", "step_free", given=show(properties["step_free"]))
    if properties.get("name") is not None:
        yield from under("name", check_text(properties["name"]))
    for key in properties:
        if key not in ("mode", "name", "step_free"):
            yield fault("unknown_path_property", given=show(key), known="mode, name, step_free")
    try:
        geometry = read_geometry(row.get("geometry"), city.extent)
    except Unreadable as error:
        yield error.fault
    else:
        if geometry.geom_type != "LineString":
            yield fault("path_not_line", "geometry", type=geometry.geom_type)


def _path(row: Any, city: City) -> Path:
    properties = row["properties"]
    line = read_geometry(row["geometry"], city.extent)
    assert isinstance(line, shapely.LineString)  # _faults has looked
    return Path(row["id"], properties["mode"], line, properties.get("name") or {}, properties.get("step_free"))


def _node(coordinate: Any) -> tuple[float, float]:
    return round(float(coordinate[0]), NODE_DECIMALS), round(float(coordinate[1]), NODE_DECIMALS)


def _warnings(network: Network) -> Iterator[Fault]:
    walks, paths = network._all_walks
    parts: dict[int, list[str]] = {}
    for path, part in zip(paths, walks.parts(), strict=True):
        parts.setdefault(part, []).append(path.id)
    for members in sorted(parts.values(), key=len, reverse=True)[1:]:
        rule = "paths_apart_more" if len(members) > 3 else "paths_apart"
        yield _warning(rule, count=len(members), paths=", ".join(members[:3]))
    yield from _gaps(walks, paths)


def _warning(rule: str, **values: object) -> Fault:
    return replace(fault(rule, **values), severity="warning", file=FILE)


def _gaps(walks: Walks, paths: Sequence[Path]) -> Iterator[Fault]:
    """Yield the loose ends of paths that lie beside another end without being the same node."""
    degree = np.bincount(walks.ends.ravel()) if len(walks.ends) else np.zeros(0)
    tips = [(shapely.Point(line.coords[end]), n, end) for n, line in enumerate(walks.metres) for end in (0, -1)]
    tree = shapely.STRtree([tip for tip, _, _ in tips])
    for tip, one, end in tips:
        if degree[walks.ends[one, end]] > 1:
            continue
        near = (tips[index][1:] for index in sorted(tree.query(tip, "dwithin", GAP_M).tolist()))
        others = [paths[other].id for other, tail in near if walks.ends[other, tail] not in walks.ends[one]]
        if others:
            yield _warning("paths_gap", one=paths[one].id, other=others[0], gap=f"{GAP_M:g}")
