"""Ask, field by field, when two people changed the same of one draft: both values, the base, and one's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from ....city.spec import City
from ....editing.diff import in_reading_order, said, title_of
from ....editing.edit_base import EditBase
from ....editing.form.fields import FIELDS
from ....editing.stop_names import naming
from ....errors import EditConflict
from ....i18n import Language
from ....versioning.content import digest_of
from ....versioning.merge import Choice
from ...http.snapshots import snapshot
from ..review.conflicts import Side, about, side_of
from ..review.desk import words

Texts = list[tuple[str, str]]  # label, text
WORDS = ("line", "long", "hours")  # kinds of fields in which one may write a third thing


@dataclass(frozen=True)
class FieldQuestion:
    """Hold a field that both sides changed; `key` stands for its path in names of fields, which take no other text.

    `sides` has both with what they changed marked. `own` is what one would begin from to write it anew, or None where
    that is done in the form.
    """

    key: str
    title: str
    base: Texts
    mine: Texts
    theirs: Texts
    own: str | None
    sides: Mapping[str, Side]

    def told(self) -> dict[str, Any]:  # Any: what JSON holds
        """Return what a script shows of it."""
        sides = {"base": self.base, "mine": self.mine, "theirs": self.theirs}
        words = {side: "\n".join(f"{name} {text}".strip() for name, text in texts) for side, texts in sides.items()}
        return {"title": self.title, **words}


def questions_of(error: EditConflict, city: City, language: Language) -> list[FieldQuestion]:
    """Return what a conflict asks."""
    asked, name_of = [], naming(snapshot(), language)
    by_path = {clash.path: clash for clash in error.clashes}
    for clash in map(by_path.__getitem__, in_reading_order(by_path, language)):
        base, mine, theirs = (
            said(clash.path, side, city, language, name_of) for side in (clash.base, clash.mine, clash.theirs)
        )
        own = clash.mine if FIELDS.get(clash.path) in WORDS and isinstance(clash.mine, str) else None
        sides = {"mine": side_of(clash, clash.mine), "theirs": side_of(clash, clash.theirs)}
        asked.append(
            FieldQuestion(_key(clash.path), title_of(clash.path, city, language), base, mine, theirs, own, sides)
        )
    return asked


def answers_of(error: EditConflict, fields: Mapping[str, str]) -> tuple[dict[str, Choice], dict[str, str]]:
    """Return the choices of a form for a conflict, and texts written anew by field; none for another conflict."""
    choices: dict[str, Choice] = {}
    own: dict[str, str] = {}
    if fields.get("answered") != str(error.number):
        return choices, own
    for clash in error.clashes:
        chosen = fields.get(f"choice.{_key(clash.path)}")
        if chosen in ("mine", "own"):
            choices[clash.path] = "mine"
        elif chosen == "theirs":
            choices[clash.path] = "theirs"
        if chosen == "own" and clash.path in FIELDS:
            own[clash.path] = fields.get(f"own.{_key(clash.path)}", "")
    return choices, own


def conflict_page(ground: EditBase, error: EditConflict) -> tuple[str, int]:
    """Return the page that asks, and sends the whole form again with the answers."""
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf", "answered") and not name.startswith(("choice.", "own."))
    ]
    questions = questions_of(error, snapshot().city, g.language)
    values = {"questions": questions, "answered": error.number, "kept": kept, "ground": ground}
    told = about(ground.feature_id, error.number)
    return render_template("staff/edit/conflict.html", typed=request.form, **values, **told, **words()), 409


def _key(path: str) -> str:
    return digest_of(path)[:12]
