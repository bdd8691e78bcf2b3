"""Tell a pinned frame how much has changed since, so that it can say so and lead to the latest."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Blueprint, Response, current_app, g, request

from ...catalogue.catalogue import Catalogue
from ...catalogue.changes.public_revision import PublicRevision, read_pin
from ...catalogue.live import LiveCatalogue
from ...errors import NotFound
from ..http.pages import JSON, send
from ..http.snapshots import find_past, snapshot
from .scope import Scope

bp = Blueprint("embed_since", __name__)


@bp.get("/embed/since/<pin:since>.json")
def count(since: str) -> Response:
    """Answer how many changes of what a frame shows (`of`, as routes/red-line; empty for all) visitors see since a pin.

    Each feature counts once. `is_folder_other` says that the city's folder is another than it was, so that more than
    features may have changed. Raises NotFound where it cannot be told.
    """
    g.language, g.is_language_fixed = "zh", True  # numbers alone
    pin, of, catalogue = read_pin(since), request.args.get("of", "")[:200], snapshot()
    then = find_past().at_pin(pin) if pin else None
    if not then:
        raise NotFound("There is no such revision.", "Leave the pin out for the latest.")
    revision = replace(then.revision, is_whole=catalogue.revision.is_whole)  # what did not fit did not fit then either
    is_other = then.revision.folder != catalogue.revision.folder
    if is_other:
        live: LiveCatalogue = current_app.extensions["cityatlas_live"]
        live.keep_folder()  # nobody may have looked after the present one yet
    told = {"changes": _count(catalogue, revision, of), "is_folder_other": is_other}
    return send(lambda _: json.dumps(told).encode(), JSON, key=(of, *told.values()), is_repeated=False, is_hard=False)


def of_scope(scope: Scope) -> str:
    """Return what a frame is about as its address says it, such as routes/red-line; empty for the whole map."""
    kind, name = scope.endpoint.rpartition(".")[2], next(iter(scope.values.values()), "")
    return f"{kind}s/{name}" if name else ""


def _count(catalogue: Catalogue, then: PublicRevision, of: str) -> int:
    """Return how many features have changed, come or gone of what a frame shows: of a route, its stops count too."""
    kind, _, name = of.partition("/")
    delta = find_past().since(catalogue, (name,) if kind == "layers" else tuple(catalogue.layers), then)
    ids = {*delta.deleted, *(feature.id for feature in delta.changed)}
    if kind in ("sites", "routes"):
        shown = catalogue.features.get(name)
        ids &= {name, *(shown.stops if shown and kind == "routes" else ())}
    return len(ids)
