"""Show the desk: what to do first, drafts, what waits for review, what was published lately, and a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Literal

from flask import Blueprint, current_app, g, redirect, request
from werkzeug import Response

from ....city.spec import LayerSpec
from ....editing.diff import title_of
from ....editing.frame_breaks import FrameBreak
from ....editing.stages import LineStage, line_stage
from ....editing.worklist import KINDS, Task
from ....editing.worklist.task import sentence, title, what_to_do
from ....i18n import LANGUAGES
from ....search.folding import fold
from ....search.index import SearchIndex
from ....search.segment import SearchEntry
from ....store import Revision, moment_text
from ....store.log.desk_lists import OpenDraft, hidden_tips, lately_published, open_drafts, waiting
from ....store.people.accounts import all_accounts
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import local_time, snapshot, unbroken
from ..auth.gate import me
from .embeds import breaks_of
from .publishing import edit_address
from .tasks import all_tasks

bp = Blueprint("desk", __name__)
FIRST_TASKS = 3  # of each kind, on the first page
SHOWN = 10  # of each list, on the first page
PER_PAGE = 100
MOST_FOUND = 20  # of what is on the map, and of what is not


@dataclass(frozen=True)
class Found:
    """Hold what a search of the desk found, on the map or not, how it stands, and where one goes on with it.

    `moment` is when it comes, ended, or was put aside; "" for what visitors see.
    """

    id: str
    name: object  # what its content has as name
    layer: str
    state: Literal[LineStage, "draft", "in_review"]
    address: str
    moment: str = ""


@dataclass(frozen=True, kw_only=True)
class FirstPage(DeskPage):
    """Hold what to do first, drafts, what waits, what was published lately, and what a search found."""

    template = "staff/review/desk.html"
    shown = SHOWN
    first_tasks = FIRST_TASKS
    kinds: list[tuple[str, list[Task]]]
    count: int
    mine: list[OpenDraft]
    review: list[OpenDraft]
    lately: Sequence[Revision]
    waiting: Sequence[Revision]
    faults: Sequence[str]
    query: str
    found: list[Found]
    new_layers: list[LayerSpec]


@dataclass(frozen=True, kw_only=True)
class WorklistPage(DeskPage):
    """Hold one page of the tasks, by kind."""

    template = "staff/review/worklist.html"
    kinds: list[tuple[str, list[Task]]]
    count: int
    kind: str
    number: int
    last_page: int


@dataclass(frozen=True, kw_only=True)
class DraftsPage(DeskPage):
    """Hold one page of open drafts; `refused` could not be published, each with the key of the reason."""

    template = "staff/review/drafts.html"
    drafts: list[OpenDraft]
    refused: Sequence[tuple[OpenDraft, str]]
    is_sent: bool
    kind: str
    count: int
    number: int
    last_page: int
    own_layers: list[str]
    breaks: list[FrameBreak]


@page(bp, "/staff/", ["q"])
def show() -> str | Response:
    """Show the first page after a login; of a search that means one place on the map, its form."""
    query = request.args.get("q", "").strip()
    found = _found(query)
    if only := _meant(query, found):
        return redirect(only.address)
    drafts = open_drafts(desk_store())
    mine = [draft for draft in drafts if draft.owner == me().account.login]
    tasks = all_tasks(drafts)
    return FirstPage(
        kinds=_by_kind(tasks),
        count=len(tasks),
        mine=mine,
        review=to_review(drafts),
        lately=lately_published(desk_store(), SHOWN),
        waiting=waiting(desk_store()),
        faults=current_app.extensions["cityatlas_live"].sentences(g.language),
        query=query,
        found=found,
        new_layers=_new_layers(),
    ).fill()


@page(bp, "/staff/worklist", ["kind"])
def worklist() -> str:
    """Show all tasks, or those of one kind, a page at a time."""
    kind = request.args.get("kind", "")
    tasks = [task for task in all_tasks(open_drafts(desk_store())) if kind not in KINDS or task.kind == kind]
    first, number, last_page = _page_of(len(tasks))
    shown = tasks[first : first + PER_PAGE]
    return WorklistPage(kinds=_by_kind(shown), count=len(tasks), kind=kind, number=number, last_page=last_page).fill()


@page(bp, "/staff/drafts/", ["kind", "page"])
def drafts() -> str:
    """Show open drafts: one's own, those that wait for one's review, or all."""
    return drafts_page(request.args.get("kind", "mine"))


def drafts_page(kind: str, refused: Sequence[tuple[OpenDraft, str]] = (), *, is_sent: bool = False) -> str:
    """Return a list of drafts; `refused` were not published, or not sent, each with the key of the reason."""
    found = open_drafts(desk_store(), owner=me().account.login if kind == "mine" else None)
    found = to_review(found) if kind == "review" else found
    first, number, last_page = _page_of(len(found))
    own_layers = [spec.id for spec in snapshot().city.layers if me().account.may_publish(spec.id)]
    shown = found[first : first + PER_PAGE]
    return DraftsPage(
        drafts=shown,
        refused=refused,
        is_sent=is_sent,
        kind=kind,
        count=len(found),
        number=number,
        last_page=last_page,
        own_layers=own_layers,
        breaks=breaks_of((draft.head.feature_id, draft.head.content) for draft in shown),
    ).fill()


def to_review(drafts: list[OpenDraft]) -> list[OpenDraft]:
    """Return the drafts that wait for a review which one may make, the longest waiting first."""
    account = me().account
    waits = [draft for draft in drafts if draft.head.state == "in_review" and account.may_publish(draft.head.layer)]
    return waits[::-1]


@bp.app_context_processor
def words() -> dict[str, object]:
    """Give the pages of the desk what tells of people, moments, fields and tasks."""
    if not g.get("is_desk_open"):
        return {}
    return {
        "person": _person,
        "local_time": local_time,
        "unbroken": unbroken,
        "edit_address": edit_address,
        "field_title": lambda path: title_of(path, snapshot().city, g.language),
        "line_stage": lambda revision: line_stage(revision, present()),
        "sentence": partial(sentence, language=g.language),
        "title": partial(title, language=g.language),
        "what_to_do": partial(what_to_do, language=g.language),
    }


def present() -> str:
    """Return this moment as the store writes moments."""
    return moment_text(datetime.now(UTC))


def _person(login: str) -> str:
    """Return what somebody is called; all names are asked for once a page."""
    if "names" not in g:
        g.names = {account.login: account.display_name for account in all_accounts(desk_store())}
    return str(g.names.get(login, login))


def _new_layers() -> list[LayerSpec]:
    """Return the layers in which one begins new places: an editor's own, for all others every layer."""
    layers = [*snapshot().city.layers]
    own = [spec for spec in layers if me().account.may_publish(spec.id)]
    return own or layers


def _by_kind(tasks: tuple[Task, ...] | list[Task]) -> list[tuple[str, list[Task]]]:
    return [(kind, list(rows)) for kind, rows in groupby(tasks, key=lambda task: task.kind)]


def _page_of(count: int) -> tuple[int, int, int]:
    """Return the first row of the page that is asked for, its number, and that of the last page."""
    last_page = max(1, -(-count // PER_PAGE))
    number = min(last_page, max(1, request.args.get("page", 1, type=int)))
    return (number - 1) * PER_PAGE, number, last_page


def _found(query: str) -> list[Found]:
    """Return what is on the map, and then what is not: drafts, what waits for its moment, ended, or was taken off."""
    if not query:
        return []
    features = snapshot().features
    shown = [features[hit.id] for hit in snapshot().index.find(query, MOST_FOUND)]
    told = [Found(one.id, one.name, one.layer, "published", edit_address(one.id)) for one in shown]
    tips = {revision.feature_id: revision for revision in hidden_tips(desk_store(), features.keys())}
    index = SearchIndex.build(_entry(revision) for revision in tips.values())
    return told + [_hidden(tips[hit.id]) for hit in index.find(query, MOST_FOUND)]


def _meant(query: str, found: Sequence[Found]) -> Found | None:
    """Return what a search found alone, or alone of those it found has the very name, if it is on the map."""
    named = [one for one in found if fold(query) in {fold(name) for name in _names_of(one.name)}]
    only = found if len(found) == 1 else named
    return only[0] if len(only) == 1 and only[0].state == "published" else None


def _names_of(name: object) -> list[str]:
    return [name[tag] for tag in LANGUAGES if name.get(tag)] if isinstance(name, Mapping) else []


def _entry(revision: Revision) -> SearchEntry:
    return SearchEntry(revision.feature_id, tuple(_names_of(revision.content.attributes.name)))


def _hidden(revision: Revision) -> Found:
    """Return how something stands that visitors do not see."""
    name, at = revision.content.attributes.name, revision.feature_id
    if revision.branch:
        address, state = localised("staff_drafts.show", branch=revision.branch), revision.state
        return Found(at, name, revision.layer, "in_review" if state == "in_review" else "draft", address)
    address = localised("staff_history.show", feature_id=at)
    stage = line_stage(revision, present())
    moments = {"gone": revision.made_at, "waiting": revision.publish_at}
    return Found(
        at, name, revision.layer, stage, address, moments.get(stage) or revision.expires_at or revision.made_at
    )
