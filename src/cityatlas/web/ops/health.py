"""Tell operators how the server does."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from ...catalogue.live import LiveCatalogue
from ..http.sending.caching import PRIVATE
from ..http.snapshots import snapshot

bp = Blueprint("operators", __name__)


@bp.get("/health")
def health() -> tuple[Response, int]:
    """Answer with the snapshot and the faults of files that broke since it was made; 200 while it serves."""
    catalogue = snapshot()
    faults = current_app.extensions["cityatlas_live"].faults
    return _fresh(
        {
            "status": "stale" if faults else "ok",
            "snapshot": catalogue.tag,
            "features": len(catalogue.features),
            "layers": {key: len(layer.features) for key, layer in catalogue.layers.items()},
            "faults": list(faults),
        }
    )


@bp.get("/ready")
def ready() -> tuple[Response, int]:
    """Answer 200 once a snapshot is there; `store` is ok, none while staff never wrote, or lost.

    `faults` say what of it is not shown as it should be.
    """
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    told = {"ready": True, "snapshot": snapshot().tag, "store": live.store_state, "faults": list(live.faults)}
    return _fresh(told)


def _fresh(table: dict[str, object]) -> tuple[Response, int]:
    response = jsonify(table)
    response.headers["Cache-Control"] = PRIVATE
    return response, 200
