"""Describe a task of the worklist, what it is made from besides the map, and when something becomes one.

All thresholds are here. Days are days of the calendar; a month is compared as a month.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Literal

from ...i18n import Text

Kind = Literal[
    "outside",
    "source",
    "expiry",
    "report",
    "link",
    "hours_old",
    "hours_unknown",
    "phase",
    "position",
    "alt",
    "translation",
    "draft",
]
Severity = Literal["high", "middle", "low"]
# High: a visitor is told what is wrong or unproved. Middle: may be out of date, or is kept from some visitors.
SEVERITY: Mapping[Kind, Severity] = {
    "outside": "high",
    "source": "high",
    "expiry": "high",
    "report": "high",
    "link": "middle",
    "hours_old": "middle",
    "hours_unknown": "middle",
    "phase": "middle",
    "position": "low",
    "alt": "middle",
    "translation": "middle",
    "draft": "low",
}


@dataclass(frozen=True)
class Task:
    """Hold one thing to do: its kind, the sentence that tells it, and the field that mends it.

    `field` is a path as `photos.0.alt`; empty where the draft or the feature as a whole is meant. `since` is ISO text
    as exact as it is known (a year, a month or a day), empty when nobody knows. `values` fill in the sentence, `phase`
    with the id of one. `subject` names what the task is about in words that stay when a list gets another order.
    """

    kind: Kind
    told: str
    feature_id: str
    name: Text
    field: str = ""
    since: str = ""
    values: Mapping[str, str | Text] = attribute(default_factory=dict)
    subject: str = ""

    @property
    def figure(self) -> str:
        """Return the id of the figure that a task is about, which no form mends, or nothing."""
        key, _, rest = self.field.partition(".")
        return rest.partition(".")[0] if key == "figures" else ""

    @property
    def severity(self) -> Severity:
        """Return how much it matters."""
        return SEVERITY[self.kind]

    @property
    def key(self) -> str:
        """Return what stays the same until the task's cause does not: a person can put the task aside by it."""
        digest = hashlib.sha256(f"{self.told}\0{self.subject}".encode()).hexdigest()[:12]
        return f"{self.kind}:{self.feature_id}:{digest}"


@dataclass(frozen=True)
class Draft:
    """Say of a draft what the worklist needs: `branch` is its id, `touched_on` the day of its last revision."""

    branch: str
    feature_id: str
    name: Text
    owner: str
    touched_on: date


@dataclass(frozen=True)
class Expiry:
    """Say on which day a published feature expires, and whether it has by now: then the map has it no more."""

    feature_id: str
    name: Text
    expires_on: date
    is_over: bool


@dataclass(frozen=True)
class Reported:
    """Say that a visitor's report is open: `what` it is about in a few words, and the day; never what they wrote."""

    report_id: str
    feature_id: str
    name: Text
    what: Text
    reported_on: date
