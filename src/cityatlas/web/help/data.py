"""Show the help for those who open the data in QGIS, GDAL or a spreadsheet: steps with the addresses of this site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from ...catalogue.catalogue import Catalogue
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..public.structured_data import public_url
from .handbook import blocks

bp = Blueprint("data_help", __name__)
PARTS = ("which", "qgis", "gdal", "libreoffice", "excel", "phone", "positions", "credit")


@dataclass(frozen=True, kw_only=True)
class DataHelpPage(HtmlPage):
    """Hold the parts of the help; `places` are what its texts name of this site."""

    template = "help/data.html"
    parts = PARTS
    places: dict[str, str]

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/data")
def show() -> Response:
    """Show the help."""
    return send_page(lambda catalogue: DataHelpPage(places={"host": public_url(), "layer": shown_layer(catalogue)}))


def shown_layer(catalogue: Catalogue) -> str:
    """Return the id of a layer to show in examples, one that holds something if there is one."""
    full = (name for name, layer in catalogue.layers.items() if layer.features)
    return next(full, next(iter(catalogue.layers)))
