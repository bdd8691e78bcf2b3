"""Search the newest features by an index of earlier ones and a small, quick one of what changed since."""

from __future__ import annotations

from collections.abc import Mapping

from ..city.layers import Feature
from ..search.index import SearchIndex
from .catalogue import Catalogue, search_entry

MOST_CHANGED = 500  # features; of more the whole index is made anew
Indexed = tuple[SearchIndex, Mapping[str, Feature]]


class DeskSearch:
    """Hold the last whole index of a process, with the features that it was made of; threads may share it."""

    def __init__(self) -> None:
        self._last: Indexed | None = None

    def find(self, catalogue: Catalogue, query: str, limit: int) -> list[str]:
        """Return the ids of at most `limit` features that fit a query, the best first."""
        index, held = self._indexed(catalogue)
        features = catalogue.features
        changed = [feature for key, feature in features.items() if held.get(key) is not feature]
        lost = sum(1 for key, feature in held.items() if features.get(key) is not feature)
        hits = [hit for hit in index.find(query, limit + lost) if features.get(hit.id) is held[hit.id]]
        fresh = SearchIndex.build([search_entry(feature, catalogue.city) for feature in changed]).find(query, limit)
        return [hit.id for hit in sorted([*hits, *fresh], key=lambda hit: hit.rank)][:limit]

    def _indexed(self, catalogue: Catalogue) -> Indexed:
        """Return the last index; a new one where there is none, too much changed, or one is made already."""
        last, features = self._last, catalogue.features
        is_near = last and sum(1 for key, one in features.items() if last[1].get(key) is not one) <= MOST_CHANGED
        if last and is_near and not catalogue.is_searched:
            return last
        self._last = (catalogue.index, features)
        return self._last
