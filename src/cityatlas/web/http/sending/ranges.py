"""Give out a part of a large file, so that a download that broke off is taken up (RFC 9110, section 14).

One part of the bytes as they are, and to a GET alone: what is compressed, small, asked for in several parts or in
another unit is sent whole, which the protocol always allows.
"""

from __future__ import annotations

from werkzeug.http import parse_range_header

PARTED_BYTES = 64_000  # of a body that is sent in parts; a smaller one is soon there again


def wanted_part(length: int, coding: str, etag: str, wanted: str, if_range: str) -> range | None:
    """Return which bytes of a body a request wants: None for all of it, an empty range where it has none of them.

    `wanted` and `if_range` are its headers. Bytes of another revision are never joined to those that somebody holds: an
    If-Range counts only with just this ETag, and never with a date or a weak one.
    """
    if not wanted or not is_parted(length, coding) or (if_range and if_range.strip() != etag):
        return None
    asked = parse_range_header(wanted)
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    first, end = asked.ranges[0]
    start = max(0, length + first) if first < 0 else first  # werkzeug finds nothing where all is less than was wanted
    part = range(start, length if end is None else min(end, length))
    return part or range(0)


def is_parted(length: int, coding: str) -> bool:
    """Return whether a body in a content coding, "" for none, can be had in parts."""
    return not coding and length >= PARTED_BYTES


def part_headers(part: range | None, length: int, coding: str) -> list[tuple[str, str]]:
    """Return what tells a visitor of parts: that there are some, and which one this is."""
    told = [("Accept-Ranges", "bytes")] if is_parted(length, coding) else []
    if part is not None:
        told.append(("Content-Range", f"bytes {part.start}-{part.stop - 1}/{length}" if part else f"bytes */{length}"))
    return told
