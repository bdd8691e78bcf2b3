"""Check the life of a feature's revisions: drafts, conflicts, schedules, undo, and that nothing vanishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cityatlas.errors import EditConflict, InvalidValue, StaleRevision, StoreUnavailable, UnknownRevision
from cityatlas.store import (
    Edit,
    Order,
    Saved,
    Store,
    archive,
    branch_history,
    cancel,
    change_state,
    history,
    open_draft,
    publish,
    publish_content,
    published,
    restore,
    save_draft,
    unarchive,
    undo,
)
from cityatlas.versioning.content import Content, content_of
from toy import point

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAME = {"zh": "老磨坊", "en": "Old mill"}


class Clock:
    """Tell a moment that only the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the store's clock stand at noon."""
    clock = Clock()
    monkeypatch.setattr(store, "_clock", clock)
    return clock


def mill(**properties: Any) -> Content:
    return content_of("sights", point(121.0), {"name": NAME, **properties})


GEODATA = mill(visit_min=20)
EDITOR = Order("editor", origin=GEODATA)


def begin(store: Store, content: Content, author: str = "ann") -> Saved:
    """Open a draft of the mill that stands on geodata/."""
    return open_draft(store, Edit("mill", content, author), GEODATA)


def put(store: Store, content: Content, seen: int = 0, **order: Any) -> int:
    """Publish a content of the mill and return its number."""
    return publish_content(store, "mill", content, seen, Order("editor", origin=GEODATA, **order)).revision.number


def shown(store: Store, **at: Any) -> dict[str, Any] | None:
    """Return the mill's properties as visitors see them, or None."""
    return next((r.content.properties for r in published(store, **at).shown if r.feature_id == "mill"), None)


def test_a_draft_is_seen_by_nobody(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    change_state(store, str(draft.branch), draft.number, "in_review", "ann", "please look")
    assert published(store).shown == ()


def test_numbers_have_no_gaps_and_moments_never_go_back(store: Store, clock: Clock) -> None:
    begin(store, mill(visit_min=30))
    clock.now = NOON - timedelta(hours=1)  # somebody puts the clock back
    begin(store, mill(visit_min=31))
    with store.reading() as connection:
        rows = history(connection, "mill")
    assert [row.number for row in rows] == [1, 2]
    assert [row.made_at for row in rows] == ["2026-11-24T12:00:00.000000Z", "2026-11-24T12:00:00.000001Z"]


@pytest.mark.parametrize("table", ["revisions", "branches", "origins"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_a_row_is_never_changed_or_deleted(store: Store, table: str, change: str) -> None:
    begin(store, mill())
    column = {"revisions": "comment", "branches": "owner", "origins": "layer"}[table]
    with pytest.raises(DBAPIError, match="never changed or deleted"), store.writing() as connection:
        connection.execute(text(change.format(table, column)))
    with store.reading() as connection:
        assert len(history(connection, "mill")) == 1


def test_a_row_is_never_replaced(store: Store) -> None:
    begin(store, mill())
    columns = "number, feature_id, layer, properties, author, made_at, comment, state, branch, based_on, previous"
    verb = "INSERT OR REPLACE INTO" if store.path else "INSERT INTO"
    with pytest.raises(DBAPIError), store.writing() as connection:
        connection.execute(text(f"{verb} revisions ({columns}) SELECT {columns} FROM revisions"))


def test_two_tabs_of_one_draft_merge(store: Store) -> None:
    first = begin(store, GEODATA).revision
    branch = str(first.branch)
    save_draft(store, branch, Edit("mill", mill(visit_min=30), "ann", first.number))
    saved = save_draft(store, branch, Edit("mill", mill(visit_min=20, themes=["art"]), "ann", first.number))
    assert saved.revision.content == mill(visit_min=30, themes=["art"])
    assert (saved.merged.mine, saved.merged.theirs) == (("themes[art]",), ("visit_min",))


def test_two_tabs_that_change_one_field_ask_and_the_answer_counts(store: Store) -> None:
    first = begin(store, GEODATA).revision
    branch = str(first.branch)
    other = save_draft(store, branch, Edit("mill", mill(visit_min=30), "ann", first.number)).revision
    mine = Edit("mill", mill(visit_min=40), "ann", first.number)
    with pytest.raises(EditConflict) as caught:
        save_draft(store, branch, mine)
    (clash,) = caught.value.clashes
    assert (clash.path, clash.base, clash.mine, clash.theirs) == ("visit_min", 20, 40, 30)
    assert caught.value.number == other.number
    answer = Edit("mill", mill(visit_min=40), "ann", first.number, choices={"visit_min": "mine"}, answered=other.number)
    assert save_draft(store, branch, answer).revision.content == mill(visit_min=40)


def test_an_answer_to_a_conflict_that_has_moved_on_is_asked_again(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    first = put(store, mill(visit_min=40))
    put(store, mill(visit_min=50), first)
    order = Order("editor", origin=GEODATA, choices={"visit_min": "mine"}, answered=first)
    with pytest.raises(EditConflict) as caught:
        publish(store, str(draft.branch), draft.number, order)
    assert caught.value.clashes[0].theirs == 50


def test_saving_the_same_again_adds_nothing(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    edit = Edit("mill", mill(visit_min=40), "ann", draft.number)
    once = save_draft(store, str(draft.branch), edit).revision
    assert save_draft(store, str(draft.branch), edit).revision == once


def test_two_drafts_that_change_different_fields_are_both_published(store: Store) -> None:
    one, other = begin(store, mill(visit_min=30)).revision, begin(store, mill(visit_min=20, themes=["art"])).revision
    publish(store, str(one.branch), one.number, EDITOR)
    saved = publish(store, str(other.branch), other.number, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 30, "themes": ["art"]}
    assert saved.merged.theirs == ("visit_min",)


def test_only_what_was_reviewed_is_published(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    later = save_draft(store, str(draft.branch), Edit("mill", mill(visit_min=40), "ann", draft.number)).revision
    with pytest.raises(StaleRevision) as caught:
        publish(store, str(draft.branch), draft.number, EDITOR)
    assert caught.value.number == later.number
    assert published(store).shown == ()


def test_a_draft_is_published_once(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    publish(store, str(draft.branch), draft.number, EDITOR)
    with pytest.raises(StaleRevision):
        publish(store, str(draft.branch), draft.number, EDITOR)


def test_a_tab_left_open_goes_on_from_what_was_published(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    put(store, mill(visit_min=20, themes=["art"]))
    publish(store, str(draft.branch), draft.number, EDITOR)
    saved = save_draft(store, str(draft.branch), Edit("mill", mill(visit_min=45), "ann", draft.number)).revision
    assert saved.content == mill(visit_min=45, themes=["art"])
    publish(store, str(draft.branch), saved.number, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 45, "themes": ["art"]}


def test_geodata_that_changed_after_the_draft_began_is_merged(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    newer = Order("editor", origin=mill(visit_min=20, aliases=["Mill"]))
    publish(store, str(draft.branch), draft.number, newer)
    assert shown(store) == {"name": NAME, "visit_min": 30, "aliases": ["Mill"]}


def test_a_check_that_refuses_stops_the_publication(store: Store) -> None:
    def refuse(content: Content | None, _: object) -> None:
        assert content == mill(visit_min=30)
        raise InvalidValue("no")

    with pytest.raises(InvalidValue):
        put(store, mill(visit_min=30), check=refuse)
    assert published(store).revisions == ()


def test_a_snapshot_of_any_number_or_moment_is_the_same_bytes_each_time(store: Store, clock: Clock) -> None:
    texts, seen = {}, 0
    for minutes in (10, 20, 30):
        seen = put(store, mill(visit_min=minutes), seen)
        texts[seen] = (published(store).text, clock.now)
        clock.now += timedelta(days=1)
    archive(store, "mill", seen, EDITOR)
    for number, (before, moment) in texts.items():
        assert published(store, at_number=number).text == before
        assert published(store, at_moment=moment).text == before
        assert published(store, at_moment=moment + timedelta(hours=23)).text == before
    assert '"visit_min":10' in texts[1][0]


def test_archive_and_unarchive_are_revisions(store: Store) -> None:
    archive(store, "mill", 0, EDITOR)
    assert published(store).hidden == ("mill",)
    with pytest.raises(StaleRevision):
        unarchive(store, "mill", 0, EDITOR)
    unarchive(store, "mill", 1, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 20}
    with store.reading() as connection:
        assert [row.state for row in history(connection, "mill")] == ["archived", "published"]


def test_a_draft_of_what_was_archived_meanwhile_asks(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    number = archive(store, "mill", 0, EDITOR).revision.number
    with pytest.raises(EditConflict) as caught:
        publish(store, str(draft.branch), draft.number, EDITOR)
    assert [clash.path for clash in caught.value.clashes] == ["archived"]
    alive = Order("editor", origin=GEODATA, choices={"archived": "mine"}, answered=number)
    publish(store, str(draft.branch), draft.number, alive)
    assert shown(store) == {"name": NAME, "visit_min": 30}


def test_undo_takes_back_one_change_and_keeps_later_ones(store: Store) -> None:
    first = put(store, mill(visit_min=30))
    put(store, mill(visit_min=30, themes=["art"]), first)
    undo(store, "mill", first, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 20, "themes": ["art"]}


def test_undo_of_a_new_features_first_revision_archives_it_and_can_be_undone(store: Store) -> None:
    number = publish_content(store, "new", mill(), 0, Order("editor")).revision.number
    undone = undo(store, "new", number, Order("editor")).revision.number
    assert published(store).hidden == ("new",)
    undo(store, "new", undone, Order("editor"))
    assert [revision.feature_id for revision in published(store).shown] == ["new"]


def test_restoring_one_field_leaves_the_others(store: Store) -> None:
    first = put(store, mill(visit_min=30, themes=["art"]))
    second = put(store, mill(visit_min=40, themes=["family"]), first)
    restore(store, "mill", first, second, EDITOR, fields=frozenset({"visit_min"}))
    assert shown(store) == {"name": NAME, "visit_min": 30, "themes": ["family"]}
    restore(store, "mill", 0, 3, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 20}


def test_what_is_set_for_later_is_seen_then(store: Store, clock: Clock) -> None:
    put(store, mill(visit_min=30), publish_at=NOON + timedelta(hours=1))
    assert shown(store) is None
    assert published(store).due == "2026-11-24T13:00:00.000000Z"
    clock.now += timedelta(hours=1)
    assert shown(store) == {"name": NAME, "visit_min": 30}


def test_what_is_published_meanwhile_is_kept_when_the_later_moment_comes(store: Store, clock: Clock) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    later = Order("editor", origin=GEODATA, publish_at=NOON + timedelta(hours=1))
    publish(store, str(draft.branch), draft.number, later)
    put(store, mill(visit_min=20, themes=["art"]))
    assert shown(store) == {"name": NAME, "visit_min": 20, "themes": ["art"]}
    clock.now += timedelta(hours=1)
    assert shown(store) == {"name": NAME, "visit_min": 30, "themes": ["art"]}


def test_what_would_meet_a_later_change_is_refused_until_that_is_cancelled(store: Store, clock: Clock) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    later = Order("editor", origin=GEODATA, publish_at=NOON + timedelta(hours=1))
    waiting = publish(store, str(draft.branch), draft.number, later).revision.number
    with pytest.raises(StaleRevision, match="visit_min"):
        put(store, mill(visit_min=40))
    cancel(store, "mill", waiting, EDITOR)
    number = published(store).number
    put(store, mill(visit_min=40), number)
    clock.now += timedelta(hours=2)
    assert shown(store) == {"name": NAME, "visit_min": 40}
    with store.reading() as connection:
        assert branch_history(connection, str(draft.branch))[-1].content == mill(visit_min=30)


def test_a_draft_that_waits_and_is_edited_keeps_its_own_edits(store: Store, clock: Clock) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    later = Order("editor", origin=GEODATA, publish_at=NOON + timedelta(hours=1))
    waiting = publish(store, str(draft.branch), draft.number, later).revision
    edit = Edit("mill", mill(visit_min=30, themes=["art"]), "ann", waiting.number)
    saved = save_draft(store, str(draft.branch), edit).revision
    cancel(store, "mill", waiting.number, EDITOR)
    with store.reading() as connection:
        head = branch_history(connection, str(draft.branch))[-1]
    assert head == saved
    publish(store, str(draft.branch), head.number, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 30, "themes": ["art"]}


def test_undo_brings_nothing_forward_that_waits_for_its_moment(store: Store, clock: Clock) -> None:
    first = put(store, mill(visit_min=20, aliases=["Mill"]))
    put(store, mill(visit_min=30, aliases=["Mill"]), first, publish_at=NOON + timedelta(hours=1))
    third = put(store, mill(visit_min=20, aliases=["Mill"], themes=["art"]), first)
    undo(store, "mill", third, EDITOR)
    assert shown(store) == {"name": NAME, "visit_min": 20, "aliases": ["Mill"]}
    clock.now += timedelta(hours=2)
    assert shown(store) == {"name": NAME, "visit_min": 30, "aliases": ["Mill"]}


def test_what_is_over_is_hidden_from_its_moment_on(store: Store, clock: Clock) -> None:
    put(store, mill(visit_min=30), expires_at=NOON + timedelta(days=1))
    assert shown(store) is not None
    clock.now += timedelta(days=1)
    assert published(store).hidden == ("mill",)
    assert shown(store, at_moment=NOON) == {"name": NAME, "visit_min": 30}


def test_an_expiry_is_kept_by_later_revisions_unless_said_otherwise(store: Store, clock: Clock) -> None:
    first = put(store, mill(visit_min=30), expires_at=NOON + timedelta(days=1))
    second = put(store, mill(visit_min=40), first)
    put(store, mill(visit_min=50), second, expires_at=None)
    with store.reading() as connection:
        ends = [row.expires_at for row in history(connection, "mill")]
    assert ends == ["2026-11-25T12:00:00.000000Z", "2026-11-25T12:00:00.000000Z", None]


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(InvalidValue):
        put(store, mill(), publish_at=datetime(2026, 12, 1))  # noqa: DTZ001  # that is the fault


@pytest.mark.parametrize("words", ["\x00", "\ud800", "a" * 2001])
def test_a_comment_that_no_database_holds_is_refused(store: Store, words: str) -> None:
    with pytest.raises(InvalidValue):
        put(store, mill(), comment=words)


def test_half_a_letter_in_a_draft_is_refused(store: Store) -> None:
    with pytest.raises(InvalidValue):
        begin(store, mill(address={"zh": "\ud800"}))


def test_revisions_of_others_are_refused(store: Store) -> None:
    number = put(store, mill())
    with pytest.raises(UnknownRevision):
        publish_content(store, "hall", mill(), number, Order("editor"))
    with pytest.raises(UnknownRevision):
        open_draft(store, Edit("hall", mill(), "ann", number))
    with pytest.raises(UnknownRevision):
        save_draft(store, "nowhere", Edit("mill", mill(), "ann", number))
    with pytest.raises(UnknownRevision):
        undo(store, "hall", number, Order("editor"))


def test_a_draft_that_was_put_away_is_not_published_until_it_is_saved_again(store: Store) -> None:
    draft = begin(store, mill(visit_min=30)).revision
    away = change_state(store, str(draft.branch), draft.number, "archived", "ann")
    with pytest.raises(InvalidValue):
        publish(store, str(draft.branch), away.number, EDITOR)
    again = save_draft(store, str(draft.branch), Edit("mill", mill(visit_min=30), "ann", away.number)).revision
    assert again.state == "draft"


def test_history_has_no_end(store: Store) -> None:
    seen = 0
    for minutes in range(1, 60):
        seen = put(store, mill(visit_min=minutes), seen)
    with store.reading() as connection:
        assert len(history(connection, "mill")) == 59
    assert published(store, at_number=1).shown[0].content == mill(visit_min=1)


def test_another_citys_database_is_refused(store: Store) -> None:
    put(store, mill())
    other = Store(store.url, "other")
    with pytest.raises(StoreUnavailable, match='of the city "toy"'):
        other.prepare()
    other.close()
