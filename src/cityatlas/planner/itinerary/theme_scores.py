"""Tell how much of a day's score each interest brings."""

from __future__ import annotations

from .itinerary import Itinerary, ItineraryStop

OTHER = ""  # stands for what is of none of the interests


def scores_by_theme(itinerary: Itinerary) -> dict[str, int]:
    """Return the score by theme, most first; the parts add up to the whole.

    A stop of several wanted themes counts for each by its weight. Without wanted themes all of a stop's count alike.
    """
    wanted = dict(itinerary.request.themes)
    found: dict[str, int] = {}
    for stop in itinerary.stops:
        for theme, score in _shares(stop, wanted).items():
            found[theme] = found.get(theme, 0) + score
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _shares(stop: ItineraryStop, wanted: dict[str, int]) -> dict[str, int]:
    themes = sorted(stop.feature.themes)
    weights = {theme: wanted.get(theme, 0) if wanted else 1 for theme in themes}
    weights = {theme: weight for theme, weight in weights.items() if weight} or {OTHER: 1}
    shares = {theme: stop.score * weight // sum(weights.values()) for theme, weight in weights.items()}
    first = next(iter(shares))
    shares[first] += stop.score - sum(shares.values())
    return shares
