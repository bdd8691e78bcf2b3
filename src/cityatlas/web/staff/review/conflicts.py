"""Ask, field by field, when a change meets another one that was published meanwhile; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from ....editing.diff import Part, in_reading_order, said, title_of, told
from ....editing.stop_names import naming
from ....errors import EditConflict
from ....render.change_map import draw_difference
from ....store import Revision
from ....store.reviews import read_history
from ....versioning.merge import ABSENT, Clash, Difference
from ...http.desk import desk_store
from ...http.snapshots import snapshot
from .desk import words

Texts = list[tuple[str, str]]  # label, text


@dataclass(frozen=True)
class ClashQuestion:
    """Hold a field that both sides changed, in words: what it was, what one wants, and what visitors see."""

    path: str
    title: str
    base: Texts
    mine: Side
    theirs: Side


def ask(feature_id: str, error: EditConflict, back: str) -> tuple[str, int]:
    """Return the page that shows both values and the base of each field, and sends the same form again; `back` leads
    to where the form stood."""
    city, language = snapshot().city, g.language
    by_path = {clash.path: clash for clash in error.clashes}
    questions = [
        ClashQuestion(
            clash.path,
            title_of(clash.path, city, language),
            said(clash.path, clash.base, city, language, naming(snapshot(), language)),
            side_of(clash, clash.mine),
            side_of(clash, clash.theirs),
        )
        for clash in map(by_path.__getitem__, in_reading_order(by_path, language))
    ]
    kept = [
        (key, value)
        for key, value in request.form.items(multi=True)
        if key not in ("csrf", "answered") and not key.startswith("choice:")
    ]
    values = {"questions": questions, "answered": error.number, "kept": kept, "back": back}
    return render_template("staff/review/conflicts.html", **values, **about(feature_id, error.number), **words()), 409


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
