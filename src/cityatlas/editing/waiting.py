"""Find what waits for a person at the desk: reviews, visitors' reports, what is not shown as published, near ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from ..i18n import Language, Text, say, translate
from ..limits import EXPIRY_DAYS
from ..store import Revision, Store, moment_text
from ..store.log.desk_lists import ending_until, in_review
from ..store.people.accounts import Account
from ..store.reports import all_reports

WaitingKind = Literal["review", "report", "unshown", "expiry"]
KINDS: tuple[WaitingKind, ...] = ("review", "report", "unshown", "expiry")
Faults = Iterable[tuple[str, str]]  # each with its sentence and the feature that it is about, or ""


@dataclass(frozen=True)
class Waiting:
    """Hold one thing that waits: since when (as the store writes moments, "" if nobody knows), and of which feature.

    `key` names it for ever; `branch` is that of a draft, else "".
    """

    kind: WaitingKind
    key: str
    feature_id: str
    name: Text
    since: str
    branch: str = ""

    def sentence(self, language: Language) -> str:
        """Return it in words."""
        name = say(self.name, language).text or self.feature_id
        return translate(f"waits.one_{self.kind}", language, name=name)


def waiting_for(
    store: Store, account: Account, layers: Mapping[str, str], names: Mapping[str, Text], faults: Faults
) -> tuple[Waiting, ...]:
    """Return what waits for somebody; a contributor is waited for by nothing.

    `layers` and `names` are those of the features on the map by id; `faults` tell what is not shown as published.
    """
    if account.role == "contributor":
        return ()
    soon = moment_text(datetime.now(UTC) + timedelta(days=EXPIRY_DAYS))
    found = [_of("review", one, one.branch or "") for one in in_review(store) if account.may_publish(one.layer)]
    reports = (one for one in all_reports(store) if one.state == "new")
    known = ((one, layers.get(one.feature_id)) for one in reports)
    found += [
        Waiting("report", one.id, one.feature_id, names.get(one.feature_id, {}), one.made_at)
        for one, layer in known
        if layer is None or account.may_publish(layer)
    ]
    found += [
        Waiting("unshown", key, key, names.get(key, {}), "")
        for key in dict.fromkeys(feature_id for _, feature_id in faults if feature_id)
        if key not in layers or account.may_publish(layers[key])
    ]
    found += [_of("expiry", one) for one in ending_until(store, soon) if account.may_publish(one.layer)]
    return tuple(found)


def counts_of(waiting: Iterable[Waiting]) -> dict[WaitingKind, int]:
    """Return how many there are of each kind that there is, in order."""
    counted = Counter(one.kind for one in waiting)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def _of(kind: WaitingKind, revision: Revision, branch: str = "") -> Waiting:
    name = revision.content.attributes.name
    said = name if isinstance(name, Mapping) else {}
    return Waiting(kind, str(revision.number), revision.feature_id, said, revision.made_at, branch)
