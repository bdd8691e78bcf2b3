"""Check the lists of the desk and what a reviewer reads of a draft, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cityatlas.errors import UnknownRevision
from cityatlas.store import Edit, Order, Revision, Store, archive, change_state, open_draft, publish, publish_content
from cityatlas.store.log.desk_lists import (
    OpenDraft,
    lately_published,
    open_drafts,
    read_history,
    read_proposal,
    waiting,
)
from cityatlas.versioning.content import Content, content_of
from toy import point, text


def saying(words: str) -> Content:
    return content_of("sights", point(121.0), {"name": text(words, words)})


def draft(store: Store, feature_id: str, owner: str = "coco", origin: Content | None = None) -> Revision:
    return open_draft(store, Edit(feature_id, saying("draft"), owner), origin).revision


def names(drafts: list[OpenDraft]) -> list[str]:
    return [draft.head.feature_id for draft in drafts]


def now_at(store: Store) -> datetime:
    with store.reading() as connection:
        return store.read_clock(connection)


def test_drafts_are_listed_by_person_state_and_feature_lately_touched_first(store: Store) -> None:
    one, _, _ = draft(store, "one"), draft(store, "two"), draft(store, "three", "ed")
    change_state(store, one.branch or "", one.number, "in_review", "coco")
    assert names(open_drafts(store)) == ["one", "three", "two"]
    assert names(open_drafts(store, owner="coco")) == ["one", "two"]
    assert names(open_drafts(store, state="in_review")) == ["one"]
    assert [found.owner for found in open_drafts(store, feature_id="three")] == ["ed"]


def test_drafts_that_were_published_or_put_away_are_not_open(store: Store) -> None:
    out, away = draft(store, "out"), draft(store, "away")
    publish(store, out.branch or "", out.number, Order("ed"))
    change_state(store, away.branch or "", away.number, "archived", "coco")
    assert open_drafts(store) == []


def test_what_was_published_lately_comes_newest_first_and_what_waits_by_its_moment(store: Store) -> None:
    now = now_at(store)
    for name, days in (("a", 0), ("b", 2), ("c", 1)):
        order = Order("ed", publish_at=now + timedelta(days=days) if days else None)
        publish_content(store, name, saying(name), 0, order)
    assert [revision.feature_id for revision in lately_published(store, 2)] == ["c", "b"]
    assert [revision.feature_id for revision in waiting(store)] == ["c", "b"]


def test_a_proposal_knows_what_it_began_from_and_what_stands_now(store: Store) -> None:
    origin = saying("folder")
    begun = draft(store, "mill", origin=origin)
    number = publish_content(store, "mill", saying("other"), 0, Order("ed", origin=origin)).revision.number
    read = read_proposal(store, begun.branch or "")
    assert (read.owner, read.base, read.is_open, read.became) == ("coco", origin, True, None)
    assert read.standing.current is not None
    assert (read.standing.current.number, read.standing.origin) == (number, origin)


def test_a_proposal_that_was_published_is_over(store: Store) -> None:
    begun = draft(store, "new")
    out = publish(store, begun.branch or "", begun.number, Order("ed")).revision
    read = read_proposal(store, begun.branch or "")
    assert (read.is_open, read.became, read.base) == (False, out, None)


def test_a_proposal_for_an_archived_feature_says_so(store: Store) -> None:
    number = publish_content(store, "mill", saying("a"), 0, Order("ed")).revision.number
    gone = archive(store, "mill", number, Order("ed")).revision
    begun = open_draft(store, Edit("mill", saying("b"), "coco", gone.number)).revision
    assert read_proposal(store, begun.branch or "").was_archived


def test_a_feature_of_the_folder_alone_has_no_history(store: Store) -> None:
    told, standing = read_history(store, "mill")
    assert (told, standing.current, standing.waiting, standing.origin) == ([], None, None, None)


def test_an_unknown_draft_is_refused(store: Store) -> None:
    with pytest.raises(UnknownRevision):
        read_proposal(store, "nothing")


def test_what_was_overtaken_before_its_moment_is_not_listed_and_its_draft_is_open_again(store: Store) -> None:
    number = publish_content(store, "mill", saying("a"), 0, Order("ed")).revision.number
    begun = open_draft(store, Edit("mill", saying("b"), "coco", number)).revision
    later = Order("ed", publish_at=now_at(store) + timedelta(days=1))
    set_for = publish(store, begun.branch or "", begun.number, later).revision
    assert open_drafts(store) == []
    gone = archive(store, "mill", number, Order("ed", comment="closed")).revision
    assert [revision.number for revision in lately_published(store, 9)] == [gone.number, number]
    assert set_for.number not in [revision.number for revision in waiting(store)]
    (found,) = open_drafts(store)
    assert (found.branch, found.owner, found.head.content) == (begun.branch, "coco", saying("b"))
