"""Take in files: look at what they would change, choose, and save all of it as drafts or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import get_args
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, g, redirect, request
from werkzeug import Response
from werkzeug.exceptions import RequestEntityTooLarge

from ....catalogue.folder_export import content_of_feature
from ....city.layers import Layer
from ....editing.change_checks import change_faults
from ....editing.diff import DiffLine, redline
from ....editing.frame_breaks import FrameBreak
from ....editing.layer_state import names_of, read_state
from ....editing.stop_names import naming
from ....errors import CityatlasError, FileTooLarge, InvalidFile, InvalidValue, status_of
from ....exchange.incoming.shape_comparison import moved_m
from ....exchange.tables.columns import Column, columns_of
from ....exchange.tables.headings import ID, VERSION, FileFault, gathered
from ....exchange.uploads.limits import refusal
from ....exchange.uploads.sandbox import Progress
from ....exchange.uploads.shapes import file_title
from ....geo.datum import Datum
from ....i18n import translate
from ....limits import FILE_MB
from ....store import Order, batch_members, take_in
from ....store.log.desk_lists import OpenDraft, open_drafts
from ....versioning.content import Json, canonical, content_of
from ...http.desk import DeskPage, desk_store
from ...http.errors import answer_error
from ...http.html_page import HtmlPart
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me
from ..review.embeds import breaks_of
from ..review.publishing import make_check
from .jobs import Job, Jobs
from .layers import cell_text
from .look import LookedAt, is_sheet, look_at
from .page import picture, samples
from .uploads import Upload, uploads

bp = Blueprint("staff_imports", __name__)
Answer = Response | str | tuple[str, int]
FIRST_WAIT_S = 0.7  # most files are read by then, and refused at once
NEXT_WAIT_S = 0.3
BATCH_LETTERS = 16  # of a file's token: what names its bulk change
DRAWN = 400
SHOWN = 300  # changes, faults or features that a page lists; all are taken in
MOST_M = 100_000


@dataclass(frozen=True, kw_only=True)
class ImportPage(DeskPage):
    """Ask for a file for a layer; `fault` says what was wrong with the one before."""

    template = "staff/files/import.html"
    most = FILE_MB
    layer: Layer
    fault: str


@dataclass(frozen=True, kw_only=True)
class WaitPage(DeskPage):
    """Hold how far the reading of a file is."""

    template = "staff/files/import_wait.html"
    upload: Upload
    far: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class TakenPage(DeskPage):
    """Hold the drafts that a file became: those still open with what they change, and whether one may publish them."""

    template = "staff/files/import_taken.html"
    upload: Upload
    open: Mapping[str, OpenDraft]
    lines: Mapping[str, tuple[DiffLine, ...]]
    may_publish: bool
    breaks: list[FrameBreak]


@dataclass(frozen=True, kw_only=True)
class LookedPart(HtmlPart):
    """Hold what a file would change, and what that breaks on pages of others.

    `has_moved` says that it is not what was looked at before.
    """

    shown = SHOWN
    upload: Upload
    looked: LookedAt
    has_moved: bool
    columns: dict[str, Column]
    breaks: list[FrameBreak]

    def cell(self, column: Column, value: object) -> str:
        """Return a value as a table shows it."""
        return cell_text(column, value)

    def gathered(self, faults: Iterable[FileFault]) -> list[tuple[FileFault, list[str]]]:
        """Return faults with those that say the same as one."""
        return gathered(faults)


@dataclass(frozen=True, kw_only=True)
class SheetImportPage(DeskPage):
    """Hold what a sheet would change; `removable` are missing rows that may be archived, `goes` what that breaks."""

    template = "staff/files/import_sheet.html"
    view: LookedPart
    may_archive: bool
    removable: frozenset[str]
    goes: list[FrameBreak]


@dataclass(frozen=True, kw_only=True)
class ShapesImportPage(DeskPage):
    """Hold what a file of shapes would change; `samples` are its columns, `ours` what they can be mapped to."""

    template = "staff/files/import_shapes.html"
    datums = get_args(Datum)
    view: LookedPart
    ours: list[Column]
    picture: str
    samples: list[tuple[str, str, str]]

    def moved(self, old: Json, new: Json) -> int:
        """Return how many metres the farthest point of a shape has moved."""
        return moved_m(old, new)


@page(bp, "/staff/layers/<layer_id>/import", methods=["GET", "POST"])
def begin(layer_id: str) -> Answer:
    """Ask for a file; take it and go on to what it would change, or say at once why it cannot be used."""
    snapshot().layer(layer_id)
    if request.method == "GET":
        return _form(layer_id)
    name, raw = _handed_in()
    try:
        new = Upload("", me().account.login, layer_id, name, is_sheet(raw))
        upload = uploads().keep(new, raw)
        job = _job(upload)
        if job.is_done(FIRST_WAIT_S):
            _ended(upload, job)
    except (InvalidFile, FileTooLarge) as error:
        return _form(layer_id, error), status_of(error)
    return redirect(localised("staff_imports.show", token=upload.token), 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Answer:
    """Say how large a file may be, on the page that asked for it."""
    error = refusal("files.too_large", FileTooLarge, mb=-(-(request.content_length or 0) >> 20), most=FILE_MB)
    layer_id = str((request.view_args or {}).get("layer_id"))
    return (_form(layer_id, error), status_of(error)) if layer_id in snapshot().layers else answer_error(error)


@page(bp, "/staff/imports/<token>")
def show(token: str) -> Answer:
    """Show how far a file is: being read, what it would change, or the drafts that it became."""
    upload = uploads().find(token, me().account.login)
    if upload.is_taken:
        return _taken(upload)
    job = _job(upload)
    if not job.is_done(NEXT_WAIT_S):
        return WaitPage(upload=upload, far=_far(job)).fill()
    try:
        return _looked(upload, _ended(upload, job))
    except (InvalidFile, FileTooLarge) as error:
        return _form(upload.layer, error), status_of(error)


def _taken(upload: Upload) -> str:
    """Return the drafts that a file became; of more than fit on a page the differences are on their own pages."""
    branches = {branch for _, branch in upload.drafts}
    found = {draft.branch: draft for draft in open_drafts(desk_store()) if draft.branch in branches}
    lines = {branch: _lines(draft) for branch, draft in islice(found.items(), SHOWN)}
    may_publish = me().account.may_publish(upload.layer)
    breaks = breaks_of((draft.head.feature_id, draft.head.content) for draft in found.values())
    return TakenPage(upload=upload, open=found, lines=lines, may_publish=may_publish, breaks=breaks).fill()


def _lines(draft: OpenDraft) -> tuple[DiffLine, ...]:
    catalogue, head = snapshot(), draft.head
    feature = catalogue.features.get(head.feature_id)
    shown = content_of_feature(feature) if feature else content_of(head.layer, None, {})
    return redline(shown, head.content, catalogue.city, g.language, naming(catalogue, g.language))


@page(bp, "/staff/imports/<token>/progress")
def progress(token: str) -> dict[str, object]:
    """Tell how far the reading of a file is; its page asks until it is done."""
    upload = uploads().find(token, me().account.login)
    job = None if upload.is_taken else _job(upload)
    return {"is_done": True} if job is None or job.is_done(NEXT_WAIT_S) else {"is_done": False, **_far(job)}


@page(bp, "/staff/imports/<token>/choices", methods=["POST"])
def choose(token: str) -> Response:
    """Keep what somebody chose about a file, and look at it again by that."""
    upload = uploads().find(token, me().account.login)
    if upload.is_sheet:
        given = [cure.split("=", 1) for cure in request.form.getlist("cure") if "=" in cure]
        ticked = {place: cure for places, cure in given for place in places.split(",")}
        chosen: dict[str, object] = {"cures": {**upload.choices.get("cures", {}), **ticked}}
        uploads().note(replace(upload, choices=chosen))
    else:
        uploads().note(_chosen_shapes(upload))
    return redirect(localised("staff_imports.show", token=token), 303)


@page(bp, "/staff/imports/<token>/take", methods=["POST"])
def take(token: str) -> Answer:
    """Save all that a file would change as drafts, and archive what was ticked, in one transaction, and once.

    The id of the bulk change is the file's, so that no process takes in what another has.
    """
    upload = uploads().find(token, me().account.login)
    if upload.is_taken:
        return redirect(localised("staff_imports.show", token=token), 303)
    job = _job(upload)
    if not job.is_done(FIRST_WAIT_S):
        return redirect(localised("staff_imports.show", token=token), 303)
    looked = _ended(upload, job)
    if request.form.get("seen") != looked.digest:
        return _looked(upload, looked, has_moved=True), 409
    comment = translate("stafflayers.comment_import", g.language, file=upload.file)
    edits, archived = list(looked.edits(me().account.login, comment, _left(looked))), _archived(looked, comment)
    if not edits and not archived:
        raise InvalidValue("There is nothing to take in.", "Go back to the layer.")
    batch = token[:BATCH_LETTERS]
    saved = take_in(desk_store(), edits, archived, batch)
    drafts = _begun(batch) if saved is None else tuple((s.revision.feature_id, s.revision.branch or "") for s in saved)
    gone = tuple(feature_id for feature_id, _, _ in archived)
    names = names_of(edits) | {key: snapshot().features[key].name for key in gone}
    uploads().note(replace(upload, drafts=drafts, archived=gone, is_taken=True, names=names, batch=batch))
    _jobs().forget(token)
    return redirect(localised("staff_imports.show", token=token), 303)


@page(bp, "/staff/imports/<token>/cancel", methods=["POST"])
def cancel(token: str) -> Response:
    """Let a file go; what is being done with it stops within a moment."""
    upload = uploads().find(token, me().account.login)
    uploads().drop(token)
    _jobs().forget(token)
    flash("stafflayers.cancelled")
    return redirect(localised("staff_imports.begin", layer_id=upload.layer), 303)


def _begun(batch: str) -> tuple[tuple[str, str], ...]:
    """Return the drafts (feature id, draft id) of a bulk change that another process made of the same file."""
    return tuple((one.first.feature_id, one.branch) for one in batch_members(desk_store(), batch) if one.branch)


def _left(looked: LookedAt) -> frozenset[str]:
    """Return the new features that are not ticked; of those that the page had no room for, what is there already."""
    seen, ticked = (frozenset(request.form.getlist(name)) for name in ("offered", "new"))
    made = {str(row["id"]) for row in looked.features.features}
    return frozenset(made & seen - ticked | (looked.features.twins.keys() & made) - seen)


def _handed_in() -> tuple[str, bytes]:
    """Return the name and the bytes of the form's file; empty without one."""
    file = request.files.get("file")
    if file is None:
        return "", b""
    with file.stream as stream:
        return file_title(file.filename or ""), stream.read()


def _job(upload: Upload) -> Job[LookedAt]:
    """Return the look at a file by what was chosen so far; begun here, or again where another process began it."""
    kept, state = uploads(), read_state(desk_store(), snapshot(), upload.layer)
    day = datetime.now(ZoneInfo(snapshot().city.timezone)).date().isoformat()

    def work(progress: Progress) -> LookedAt:
        return look_at(upload, kept.read(upload.token), state, day, progress)

    wanted = (upload.layer, canonical(dict(upload.choices)), snapshot().tag)
    return _jobs().get(upload.token, wanted, work, Progress(lambda: not kept.has(upload.token)))


def _far(job: Job[LookedAt]) -> dict[str, object]:
    """Return how far a job is: the rows that are done, of how many, and in words."""
    progress = job.progress
    values = {"done": progress.done, "of": progress.of, "seconds": job.seconds}
    key = "begin" if not progress.of else progress.stage
    return {
        "done": progress.done,
        "of": progress.of,
        "words": translate(f"stafflayers.far_{key}", g.language, **values),
    }


def _jobs() -> Jobs[LookedAt]:
    jobs: Jobs[LookedAt] = current_app.extensions.setdefault("cityatlas_jobs", Jobs())
    return jobs


def _ended(upload: Upload, job: Job[LookedAt]) -> LookedAt:
    """Return what a look found; a file that cannot be used is not kept any longer."""
    try:
        return job.result
    except CityatlasError:
        uploads().drop(upload.token)
        raise


def _form(layer_id: str, error: CityatlasError | None = None) -> str:
    fault = translate(error.values["reason"], g.language, **error.values) if error else ""
    return ImportPage(layer=snapshot().layer(layer_id), fault=fault).fill()


def _looked(upload: Upload, looked: LookedAt, *, has_moved: bool = False) -> str:
    """Return what a file would change: rows of a table, or shapes."""
    found = {column.key: column for column in columns_of(looked.state.layer.spec, snapshot().city)}
    changes = looked.state.contents(looked.difference)
    view = LookedPart(upload=upload, looked=looked, has_moved=has_moved, columns=found, breaks=breaks_of(changes))
    page = _sheet_page(view) if looked.imported is None else _shapes_page(view)
    return page.fill()


def _sheet_page(view: LookedPart) -> SheetImportPage:
    may_archive = me().account.may_publish(view.upload.layer)
    missing = view.looked.difference.missing if may_archive else ()
    removable = frozenset(key for key in missing if not change_faults(snapshot(), key, None))
    goes = breaks_of((key, None) for key in missing if key in removable)
    return SheetImportPage(view=view, may_archive=may_archive, removable=removable, goes=goes)


def _shapes_page(view: LookedPart) -> ShapesImportPage:
    drawn = view.looked.drawn
    return ShapesImportPage(
        view=view,
        ours=[column for column in view.columns.values() if column.is_property or column.key in (ID, VERSION)],
        picture=picture(snapshot(), drawn[:DRAWN]) if drawn else "",
        samples=samples(view.looked),
    )


def _chosen_shapes(upload: Upload) -> Upload:
    """Return an upload with what the form of a file of shapes chose; another layer begins with its own suggestions."""
    form = request.form
    layer = snapshot().layer(form.get("layer", upload.layer)).spec
    mapping: dict[str, str] = {}
    for theirs, ours in zip(form.getlist("theirs"), form.getlist("ours"), strict=False):
        if ours:
            mapping.setdefault(ours, theirs)
    accuracy_m = form.get("accuracy_m", type=int)
    chosen: dict[str, object] = {
        "datum": form.get("datum", ""),
        "position_class": form.get("position_class", ""),
        "accuracy_m": accuracy_m if accuracy_m and 0 < accuracy_m <= MOST_M else None,
        "kind": form.get("kind", "") if form.get("kind") in layer.kinds else "",
    }
    if layer.id == upload.layer:
        chosen["mapping"] = mapping
    return replace(upload, layer=layer.id, choices=chosen)


def _archived(looked: LookedAt, comment: str) -> list[tuple[str, int, Order]]:
    """Return the missing rows that were ticked. Raises InvalidValue for what others need, or who may not."""
    ticked = frozenset(request.form.getlist("archive"))
    wanted = [feature_id for feature_id in looked.difference.missing if feature_id in ticked]
    if wanted and not me().account.may_publish(looked.state.layer.spec.id):
        raise InvalidValue("Only an editor of the layer takes features off the map.", "Take the ticks out.")
    catalogue = snapshot()
    needed = [(key, found) for key in wanted for found in change_faults(catalogue, key, None)]
    if faults := [f'"{key}" {found.sentence(g.language)}' for key, found in needed]:
        raise InvalidValue("; ".join(faults[:5]), "Take the ticks out.")
    found = []
    for feature_id in wanted:
        revision = looked.state.published.get(feature_id)
        origin = content_of_feature(catalogue.features[feature_id])
        check = make_check(feature_id)
        order = Order(me().account.login, comment, origin=None if revision else origin, check=check)
        found.append((feature_id, revision.number if revision else 0, order))
    return found
