"""List the bulk changes, show how each of their drafts stands, and take one back as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, request
from werkzeug import Response

from ....errors import EditConflict, InvalidValue, NotAllowed, NotFound, StaleRevision, status_of
from ....i18n import translate
from ....store import Batch, BatchMember, Order, batch_members, batches, undo_all
from ....store.log.desk_lists import read_history
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ..auth.gate import me
from .publishing import make_order

bp = Blueprint("staff_batches", __name__)
Answer = Response | str | tuple[str, int]
PER_PAGE = 30
DRAFTS = ("open", "review")
UNDOABLE = (*DRAFTS, "public")
SHOWN = 300  # of what a page lists; all are taken back


@dataclass(frozen=True, kw_only=True)
class BatchesPage(DeskPage):
    """Hold one page of the bulk changes, the newest first."""

    template = "staff/review/batches.html"
    found: Sequence[Batch]
    number: int
    last_page: int


@dataclass(frozen=True, kw_only=True)
class BatchPage(DeskPage):
    """Hold a bulk change: those of its drafts that were changed since, those that can be taken back, and the rest."""

    template = "staff/review/batch.html"
    shown = SHOWN
    batch: str
    first: BatchMember
    members: Sequence[BatchMember]
    counts: Counter[str]
    undoable: int
    may_undo: bool
    fault: str


@page(bp, "/staff/batches/", ["page"])
def show_all() -> str:
    """Show the bulk changes."""
    number = max(1, request.args.get("page", 1, type=int))
    found, count = batches(desk_store(), (number - 1) * PER_PAGE, PER_PAGE)
    return BatchesPage(found=found, number=number, last_page=max(1, -(-count // PER_PAGE))).fill()


@page(bp, "/staff/batches/<batch>")
def show(batch: str) -> Answer:
    """Show a bulk change, and how each of its drafts stands."""
    return _batch_page(batch)


@page(bp, "/staff/batches/<batch>/undo", methods=["POST"])
def undo(batch: str) -> Answer:
    """Take back all of a bulk change that nobody changed since, or none of it."""
    members = [member for member in _members(batch) if member.state in UNDOABLE]
    if not all(map(_may_undo, members)):
        raise NotAllowed("Some of it is not yours to take back.", "Ask an editor of the layer.", reason="layer")
    comment = translate("batch.comment", g.language, comment=members[0].first.comment) if members else ""
    undone = [_undone(member, comment) for member in members if member.state == "public"]
    away = [(member.branch, member.head.number) for member in members if member.state in DRAFTS]
    undo_all(desk_store(), undone, away, me().account.login)
    flash("batch.done")
    return redirect(localised("staff_batches.show", batch=batch), 303)


def _undone(member: BatchMember, comment: str) -> tuple[str, int, Order]:
    """Return what takes back a publication: feature, revision, and by whom."""
    feature_id = member.head.feature_id
    assert member.became
    _, standing = read_history(desk_store(), feature_id)
    return feature_id, member.became.number, make_order(feature_id, standing, {"comment": comment})


def _may_undo(member: BatchMember) -> bool:
    """Return whether who asks leads a draft, or publishes in the layer of what was published."""
    account = me().account
    is_own = member.state in DRAFTS and member.first.author == account.login
    return is_own or account.may_publish(member.head.layer)


def _members(batch: str) -> list[BatchMember]:
    """Return the drafts of a bulk change. Raises NotFound."""
    if found := batch_members(desk_store(), batch):
        return found
    raise NotFound("There is no such bulk change.", "The list of bulk changes has those there are.")


def _batch_page(batch: str, fault: str = "") -> str:
    members = _members(batch)
    undoable = [member for member in members if member.state in UNDOABLE]
    return BatchPage(
        batch=batch,
        first=members[0],
        members=members,
        counts=Counter(member.state for member in members),
        undoable=len(undoable),
        may_undo=all(map(_may_undo, undoable)),
        fault=fault,
    ).fill()


@bp.errorhandler(EditConflict)
@bp.errorhandler(InvalidValue)
@bp.errorhandler(StaleRevision)
def refused(error: EditConflict | InvalidValue | StaleRevision) -> Answer:
    """Show the bulk change as it stands now, and that nothing of it was taken back."""
    return _batch_page(str((request.view_args or {})["batch"]), error.reason), status_of(error)
