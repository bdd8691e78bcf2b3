"""Give a request its snapshot."""

from __future__ import annotations

from flask import current_app, g

from ...catalogue.catalogue import Catalogue
from ...catalogue.live import LiveCatalogue


def snapshot() -> Catalogue:
    """Return the snapshot that this request is answered from; it stays the same until the answer is out."""
    if "snapshot" not in g:
        live: LiveCatalogue = current_app.extensions["cityatlas_live"]
        g.snapshot = live.current()
    catalogue: Catalogue = g.snapshot
    return catalogue
