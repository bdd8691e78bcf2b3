"""Find the way on a network of lines: snap places to it, and give metres and lines between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry.base import BaseGeometry

# Off the paths one walks in a straight line and not as fast: 0.8 of the speed on them.
ACCESS_SPEED = 0.8
KEPT_ROWS = 1024  # nodes from which the ways to all others are kept; 200 sites need at most 400
NOWHERE = (-np.inf, np.inf)  # a span that every place lies within, so that nothing is closed
SHORTEST_M = 0.01  # no edge is free, since a graph takes zero for none

Coords = list[tuple[float, float]]  # lon, lat in WGS-84 degrees
Floats = npt.NDArray[np.float64]
Span = tuple[float, float]  # metres along a line, from and to


@dataclass(frozen=True, slots=True)
class Anchor:
    """Hold where a place meets the network: `at_m` along a line from its first end, `access_m` off it.

    `lon`, `lat` are the place itself; of an area, where one comes to it.
    """

    line: int
    at_m: float
    access_m: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Way:
    """Hold the way between two anchors: metres as walked, its course in lon-lat, and the lines that it takes."""

    length_m: float
    coords: Coords
    lines: tuple[int, ...]


class Walks:
    """Find ways on lines that join where they share end coordinates.

    Ways to all nodes are worked out at the first question from a node, and kept; the lines never change.
    """

    def __init__(
        self,
        degrees: Sequence[Floats],
        metres: Sequence[BaseGeometry],
        ends: npt.NDArray[np.int64],
        closed: Mapping[int, Span] | None = None,
    ) -> None:
        """Take lines: `degrees[n]` and `metres[n]` are the same one, and `ends[n]` the numbers of its two nodes.

        A line that is `closed` between two metres along it is not passed through there; who is within that stretch may
        leave it.
        """
        self.degrees, self.metres, self.ends, self.closed = degrees, metres, ends, closed or {}
        self._along = [_along_m(line) for line in metres]
        self._shortest = self._shortest_lines()
        self._graph = self._make_graph()
        self._tree = shapely.STRtree(metres)
        self._rows: dict[int, tuple[Floats, npt.NDArray[np.int32]]] = {}

    def _shortest_lines(self) -> dict[tuple[int, int], int]:
        """Return by two nodes, the lower first, the shortest open line between them."""
        shortest: dict[tuple[int, int], int] = {}
        for number, (first, last) in enumerate(self.ends.tolist()):
            key = (min(first, last), max(first, last))
            if number in self.closed or first == last:
                continue
            if key not in shortest or self._along[number][-1] < self._along[shortest[key]][-1]:
                shortest[key] = number
        return shortest

    def _make_graph(self) -> csr_array:
        pairs = np.array(list(self._shortest), dtype=np.int64).reshape(-1, 2)
        lengths = [max(SHORTEST_M, self._along[number][-1]) for number in self._shortest.values()]
        count = int(self.ends.max()) + 1 if len(self.ends) else 0
        return csr_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(count, count))

    def spans_near(self, places: Sequence[BaseGeometry], reach_m: float) -> dict[int, Span]:
        """Return the lines within reach of places, in metres, each with the stretch that is."""
        spans: dict[int, Span] = {}
        for place in places:
            reach = place.buffer(reach_m)
            for line in self._tree.query(reach, "intersects").tolist():
                tips = shapely.points(shapely.get_coordinates(self.metres[line].intersection(reach)))
                along_m = shapely.line_locate_point(self.metres[line], tips).tolist()
                spans[line] = min([*along_m, *spans.get(line, ())]), max([*along_m, *spans.get(line, ())])
        return spans

    def closing(self, spans: Mapping[int, Span]) -> Walks:
        """Return the same lines of which some are closed."""
        return Walks(self.degrees, self.metres, self.ends, spans)

    def parts(self) -> list[int]:
        """Return for each line the number of the part that it lies in: lines of one part are joined by others."""
        of_node = connected_components(self._graph, directed=False)[1]
        return [int(part) for part in of_node[self.ends[:, 0]]]

    def snap(self, places: Sequence[BaseGeometry], marks: Sequence[BaseGeometry]) -> list[tuple[int, float, float]]:
        """Return for each place, in metres, its nearest line, metres along it, and metres off it.

        An area is entered where a line meets it nearest to its mark. There must be a line at least.
        """
        found: list[tuple[float, int, float, float]] = [(np.inf, 0, 0.0, 0.0)] * len(places)
        (numbers, lines), away_m = self._tree.query_nearest(places, return_distance=True)
        for number, line, off_m in zip(numbers.tolist(), lines.tolist(), away_m.tolist(), strict=True):
            path = self.metres[line]
            reached = path.intersection(places[number]) if off_m == 0 else path
            target = marks[number] if off_m == 0 else places[number]
            gate = shapely.Point(shapely.shortest_line(reached, target).coords[0])
            best = (gate.distance(marks[number]), line, shapely.line_locate_point(path, gate), off_m)
            found[number] = min(found[number], best)
        return [(line, float(at_m), off_m) for _, line, at_m, off_m in found]

    def at(self, line: int, at_m: float) -> tuple[float, float]:
        """Return lon, lat of a place on a line."""
        return self._cut(line, at_m, at_m)[0]

    def table_m(self, anchors: Sequence[Anchor]) -> Floats:
        """Return metres between all anchors, counted as on paths: what is off them counts for more.

        inf where there is no way. Divided by the speed on paths this is the time.
        """
        ends, offsets_m = self._ends_of(anchors)
        nodes, index = np.unique(ends, return_inverse=True)
        index = index.reshape(ends.shape)
        between_m = np.array([row for row, _ in self._from(nodes.tolist())]).reshape(len(nodes), -1)[:, nodes]
        table: Floats = np.full((len(anchors), len(anchors)), np.inf)
        for i in (0, 1):
            for j in (0, 1):
                way = offsets_m[:, i, None] + between_m[index[:, i]][:, index[:, j]] + offsets_m[None, :, j]
                np.minimum(table, way, out=table)
        beside_m = self._beside_m(anchors)
        access_m = np.array([a.access_m for a in anchors]) / ACCESS_SPEED
        table = np.minimum(table, beside_m) + access_m[:, None] + access_m[None, :]
        np.fill_diagonal(table, 0.0)
        return table

    def way(self, start: Anchor, end: Anchor) -> Way | None:
        """Return the shortest way between two anchors, or None where there is none."""
        ends, offsets_m = self._ends_of([start, end])
        rows = self._from(ends[0].tolist())
        choices = [(offsets_m[0, i] + rows[i][0][ends[1, j]] + offsets_m[1, j], i, j) for i in (0, 1) for j in (0, 1)]
        length_m, i, j = min(choices)
        beside_m = self._beside_m([start, end])[0, 1]
        if beside_m <= length_m and np.isfinite(beside_m):
            parts = [(start.line, start.at_m, end.at_m)]
            length_m = beside_m
        elif np.isinf(length_m):
            return None
        else:
            parts = [(start.line, start.at_m, self._end_m(start.line, i))]
            parts += self._between(rows[i][1], int(ends[0, i]), int(ends[1, j]))
            parts += [(end.line, self._end_m(end.line, j), end.at_m)]
        coords = [(start.lon, start.lat)]
        for line, from_m, to_m in parts:
            coords += self._cut(line, from_m, to_m)
        coords.append((end.lon, end.lat))
        lines = tuple(dict.fromkeys(line for line, _, _ in parts))
        rounded = [(round(lon, 6), round(lat, 6)) for lon, lat in coords]
        return Way(float(length_m) + start.access_m + end.access_m, list(dict.fromkeys(rounded)), lines)

    def _ends_of(self, anchors: Sequence[Anchor]) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the two nodes of each anchor's line, and the metres to them."""
        ends = self.ends[[a.line for a in anchors]]
        offsets_m = np.array([[a.at_m, self._along[a.line][-1] - a.at_m] for a in anchors]).reshape(-1, 2)
        offsets_m = np.maximum(offsets_m, 0.0)
        for n, anchor in enumerate(anchors):
            low_m, high_m = self.closed.get(anchor.line, NOWHERE)
            if anchor.at_m > high_m:
                offsets_m[n, 0] = np.inf
            elif anchor.at_m < low_m:
                offsets_m[n, 1] = np.inf
        return ends, offsets_m

    def _beside_m(self, anchors: Sequence[Anchor]) -> Floats:
        """Return metres between anchors along the line that they share; inf where they share none, or it is closed."""
        line, at_m = np.array([a.line for a in anchors]), np.array([a.at_m for a in anchors])
        low_m, high_m = np.array([self.closed.get(a.line, NOWHERE) for a in anchors]).reshape(-1, 2).T
        is_before, is_after = at_m < low_m, at_m > high_m
        is_between = (is_before[:, None] & is_after[None, :]) | (is_after[:, None] & is_before[None, :])
        is_open = (line[:, None] == line[None, :]) & ~is_between
        beside_m: Floats = np.where(is_open, np.abs(at_m[:, None] - at_m[None, :]), np.inf)
        return beside_m

    def _from(self, nodes: list[int]) -> list[tuple[Floats, npt.NDArray[np.int32]]]:
        """Return for each node the metres to all nodes, and the node before each on the way there."""
        rows = {node: row for node in nodes if (row := self._rows.get(node))}  # held: another thread may clear them
        if missing := [node for node in dict.fromkeys(nodes) if node not in rows]:
            metres, before = dijkstra(self._graph, directed=False, indices=missing, return_predecessors=True)
            made = dict(zip(missing, zip(metres, before, strict=True), strict=True))
            if len(self._rows) + len(made) > KEPT_ROWS:
                self._rows.clear()
            self._rows.update(made)
            rows |= made
        return [rows[node] for node in nodes]

    def _between(self, before: npt.NDArray[np.int32], first: int, last: int) -> list[tuple[int, float, float]]:
        """Return the whole lines from a node to another: (line, from_m, to_m) each."""
        parts = []
        while last != first:
            previous = int(before[last])
            line = self._shortest[min(previous, last), max(previous, last)]
            is_forward = self.ends[line, 0] == previous
            whole_m = float(self._along[line][-1])
            parts.append((line, 0.0, whole_m) if is_forward else (line, whole_m, 0.0))
            last = previous
        return parts[::-1]

    def _end_m(self, line: int, end: int) -> float:
        return float(self._along[line][-1]) if end else 0.0

    def _cut(self, line: int, from_m: float, to_m: float) -> Coords:
        """Return the course of a line between two places on it, in lon-lat, backwards when `to_m` is less."""
        along, degrees = self._along[line], self.degrees[line]
        low_m, high_m = sorted((from_m, to_m))
        inner = degrees[(along > low_m) & (along < high_m)]
        tips = [[np.interp(m, along, degrees[:, axis]) for axis in (0, 1)] for m in (low_m, high_m)]
        course = [tips[0], *inner.tolist(), tips[1]]
        return [(float(lon), float(lat)) for lon, lat in (course if from_m <= to_m else course[::-1])]


def _along_m(line: BaseGeometry) -> Floats:
    """Return the metres along a line at each of its points."""
    along: Floats = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(_xy(line), axis=0).T))])
    return along


def _xy(line: BaseGeometry) -> Floats:
    xy: Floats = shapely.get_coordinates(line)
    return xy
