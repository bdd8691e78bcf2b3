"""Say what changes of features would break in frames that stand on pages of others, before they are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..i18n import Text
from ..store.embed_uses import EmbedUse
from ..versioning.content import Content

Turn = Literal["breaks", "unroutes", "loses_all", "loses"]
Change = tuple[str, Content | None]  # the id of a feature, and what it would say; None takes it off the map
Uses = Mapping[str, tuple[EmbedUse, ...]]  # the pages that carry a feature, by its id


@dataclass(frozen=True)
class FrameBreak:
    """Hold a feature whose change shows on pages of others.

    `turn` is what becomes of it there: it goes (`breaks`), is no route any more (`unroutes`), keeps no stop
    (`loses_all`), or is without `stops` of its stops (`loses`).
    """

    feature_id: str
    name: Text
    turn: Turn
    stops: int
    pages: tuple[EmbedUse, ...]

    @property
    def sentence_key(self) -> str:
        """Return the key of the sentence that tells it, which wants `stops` and the number of pages, `n`."""
        return f"uses.{self.turn}"


def is_route(catalogue: Catalogue, kind: object) -> bool:
    """Return whether features of a kind are tour routes, which have a frame with their stops."""
    return isinstance(kind, str) and kind in catalogue.city.kinds and catalogue.city.kinds[kind].role == "route"


def frame_breaks(catalogue: Catalogue, changes: Iterable[Change], uses: Uses) -> Iterator[FrameBreak]:
    """Yield what changes break of what visitors see, in the order given; what no page carries is not told."""
    for feature_id, content in changes:
        feature = catalogue.features.get(feature_id)
        if feature and (pages := uses.get(feature_id)) and (found := _broken(catalogue, feature, content)):
            yield FrameBreak(feature_id, feature.name, *found, pages)


def _broken(catalogue: Catalogue, feature: Feature, content: Content | None) -> tuple[Turn, int] | None:
    """Return what becomes of a feature's frames, and how many stops are lost; None where nothing is."""
    if content is None:
        return "breaks", 0
    if not is_route(catalogue, feature.kind):
        return None
    if not is_route(catalogue, content.properties.get("kind")):
        return "unroutes", 0
    stops = content.attributes.stops
    lost = len({*feature.stops} - {*stops})
    return ("loses" if stops else "loses_all", lost) if lost else None
