"""Let staff edit a feature: a form, saved as a draft; two people who save meet field by field, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, flash, g, jsonify, redirect, request
from werkzeug import Response

from ....editing.diff import photo_naming, title_of
from ....editing.edit_base import EditBase, base_of, ground_of
from ....editing.form.edit_source import CITES, LISTED, read_edit_source, with_edit_source
from ....editing.form.faults import fault_of
from ....editing.form.fields import Reading, is_of, read_fields, to_fields
from ....editing.form.layout import came_in
from ....editing.stop_names import with_programme_ids, with_stop_ids, with_stop_names
from ....errors import EditConflict, NotAllowed, UnknownRevision, UnknownSite
from ....i18n import translate
from ....search.pinyin import make_slug
from ....store import Edit, Saved, open_draft, save_draft
from ....store.log import desk_lists
from ....store.people.presence import tell_presence
from ....versioning.content import Content, content_of
from ....versioning.merge import merge
from ...http.desk import desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me
from ..review.conflicts import answers_of, conflict_page, questions_of
from ..review.publishing import may_lead
from .others import others_at
from .page import PLACE, edit_page, known_sources
from .photos import with_photo_words

bp = Blueprint("staff_edit", __name__)
Answer = Response | str | tuple[str, int]
GO_ON = "go_on"  # an action that saves, and leads to where what was saved is looked through, sent and published
LAY = "lay"  # an action that saves nothing: the form is shown again, in the order of its kind
MOST_DIGITS = 19  # of a revision's number that a database takes


@page(bp, "/staff/features/<feature_id>", ["draft", CITES, LISTED])
def show(feature_id: str) -> Answer:
    """Show the form of a feature, filled with a draft or with what visitors see."""
    draft = request.args.get("draft", "")
    if draft and not _may_go_on(draft):
        draft = ""  # whoever has not put it away goes on from their own, or from what visitors see
    ground = ground_of(desk_store(), snapshot(), feature_id, me().account.login, draft)
    cited = {name: request.args.get(name, "") for name in (CITES, LISTED)}
    return edit_page(ground, to_fields(ground.content) | cited, ground.content)


@page(bp, "/staff/features/<feature_id>", methods=["POST"])
def save(feature_id: str) -> Answer:
    """Save the form as a draft, merged with what was saved since it was opened."""
    typed = _typed()
    ground = ground_of(desk_store(), snapshot(), feature_id, me().account.login, typed.get("draft", ""))
    if request.form.get("action") == LAY:
        seen = _seen(typed)
        base = base_of(desk_store(), ground, seen)
        return edit_page(replace(ground, content=base, seen=seen), typed, base, is_unsaved=True)
    fields = with_edit_source(typed, ground.shown, known_sources(ground.content))
    try:
        saved, reading = _keep(ground, fields)
    except EditConflict as error:
        return conflict_page(ground.feature_id, error, "draft", _address(ground))
    return _answer(ground, saved, reading, fields)


@page(bp, "/staff/features/<feature_id>/autosave", methods=["POST"])
def autosave(feature_id: str) -> Response | tuple[Response, int]:
    """Save as `save` does, and tell a script where its form stands now.

    `form` are the fields that show what came from somebody else, `lists` those that are among them whole; `cited` are
    those that the source of the edit was put into.
    """
    typed = _typed()
    ground = ground_of(desk_store(), snapshot(), feature_id, me().account.login, typed.get("draft", ""))
    fields = with_edit_source(typed, ground.shown, known_sources(ground.content))
    try:
        saved, reading = _keep(ground, fields)
    except EditConflict as error:
        asked = [question.as_json() for question in questions_of(error, "draft", ground.content)]
        names = [question["title"] for question in asked]
        told = {"code": error.code, "message": translate("conflict.text_draft", g.language), "hint": ""}
        return jsonify({"error": told, "names": names, "clashes": asked}), 409
    merged = saved.merged.theirs if saved else ()
    pairs, lists = came_in(merged, saved.revision.content) if saved else ([], [])
    return jsonify(
        {
            "seen": saved.revision.number if saved else int(fields["seen"]),
            "draft": (saved.revision.branch if saved else None) or fields.get("draft", ""),
            "merged": merged,
            "names": _names(merged, ground, saved),
            "form": with_stop_names(snapshot(), pairs, g.language),
            "lists": lists,
            "cited": [(name, text) for name, text in fields.items() if typed.get(name) != text],
            "faults": {name: fault_of(key, g.language) for name, key in reading.faults.items()},
        }
    )


@page(bp, "/staff/features/<feature_id>/others", methods=["POST"])
def others(feature_id: str) -> Response:
    """Note that one has the feature open, and tell who else has, or saved a draft of it lately."""
    if not _is_taken(feature_id):
        raise UnknownSite("There is no such place.", "The desk lists those there are.")
    tell_presence(desk_store(), feature_id, me().account)
    found = others_at(desk_store(), feature_id, me().account.login)
    return jsonify({"others": [{"told": other.told, "draft": other.draft} for other in found]})


@page(bp, "/staff/new/<layer_id>")
def begin(layer_id: str) -> Answer:
    """Show an empty form for a feature of a layer; where that has one kind, it is chosen already."""
    ground, kinds = _new_ground(layer_id), snapshot().layer(layer_id).spec.kinds
    begun = content_of(layer_id, None, {"kind": kinds[0]} if len(kinds) == 1 else {})
    return edit_page(ground, to_fields(begun), begun)


@page(bp, "/staff/new/<layer_id>", methods=["POST"])
def add(layer_id: str) -> Answer:
    """Save a new feature as a draft; its id is made from its name and stays for good."""
    ground = _new_ground(layer_id)
    if request.form.get("action") == LAY:
        return edit_page(ground, _typed(), ground.content, is_unsaved=True)
    fields = with_edit_source(_typed(), ground.shown, known_sources(ground.content))
    reading = read_fields(fields, ground.content)
    name = reading.content.attributes.name
    if not name:
        return edit_page(ground, fields, reading.content, refused=reading.faults, needs_name=True), 422
    ground = replace(ground, feature_id=make_slug(name, _is_taken))
    saved = open_draft(desk_store(), Edit(ground.feature_id, reading.content, me().account.login))
    return _answer(ground, saved, reading, fields)


def _typed() -> dict[str, str]:
    """Return the fields of the form; one that is there several times has its values in lines."""
    fields = {name: "\n".join(values) for name, values in request.form.lists()}
    return with_programme_ids(with_stop_ids(snapshot(), with_photo_words(desk_store(), fields)))


def _new_ground(layer_id: str) -> EditBase:
    empty = content_of(snapshot().layer(layer_id).spec.id, None, {})
    return EditBase("", empty, 0, "", "draft", None, empty)


def _is_taken(slug: str) -> bool:
    catalogue = snapshot()
    known = slug in catalogue.features or slug in catalogue.city.retired or slug in catalogue.hidden
    return known or bool(desk_lists.read_history(desk_store(), slug)[0])


def _may_go_on(branch: str) -> bool:
    """Return whether who asks may write in a draft: in any that is open, and in one put away if they lead it."""
    proposal = desk_lists.read_proposal(desk_store(), branch)
    return proposal.head.state != "archived" or may_lead(proposal)


def _keep(ground: EditBase, fields: dict[str, str]) -> tuple[Saved | None, Reading]:
    """Save what a form says, and return what stands now; None where nothing was changed and there is no draft.

    Answers to a conflict, which come with the form, count when it still is the same one. Raises EditConflict, and
    NotAllowed for a draft of somebody else that was put away.
    """
    seen = _seen(fields)
    base = base_of(desk_store(), ground, seen)
    reading = read_fields(fields, base)
    branch = fields.get("draft") or ground.draft
    if not branch and reading.content == base:
        return None, reading
    if branch and not _may_go_on(branch):
        raise NotAllowed("The draft was put away.", "Begin another from what visitors see.", reason="away")
    edit = Edit(ground.feature_id, reading.content, me().account.login, seen)
    try:
        return _store(ground, branch, edit, base), reading
    except EditConflict as error:
        choices, own = answers_of(error, fields)
        if not choices:
            raise
        reading = read_fields(fields | own, base)
        edit = replace(edit, content=reading.content, choices=choices, answered=error.number)
        return _store(ground, branch, edit, base), reading


def _seen(fields: Mapping[str, str]) -> int:
    """Return the revision that a form was filled with; -1, which there is none of, for what is no number."""
    told = fields.get("seen", "")
    return int(told) if told.isdecimal() and len(told) < MOST_DIGITS else -1


def _store(ground: EditBase, branch: str, edit: Edit, base: Content) -> Saved:
    """Save into a draft, or into a new one. Raises EditConflict."""
    if not branch:
        return open_draft(desk_store(), edit, ground.origin)
    try:
        return save_draft(desk_store(), branch, edit)
    except UnknownRevision:  # the form was opened before the draft was: in another tab
        found = desk_lists.read_proposal(desk_store(), branch)
        head = found.became or found.head
        choices = edit.choices if edit.answered == head.number else {}
        merged = merge(base, edit.content, head.content, choices)
        if merged.clashes:
            raise EditConflict(merged.clashes, number=head.number) from None
        saved = save_draft(desk_store(), branch, replace(edit, content=merged.content, seen=head.number, answered=None))
        return replace(saved, merged=merged)


def _answer(ground: EditBase, saved: Saved | None, reading: Reading, fields: Mapping[str, str]) -> Answer:
    """Go back to the form; what was not taken is shown as it was typed, all else is saved."""
    goes_on = request.form.get("action") == GO_ON
    if saved is None:
        if not (goes_on and ground.draft):
            flash("edit.unchanged")
        stands = ground
    else:
        flash("edit.saved")
        for name in _names(saved.merged.theirs, ground, saved):
            flash(name, "merged")
        revision = saved.revision
        stands = replace(ground, content=revision.content, seen=revision.number, draft=revision.branch or ground.draft)
    source = read_edit_source(fields, known_sources(stands.content))
    if reading.faults:
        typed = {name: text for name, text in fields.items() if name in PLACE or is_of(name, reading.faults)}
        typed |= {CITES: source.title, LISTED: fields.get(LISTED, "")} if source else {}
        return edit_page(stands, to_fields(stands.content) | typed, stands.content, refused=reading.faults), 422
    if goes_on and stands.draft:
        return redirect(localised("staff_drafts.show", branch=stands.draft), 303)
    cited = (source.title, fields.get(LISTED, "")) if source and saved else ("", "")
    return redirect(_address(stands, *cited), 303)


def _names(paths: Iterable[str], ground: EditBase, saved: Saved | None) -> list[str]:
    """Return in words the fields that came from somebody else."""
    contents = (ground.shown, ground.content, *([saved.revision.content] if saved else []))
    name_of = photo_naming(contents, g.language)
    return [title_of(path, snapshot().city, g.language, name_of) for path in paths]


def _address(ground: EditBase, cites: str = "", listed: str = "") -> str:
    """Return where the form stands, with the source of the edit, and that one again where the edit has listed it."""
    wanted = {key: text for key, text in (("draft", ground.draft), (CITES, cites), (LISTED, listed)) if text}
    return localised("staff_edit.show", feature_id=ground.feature_id, **wanted)
