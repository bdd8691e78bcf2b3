"""Replace a file of the city by a broken one."""

from __future__ import annotations

import time

from ..scene import Scene

BROKEN = (b"", b'{"type": "FeatureCollection", "features": [', b"\xff\xfe", b"[]")
EACH_S = 3.0


def broken(scene: Scene) -> None:
    """Write broken files in a layer's place, one after the other, and the right one again."""
    path = scene.site.geodata / "sights.geojson"
    right = path.read_bytes()
    for content in (*BROKEN, right[: len(right) // 2], right):
        path.write_bytes(content)
        time.sleep(EACH_S)
    scene.note = "empty, cut off, no text, no layer, cut off in its middle; right again"
