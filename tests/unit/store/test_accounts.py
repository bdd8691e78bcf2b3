"""Check accounts, invitations, sessions and attempts in the store, on both databases, by a clock of our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from cityatlas.errors import InvalidAccount, UnknownAccount
from cityatlas.store import Store, back_up, open_store, restore_backup
from cityatlas.store.people import accounts, sessions
from cityatlas.store.people.accounts import NewAccount
from cityatlas.store.people.sessions import Count, begin_attempt, end_attempt, forget_old
from cityatlas.store.tables import metadata

NINE = datetime(2026, 12, 5, 1, tzinfo=UTC)  # nine in the morning in Toy City
EIGHT_HOURS = timedelta(hours=8)


class Clock:
    """Tell the time that a test says."""

    def __init__(self) -> None:
        self.now = NINE

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at nine."""
    return Clock()


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """Return a store with an admin, ann, and an editor of the sights, ed."""
    store = open_store(database_url, tmp_path / "var", "toy", clock)
    accounts.add_account(store, NewAccount("ann", "admin", "Ann Admin"))
    accounts.add_account(store, NewAccount("ed", "editor", layers=("sights",)))
    yield store
    store.close()


def fault_of(error: pytest.ExceptionInfo[InvalidAccount]) -> str:
    """Return the key of the sentence that a person reads."""
    return error.value.values["reason"]


def login(store: Store, name: str) -> str:
    """Return the cookie's word of a session that was begun just now."""
    account = accounts.find_account(store, name)
    assert account is not None
    return sessions.begin_session(store, account, "10.1.2.0/24", "chrome windows", EIGHT_HOURS)


def test_an_account_is_found_by_its_name_however_it_is_typed(desk: Store) -> None:
    for typed in ("ann", " Ann ", "ＡＮＮ"):
        found = accounts.find_account(desk, typed)
        assert found is not None
        assert (found.login, found.display_name, found.role, found.password_hash) == ("ann", "Ann Admin", "admin", None)
    assert accounts.find_account(desk, "bob") is None
    assert [account.login for account in accounts.all_accounts(desk)] == ["ann", "ed"]


@pytest.mark.parametrize(
    ("name", "display_name", "reason"),
    [
        ("ANN", "", "taken"),
        ("a", "", "login"),
        ("a b", "", "login"),
        ("../../etc", "", "login"),
        ("<script>", "", "login"),
        ("a" * 41, "", "login"),
        ("bob", "x" * 61, "display_name"),
        ("bob", "two\nlines", "display_name"),
    ],
)
def test_names_that_cannot_be_used_are_refused(desk: Store, name: str, display_name: str, reason: str) -> None:
    with pytest.raises(InvalidAccount) as error:
        accounts.add_account(desk, NewAccount(name, "contributor", display_name))
    assert fault_of(error) == reason
    assert len(accounts.all_accounts(desk)) == 2


def test_people_may_log_in_by_their_chinese_name(desk: Store) -> None:
    assert accounts.add_account(desk, NewAccount("王小明", "contributor")).display_name == "王小明"


def test_an_editor_publishes_in_their_layers_and_a_contributor_in_none(desk: Store) -> None:
    everywhere = accounts.add_account(desk, NewAccount("eve", "editor"))
    drafts = accounts.add_account(desk, NewAccount("coco", "contributor", layers=("sights",)))
    ann, ed = accounts.all_accounts(desk)[0], accounts.find_account(desk, "ed")
    assert ed is not None
    layers = ("sights", "works")
    assert [[a.may_publish(layer) for layer in layers] for a in (ann, ed, everywhere, drafts)] == [
        [True, True],
        [True, False],
        [True, True],
        [False, False],
    ]


def test_the_last_admin_can_neither_be_disabled_nor_lose_the_role(desk: Store) -> None:
    with pytest.raises(InvalidAccount) as disabled:
        accounts.set_active(desk, "ann", is_active=False)
    with pytest.raises(InvalidAccount) as demoted:
        accounts.set_role(desk, "ann", "editor")
    assert fault_of(disabled) == fault_of(demoted) == "last_admin"
    ann = accounts.find_account(desk, "ann")
    assert ann is not None
    assert (ann.role, ann.is_active) == ("admin", True)
    accounts.set_role(desk, "ed", "admin")
    assert accounts.set_active(desk, "ann", is_active=False).is_active is False


def test_an_account_that_is_not_there_cannot_be_changed(desk: Store) -> None:
    for change in (
        lambda: accounts.set_role(desk, "bob", "admin"),
        lambda: accounts.set_active(desk, "bob", is_active=True),
        lambda: accounts.set_password(desk, "bob", "hash"),
        lambda: accounts.invite(desk, "bob"),
    ):
        with pytest.raises(UnknownAccount):
            change()


def test_an_invitation_works_once(desk: Store) -> None:
    word = accounts.invite(desk, "ed")
    invited = accounts.invited(desk, word)
    assert invited is not None
    assert invited.login == "ed"
    accepted = accounts.accept_invitation(desk, word, "hash of a password")
    assert accepted is not None
    assert (accepted.login, accepted.password_hash) == ("ed", "hash of a password")
    assert accounts.invited(desk, word) is None
    assert accounts.accept_invitation(desk, word, "hash of another") is None


def test_an_invitation_ends_after_three_days_with_a_newer_one_and_with_the_account(desk: Store, clock: Clock) -> None:
    first = accounts.invite(desk, "ed")
    clock.pass_by(hours=71)
    assert accounts.invited(desk, first) is not None
    clock.pass_by(hours=1)
    assert accounts.invited(desk, first) is None
    second, third = accounts.invite(desk, "ed"), accounts.invite(desk, "ed")
    assert accounts.invited(desk, second) is None
    accounts.set_active(desk, "ed", is_active=False)
    assert accounts.invited(desk, third) is None
    with pytest.raises(InvalidAccount) as error:
        accounts.invite(desk, "ed")
    assert fault_of(error) == "inactive"
    accounts.set_active(desk, "ed", is_active=True)
    assert accounts.invited(desk, third) is None


def test_no_word_of_a_link_or_a_cookie_is_in_the_database(desk: Store) -> None:
    words = [accounts.invite(desk, "ed"), login(desk, "ann")]
    with desk.reading() as connection:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("accounts", "sessions")]
    assert "ann" in str(rows)
    assert [word for word in words if word in str(rows)] == []


def test_a_session_tells_who_it_is_until_eight_hours_have_passed(desk: Store, clock: Clock) -> None:
    word = login(desk, "ed")
    clock.pass_by(hours=7, minutes=59)
    found = sessions.find_session(desk, word)
    assert found is not None
    account, session = found
    assert (account.login, session.network, session.browser) == ("ed", "10.1.2.0/24", "chrome windows")
    assert sessions.find_session(desk, word[:-1]) is None
    clock.pass_by(minutes=1)
    assert sessions.find_session(desk, word) is None


@pytest.mark.parametrize("ending", ["logout", "password", "disabled"])
def test_a_session_is_over_at_once_after_logout_new_password_and_disabling(desk: Store, ending: str) -> None:
    word, others = login(desk, "ed"), login(desk, "ann")
    account, session = sessions.find_session(desk, word) or pytest.fail("not logged in")
    if ending == "logout":
        sessions.end_session(desk, account, session.id)
    elif ending == "password":
        accounts.set_password(desk, "ed", "hash")
    else:
        accounts.set_active(desk, "ed", is_active=False)
        accounts.set_active(desk, "ed", is_active=True)
    assert sessions.find_session(desk, word) is None
    assert sessions.find_session(desk, others) is not None


def test_a_new_role_counts_in_sessions_that_are_open(desk: Store) -> None:
    word = login(desk, "ed")
    accounts.set_role(desk, "ed", "contributor")
    found = sessions.find_session(desk, word)
    assert found is not None
    assert found[0].role == "contributor"


def test_people_end_their_own_sessions_and_nobody_else_s(desk: Store) -> None:
    words = [login(desk, "ed"), login(desk, "ed"), login(desk, "ed")]
    own = login(desk, "ann")
    (ed, first), (ann, anns) = [sessions.find_session(desk, w) or pytest.fail("lost") for w in (words[0], own)]
    sessions.end_session(desk, ed, anns.id)
    assert sessions.find_session(desk, own) is not None
    sessions.end_other_sessions(desk, ed, first.id)
    assert [sessions.find_session(desk, word) is not None for word in (*words, own)] == [True, False, False, True]
    still_open, ended = sessions.sessions_of(desk, ed)
    assert [session.id for session in still_open] == [first.id]
    assert len(ended) == 2
    assert [session.id for session in sessions.sessions_of(desk, ann)[0]] == [anns.id]


def test_rows_of_old_sessions_go_after_a_month(desk: Store, clock: Clock) -> None:
    login(desk, "ed")
    ed = accounts.find_account(desk, "ed")
    assert ed is not None
    clock.pass_by(days=30)
    login(desk, "ann")
    assert len(sessions.sessions_of(desk, ed)[1]) == 1
    assert sessions.was_seen_at(desk, "ed", "10.1.2.0/24")
    assert not sessions.was_seen_at(desk, "ed", "10.1.3.0/24")
    clock.pass_by(seconds=1)
    login(desk, "ann")
    assert sessions.sessions_of(desk, ed) == ([], [])
    assert not sessions.was_seen_at(desk, "ed", "10.1.2.0/24")


ED, HERE = Count("account ed", free=3), Count("address 10.1.2.3", free=5)


def test_failures_beyond_the_free_ones_wait_twice_as_long_each_time(desk: Store, clock: Clock) -> None:
    assert [begin_attempt(desk, [ED, HERE]) for _ in range(3)] == [0, 0, 0]
    waits = []
    for _ in range(8):
        wait_s = begin_attempt(desk, [ED, HERE])
        waits.append(wait_s)
        clock.pass_by(seconds=wait_s - 1)
        assert begin_attempt(desk, [ED, HERE]) == 1
        clock.pass_by(seconds=1)
        assert begin_attempt(desk, [ED]) == 0
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_an_attempt_that_has_to_wait_makes_nobody_wait_longer(desk: Store, clock: Clock) -> None:
    for _ in range(3):
        begin_attempt(desk, [ED, HERE])
    assert {begin_attempt(desk, [ED, HERE]) for _ in range(50)} == {30}
    clock.pass_by(seconds=30)
    assert begin_attempt(desk, [ED, HERE]) == 0


def test_one_address_waits_whichever_accounts_it_tries(desk: Store) -> None:
    tried = [begin_attempt(desk, [Count(f"account {n}", free=3), HERE]) for n in range(6)]
    assert tried == [0, 0, 0, 0, 0, 30]
    assert begin_attempt(desk, [Count("account 6", free=3), Count("address 10.9.9.9", free=5)]) == 0


def test_a_right_password_forgets_the_account_s_failures_and_one_of_the_address(desk: Store) -> None:
    for _ in range(2):
        begin_attempt(desk, [ED, HERE])
    end_attempt(desk, ED, [HERE])
    with desk.reading() as connection:
        assert connection.execute(text("SELECT failures FROM attempts")).scalars().all() == [1]


def test_counts_are_gone_after_a_day(desk: Store, clock: Clock) -> None:
    for _ in range(3):
        begin_attempt(desk, [ED, HERE])
    clock.pass_by(days=1, seconds=1)
    forget_old(desk)
    with desk.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar() == 0


def test_counts_hold_in_another_process(desk: Store, database_url: str, tmp_path: Path, clock: Clock) -> None:
    other = open_store(database_url, tmp_path / "var", "toy", clock)
    tried = [begin_attempt(store, [ED]) for store in (desk, other, desk, other, desk)]
    other.close()
    assert tried == [0, 0, 0, 30, 30]


def test_what_somebody_typed_as_a_name_is_not_kept(desk: Store) -> None:
    begin_attempt(desk, [Count("account my secret password", free=3)])
    with desk.reading() as connection:
        assert "secret" not in str(connection.execute(text("SELECT * FROM attempts")).all())


def test_the_steps_make_the_tables_that_the_program_describes(desk: Store) -> None:
    with desk.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_restored_backup_has_the_accounts_and_nobody_s_login(desk: Store, tmp_path: Path, clock: Clock) -> None:
    accounts.set_password(desk, "ed", "hash of a password")
    word = login(desk, "ed")
    back_up(desk, tmp_path / "backup")
    restored = open_store("", tmp_path / "elsewhere", "toy", clock)
    restore_backup(restored, tmp_path / "backup")
    ed = accounts.find_account(restored, "ed")
    assert ed == accounts.find_account(desk, "ed")
    assert sessions.find_session(restored, word) is None
    assert accounts.add_account(restored, NewAccount("bob", "editor")).id == 3
    restored.close()
