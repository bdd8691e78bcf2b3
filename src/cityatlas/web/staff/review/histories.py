"""Show a feature's past, and bring back from it: a field, a version, what one change undid; archive and unarchive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, request
from werkzeug import Response

from .... import store
from ....city.layers import Feature
from ....editing.change_checks import change_faults
from ....editing.diff import DiffLine, redline
from ....editing.stop_names import naming
from ....errors import EditConflict, InvalidValue, StaleRevision, UnknownSite, Unpublishable, status_of
from ....render.change_map import draw_difference
from ....store import Order, Revision
from ....store.embed_uses import EmbedUse
from ....store.log.desk_lists import OpenDraft, Standing, open_drafts, read_history
from ....store.log.erase import Erasure, erased_steps
from ....versioning.content import Content
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me
from .conflicts import answered, conflict_page
from .embeds import pages_with, route_pages
from .publishing import around_now, check_may_publish, make_order, public_content

bp = Blueprint("staff_history", __name__)
Answer = Response | str | tuple[str, int]
PICTURE_PX = (480, 320)
PER_PAGE = 20
OFFERED = 400  # features to choose a successor from


@dataclass(frozen=True)
class Step:
    """Hold one revision of the published line: what it changed, and in what it differs from what visitors see now."""

    revision: Revision
    drafted_by: str
    lines: tuple[DiffLine, ...]
    picture: str
    differs: tuple[DiffLine, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryPage(DeskPage):
    """Hold what was published of a feature, step by step, and what may be brought back or undone."""

    template = "staff/review/history.html"
    feature_id: str
    name: object  # what its content has as name
    standing: Standing
    seen: int
    is_archived: bool
    is_public: bool
    steps: list[Step]
    origin_differs: tuple[DiffLine, ...]
    drafts: list[OpenDraft]
    may_publish: bool
    number: int
    last_page: int
    fault: str
    forbidding: tuple[str, ...]
    embedded_on: tuple[EmbedUse, ...]
    carried_on: tuple[EmbedUse, ...]
    erased: Mapping[int, Erasure]
    successor: str
    successors: list[Feature]


@page(bp, "/staff/features/<feature_id>/history", ["page"])
def show(feature_id: str) -> Answer:
    """Show who changed a feature, when, what, and where on the map."""
    return _history_page(feature_id)


@page(bp, "/staff/features/<feature_id>/history/restore", methods=["POST"])
def restore(feature_id: str) -> Answer:
    """Say again what an earlier revision said: in the ticked fields, or in all."""
    number, fields = request.form.get("number", 0, type=int), frozenset(request.form.getlist("fields"))
    if request.form.get("what") == "fields" and not fields:
        raise InvalidValue("No field is ticked.", "Tick what should be brought back.", reason="no_fields")
    chosen = fields if request.form.get("what") == "fields" else None

    def act(seen: int, order: Order) -> object:
        return store.restore(desk_store(), feature_id, number, seen, order, chosen)

    return _acted(feature_id, act, "office.restored")


@page(bp, "/staff/features/<feature_id>/history/undo", methods=["POST"])
def undo(feature_id: str) -> Answer:
    """Take back what one revision changed, and nothing that came after it."""
    number = request.form.get("number", 0, type=int)
    return _acted(feature_id, lambda _, order: store.undo(desk_store(), feature_id, number, order), "office.undone")


@page(bp, "/staff/features/<feature_id>/history/archive", methods=["POST"])
def archive(feature_id: str) -> Answer:
    """Take a feature off the map, and name what takes its place, if anything does."""
    successor = request.form.get("successor", "")
    if successor and (successor == feature_id or successor not in snapshot().features):
        raise InvalidValue("Only a place on the map can take its place.", "Choose one.", reason="successor")

    def act(seen: int, order: Order) -> object:
        return store.archive(desk_store(), feature_id, seen, order, successor)

    return _acted(feature_id, act, "office.archived_done")


@page(bp, "/staff/features/<feature_id>/history/unarchive", methods=["POST"])
def unarchive(feature_id: str) -> Answer:
    """Put a feature back on the map."""
    return _acted(
        feature_id, lambda seen, order: store.unarchive(desk_store(), feature_id, seen, order), "office.unarchived_done"
    )


@page(bp, "/staff/features/<feature_id>/history/cancel", methods=["POST"])
def cancel(feature_id: str) -> Answer:
    """Let a publication that waits for its moment never come."""
    number = request.form.get("number", 0, type=int)
    return _acted(
        feature_id, lambda _, order: store.cancel(desk_store(), feature_id, number, order), "office.cancelled"
    )


def _acted(feature_id: str, act: Callable[[int, Order], object], done: str) -> Answer:
    """Change what visitors see, from the revision that the person has before them, and go back."""
    _, standing = read_history(desk_store(), feature_id)
    check_may_publish(_layer_of(feature_id, standing))
    order = make_order(feature_id, standing, request.form)
    seen = request.form.get("seen", 0, type=int)
    answered(lambda order: act(seen, order), order)
    flash(done)
    return redirect(_address(feature_id), 303)


@bp.errorhandler(EditConflict)
def ask(error: EditConflict) -> Answer:
    """Ask about the fields that were published otherwise meanwhile."""
    return conflict_page(_asked_for(), error, "publish", _address(_asked_for()))


@bp.errorhandler(InvalidValue)
@bp.errorhandler(StaleRevision)
def refused(error: InvalidValue | StaleRevision) -> Answer:
    """Show the past as it is now, and why nothing was changed."""
    forbidding = _forbidding(_asked_for()) if isinstance(error, Unpublishable) else ()
    return _history_page(_asked_for(), error.reason, forbidding), status_of(error)


def _asked_for() -> str:
    return str((request.view_args or {})["feature_id"])


def _forbidding(feature_id: str) -> tuple[str, ...]:
    """Return who would miss the feature, where that is what forbids to archive it."""
    is_archiving = str(request.endpoint).endswith((".archive", ".undo"))
    found = change_faults(snapshot(), feature_id, None, around_now(snapshot())) if is_archiving else ()
    return tuple(one.sentence(g.language) for one in found)


def _address(feature_id: str) -> str:
    return localised("staff_history.show", feature_id=feature_id)


def _layer_of(feature_id: str, standing: Standing) -> str:
    """Return the layer of a feature that is public, was, or will be. Raises UnknownSite for all others."""
    content = public_content(standing, feature_id) or (standing.waiting and standing.waiting.content)
    if content is None:
        snapshot().feature(feature_id)  # says what may be meant
        raise UnknownSite(f'"{feature_id}" was never published.', "Drafts are on the desk.")
    return content.layer


def _history_page(feature_id: str, fault: str = "", forbidding: tuple[str, ...] = ()) -> str:
    told, standing = read_history(desk_store(), feature_id)
    public = public_content(standing, feature_id)
    shown_now = public or (standing.waiting.content if standing.waiting else None)
    drafts = open_drafts(desk_store(), feature_id=feature_id)
    if shown_now is None and not drafts:
        snapshot().feature(feature_id)  # raises, and says what may be meant
    layer = shown_now.layer if shown_now else drafts[0].head.layer
    by_number = {revision.number: revision for revision in told}
    line = [revision for revision in reversed(told) if revision.branch is None]
    last_page = max(1, -(-len(line) // PER_PAGE))
    number = min(last_page, max(1, request.args.get("page", 1, type=int)))
    rows = line[(number - 1) * PER_PAGE : number * PER_PAGE]
    return HistoryPage(
        feature_id=feature_id,
        name=(shown_now or drafts[0].head.content).attributes.name,
        standing=standing,
        seen=standing.current.number if standing.current else 0,
        is_archived=standing.current is not None and standing.current.state == "archived",
        is_public=feature_id in snapshot().features,
        steps=[_step(revision, by_number, standing, public) for revision in rows],
        origin_differs=_differing(standing.origin, public) if number == last_page else (),
        drafts=drafts,
        may_publish=me().account.may_publish(layer),
        number=number,
        last_page=last_page,
        fault=fault,
        forbidding=forbidding,
        embedded_on=pages_with(feature_id),
        carried_on=route_pages(feature_id),
        erased=erased_steps(desk_store(), feature_id),
        successor=snapshot().city.retired.get(feature_id, ""),
        successors=_successors(feature_id, layer),
    ).fill()


def _successors(feature_id: str, layer: str) -> list[Feature]:
    """Return what may take the place of a feature: first of its own layer, as many as a list bears."""
    others = [feature for feature in snapshot().features.values() if feature.id != feature_id]
    return sorted(others, key=lambda feature: feature.layer != layer)[:OFFERED]


def _step(revision: Revision, by_number: Mapping[int, Revision], standing: Standing, public: Content | None) -> Step:
    before = by_number[revision.based_on].content if revision.based_on else standing.origin
    old, new = before or Content(revision.layer, None, {}), revision.content
    catalogue, drafted = snapshot(), by_number.get(revision.merged or 0)
    drawn = ""
    if old.geometry != new.geometry:
        drawn = draw_difference(catalogue, old.geometry, new.geometry, PICTURE_PX, g.language)
    lines = redline(old, new, catalogue.city, g.language, naming(catalogue, g.language))
    return Step(revision, drafted.author if drafted else "", lines, drawn, _differing(new, public))


def _differing(content: Content | None, public: Content | None) -> tuple[DiffLine, ...]:
    """Return in what an earlier content differs from what visitors see now: what can be brought back."""
    if content is None or public is None:
        return ()
    return redline(public, content, snapshot().city, g.language, naming(snapshot(), g.language))
