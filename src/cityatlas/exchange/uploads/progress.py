"""Carry between threads how far a file is read, and whether somebody wants it no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .limits import refusal

Stage = Literal["begin", "read", "compare"]
EVERY = 50  # rows between two looks at whether it was cancelled


def _never() -> bool:
    return False


@dataclass
class Progress:
    """Hold what is being done, how many rows are done, and of how many; 0 of 0 while that is not known.

    `is_cancelled` is asked now and then by whoever works.
    """

    is_cancelled: Callable[[], bool] = field(default=_never)
    stage: Stage = "begin"
    done: int = 0
    of: int = 0

    def tell(self, stage: Stage, done: int, of: int) -> None:
        """Note how far it is."""
        self.stage, self.done, self.of = stage, done, of

    def step(self, done: int, of: int) -> None:
        """Note how many rows were compared. Raises InvalidFile when it was cancelled."""
        if done % EVERY == 0:
            self.tell("compare", done, of)
            if self.is_cancelled():
                raise refusal("files.cancelled")
