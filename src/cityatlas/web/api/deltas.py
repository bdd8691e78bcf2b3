"""Answer what has changed in a layer since a revision: features as they are now, and the ids that are gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from flask import current_app

from ...catalogue.catalogue import Catalogue
from ...catalogue.changes.past import Delta, Past
from ...catalogue.changes.public_revision import read_revision
from ...city.layers import Feature, Layer
from ...errors import SnapshotGone, UnknownRevision
from ...schema.strict_json import JsonTable
from ...tiles.geojson import feature_rows
from ...tiles.layer_rows import rows_of

EVERYTHING = "0"  # what a reader begins with
FEW = 20  # of so many features one at most is written anew; of more, all rows are written once and kept


def delta_since(catalogue: Catalogue, layer_id: str, since: str, again: Callable[[], str]) -> Delta:
    """Return what has changed in a layer since a revision, or all of it.

    Raises InvalidValue for what is no revision, and SnapshotGone, with the address `again` of everything, for one of
    which it cannot be told any more.
    """
    layer = catalogue.layer(layer_id)
    if since == EVERYTHING:
        return Delta(layer.features, ())
    then, past = read_revision(since), current_app.extensions["cityatlas_past"]
    assert isinstance(past, Past)
    try:
        return past.since(catalogue, (layer_id,), then)
    except UnknownRevision as error:
        raise SnapshotGone(error.message, f"Begin again: {again()}", again=again()) from None


def delta_geojson(catalogue: Catalogue, layer: Layer, delta: Delta, head: JsonTable) -> bytes:
    """Return changes as a FeatureCollection; `next` is the next `since`, `head` what else it says."""
    told = {"type": "FeatureCollection", **head, "next": str(catalogue.revision), "deleted": delta.deleted}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.encode()[:-1] + b',"features":[' + b",\n".join(_rows(layer, delta.changed)) + b"]}"


def _rows(layer: Layer, features: Sequence[Feature]) -> Sequence[bytes]:
    if len(features) * FEW < len(layer.features):
        return feature_rows(features)
    known = rows_of(layer)
    return [known.rows[known.number_of[feature.id]] for feature in features]
