"""Tell when a feature is open: by its hours, but for the time in which a notice closes it, or its season is over.

The one place that joins them: lists, cards, the map's data and the planner ask here. Hours that nobody knows are None,
never open; a closure is known whether the hours are or not.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ...schema.items import PlaceNotice
from ..layers import Feature
from ..spec import City
from .opening_hours import Interval, OpenState, intervals_on, state_at

DAY = timedelta(days=1)


def closure_on(feature: Feature, day: date) -> PlaceNotice | None:
    """Return the notice that closes a feature on a day, the one that ends last, or None."""
    closing = [notice for notice in feature.notices if notice.is_closing and notice.covers(day)]
    return max(closing, key=lambda notice: notice.last, default=None)


def notices_from(feature: Feature, day: date) -> tuple[PlaceNotice, ...]:
    """Return the notices that are not over on a day: those that hold first, then those to come."""
    left = (notice for notice in feature.notices if notice.last >= day)
    return tuple(sorted(left, key=lambda notice: (not notice.covers(day), notice.first)))


def is_in_season(feature: Feature, day: date) -> bool:
    """Return whether a day lies in the months in which a tour route runs; without months it always does."""
    month = day.isoformat()[:7]
    first, last = feature.valid_from or month, feature.valid_to or month
    return bool(first <= month <= last)


def open_on(feature: Feature, day: date, city: City) -> list[Interval] | None:
    """Return the open intervals that begin on a day; none of a closed day, None where the hours are not known."""
    if closure_on(feature, day):
        return []
    hours = feature.opening_hours
    return intervals_on(hours, day, timezone=city.timezone, holidays=city.holidays) if hours else None


def state_of(feature: Feature, at: datetime, city: City) -> OpenState | None:
    """Return whether a feature is open at a moment (with any time zone) and until when; None where nobody knows."""
    at = at.astimezone(ZoneInfo(city.timezone))
    if closure_on(feature, at.date()):
        return OpenState(is_open=False, changes_at=_reopens(feature, at, city), is_unknown=False)
    state = _by_hours(feature, at, city)
    if state is None or state.changes_at is None or state.is_open:
        return state and _until_closure(feature, at, state)
    if state.is_unknown or not closure_on(feature, state.changes_at.date()):
        return state
    return OpenState(is_open=False, changes_at=_reopens(feature, state.changes_at, city), is_unknown=False)


def _by_hours(feature: Feature, at: datetime, city: City) -> OpenState | None:
    hours = feature.opening_hours
    return state_at(hours, at, timezone=city.timezone, holidays=city.holidays) if hours else None


def _until_closure(feature: Feature, at: datetime, state: OpenState) -> OpenState:
    """Return a state that ends when a closure begins before its own end."""
    begins = [n.first for n in feature.notices if n.is_closing and n.first > at.date()]
    first = min((datetime.combine(day, time(), tzinfo=at.tzinfo) for day in begins), default=None)
    if first is None or not state.is_open or (state.changes_at and state.changes_at <= first):
        return state
    return OpenState(is_open=True, changes_at=first, is_unknown=False, comment=state.comment)


def _reopens(feature: Feature, moment: datetime, city: City) -> datetime | None:
    """Return when a feature that a notice closes at a moment opens again; None where nobody knows."""
    for _ in feature.notices:  # one closure may follow another
        while closure := closure_on(feature, moment.date()):
            if closure.last >= date.max - DAY:
                return None
            moment = datetime.combine(closure.last + DAY, time(), tzinfo=moment.tzinfo)
        state = _by_hours(feature, moment, city)
        if state is None or state.is_open or state.is_unknown or state.changes_at is None:
            return moment if state and state.is_open else None
        if not closure_on(feature, state.changes_at.date()):
            return state.changes_at
        moment = state.changes_at
    return None
