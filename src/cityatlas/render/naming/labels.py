"""Place names on a map: none on a mark, on another name or over the edge; by weight, improved by moving others.

static/js/map/labels.js does the same, step for step; tests/data/labels.json holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from .openings import Cell, Opening, Openings, Room
from .spots import FAR_PX, Box, Label, Placed, Rect, overlap

MOST_MOVED, DEEPEST, MANY = 2, 2, 300  # names that give way at once, and one after another; of more names only one


def place_labels(labels: Sequence[Label], openings: Openings) -> list[Placed | None]:
    """Return where each label stands of what is open to it, or None; the same question has one answer everywhere."""
    return _Placement(labels, openings).run()


class _Placement:
    """Hold what stands where while names are placed."""

    def __init__(self, labels: Sequence[Label], openings: Openings) -> None:
        self.labels = labels
        self.openings = openings
        self.grid: dict[Cell, list[tuple[int, Rect, Box]]] = {}
        self.placed: list[Opening | None] = [None] * len(labels)
        self.most_far_px = 0
        self.trail: list[tuple[int, Opening | None]] = []
        self.keys: set[str] = set()

    def run(self) -> list[Placed | None]:
        numbers = range(len(self.labels))
        order = sorted(numbers, key=lambda i: (-self.labels[i].weight, _area(self.labels[i]), i))  # more short ones fit
        deepest = DEEPEST if len(self.labels) <= MANY else 1
        for most_far_px, depth in ((0, 0), (0, deepest), (FAR_PX[-1], 1), (FAR_PX[-1], deepest)):
            self.most_far_px = most_far_px
            for i in order:
                if self.placed[i] is None and self.labels[i].key not in self.keys and self._settle(i, depth, ()):
                    self.keys |= {self.labels[i].key} - {""}
        return [opening and opening.spot for opening in self.placed]

    def _settle(self, i: int, depth: int, fixed: tuple[int, ...]) -> bool:
        """Place a label, if need be by moving others that are not `fixed`; leave all as it was where none can."""
        most = MOST_MOVED if depth else 0
        tries = []
        for opening in self.openings[i]:
            if opening.spot.far_px > self.most_far_px:
                break
            hit = self._hit(opening.room, most)
            if not hit:
                self._move(i, opening)
                return True
            if len(hit) <= most and not any(other in fixed for other in hit):
                tries.append((opening, hit))
        return any(self._displace(i, opening, hit, depth, fixed) for opening, hit in tries)

    def _displace(self, i: int, opening: Opening, others: list[int], depth: int, fixed: tuple[int, ...]) -> bool:
        begun = len(self.trail)
        for other in others:
            self._move(other, None)
        self._move(i, opening)
        if all(self._settle(other, depth - 1, (*fixed, i)) for other in others):
            return True
        while len(self.trail) > begun:
            self._set(*self.trail.pop())
        return False

    def _move(self, i: int, opening: Opening | None) -> None:
        self.trail.append((i, self.placed[i]))
        self._set(i, opening)

    def _set(self, i: int, opening: Opening | None) -> None:
        was, self.placed[i] = self.placed[i], opening
        for _, _, cells in was.room if was else ():
            for cell in cells:
                self.grid[cell] = [entry for entry in self.grid[cell] if entry[0] != i]
        for rect, box, cells in opening.room if opening else ():
            for cell in cells:
                self.grid.setdefault(cell, []).append((i, rect, box))

    def _hit(self, room: Room, most: int) -> list[int]:
        """Return which names stand where one would, each once in the order of their numbers; some when over `most`."""
        found = set[int]()
        for rect, (left, top, right, bottom), cells in room:
            for cell in cells:
                for i, other, (west, north, east, south) in self.grid.get(cell, ()):
                    if west > right or east < left or north > bottom or south < top:
                        continue  # as `overlap` would say, but sooner
                    if i not in found and overlap(rect, other):
                        found.add(i)
                        if len(found) > most:
                            return [*found]
        return sorted(found)


def _area(label: Label) -> float:
    return label.size[0] * label.size[1]
