"""Read the QR code of an SVG drawing as a camera would: drawn by resvg, decoded by zxing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import resvg_py
import zxingcpp


def scan(svg: str, width_px: int = 400) -> list[tuple[str, str]]:
    """Return (text, error level) of each QR code in a drawing without a size, scaled to a width."""
    svg = re.sub("<svg ", f'<svg width="{width_px}" height="{width_px}" ', svg, count=1)
    picture = red_of(bytes(resvg_py.svg_to_bytes(svg_string=svg)))
    return [(code.text, str(code.ec_level)) for code in zxingcpp.read_barcodes(picture)]


def red_of(png: bytes) -> npt.NDArray[np.uint8]:
    """Return the red of a PNG of 8-bit RGBA, as resvg writes it; of black and white that is all."""
    width = int.from_bytes(png[16:20])
    packed = zlib.decompress(b"".join(_data(png)))
    above, rows = [0] * (width + 1), []
    for start in range(0, len(packed), 1 + width * 4):
        row = [0]
        for x, value in enumerate(packed[start + 1 : start + 1 + width * 4 : 4]):
            row.append((value + _predicted(packed[start], row[x], above[x + 1], above[x])) % 256)
        rows.append(row[1:])
        above = row
    return np.array(rows, np.uint8)


def _data(png: bytes) -> Iterable[bytes]:
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            yield png[at + 8 : at + 8 + length]
        at += 12 + length


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    """Return what PNG's filter of a row adds to a value: nothing, left, above, average, or Paeth's choice."""
    if kind == 4:
        return min((left, above, corner), key=lambda other: abs(left + above - corner - other))
    return (0, left, above, (left + above) // 2)[kind]
