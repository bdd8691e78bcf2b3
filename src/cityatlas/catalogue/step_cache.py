"""Make rebuilds cheap: keep the last result of each step while what it was made from is the same."""

from __future__ import annotations

import gc
import operator
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

T = TypeVar("T")


class StepCache:
    """Hold results by the name of their step. One thread builds at a time, so nothing is locked here."""

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[tuple[object, ...], Hashable, Any]] = {}  # Any: what the steps make

    def once(self, step: Hashable, make: Callable[[], T], *, of: Sequence[object] = (), key: Hashable = None) -> T:
        """Return what a step made, or make it: `of` are the very objects it was made from, `key` equals as before."""
        result = self._results.get(step)
        if result and result[1] == key and len(result[0]) == len(of) and all(map(operator.is_, result[0], of)):
            return cast("T", result[2])
        made = make()
        self._results[step] = (tuple(of), key, made)
        return made

    def last(self, step: Hashable, kind: type[T]) -> T | None:
        """Return what a step made last, whatever it was made from; None before it was ever taken."""
        result = self._results.get(step)
        return result[2] if result and isinstance(result[2], kind) else None


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
