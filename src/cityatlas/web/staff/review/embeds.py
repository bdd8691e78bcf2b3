"""Show staff on which pages of other sites the map stands, and what a change of theirs would break there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, current_app

from ....catalogue.catalogue import Catalogue
from ....editing.frame_breaks import Change, FrameBreak, frame_breaks, is_route
from ....i18n import Text
from ....limits import EMBED_PAGES_A_DAY
from ....settings import Settings
from ....store.embed_uses import FEATURES, OTHERS, EmbedUse, all_uses, feature_uses
from ...http.desk import DeskPage, desk_store
from ...http.languages import page
from ...http.snapshots import snapshot

bp = Blueprint("staff_embeds", __name__)
SHOWN = 100  # pages of one embed


@dataclass(frozen=True)
class Embed:
    """Hold an embed, what it shows (None for what there is no more), and the pages that it was seen on."""

    path: str
    title: Text | None
    pages: tuple[EmbedUse, ...]

    @property
    def views(self) -> int:
        """Return how often it was seen on all of them."""
        return sum(page.views for page in self.pages)


@dataclass(frozen=True, kw_only=True)
class EmbedsPage(DeskPage):
    """Hold where embeds were seen; `kept_days` is 0 where nothing is counted."""

    template = "staff/review/embeds.html"
    others = OTHERS
    shown = SHOWN
    most_pages = EMBED_PAGES_A_DAY
    embeds: list[Embed]
    kept_days: int


@page(bp, "/staff/embeds")
def show() -> str:
    """Show each embed with the pages that it was seen on, what is gone first, then the most seen."""
    settings: Settings = current_app.config["SETTINGS"]
    catalogue = snapshot()
    grouped = groupby(all_uses(desk_store()), key=lambda use: use.embed)
    embeds = [Embed(path, _title(catalogue, path), tuple(uses)) for path, uses in grouped]
    embeds.sort(key=lambda embed: (embed.title is not None, -embed.views))
    return EmbedsPage(embeds=embeds, kept_days=settings.embed_days).fill()


def pages_with(feature_id: str) -> tuple[EmbedUse, ...]:
    """Return the pages on which a feature stands by itself, in its own frame or as a tour route."""
    uses = [use for path in FEATURES for use in all_uses(desk_store(), f"{path}/{feature_id}")]
    return tuple(sorted(uses, key=lambda use: -use.views))


def route_pages(feature_id: str) -> tuple[EmbedUse, ...]:
    """Return the pages that carry a tour route that is on the map; none for any other feature."""
    feature = snapshot().features.get(feature_id)
    return pages_with(feature_id) if feature and is_route(snapshot(), feature.kind) else ()


def breaks_of(changes: Iterable[Change]) -> list[FrameBreak]:
    """Return what changes of features would break on pages of others."""
    changes = list(changes)
    uses = feature_uses(desk_store(), [feature_id for feature_id, _ in changes])
    return list(frame_breaks(snapshot(), changes, uses))


def _title(catalogue: Catalogue, path: str) -> Text | None:
    """Return the name of what an embed shows, the city's for the whole map, a list and a plan."""
    kind, _, key = path.partition("/")
    if kind == "layers":
        layer = catalogue.layers.get(key)
        return layer.spec.title if layer else None
    if kind in ("sites", "routes"):
        feature = catalogue.features.get(key)
        return feature.name if feature else None
    return catalogue.city.title
