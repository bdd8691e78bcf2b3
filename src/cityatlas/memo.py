"""Keep the last result of each step of a rebuild, and give it again while what it was made from is the same."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Memo:
    """Hold results by the name of their step. One thread builds at a time, so nothing is locked here."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[tuple[object, ...], Hashable, Any]] = {}  # Any: what the steps make

    def once(self, step: Hashable, make: Callable[[], T], *, of: Sequence[object] = (), key: Hashable = None) -> T:
        """Return what a step made, or make it: `of` are the very objects it was made from, `key` equals as before."""
        kept = self._kept.get(step)
        if kept and kept[1] == key and len(kept[0]) == len(of) and all(map(operator.is_, kept[0], of)):
            return cast("T", kept[2])
        made = make()
        self._kept[step] = (tuple(of), key, made)
        return made

    def last(self, step: Hashable) -> Any:  # Any: see above
        """Return what a step made last, whatever it was made from; None for one that was never taken."""
        kept = self._kept.get(step)
        return kept[2] if kept else None
