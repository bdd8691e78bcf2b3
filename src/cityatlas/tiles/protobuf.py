"""Write the few parts of Protocol Buffers that a vector tile is made of, many numbers at once.

A library writes one message at a time, which takes fifteen times as long for a tile (tests/bench/vector_tiles.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32 | np.int64]  # small: 32 bits are half the memory to go through
BITS, MORE = 7, 0x80  # of a number in each byte; and that another byte follows
LENGTH_DELIMITED = 2  # the wire type of texts and messages
MOST_BYTES = 5  # of a number


def varint(number: int) -> bytes:
    """Return a whole number from 0 on."""
    written = bytearray()
    while number >= MORE:
        written.append(number & (MORE - 1) | MORE)
        number >>= BITS
    written.append(number)
    return bytes(written)


def tag(number: int, wire_type: int) -> int:
    """Return what stands before a field."""
    return number << 3 | wire_type


def member(number: int, content: bytes) -> bytes:
    """Return a field that holds a text or a message."""
    return varint(tag(number, LENGTH_DELIMITED)) + varint(len(content)) + content


def zigzag(numbers: Numbers) -> Numbers:
    """Return whole numbers as such from 0 on, small ones of either sign as small ones."""
    folded: Numbers = (numbers << 1) ^ (numbers >> 31)
    return folded


def varint_sizes(numbers: Numbers) -> Numbers:
    """Return the bytes that each number takes."""
    sizes = np.ones(len(numbers), np.int32)
    for more in range(1, MOST_BYTES):
        is_larger = numbers >= 1 << BITS * more
        if not is_larger.any():
            break
        sizes += is_larger
    return sizes


def varints(numbers: Numbers) -> bytes:
    """Return numbers from 0 below 2**31 one after another."""
    sizes = varint_sizes(numbers)
    at = np.cumsum(sizes) - sizes
    written = np.empty(int(sizes.sum()), np.uint8)
    written[at] = (numbers & (MORE - 1)) | np.where(sizes > 1, MORE, 0)
    left = np.flatnonzero(sizes > 1)
    for step in range(1, MOST_BYTES):
        if not len(left):
            break
        rest = numbers[left] >> BITS * step
        written[at[left] + step] = (rest & (MORE - 1)) | np.where(sizes[left] > step + 1, MORE, 0)
        left = left[sizes[left] > step + 1]
    return written.tobytes()


def spread(starts: Numbers, counts: Numbers) -> Numbers:
    """Return the places of rows that lie apart: those from each start on, as many as it counts, one after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    within: Numbers = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return within


def sums(numbers: Numbers, counts: Numbers) -> Numbers:
    """Return the sum of each run of numbers; `counts` says how long the runs are, some of them empty."""
    ends = np.cumsum(counts)
    running = np.r_[0, np.cumsum(numbers)]
    totals: Numbers = running[ends] - running[ends - counts]
    return totals
