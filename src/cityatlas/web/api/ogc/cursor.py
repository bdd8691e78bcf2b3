"""Go on where a page ended: a cursor names the snapshot and the row of the layer that comes next.

Rows of one snapshot never change, so that no feature comes twice and none is missed. The rows of the next snapshot are
others, and whoever goes on is sent back to the first page.
"""

from __future__ import annotations

import re

from ....errors import InvalidQuery, SnapshotGone

CURSOR = re.compile(r"([0-9a-z]{1,64})-(\d{1,9})")


def write_cursor(tag: str, row: int) -> str:
    """Return the cursor of the page that begins with a row of the snapshot with this tag."""
    return f"{tag}-{row}"


def read_cursor(text: str | None, tag: str, first: str) -> int:
    """Return the row that a page begins with, 0 without a cursor; `first` is the address of the first page.

    Raises InvalidQuery for what is no cursor, and SnapshotGone for one of another snapshot than the present one.
    """
    if text is None:
        return 0
    found = CURSOR.fullmatch(text)
    if not found:
        raise InvalidQuery(f'cursor="{text[:80]}" is not one of ours.', "Follow the link with the relation next.")
    if found[1] != tag:
        message = "The data has changed since the first page was answered."
        raise SnapshotGone(message, f"Begin again: {first}", again=first)
    return int(found[2])
