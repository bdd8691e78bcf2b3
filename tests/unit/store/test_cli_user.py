"""Run the commands about people as an operator would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cityatlas.cli.main import main
from cityatlas.store import open_store
from cityatlas.store.people import accounts

PASSWORD = "seven quiet herons wade"
Run = Callable[..., Result]


@pytest.fixture
def run(toy_city: Path, tmp_path: Path) -> Run:
    """Return a function that runs `cityatlas user ...` in a folder of its own; `typed` is what somebody types."""
    environ = {"CITYATLAS_GEODATA": str(toy_city), "CITYATLAS_VAR": str(tmp_path / "var"), "CITYATLAS_DATABASE_URL": ""}

    def invoke(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["user", *arguments], input=typed, env=environ)

    return invoke


def found(tmp_path: Path, login: str) -> accounts.Account:
    """Return an account that a command made."""
    account = accounts.find_account(open_store("", tmp_path / "var", "toy"), login)
    assert account is not None
    return account


def test_the_first_account_is_made_with_a_password_that_is_typed_twice_and_not_shown(run: Run, tmp_path: Path) -> None:
    result = run("add", "ann", "--role", "admin", "--name", "Ann", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "ann: admin of toy.")
    assert PASSWORD not in result.output
    account = found(tmp_path, "ann")
    assert (account.role, account.display_name) == ("admin", "Ann")
    assert accounts.is_right(PASSWORD, account.password_hash)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("password1234", "The password is easily guessed."), ("short", "The password has 5 letters.")],
)
def test_a_bad_password_makes_no_account(run: Run, typed: str, said: str) -> None:
    result = run("add", "ann", "--role", "admin", typed=f"{typed}\n{typed}\n")
    assert result.exit_code == 1
    assert said in result.output
    assert run("list").stdout == "0 accounts.\n"


def test_no_password_is_taken_from_the_command_line(run: Run) -> None:
    assert run("add", "ann", "--role", "admin", "--password", PASSWORD).exit_code == 2
    assert run("add", "ann", "--role", "admin", typed="").exit_code == 1
    assert run("add", "ann").exit_code == 2  # nor is there a default role


def test_an_invitation_is_a_link_that_somebody_can_answer(run: Run, tmp_path: Path) -> None:
    result = run("add", "ed", "--role", "editor", "--layers", "sights, works", "--invite")
    link = re.search(r"http://127\.0\.0\.1:8000/staff/welcome/(\S+)", result.output)
    assert link
    invited = accounts.invited(open_store("", tmp_path / "var", "toy"), link[1])
    assert invited is not None
    assert (invited.login, invited.layers, invited.password_hash) == ("ed", ("sights", "works"), None)


def test_a_layer_that_is_not_there_is_refused(run: Run) -> None:
    result = run("add", "ed", "--role", "editor", "--layers", "sight", "--invite")
    assert (result.exit_code, 'there is no layer "sight"; there are sights, works' in result.output) == (2, True)


def test_accounts_are_listed_disabled_enabled_and_given_a_role(run: Run, tmp_path: Path) -> None:
    run("add", "ann", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
    run("add", "ed", "--role", "editor", "--invite")
    assert [line.split() for line in run("list").stdout.splitlines()] == [
        ["ann", "admin", "active", "ann"],
        ["ed", "editor", "invited", "ed"],
        ["2", "accounts."],
    ]
    assert run("disable", "ed").output.endswith("\ned: disabled and logged out everywhere.\n")
    assert "disabled" in run("list").stdout
    assert run("enable", "ed").exit_code == 0
    assert run("role", "ed", "contributor").output.endswith("\ned: contributor.\n")
    assert found(tmp_path, "ed").role == "contributor"


def test_a_new_password_replaces_the_old_one(run: Run, tmp_path: Path) -> None:
    run("add", "ann", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
    other = "four grey geese at noon"
    assert run("password", "ann", typed=f"{other}\n{other}\n").exit_code == 0
    assert accounts.is_right(other, found(tmp_path, "ann").password_hash)
    assert not accounts.is_right(PASSWORD, found(tmp_path, "ann").password_hash)
    assert "/staff/welcome/" in run("password", "ann", "--invite").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("disable", "ann"), "last admin"),
        (("role", "ann", "editor"), "last admin"),
        (("disable", "bob"), 'There is no account "bob".'),
        (("password", "bob", "--invite"), 'There is no account "bob".'),
        (("add", "ANN", "--role", "admin", "--invite"), 'There is an account "ann" already.'),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_1(run: Run, arguments: tuple[str, ...], said: str) -> None:
    run("add", "ann", "--role", "admin", "--invite")
    result = run(*arguments)
    assert (result.exit_code, said in result.output, "Traceback" in result.output) == (1, True, False)


def test_before_the_first_account_the_commands_say_how_to_make_it_and_write_nothing(run: Run, tmp_path: Path) -> None:
    assert run("list").stdout == "0 accounts.\n"
    result = run("disable", "ann")
    assert (result.exit_code, "cityatlas user add NAME --role admin" in result.output) == (1, True)
    assert not (tmp_path / "var").exists()
