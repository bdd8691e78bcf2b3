"""Show a layer as a table, change one property of many rows at once, and give the layer out in any format."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, redirect, request
from werkzeug import Response as Redirect

from ....city.layers import Feature, Layer
from ....city.spec import City
from ....editing.frame_breaks import FrameBreak
from ....editing.layer_state import LayerState, names_of, read_state
from ....errors import InvalidValue, NotFound
from ....exchange.incoming.sheet_comparison import compare_sheet
from ....exchange.incoming.sheet_rows import Sheet, SheetDifference, SheetRow
from ....exchange.layers.exports import export_layers
from ....exchange.layers.sheets import written
from ....exchange.tables.cell_lists import BAR
from ....exchange.tables.columns import Column, columns_of, used_columns
from ....exchange.tables.headings import ID, SHAPE, VERSION, FileFault
from ....exchange.uploads.shapes import count_vertices
from ....i18n import messages, say, translate
from ....limits import BULK_PLACES, TABLE_ROWS
from ....schema.phases import PHASES
from ....store import take_in
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from ..auth.gate import me
from ..review.embeds import breaks_of
from .layer_filter import STATES, LayerFilter
from .uploads import Upload, uploads

bp = Blueprint("staff_layers", __name__)
USUAL, SOURCE = "opening_hours", "hours_source"  # who says a place's hours says who told so
PHASE_LIST = "phases"
PLACES = (ID, VERSION)  # of a table's columns; those that are edited stand behind
LONG = ("lines", "records")
LISTS = ("choices", *LONG)  # what a bulk change may add to


@dataclass(frozen=True, kw_only=True)
class LayerListPage(DeskPage):
    """Hold all layers."""

    template = "staff/files/layers.html"
    layers: Sequence[Layer]


@dataclass(frozen=True, kw_only=True)
class TablePage(DeskPage):
    """Hold one page of a layer as a table: `column` is the property to be edited, `choices` what it may hold."""

    template = "staff/files/layer.html"
    state: LayerState
    versions: dict[str, str]
    columns: dict[str, Column]
    column: Column
    choices: Sequence[tuple[str, str]]
    how: str
    is_long: bool
    rows: list[Feature]
    sources: list[str]
    count: int
    number: int
    last_page: int
    filter: LayerFilter
    table_words: dict[str, Any]  # Any: what JSON holds
    states = STATES
    phases = PHASES
    lists = LISTS
    most_bulk = BULK_PLACES

    def cell(self, column: Column, value: Any) -> str:  # Any: what the property holds
        """Return a value as the table shows it."""
        return cell_text(column, value)


@page(bp, "/staff/layers/")
def show_all() -> str:
    """Show the layers: how many features each has, and where they go out and come in."""
    return LayerListPage(layers=list(snapshot().layers.values())).fill()


@page(bp, "/staff/layers/<layer_id>", ["q", "kind", "theme", "phase", "state", "missing", "column", "page"])
def show(layer_id: str) -> str:
    """Show a layer as a table, one property of it to be edited."""
    state = read_state(desk_store(), snapshot(), layer_id)
    columns = _columns(state)
    column = columns.get(request.args.get("column", USUAL)) or columns["name.zh"]
    wanted = LayerFilter.of(request.args)
    found = wanted.apply(desk_store(), state.layer.features, column)
    number, last_page = max(1, request.args.get("page", 1, type=int)), max(1, -(-len(found) // TABLE_ROWS))
    rows = found[(number - 1) * TABLE_ROWS : number * TABLE_ROWS] if number <= last_page else []
    choices = choices_of(column, state.catalogue.city)
    return TablePage(
        state=state,
        versions={feature.id: state.version_of(feature) for feature in rows},
        columns=columns,
        column=column,
        choices=choices,
        how=column.how(g.language, translate("unit.comma", g.language).join(words for _, words in choices)),
        is_long=column.codec.kind in LONG or column.key.startswith("summary"),
        rows=rows,
        sources=sorted({source.title for feature in rows for source in feature.sources}),
        count=len(found),
        number=number,
        last_page=last_page,
        filter=wanted,
        table_words=_table_words(),
    ).fill()


def _table_words() -> dict[str, object]:
    """Return what the table's script says, and whose copy of unsaved cells it keeps."""
    keys = ("changed", "ticked", "offer", "restore", "discard")
    said = {f"stafflayers.js_{key}": messages(g.language)[f"stafflayers.js_{key}"] for key in keys}
    return {"words": said, "lang": g.language, "account": me().account.login}


@page(bp, "/staff/layers/<layer_id>/preview", methods=["POST"])
def preview(layer_id: str) -> str | tuple[str, int]:
    """Show what an edited table would change, before it does; 422 when nothing of it can be saved."""
    edited = _edited(layer_id)
    status = 422 if edited.difference.faults and not edited.sound else 200
    breaks = breaks_of(edited.state.contents(edited.difference))
    return EditedPage(edited=edited, breaks=breaks).fill(), status


@page(bp, "/staff/layers/<layer_id>/save", methods=["POST"])
def save(layer_id: str) -> Redirect:
    """Save what the preview showed as drafts, all or none. Raises InvalidValue when nothing would change."""
    edited = _edited(layer_id)
    if not edited.difference.edited:
        raise InvalidValue("Nothing would change.", "Go back to the table.")
    title = edited.column.title(g.language)
    comment = translate("stafflayers.comment_table", g.language, column=title)
    edits = list(edited.state.edits(edited.difference, me().account.login, comment))
    batch = secrets.token_hex(8)
    saved = take_in(desk_store(), edits, batch=batch)
    drafts = tuple((s.revision.feature_id, s.revision.branch or "") for s in saved or ())
    names = names_of(edits)
    done = Upload("", me().account.login, layer_id, comment, drafts=drafts, is_taken=True, names=names, batch=batch)
    kept = uploads().keep(done)
    return redirect(localised("staff_imports.show", token=kept.token), 303)


@page(bp, "/staff/layers/<layer_id>/export")
def export(layer_id: str) -> Response:
    """Give out what is published of a layer; a table's versions are those that an import looks for."""
    state = read_state(desk_store(), snapshot(), layer_id)
    name = request.args.get("format", "xlsx")
    made = export_layers([state.layer], state.catalogue.city, name, g.language, state.versions)
    response = Response(made.content, mimetype=made.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.file}"'
    return response


@dataclass(frozen=True)
class Edited:
    """Hold a table that somebody edited: its rows by number, and what they would change."""

    state: LayerState
    column: Column
    rows: Mapping[int, tuple[str, str, str]]
    source: str
    difference: SheetDifference

    @property
    def columns(self) -> dict[str, Column]:
        """Return the columns that it may change, by key."""
        return _columns(self.state)

    @property
    def sound(self) -> list[tuple[str, str, str]]:
        """Return id, version and value of the rows that would change something and have no fault."""
        changed = {row["id"] for row in self.difference.edited}
        return [row for row in self.rows.values() if row[0] in changed]

    @property
    def faults(self) -> list[tuple[Feature | None, str, FileFault]]:
        """Return each fault with its feature and what was typed."""
        told = []
        for fault in self.difference.faults:
            feature_id, _, value = self.rows[int(fault.where.lstrip("ABCD"))]
            told.append((self.state.catalogue.features.get(feature_id), value, fault))
        return told


@dataclass(frozen=True, kw_only=True)
class EditedPage(DeskPage):
    """Hold what an edited table would change, and what that breaks on pages of others."""

    template = "staff/files/layer_preview.html"
    edited: Edited
    breaks: list[FrameBreak]

    def cell(self, column: Column, value: Any) -> str:  # Any: what the property holds
        """Return a value as the table shows it."""
        return cell_text(column, value)


def _edited(layer_id: str) -> Edited:
    """Return what the form of a table asks for. Raises NotFound for a property that the layer does not have."""
    state = read_state(desk_store(), snapshot(), layer_id)
    column = _columns(state).get(request.form.get("column", ""))
    if column is None:
        raise NotFound("There is no such property.", "Choose one on the layer's page.")
    form = request.form
    features = {feature.id: feature for feature in state.layer.features}
    rows = list(zip(form.getlist("id"), form.getlist("version"), form.getlist("value"), strict=False))
    if form.get("do") == "bulk":
        rows = [
            (feature_id, version, _bulk_value(column, features[feature_id]))
            for feature_id, version in _bulk_places(state, column, rows)
        ]
    numbered = dict(enumerate((row for row in rows if row[0] in features), 1))
    source = form.get("source", "").strip() if column.key == USUAL else ""
    keys = (*PLACES, column.key, SOURCE) if source else (*PLACES, column.key)
    sheet = Sheet(
        "",
        {key: place for place, key in enumerate(keys)},
        tuple(_sheet_row(number, row, column, features[row[0]], source) for number, row in numbered.items()),
        (),
    )
    city = state.catalogue.city
    versions = {row[0]: state.version_of(features[row[0]]) for row in numbered.values()}
    difference = compare_sheet(sheet, state.layer, city, versions=versions, base_of=state.base_of)
    return Edited(state, column, numbered, source, difference)


def _bulk_places(state: LayerState, column: Column, rows: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield id and version of the features that a bulk change is of: the ticked ones, or all that its filter leaves.

    Raises InvalidValue for more than one change may be of.
    """
    if request.form.get("scope") != "filter":
        ticked, known = frozenset(request.form.getlist("tick")), {feature.id for feature in state.layer.features}
        yield from ((feature_id, version) for feature_id, version, _ in rows if feature_id in ticked & known)
        return
    found = LayerFilter.of(request.form).apply(desk_store(), state.layer.features, column)
    if len(found) > BULK_PLACES:
        raise InvalidValue("One change is of fewer places than these.", f"Filter them: at most {BULK_PLACES} at once.")
    yield from ((feature.id, state.version_of(feature)) for feature in found)


def _bulk_value(column: Column, feature: Feature) -> str:
    """Return what a bulk change makes of a feature's cell: the value given, or a list that it joined or left."""
    form = request.form
    given = [_phase_line()] if column.key == PHASE_LIST else form.getlist("all")
    between = "、" if column.codec.kind == "choices" else "\n"
    mode = form.get("mode", "set") if column.codec.kind in LISTS else "set"
    if mode == "set":
        return between.join(given)
    old = [item for item in cell_text(column, column.value_of(feature.properties)).split(between) if item]
    if mode == "remove":
        return between.join(item for item in old if item not in given)
    return between.join([*old, *(item for item in given if item and item not in old)])


def _phase_line() -> str:
    """Return a phase as a line of a cell, from the fields of the form; "" without one."""
    parts = [request.form.get(f"phase_{name}", "").strip() for name in ("phase", "from", "to", "source")]
    return BAR.join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts) if parts[0] else ""


def _sheet_row(number: int, row: tuple[str, str, str], column: Column, feature: Feature, source: str) -> SheetRow:
    """Return a row as a sheet would have it; the source goes with hours that changed."""
    feature_id, version, value = row
    is_changed = value.strip() != cell_text(column, column.value_of(feature.properties))
    cited = {SOURCE: source} if source and value.strip() and is_changed else {}
    return SheetRow(number, {ID: feature_id, VERSION: version, column.key: value, **cited})


def _columns(state: LayerState) -> dict[str, Column]:
    """Return the properties that a table of this layer can edit, by key."""
    spec, city = state.layer.spec, state.catalogue.city
    is_route = any(city.kinds[kind].role == "route" for kind in spec.kinds)
    held = (feature.properties for feature in state.layer.features)
    return {c.key: c for c in used_columns(columns_of(spec, city), held, is_route) if c.is_property}


def cell_text(column: Column, value: object) -> str:
    """Return a value as a table shows it."""
    if column.key == SHAPE:
        return _shape_text(value)
    return "" if value in (None, "", [], {}) else str(written(column.codec, value))


def _shape_text(geometry: Any) -> str:  # Any: GeoJSON
    """Return a point's position, or of a line or an area how many points it has."""
    kind = str(geometry["type"]).removeprefix("Multi")
    if kind == "Point":
        return "{:.6f}, {:.6f}".format(*geometry["coordinates"][:2])
    return translate(f"stafflayers.shape_{kind.lower()}", g.language, count=count_vertices(geometry["coordinates"]))


def choices_of(column: Column, city: City) -> Sequence[tuple[str, str]]:
    """Return what a cell may hold and how that is called, where there are only a few; else nothing."""
    offered = column.codec.choices
    if column.codec.kind not in ("choice", "truth", "choices"):
        return ()
    titles = [*(kind.title for kind in city.kinds.values()), *city.themes.values()]
    titles += [{"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}]
    called = {title["zh"]: say(title, g.language).text for title in titles if "zh" in title}
    return [(text, called.get(text, text)) for text in offered]
