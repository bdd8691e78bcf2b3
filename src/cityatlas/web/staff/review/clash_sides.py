"""Show what each side of a conflict changed: words that go and come, a small map, and whose change is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g

from ....editing.diff import Part, told
from ....editing.stop_names import naming
from ....render.change_map import draw_difference
from ....store import Revision
from ....store.reviews import read_history
from ....versioning.merge import ABSENT, Clash, Difference
from ...http.desk import desk_store
from ...http.snapshots import snapshot

PICTURE_PX = (520, 320)


@dataclass(frozen=True)
class Side:
    """Hold one side's change of a field: its texts with marks, and a picture of a place, else nothing."""

    parts: tuple[Part, ...]
    picture: str


def side_of(clash: Clash, value: Any) -> Side:  # Any: a value of a merge
    """Return what one side made of what was there before."""
    catalogue, picture = snapshot(), ""
    if clash.path == "geometry":
        before, after = (None if shape is ABSENT else shape for shape in (clash.base, value))
        picture = draw_difference(catalogue, before, after, PICTURE_PX, g.language)
    line = told(Difference(clash.path, clash.base, value), catalogue.city, g.language, naming(catalogue, g.language))
    return Side(line.parts, picture)


def about(feature_id: str, number: int) -> dict[str, Any]:
    """Return for a template the name of a feature and the revision that a change met, whose it is and when."""
    revisions, _ = read_history(desk_store(), feature_id)
    met: Revision | None = next((revision for revision in revisions if revision.number == number), None)
    feature = snapshot().features.get(feature_id)
    name = met.content.properties.get("name") if met else feature.name if feature else None
    return {"feature_id": feature_id, "name": name, "met": met}
