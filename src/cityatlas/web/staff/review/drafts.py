"""Review a draft: what it changes in words and on the map, what visitors would see, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, request
from werkzeug import Response

from ....editing.change_checks import end_faults
from ....editing.diff import DiffLine, redline
from ....editing.frame_breaks import FrameBreak
from ....editing.stages import Stage, stage_of
from ....editing.stop_names import naming
from ....editing.worklist import Task
from ....errors import EditConflict, InvalidValue, NotAllowed, StaleRevision, status_of
from ....render.change_map import draw_difference, moved_m
from ....store import change_state, moment_text, publish
from ....store.log.desk_lists import Proposal, open_drafts, read_proposal
from ....store.log.revisions import Revision, State
from ....versioning.content import Content
from ....versioning.merge import Clash, Merged, merge
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import local_time, snapshot
from ..auth.gate import me
from .conflicts import answered, conflict_page
from .desk import drafts_page, present
from .embeds import breaks_of
from .previews import preview_page
from .publishing import (
    PublishingVerdict,
    around_now,
    check_may_lead,
    check_may_publish,
    examine,
    make_order,
    may_lead,
    may_publish,
    public_content,
)
from .tasks import all_tasks

bp = Blueprint("staff_drafts", __name__)
MOST_DIGITS = 19  # of the number of a revision
Answer = Response | str | tuple[str, int]
PICTURE_PX = (640, 420)


@dataclass(frozen=True)
class Outcome:
    """Hold what visitors would see if a draft were published now: it, merged with what they see."""

    public: Content | None
    merged: Merged

    @property
    def content(self) -> Content:
        """Return the content to judge and to preview."""
        return self.merged.content


@dataclass(frozen=True, kw_only=True)
class DraftPage(DeskPage):
    """Hold what a draft changes, what keeps it from being published, and what may be done with it."""

    template = "staff/review/draft.html"
    proposal: Proposal
    head: Revision
    name: Any  # what its content has as name
    is_new: bool
    lines: tuple[DiffLine, ...]
    clashes: tuple[Clash, ...]
    picture: str
    moved_m: float | None
    verdict: PublishingVerdict | None
    may_publish: bool
    may_lead: bool
    expires_at: str
    fault: str
    breaks: list[FrameBreak]
    stage: Stage
    is_public: bool
    next_task: Task | None


@page(bp, "/staff/drafts/<branch>")
def show(branch: str) -> Answer:
    """Show what a draft changes, and what can be done with it."""
    return _draft_page(read_proposal(desk_store(), branch))


@page(bp, "/staff/drafts/<branch>/preview")
def preview(branch: str) -> Answer:
    """Show the page of the feature as visitors would see it."""
    proposal = read_proposal(desk_store(), branch)
    return preview_page(proposal, outcome_of(proposal).content)


@page(bp, "/staff/drafts/<branch>/send", methods=["POST"])
def send(branch: str) -> Answer:
    """Send a draft for review, with words for the reviewer."""
    check_may_lead(read_proposal(desk_store(), branch))
    return _move(branch, "in_review", "office.sent")


@page(bp, "/staff/drafts/<branch>/return", methods=["POST"])
def give_back(branch: str) -> Answer:
    """Return a draft to who wrote it, with words."""
    check_may_publish(read_proposal(desk_store(), branch).head.layer)
    if not request.form.get("comment", "").strip():
        raise InvalidValue("A draft is returned with words.", "Say what should be changed.", reason="no_words")
    return _move(branch, "draft", "office.returned")


@page(bp, "/staff/drafts/<branch>/put-away", methods=["POST"])
def put_away(branch: str) -> Answer:
    """Put a draft away; saving it again brings it back."""
    check_may_lead(read_proposal(desk_store(), branch))
    return _move(branch, "archived", "office.put_away_done")


@page(bp, "/staff/drafts/<branch>/publish", methods=["POST"])
def send_out(branch: str) -> Answer:
    """Publish a draft as it was reviewed: now or at a moment, with an end or without one."""
    proposal = read_proposal(desk_store(), branch)
    if not may_publish(proposal):
        raise NotAllowed("You may not publish in this layer.", "Ask an editor of it.", reason="layer")
    publish_at, expires_at = _moments()
    feature_id = proposal.head.feature_id
    if expires_at and end_faults(snapshot(), feature_id, around_now(snapshot()), moment_text(expires_at)):
        raise InvalidValue("Others need this place after that moment.", "Give it no end.", reason="needed")
    order = make_order(feature_id, proposal.standing, request.form, publish_at=publish_at, expires_at=expires_at)
    done = "office.scheduled" if publish_at else "office.published"
    return _acted(branch, lambda head: answered(lambda order: publish(desk_store(), branch, head, order), order), done)


@page(bp, "/staff/drafts/publish", methods=["POST"])
def send_many() -> Answer:
    """Publish the ticked drafts now, each by itself; those that cannot be are listed with the reason."""
    return _done_with_ticked(_fault_of, "office.many_published")


@page(bp, "/staff/drafts/send", methods=["POST"])
def send_these() -> Answer:
    """Send the ticked drafts for review, each by itself; those that cannot be are listed with the reason."""
    return _done_with_ticked(_unsent, "office.many_sent", is_sent=True)


def _done_with_ticked(act: Callable[[str, int], str], done: str, *, is_sent: bool = False) -> Answer:
    """Do something with each ticked draft; go back to where they were ticked: the file they came from, or a list."""
    kind, read = request.form.get("kind", "review"), {draft.branch: draft for draft in open_drafts(desk_store())}
    refused = []
    for ticked in request.form.getlist("draft"):
        branch, _, head = ticked.partition(":")
        if branch in read and (fault := act(branch, int(head) if head.isdecimal() and len(head) < MOST_DIGITS else 0)):
            refused.append((read[branch], fault))
    if refused:
        return drafts_page(kind, refused, is_sent=is_sent), 409
    flash(done)
    if token := request.form.get("import", ""):
        return redirect(localised("staff_imports.show", token=token), 303)
    return redirect(localised("desk.drafts", kind=kind), 303)


def _unsent(branch: str, head: int) -> str:
    """Send one draft for review; return what was against it, or nothing."""
    proposal = read_proposal(desk_store(), branch)
    if proposal.head.state == "in_review":
        return ""
    if not may_lead(proposal):
        return "draft"
    try:
        change_state(desk_store(), branch, head, "in_review", me().account.login, request.form.get("comment", ""))
    except (InvalidValue, StaleRevision) as error:
        return error.reason
    return ""


def _fault_of(branch: str, head: int) -> str:
    """Publish one draft; return what was against it, or nothing."""
    proposal = read_proposal(desk_store(), branch)
    if not may_publish(proposal):
        return "layer"
    try:
        order = make_order(proposal.head.feature_id, proposal.standing, {"comment": request.form.get("comment", "")})
        publish(desk_store(), branch, head, order)
    except (InvalidValue, StaleRevision) as error:
        return error.reason
    return ""


def outcome_of(proposal: Proposal) -> Outcome:
    """Return what a draft would make of what visitors see; fields that clash stay as visitors see them."""
    public = public_content(proposal.standing, proposal.head.feature_id)
    draft = proposal.head.content
    return Outcome(public, merge(proposal.base, draft, public or proposal.base or draft))


def _move(branch: str, state: State, done: str) -> Answer:
    comment, login = request.form.get("comment", "").strip(), me().account.login
    return _acted(branch, lambda head: change_state(desk_store(), branch, head, state, login, comment), done)


def _acted(branch: str, act: Callable[[int], object], done: str) -> Answer:
    """Do something with the revision that a person has before them, and go back to the draft."""
    act(request.form.get("head", 0, type=int))
    flash(done)
    return redirect(_address(branch), 303)


@bp.errorhandler(EditConflict)
def ask(error: EditConflict) -> Answer:
    """Ask about the fields that were published otherwise meanwhile."""
    return conflict_page(_asked_for().head.feature_id, error, "publish", _address(_branch()))


@bp.errorhandler(InvalidValue)
@bp.errorhandler(StaleRevision)
def refused(error: InvalidValue | StaleRevision) -> Answer:
    """Show the draft as it is now, and why nothing was done with it."""
    return _draft_page(_asked_for(), error.reason), status_of(error)


def _asked_for() -> Proposal:
    return read_proposal(desk_store(), _branch())


def _branch() -> str:
    return str((request.view_args or {})["branch"])


def _address(branch: str) -> str:
    return localised("staff_drafts.show", branch=branch)


def _draft_page(proposal: Proposal, fault: str = "") -> str:
    catalogue, outcome, head = snapshot(), outcome_of(proposal), proposal.head
    old, new = (outcome.public, outcome.content) if proposal.is_open else (proposal.base, head.content)
    old = old or Content(head.layer, None, {})
    is_moved = old.geometry != new.geometry
    stage = stage_of(proposal, present())
    return DraftPage(
        proposal=proposal,
        head=head,
        name=head.content.attributes.name,
        is_new=outcome.public is None,
        lines=redline(old, new, catalogue.city, g.language, naming(catalogue, g.language)),
        clashes=outcome.merged.clashes if proposal.is_open else (),
        picture=draw_difference(catalogue, old.geometry, new.geometry, PICTURE_PX, g.language) if is_moved else "",
        moved_m=moved_m(catalogue.city, old.geometry, new.geometry) if is_moved else None,
        verdict=examine(catalogue, head.feature_id, new) if proposal.is_open else None,
        may_publish=may_publish(proposal),
        may_lead=may_lead(proposal),
        expires_at=_as_input(proposal.standing.current.expires_at if proposal.standing.current else None),
        fault=fault,
        breaks=breaks_of([(head.feature_id, new)]) if proposal.is_open else [],
        stage=stage,
        is_public=stage == "published"
        or head.feature_id in catalogue.features,  # a new place comes with the next snapshot
        next_task=_next_task(head.feature_id) if proposal.became else None,
    ).fill()


def _next_task(feature_id: str) -> Task | None:
    """Return what to do first beside one feature."""
    tasks = all_tasks(open_drafts(desk_store()))
    return next((task for task in tasks if task.feature_id and task.feature_id != feature_id), None)


def _moments() -> tuple[datetime | None, datetime | None]:
    """Return when a form wants the draft to come public and to end, by the clock of the city; None where it is empty.

    Raises InvalidValue for what cannot be read, is past, or ends before it begins.
    """
    zone = ZoneInfo(snapshot().city.timezone)
    try:
        texts = (request.form.get(key, "").strip() for key in ("publish_at", "expires_at"))
        begin, end = (datetime.fromisoformat(text).replace(tzinfo=zone) if text else None for text in texts)
    except ValueError:
        raise _wrong_moment() from None
    if _is_past(begin) or _is_past(end) or (begin and end and end <= begin):
        raise _wrong_moment()
    return begin, end


def _wrong_moment() -> InvalidValue:
    return InvalidValue("These moments cannot be used.", "Name some that are to come, the end last.", reason="moment")


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= datetime.now(moment.tzinfo)


def _as_input(moment: str | None) -> str:
    """Return a moment of the store as a form takes it, "2026-12-05T08:00"; nothing for one that is past."""
    is_ahead = moment is not None and moment > moment_text(datetime.now(UTC))
    return local_time(moment).replace(" ", "T") if moment and is_ahead else ""
