"""Say who else is at a feature: who has it open, and who lately saved a draft of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import g

from ....i18n import translate
from ....limits import OTHERS_MIN
from ....store import Store
from ....store.log import desk_lists
from ....store.people import accounts
from ....store.people.presence import present_at
from ...http.snapshots import local_time


@dataclass(frozen=True)
class OtherEditor:
    """Hold somebody else: a sentence about them, and their draft or nothing."""

    told: str
    draft: str


def others_at(store: Store, feature_id: str, login: str) -> list[OtherEditor]:
    """Return who else has a feature open or saved a draft of it within the last half hour, each once."""
    since = (datetime.now(UTC) - timedelta(minutes=OTHERS_MIN)).strftime("%Y-%m-%dT%H:%M:%S")
    names = {account.login: account.display_name for account in accounts.all_accounts(store)}
    heads = {draft.head.author: draft.head for draft in reversed(desk_lists.open_drafts(store, feature_id=feature_id))}
    lately = {author: head for author, head in heads.items() if head.made_at >= since}
    here = present_at(store, feature_id)
    found = []
    for other in dict.fromkeys([*here, *lately]):
        if other != login:
            head = lately.get(other)
            state = ("here_saved" if head else "here") if other in here else "saved"
            when = local_time(head.made_at) if head else ""
            told = translate(f"edit.other_{state}", g.language, name=names.get(other, other), when=when)
            found.append(OtherEditor(told, head.branch or "" if head else ""))
    return found
