"""Show a draft on the public page of its feature, to staff alone: it enters no snapshot, no cache and no search."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import g
from markupsafe import Markup

from ....catalogue.catalogue import Catalogue
from ....catalogue.relations import relate
from ....city.layers import Feature, make_frame, read_feature
from ....city.spec import View
from ....editing.change_checks import change_faults
from ....errors import STATUS, BrokenGeodata, InvalidValue
from ....store.log.desk_lists import Proposal
from ....versioning.content import Content, row_of
from ...http.desk import DeskPage
from ...http.snapshots import snapshot
from ...public.card import make_card
from ...public.explore import SitePage
from ...public.files.pictures import SITE_PICTURE_PX, picture
from .publishing import PublishingVerdict, examine


@dataclass(frozen=True, kw_only=True)
class PreviewPage(SitePage):
    """Hold the public page of a feature with the content of a draft."""

    template = "staff/review/preview.html"
    proposal: Proposal


@dataclass(frozen=True, kw_only=True)
class NoPreviewPage(DeskPage):
    """Hold what keeps a draft from being shown."""

    template = "staff/review/no_preview.html"
    proposal: Proposal
    verdict: PublishingVerdict


def preview_page(proposal: Proposal, content: Content) -> str | tuple[str, int]:
    """Return the page of a feature with a draft's content; what is wrong instead, where it cannot be shown."""
    feature_id, catalogue = proposal.head.feature_id, snapshot()
    feature = _read(catalogue, feature_id, content)
    if feature is None:
        verdict = examine(catalogue, feature_id, content)
        return NoPreviewPage(proposal=proposal, verdict=verdict).fill(), STATUS[InvalidValue]
    g.snapshot = _with(catalogue, feature)
    return _page(g.snapshot, feature, proposal).fill()


def _read(catalogue: Catalogue, feature_id: str, content: Content) -> Feature | None:
    """Return a feature of a content, or None where a page of it would break."""
    spec = catalogue.city.layer(content.layer)
    try:
        feature = read_feature(row_of(feature_id, content), 1, spec, catalogue.city) if spec else None
    except BrokenGeodata:
        return None
    return None if change_faults(catalogue, feature_id, content) else feature


def _with(catalogue: Catalogue, feature: Feature) -> Catalogue:
    """Return a snapshot in which one feature is another; how all stand to each other only when it has moved."""
    before = catalogue.features.get(feature.id)
    features = {**catalogue.features, feature.id: feature}
    relations = catalogue.relations
    if before is None or before.geometry != feature.geometry or before.kind != feature.kind:
        relations = relate(make_frame(tuple(features.values()), catalogue.city), features, catalogue.city)
    return replace(catalogue, features=features, relations=relations)


def _page(catalogue: Catalogue, feature: Feature, proposal: Proposal) -> PreviewPage:
    near = [f for f in catalogue.features.values() if f.layer == feature.layer]
    drawn = picture(catalogue, near, View(feature.lon, feature.lat, 15), SITE_PICTURE_PX)
    return PreviewPage(
        card=make_card(catalogue, feature), downloads=[], picture=drawn, structured=Markup("{}"), proposal=proposal
    )
