"""Merge while nobody is kept waiting: before the lock is taken, and anew when what stands moved in between."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection

from cityatlas.errors import EditConflict, StaleRevision, StoreUnavailable
from cityatlas.store import (
    Edit,
    Order,
    Saved,
    Store,
    archive,
    branch_history,
    open_draft,
    publish,
    publish_content,
    published,
    restore,
    save_draft,
    take_in,
    unarchive,
    undo,
)
from cityatlas.store.log import drafts, optimistic, publication
from cityatlas.versioning.content import Content, content_of
from cityatlas.versioning.merge import Merged, merge
from toy import point

Act = Callable[[], object]


def mill(**properties: Any) -> Content:
    return content_of("sights", point(121.0), {"name": {"zh": "老磨坊", "en": "Old mill"}, **properties})


@dataclass
class Watch:
    """Note merges and locks in the order in which they happen; `meanwhile` is done once, in the middle of a merge."""

    events: list[str] = field(default_factory=list)
    meanwhile: Act | None = None


@pytest.fixture
def watch(store: Store, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watch a store."""
    watch, writing = Watch(), Store.writing

    def watched_merge(*sides: Any) -> Merged:
        watch.events.append("merge")
        act, watch.meanwhile = watch.meanwhile, None
        if act:
            act()  # on SQLite and PostgreSQL alike it would wait for ten seconds and fail, were the lock held here
        return merge(*sides)

    @contextmanager
    def watched_writing(store: Store) -> Iterator[Connection]:
        with writing(store) as connection:
            watch.events.append("lock")
            yield connection

    monkeypatch.setattr(drafts, "merge", watched_merge)
    monkeypatch.setattr(publication, "merge", watched_merge)
    monkeypatch.setattr(Store, "writing", watched_writing)
    return watch


def begin(store: Store, **properties: Any) -> Saved:
    """Return a draft of the mill, which is in geodata/."""
    return open_draft(store, Edit("mill", mill(**properties), "ann"), mill())


def branch_of(saved: Saved) -> str:
    assert saved.revision.branch
    return saved.revision.branch


def test_a_save_merges_before_it_takes_the_lock(store: Store, watch: Watch) -> None:
    begun = begin(store, kind="house")
    watch.events.clear()
    save_draft(store, branch_of(begun), Edit("mill", mill(kind="museum"), "ann", begun.revision.number))
    assert watch.events == ["merge", "lock"]


def test_a_save_during_a_merge_is_merged_anew_and_nothing_of_either_is_lost(store: Store, watch: Watch) -> None:
    begun = begin(store, kind="house")
    branch, seen = branch_of(begun), begun.revision.number

    def save_too() -> None:
        save_draft(store, branch, Edit("mill", mill(kind="house", visit_min=5), "bob", seen))

    watch.events.clear()
    watch.meanwhile = save_too
    saved = save_draft(store, branch, Edit("mill", mill(kind="museum"), "ann", seen))
    assert watch.events == ["merge", *("merge", "lock"), "lock", *("merge", "lock")]
    assert saved.revision.content == mill(kind="museum", visit_min=5)
    assert (saved.merged.mine, saved.merged.theirs) == (("kind",), ("visit_min",))
    with store.reading() as connection:
        assert [revision.author for revision in branch_history(connection, branch)] == ["ann", "bob", "ann"]


def test_a_save_of_the_same_field_during_a_merge_is_asked_about(store: Store, watch: Watch) -> None:
    begun = begin(store, kind="house")
    branch, seen = branch_of(begun), begun.revision.number
    watch.meanwhile = lambda: save_draft(store, branch, Edit("mill", mill(kind="shop"), "bob", seen))
    with pytest.raises(EditConflict) as error:
        save_draft(store, branch, Edit("mill", mill(kind="museum"), "ann", seen))
    assert [clash.path for clash in error.value.clashes] == ["kind"]
    with store.reading() as connection:
        assert [revision.author for revision in branch_history(connection, branch)] == ["ann", "bob"]


def test_a_draft_that_is_saved_while_it_is_published_is_not_published(store: Store, watch: Watch) -> None:
    begun = begin(store, kind="house")
    branch, seen = branch_of(begun), begun.revision.number
    watch.meanwhile = lambda: save_draft(store, branch, Edit("mill", mill(kind="shop"), "bob", seen))
    with pytest.raises(StaleRevision):
        publish(store, branch, seen, Order("ed", origin=mill()))
    assert published(store).shown == ()


ORDER = Order("ed", origin=mill())
WAYS: dict[str, Callable[[Store, int], object]] = {
    "content": lambda store, seen: publish_content(store, "mill", mill(kind="b", visit_min=5), seen, ORDER),
    "restore": lambda store, seen: restore(store, "mill", 0, seen, ORDER, frozenset({"kind"})),
    "undo": lambda store, seen: undo(store, "mill", seen, ORDER),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_published_during_a_merge_is_merged_with(store: Store, watch: Watch, way: str) -> None:
    seen = publish_content(store, "mill", mill(kind="a"), 0, ORDER).revision.number

    def publish_too() -> None:
        publish_content(store, "mill", mill(kind="a", last_entry_min=9), seen, ORDER)

    watch.events.clear()
    watch.meanwhile = publish_too
    WAYS[way](store, seen)
    assert watch.events == ["merge", *("merge", "lock"), "lock", *("merge", "lock")]
    (shown,) = published(store).shown
    kind = {"kind": "b", "visit_min": 5} if way == "content" else {}
    assert shown.content == mill(last_entry_min=9, **kind)


FLIPS: dict[str, Callable[[Store, int], object]] = {
    "archive": lambda store, seen: archive(store, "mill", seen, ORDER),
    "unarchive": lambda store, seen: unarchive(store, "mill", seen, ORDER),
    "take_in": lambda store, seen: take_in(store, [(Edit("new", mill(), "ann"), None)], [("mill", seen, ORDER)]),
}


@pytest.mark.parametrize("way", FLIPS)
def test_a_feature_that_moves_meanwhile_is_not_taken_off_and_nothing_is_begun(
    store: Store, watch: Watch, way: str
) -> None:
    seen = publish_content(store, "mill", mill(kind="a"), 0, ORDER).revision.number
    watch.meanwhile = lambda: publish_content(store, "mill", mill(kind="b"), seen, ORDER)
    with pytest.raises(StaleRevision):
        FLIPS[way](store, seen)
    assert [revision.content for revision in published(store).shown] == [mill(kind="b")]
    assert drafts.drafted_ids(store) == frozenset()


def test_a_draft_that_never_stands_still_is_told_of(
    store: Store, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimistic, "TRIES", 3)
    begun = begin(store, kind="house")
    branch, seen = branch_of(begun), begun.revision.number
    minutes = itertools.count(1)

    def save_too() -> None:
        edit = Edit("mill", mill(kind="house", visit_min=next(minutes)), "bob", last(store, branch))
        save_draft(store, branch, edit)
        watch.meanwhile = save_too

    watch.meanwhile = save_too
    with pytest.raises(StoreUnavailable):
        save_draft(store, branch, Edit("mill", mill(kind="museum"), "ann", seen))
    assert next(minutes) == 4  # bob got in three times


def last(store: Store, branch: str) -> int:
    """Return the number of a draft's newest revision."""
    with store.reading() as connection:
        return branch_history(connection, branch)[-1].number
