"""Make the search index of a snapshot from that of an earlier one."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ..city.layers import Feature
from ..city.spec import City
from ..i18n import LANGUAGES
from ..search.index import SearchIndex
from ..search.segment import SearchEntry


class LastIndex:
    """Hold the index that was made last, of whichever snapshot; threads may share it, and wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: tuple[object, ...] = ()  # of the city, by which its features are found
        self._features: Mapping[str, Feature] = {}
        self._index = SearchIndex()

    def of(self, features: Mapping[str, Feature], city: City) -> SearchIndex:
        """Return the index of features; what it costs grows with those that differ from the last ones."""
        with self._lock:
            words = (city.kinds, city.themes, city.words)
            held = self._features if words == self._words else {}
            changed = [search_entry(one, city) for key, one in features.items() if held.get(key) is not one]
            self._index = self._index.updated(changed, self._features.keys() - features.keys())
            self._features, self._words = features, words
            return self._index

    def forget(self) -> None:
        """Let go of all that it holds, also of what is no longer shown; the next index is made anew."""
        with self._lock:
            self._features, self._index = {}, SearchIndex()


def search_entry(feature: Feature, city: City) -> SearchEntry:
    """Return what a feature is found by: its names, other and short ones too, and the words that are said of it."""
    texts = [feature.summary, feature.address, city.kinds[feature.kind].title]
    texts += [city.themes[theme] for theme in feature.themes]
    names = [feature.name[tag] for tag in LANGUAGES if feature.name.get(tag)]  # zh first: its length ranks
    names += (*feature.aliases, *feature.short_name.values())
    words = [word for key in (feature.kind, *feature.themes) for word in city.words.get(key, ())]
    told = [t for text in texts if text for t in text.values()]
    return SearchEntry(feature.id, tuple(names), " ".join(told + words))
