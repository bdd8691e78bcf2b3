"""Turn what the store keeps into the plain values that the worklist is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ...i18n import LANGUAGES, Text, translate
from ...store import Published
from ...store.desk_lists import OpenDraft
from ...store.reports import Report
from .task import Draft, Expiry, Reported


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
