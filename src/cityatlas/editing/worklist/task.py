"""Describe a task of the worklist, what it is made from besides the map, and tell it to people.

All thresholds are here. Days are days of the calendar; a month is compared as a month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from ...i18n import LANGUAGES, Language, Text, say, translate
from ...store import Published
from ...store.log.desk_lists import OpenDraft
from ...store.reports import Report
from ..diff import field_noun

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


def sentence(task: Task, language: Language) -> str:
    """Return what is wrong, for people who are no programmers. It is text, not markup."""
    values = {key: _value(key, value, language) for key, value in task.values.items()}
    return translate(f"worklist.told_{task.told}", language, field=field_words(task.field, language), **values)


def what_to_do(task: Task, language: Language) -> str:
    """Return how a person mends it."""
    return translate(f"worklist.todo_{task.kind}", language)


def title(task: Task, language: Language) -> str:
    """Return the heading of the task's kind."""
    return translate(f"worklist.kind_{task.kind}", language)


def field_words(path: str, language: Language) -> str:
    """Return the name of a field as the form has it: `facts.0.label.en` is "fact 1"."""
    key, _, rest = path.partition(".")
    number = rest.partition(".")[0]
    words = field_noun(key, language) if key else ""
    if not number.isdecimal():
        return words
    return translate("worklist.field_numbered", language, field=words, number=int(number) + 1)


def report(tasks: Sequence[Task], language: Language) -> Iterator[str]:
    """Yield the lines of a worklist: a heading for each kind with what to do, then its tasks."""
    for kind, group in groupby(tasks, key=lambda task: task.kind):
        rows = list(group)
        urgency = translate(f"worklist.severity_{rows[0].severity}", language)
        yield f"{title(rows[0], language)} [{kind}] · {urgency} · {len(rows)}"
        yield f"  {what_to_do(rows[0], language)}"
        for task in rows:
            yield f"  - {say(task.name, language)} ({task.feature_id}): {sentence(task, language)} [{task.field}]"
        yield ""
    yield translate("worklist.count" if tasks else "worklist.nothing", language, count=len(tasks))


def to_json(tasks: Iterable[Task], language: Language) -> str:
    """Return tasks as a JSON list."""
    rows = [
        {
            "key": task.key,
            "kind": task.kind,
            "severity": task.severity,
            "feature": task.feature_id,
            "name": task.name,
            "field": task.field,
            "since": task.since or None,
            "sentence": sentence(task, language),
            "todo": what_to_do(task, language),
        }
        for task in tasks
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _value(key: str, value: str | Text, language: Language) -> str:
    if not isinstance(value, str):
        return str(say(value, language))
    return translate(f"phase.{value}", language) if key == "phase" else value


def expiries_of(seen: Published, zone: ZoneInfo) -> Iterator[Expiry]:
    """Yield each published feature that has an end, with the day of it in the city's time zone."""
    for revision in seen.revisions:
        if revision.state == "published" and revision.expires_at:
            ends_on = datetime.fromisoformat(revision.expires_at).astimezone(zone).date()
            is_over = not revision.is_public_at(seen.moment)
            yield Expiry(revision.feature_id, revision.content.attributes.name, ends_on, is_over)


def drafts_of(drafts: Iterable[OpenDraft], zone: ZoneInfo) -> Iterator[Draft]:
    """Yield each open draft with the day in the city's time zone on which somebody touched it last."""
    for draft in drafts:
        touched_on = datetime.fromisoformat(draft.head.made_at).astimezone(zone).date()
        head = draft.head
        yield Draft(draft.branch, head.feature_id, head.content.attributes.name, draft.owner, touched_on)


def reports_of(reports: Iterable[Report], names: Mapping[str, Text], zone: ZoneInfo) -> Iterator[Reported]:
    """Yield the reports that wait for an answer or were made a task; `names` are those of the features on the map."""
    for report in reports:
        if report.state in ("new", "task"):
            name = names.get(report.feature_id) or dict.fromkeys(LANGUAGES, report.feature_id)
            what: Text = {str(language): translate(f"reports.kind_{report.kind}", language) for language in LANGUAGES}
            reported_on = datetime.fromisoformat(report.made_at).astimezone(zone).date()
            yield Reported(report.id, report.feature_id, name, what, reported_on)
