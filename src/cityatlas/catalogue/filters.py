"""Choose features by layer, theme, kind, phase and opening, as an address or a form asks for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import shapely

from ..city.layers import Feature
from ..city.opening.feature_opening import state_of
from ..city.spec import City, View
from ..errors import InvalidView
from ..geo.extent import core_bbox
from ..geo.projection import Bbox
from ..schema import phases
from .catalogue import Catalogue


@dataclass(frozen=True)
class Selection:
    """Say what is looked at, where and when. Empty choices choose all; `at` is in the city's time."""

    view: View | None = None
    site: str = ""
    layers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    at: datetime | None = None
    month: str = ""

    @property
    def is_filtered(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.layers or self.themes or self.kinds or self.phases or self.at or self.month)


def read_selection(args: Mapping[str, str], city: City) -> Selection:
    """Return the selection of an address's query: c=lon,lat z= site= layers= theme= kind= phase= at= month=.

    Lists are separated by commas. Unknown keys are left to others. Raises InvalidView for what cannot be read.
    """
    return Selection(
        view=_view(args, city),
        site=args.get("site", ""),
        layers=_choices("layers", args, [spec.id for spec in city.layers]),
        themes=_choices("theme", args, city.themes),
        kinds=_choices("kind", args, city.kinds),
        phases=_choices("phase", args, phases.PHASES),
        at=_moment(args.get("at", ""), city),
        month=_month(args.get("month", "")),
    )


def select(catalogue: Catalogue, wanted: Selection) -> list[Feature]:
    """Return the features that a selection leaves, in the order of the layers: those that the map shows.

    Opening leaves those that are surely open at `at`; unknown hours are never open.
    """
    features: Iterable[Feature] = catalogue.features.values()
    if not wanted.is_filtered:
        return list(features)
    return [feature for feature in features if _fits(feature, wanted, catalogue.city)]


def _fits(feature: Feature, wanted: Selection, city: City) -> bool:
    if wanted.layers and feature.layer not in wanted.layers:
        return False
    if wanted.kinds and feature.kind not in wanted.kinds:
        return False
    if wanted.themes and not set(wanted.themes) & set(feature.themes):
        return False
    if wanted.phases:
        state = phases.state_at(feature.phases, wanted.month or "9999-12")
        if state is None or state.phase not in wanted.phases:
            return False
    if wanted.month and presence(feature, wanted.month) != "there":
        return False
    return wanted.at is None or is_open(feature, wanted.at, city) is True


def extent_of(features: Sequence[Feature]) -> Bbox | None:
    """Return the extent in degrees that a map of features is fitted to, None of none."""
    if not features:
        return None
    bounds: list[Bbox] = shapely.bounds([feature.geometry for feature in features]).tolist()
    return core_bbox(bounds)


def select_undated(catalogue: Catalogue, wanted: Selection) -> list[Feature]:
    """Return the features that a selection would leave if anybody knew whether they were there in its month."""
    if not wanted.month:
        return []
    always = replace(wanted, month="")
    return [one for one in select(catalogue, always) if presence(one, wanted.month) == "unknown"]


def presence(feature: Feature, month: str) -> Literal["there", "absent", "unknown"]:
    """Return whether a feature was there in a month ("YYYY-MM").

    Of a project its phases say so, of a tour route the months in which it runs; anything else is taken to be there.
    """
    if feature.stops:
        first, last = feature.valid_from, feature.valid_to
        if (first and month < first) or (last and month > last):
            return "absent"
        return "there" if first else "unknown"
    if not feature.phases:
        return "there"
    state = phases.state_at(feature.phases, month)
    return "absent" if state is None else "there" if state.since else "unknown"


def is_open(feature: Feature, at: datetime, city: City) -> bool | None:
    """Return whether a feature is open at a moment, or None when its hours are not known."""
    state = state_of(feature, at, city)
    return None if state is None or state.is_unknown else state.is_open


def _view(args: Mapping[str, str], city: City) -> View | None:
    if not args.get("c") and not args.get("z"):
        return None
    try:
        lon, lat = (float(n) for n in args.get("c", f"{city.view.lon},{city.view.lat}").split(","))
        zoom = float(args.get("z") or city.view.zoom)
        if math.isnan(zoom):
            raise ValueError
    except ValueError:
        raise InvalidView("The view c= and z= cannot be read.", "Example: ?c=121.0165,30.6905&z=14") from None
    west, south, east, north = city.extent
    if not (west <= lon <= east and south <= lat <= north):
        raise InvalidView(f"The view {lon}, {lat} lies outside the city.", "c= is longitude, then latitude.")
    return View(lon, lat, min(max(zoom, city.min_zoom), city.max_zoom))


def _choices(key: str, args: Mapping[str, str], known: Iterable[str]) -> tuple[str, ...]:
    """Return what is chosen of a list: commas in one value (links), or a key repeated (forms)."""
    repeated = getattr(args, "getlist", None)  # a request's values can hold a key more than once
    texts: list[str] = repeated(key) if repeated else [args.get(key, "")]
    chosen = tuple(dict.fromkeys(part for text in texts for part in text.split(",") if part))
    for part in chosen:
        if part not in known:
            raise InvalidView(f"{key}={part[:40]} is not known.", f"There are: {', '.join(known)}.")
    return chosen


def _moment(text: str, city: City) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if not 1970 <= moment.year <= 2200:  # beyond it zones and calendars end
            raise ValueError
    except ValueError:
        raise InvalidView(f'at="{text[:40]}" is not a time.', "Example: ?at=2026-12-05T13:30") from None
    zone = ZoneInfo(city.timezone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _month(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(f"{text}-01").strftime("%Y-%m")
    except ValueError:
        raise InvalidView(f'month="{text[:40]}" is not a month.', "Example: ?month=2024-01") from None
