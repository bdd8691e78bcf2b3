"""Check, on both databases, what the store tells of changes: between two states, at a moment, and as a log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cityatlas.errors import UnknownRevision
from cityatlas.store import (
    UNPUBLISHED,
    Order,
    PublicState,
    Store,
    archive,
    changed_between,
    public_log,
    publish_content,
    published,
    state_after,
    state_at,
    steps_of,
)
from cityatlas.versioning.content import Content

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(name: str, layer: str = "sights") -> Content:
    """Return what a feature of one word says."""
    return Content(layer, None, {"name": {"en": name}})


def state(store: Store, now: datetime) -> PublicState:
    """Set the clock, and return what names what visitors see."""
    store._clock = lambda: now
    return published(store).state


def test_changes_between_states_name_the_layers_then(store: Store) -> None:
    empty = state(store, START)
    assert empty == UNPUBLISHED
    publish_content(store, "mill", said("Mill"), 0, Order("ann", origin=said("Old mill")))
    publish_content(store, "gate", said("Gate"), 0, Order("ann"))
    first = state(store, START + HOUR)
    assert changed_between(store, empty, first) == {"mill": frozenset(["sights"]), "gate": frozenset()}
    publish_content(store, "gate", said("Gate", "works"), 2, Order("ann", expires_at=START + 3 * HOUR))
    second = state(store, START + 2 * HOUR)
    assert changed_between(store, first, second) == {"gate": frozenset(["sights"])}
    third = state(store, START + 4 * HOUR)
    assert (third.number, third.moment) == (second.number, "2026-01-01T03:00:00.000000Z")
    assert changed_between(store, second, third) == {"gate": frozenset(["works"])}
    assert changed_between(store, third, second) == {"gate": frozenset()}
    assert changed_between(store, third, third) == {}
    assert state_at(store, START + 3 * HOUR) == third
    for never in (PublicState(9, third.moment), PublicState(3, first.moment), PublicState(3, "2999")):
        with pytest.raises(UnknownRevision):
            changed_between(store, never, third)


def test_a_number_and_its_steps_name_a_state_for_ever_and_nothing_that_still_waits(store: Store) -> None:
    def named(state: PublicState) -> tuple[int, int]:
        return state.number, steps_of(store, state)

    seen = [state(store, START)]
    publish_content(store, "mill", said("Mill"), 0, Order("ann"))
    seen.append(state(store, START))
    publish_content(store, "gate", said("Gate"), 0, Order("ann", publish_at=START + HOUR, expires_at=START + 4 * HOUR))
    publish_content(store, "hall", said("Hall"), 0, Order("ann", expires_at=START + 3 * HOUR))
    seen.append(state(store, START))
    for never in ((2, 0), (3, 1), (4, 0), (0, 1)):
        with pytest.raises(UnknownRevision):
            state_after(store, *never)
    seen += [state(store, START + hours * HOUR) for hours in (1, 3)]
    state(store, START + 3.5 * HOUR)
    publish_content(store, "quay", said("Quay"), 0, Order("ann"))
    seen += [state(store, START + hours * HOUR) for hours in (3.5, 5)]
    assert [named(one) for one in seen] == [(0, 0), (1, 0), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1)]
    assert [state_after(store, *named(one)) for one in seen] == seen
    assert state_after(store, 2) == seen[3]
    with pytest.raises(UnknownRevision):
        state_after(store, 3, 3)


def test_the_log_tells_what_visitors_saw_come_and_go(store: Store) -> None:
    state(store, START)
    publish_content(store, "mill", said("Mill"), 0, Order("ann", origin=said("Old mill")))
    publish_content(store, "gate", said("Gate"), 0, Order("ann", publish_at=START + HOUR, expires_at=START + 2 * HOUR))
    publish_content(store, "hall", said("Hall"), 0, Order("ann", publish_at=START + 9 * HOUR))
    state(store, START + 3 * HOUR)
    archive(store, "mill", 1, Order("ann"))
    now = state(store, START + 4 * HOUR)
    log = public_log(store, now, limit=10)
    told = [(one.feature_id, one.turn, one.is_end) for one in log.changes]
    assert told == [
        ("mill", "removed", False),
        ("gate", "removed", True),
        ("gate", "added", False),
        ("mill", "changed", False),
    ]
    assert log.changes[3].before == said("Old mill")
    assert (log.count, public_log(store, now, feature_id="gate", limit=1).count) == (4, 2)
    assert [one.feature_id for one in public_log(store, now, first=3, limit=10).changes] == ["mill"]
    assert public_log(store, now, layer="works", limit=10).changes == ()
