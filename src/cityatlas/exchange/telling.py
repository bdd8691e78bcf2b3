"""Tell from inside a parser how many rows it has read: a line on standard error, as `3000 10000`."""

from __future__ import annotations

import sys

EVERY = 500  # rows between two lines


def tell(done: int, of: int = 0) -> None:
    """Say how many rows were read, of how many where that is known."""
    if done % EVERY == 0:
        sys.stderr.write(f"{done} {of}\n")
        sys.stderr.flush()
