"""Draw the map of some features for a page, with a link on each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from markupsafe import Markup

from ....catalogue.catalogue import Catalogue
from ....city.layers import Feature
from ....city.spec import View
from ....render.city_map import draw_map
from ....render.subject_sheet import DRAWN
from ...http.languages import localised

PICTURE_PX = (800, 600)
SITE_PICTURE_PX = (480, 420)


def picture(
    catalogue: Catalogue,
    features: list[Feature],
    view: View,
    size_px: tuple[int, int] = PICTURE_PX,
    stops: Sequence[str] = (),
) -> Markup:
    """Return an SVG map of features with a link on each."""
    return draw_map(catalogue, features[:DRAWN], view, size_px, g.language, site_address, stops)


def site_address(feature: Feature) -> str:
    """Return the address of a feature's page in the present language."""
    return localised("public.site", site_id=feature.id)
