"""Ask, field by field, when a change meets another one of the same field, and read the answers; nothing is overwritten.

There are two occasions: saving into a draft that somebody else saved meanwhile, and changing what visitors see after
somebody else did. Both show the same page, which sends its form again, and both read its answers here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from flask import g, request

from ....catalogue.folder_export import content_of_feature
from ....editing.diff import Part, diff_line, in_reading_order, photo_naming, title_of, value_text
from ....editing.form.fields import FIELDS
from ....editing.stop_names import naming
from ....errors import EditConflict, status_of
from ....render.change_map import draw_difference
from ....store import Order, Revision
from ....store.log.desk_lists import read_history
from ....versioning.content import Content, content_of, digest_of
from ....versioning.fields import ABSENT
from ....versioning.merge import Choice, Clash, Difference
from ...http.desk import DeskPage, desk_store
from ...http.snapshots import snapshot

Texts = list[tuple[str, str]]  # label, text
Occasion = Literal["draft", "publish"]
Done = TypeVar("Done")
OWN_KINDS = ("line", "long", "hours")  # kinds of fields in which one may write a third thing
ANSWERS = ("choice.", "own.")  # begin the names of the fields that answer
PICTURE_PX = (520, 320)


@dataclass(frozen=True)
class Side:
    """Hold one side's value of a field in words, what it changed with marks, and a picture of a place or ""."""

    texts: Texts
    parts: tuple[Part, ...]
    picture: str


@dataclass(frozen=True)
class Question:
    """Hold a field that both sides changed; `key` stands for its path in names of fields, which take no other text.

    `own` is what one would begin from to write it anew, or None where that cannot be done.
    """

    key: str
    title: str
    base: Texts
    mine: Side
    theirs: Side
    own: str | None

    def as_json(self) -> dict[str, Any]:  # Any: what JSON holds
        """Return what a script shows of it."""
        sides = {"base": self.base, "mine": self.mine.texts, "theirs": self.theirs.texts}
        lines = {side: "\n".join(f"{name} {text}".strip() for name, text in texts) for side, texts in sides.items()}
        return {"title": self.title, **lines}


@dataclass(frozen=True, kw_only=True)
class ConflictPage(DeskPage):
    """Hold what a conflict asks, and the form that met it: the fields that are sent again, and answers given before."""

    template = "staff/review/conflicts.html"
    feature_id: str
    name: Any  # what a content has as name
    met: Revision | None
    occasion: Occasion
    questions: list[Question]
    answered: int
    kept: list[tuple[str, str]]
    typed: Mapping[str, str]
    back: str


def questions_of(error: EditConflict, occasion: Occasion, theirs: Content | None) -> list[Question]:
    """Return what a conflict asks, in the order of the form; only a draft takes a text that is neither side's.

    `theirs` is what the change met; it and the clashes say what the photos show.
    """
    by_path = {clash.path: clash for clash in error.clashes}
    contents = [*_photos(error), *([theirs] if theirs else [])]
    name_of = photo_naming(contents, g.language, naming(snapshot(), g.language))
    return [_question(by_path[path], occasion, name_of) for path in in_reading_order(by_path, g.language)]


def _photos(error: EditConflict) -> Iterator[Content]:
    """Yield each version of a photo that a conflict asks about, as a content of its own."""
    for clash in error.clashes:
        for value in (clash.base, clash.mine, clash.theirs) if clash.path.startswith("photos[") else ():
            if value is not ABSENT:
                yield content_of("", None, {"photos": [value]})


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


def answered(act: Callable[[Order], Done], order: Order) -> Done:
    """Change what visitors see, and where that meets the conflict that the form answers, by its answers.

    Raises EditConflict for one that it does not answer.
    """
    try:
        return act(order)
    except EditConflict as error:
        choices, _ = answers_of(error, request.form)
        if not choices:
            raise
        return act(replace(order, choices=choices, answered=error.number))


def conflict_page(feature_id: str, error: EditConflict, occasion: Occasion, back: str) -> tuple[str, int]:
    """Return the page that asks, and sends the whole form again with the answers; `back` leads to where it stood."""
    met, theirs = _met(feature_id, error.number)
    page = ConflictPage(
        feature_id=feature_id,
        name=theirs.attributes.name if theirs else None,
        met=met,
        occasion=occasion,
        questions=questions_of(error, occasion, theirs),
        answered=error.number,
        kept=[pair for pair in request.form.items(multi=True) if _is_kept(pair[0])],
        typed=request.form,
        back=back,
    )
    return page.fill(), status_of(error)


def _question(clash: Clash, occasion: Occasion, name_of: Callable[[str], str]) -> Question:
    city, language = snapshot().city, g.language
    is_text = occasion == "draft" and FIELDS.get(clash.path) in OWN_KINDS and isinstance(clash.mine, str)
    return Question(
        _key(clash.path),
        title_of(clash.path, city, language, name_of),
        value_text(clash.path, clash.base, city, language, name_of),
        _side(clash, clash.mine, name_of),
        _side(clash, clash.theirs, name_of),
        clash.mine if is_text else None,
    )


def _side(clash: Clash, value: Any, name_of: Callable[[str], str]) -> Side:  # Any: a value of a merge
    """Return what one side made of what was there before."""
    catalogue, picture = snapshot(), ""
    if clash.path == "geometry":
        before, after = (None if shape is ABSENT else shape for shape in (clash.base, value))
        picture = draw_difference(catalogue, before, after, PICTURE_PX, g.language)
    line = diff_line(Difference(clash.path, clash.base, value), catalogue.city, g.language, name_of)
    return Side(value_text(clash.path, value, catalogue.city, g.language, name_of), line.parts, picture)


def _met(feature_id: str, number: int) -> tuple[Revision | None, Content | None]:
    """Return the revision that a change met, None for what geodata says, and the content of it."""
    revisions, _ = read_history(desk_store(), feature_id)
    met = next((revision for revision in revisions if revision.number == number), None)
    feature = snapshot().features.get(feature_id)
    return met, met.content if met else content_of_feature(feature) if feature else None


def _is_kept(name: str) -> bool:
    return name not in ("csrf", "answered") and not name.startswith(ANSWERS)


def _key(path: str) -> str:
    return digest_of(path)[:12]
