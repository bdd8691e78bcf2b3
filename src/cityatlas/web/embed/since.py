"""Tell a pinned frame how much has changed since, so that it can say so and lead to the latest."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, g, request

from ...catalogue.catalogue import Catalogue
from ...catalogue.pins import Pin, read_pin
from ...errors import NotFound
from ...store import Store, changes_since
from ..http.pages import JSON, send
from ..http.snapshots import snapshot
from .scope import Scope

bp = Blueprint("embed_since", __name__)


@bp.get("/embed/since/<pin:since>.json")
def count(since: str) -> Response:
    """Answer how many changes of what a frame shows (`of`, as routes/red-line; empty for all) visitors see since a pin.

    `is_folder_other` says that the city's folder is another than it was: what changed in it is not counted. Raises
    UnknownRevision.
    """
    g.language, g.is_language_fixed = "zh", True  # numbers alone
    pin, of = read_pin(since), request.args.get("of", "")[:200]
    store: Store = current_app.extensions["cityatlas_store"]
    if pin is None or not store.exists():
        raise NotFound("There is no such revision.", "Leave the pin out for the latest.")
    found = changes_since(store, pin.number, pin.steps)
    told = {"changes": _count(found, of, snapshot()), "is_folder_other": _is_other(pin, snapshot())}
    return send(lambda _: json.dumps(told).encode(), JSON, key=(of, *told.values()), is_repeated=False, is_hard=False)


def of_scope(scope: Scope) -> str:
    """Return what a frame is about as its address says it, such as routes/red-line; empty for the whole map."""
    kind, name = scope.endpoint.rpartition(".")[2], next(iter(scope.values.values()), "")
    return f"{kind}s/{name}" if name else ""


def _count(changes: list[tuple[str, str]], of: str, catalogue: Catalogue) -> int:
    """Return how many of the changes are of what a frame shows: of a route, its stops count too."""
    kind, _, name = of.partition("/")
    if kind == "layers":
        return sum(layer == name for _, layer in changes)
    if kind not in ("sites", "routes"):
        return len(changes)
    shown = catalogue.features.get(name)
    ids = {name, *(shown.stops if shown and kind == "routes" else ())}
    return sum(feature_id in ids for feature_id, _ in changes)


def _is_other(pin: Pin, catalogue: Catalogue) -> bool:
    return not catalogue.folder.startswith(pin.folder)
