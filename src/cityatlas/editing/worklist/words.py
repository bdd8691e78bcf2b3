"""Tell tasks to people: a sentence and what to do for each, and the whole worklist as lines or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ...i18n import Language, Text, say, translate
from ..diff import field_noun
from .task import Task


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
    if not number.isdigit():
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
