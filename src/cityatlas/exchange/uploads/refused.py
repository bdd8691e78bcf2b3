"""Tell from inside a parser that a file cannot be used, and how many rows have been read.

Rows are told as a line on standard error, as `3000 10000`.
"""

from __future__ import annotations

import sys

EVERY = 500  # rows between two lines


class Refused(Exception):
    """A file cannot be used; `key` is its sentence, `values` fill it in."""

    def __init__(self, key: str, *, is_too_large: bool = False, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.is_too_large = is_too_large
        self.values = {name: str(value)[:60] for name, value in values.items()}


def tell(done: int, of: int = 0) -> None:
    """Say how many rows were read, of how many where that is known."""
    if done % EVERY == 0:
        sys.stderr.write(f"{done} {of}\n")
        sys.stderr.flush()
