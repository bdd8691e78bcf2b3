"""Ask, field by field, when a change meets another one that was published meanwhile; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, render_template, request

from ....editing.diff import in_reading_order, said, title_of
from ....editing.stop_names import naming
from ....errors import EditConflict
from ...http.snapshots import snapshot
from .clash_sides import Side, about, side_of
from .desk import words

Texts = list[tuple[str, str]]  # label, text


@dataclass(frozen=True)
class Question:
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
        Question(
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
    return render_template("staff/clashes.html", **values, **about(feature_id, error.number), **words()), 409
