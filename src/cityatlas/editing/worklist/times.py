"""Find what time has passed by: opening hours and phases of projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import BUILT, is_visitable
from ...city.feature_opening import closure_on
from ...city.layers import Feature
from ...limits import HOURS_OLD_DAYS, PHASE_MONTHS
from ...schema.dates import months_between, span_of
from ...schema.items import Phase
from .task import Task


def hours_tasks(catalogue: Catalogue, feature: Feature, today: date) -> Iterator[Task]:
    """Yield a task for a place that a visit can be planned to and whose hours are unknown, old or of unknown age.

    Hours are as old as their source. Of a date that is a year or a month each day in it is possible: old is what
    is old on all of them; what is old on some counts as of unknown age.
    """
    if closure_on(feature, today):  # nobody can look at its door now
        return
    hours = feature.opening_hours
    if not hours:
        if is_visitable(catalogue, feature, today):
            yield Task("hours_unknown", "hours_unknown", feature.id, feature.name, "opening_hours")
        return
    dated = _date_of(feature, feature.hours_source)
    first, last = span_of(dated) if dated else (date.min, today)
    limit = today - timedelta(days=HOURS_OLD_DAYS)
    if first >= limit:
        return
    told = "hours_old" if last < limit else "hours_inexact" if dated else "hours_undated"
    values = {"day": dated, "source": feature.hours_source, "days": str(HOURS_OLD_DAYS)}
    yield Task("hours_old", told, feature.id, feature.name, "opening_hours", dated, values, f"{hours} {dated}")


def phase_tasks(feature: Feature, today: date) -> Iterator[Task]:
    """Yield a task for a phase that is over with none after it, and for one without news for too long.

    News is the phase's beginning or the date of its source, whichever is later. What is complete or open needs none.
    """
    phases, month = feature.phases, today.isoformat()[:7]
    begun = [number for number, phase in enumerate(phases) if phase.begins <= month]
    if not begun or phases[begun[-1]].phase in BUILT:
        return
    number = begun[-1]
    phase = phases[number]
    is_last = number == len(phases) - 1
    subject = f"{phase.phase} {phase.begins or None} {phase.ends or None}"
    if is_last and phase.ends and phase.ends < month:
        told, since = "phase_over", phase.ends
    else:
        since = _news(feature, phase)
        if since and months_between(_month(since), month) <= PHASE_MONTHS:
            return
        told = "phase_silent" if since else "phase_undated"
    values = {"phase": phase.phase, "day": since, "months": str(PHASE_MONTHS)}
    yield Task("phase", told, feature.id, feature.name, f"phases.{number}", since, values, subject)


def _news(feature: Feature, phase: Phase) -> str:
    """Return the later of a phase's beginning and its source's date as it is written; empty when nobody knows."""
    dated = [text for text in (phase.begins, _date_of(feature, phase.source)) if text]
    return max(dated, key=_month, default="")


def _month(text: str) -> str:
    """Return the last month that a date can mean."""
    return span_of(text)[1].isoformat()[:7]


def _date_of(feature: Feature, title: str | None) -> str:
    """Return the date of the feature's source with this title; empty when it has none."""
    return next((source.date for source in feature.sources if source.title == title), "")
