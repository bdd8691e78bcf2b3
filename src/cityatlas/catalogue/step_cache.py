"""Make rebuilds cheap: keep the last result of each step while what it was made from is the same."""

from __future__ import annotations

import gc
import operator
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause Python's garbage collector: it would look for seconds through millions of new objects, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
