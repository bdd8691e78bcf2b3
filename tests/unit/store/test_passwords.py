"""Check which passwords are taken, and that a hash lets in nobody else."""

from __future__ import annotations

import pytest

from cityatlas.errors import InvalidAccount
from cityatlas.store.people.accounts import check_password, hash_password, is_right

pytestmark = pytest.mark.usefixtures("real_hasher")
KNOWN = ["li.wei", "李伟", "toy", "Toy City Atlas"]


@pytest.mark.parametrize(
    "password",
    ["seven quiet herons wade", "水边的老磨坊今天不开门呀", "kT9#vLq2!mZx", "７ｑｕｉｅｔ　ｈｅｒｏｎｓ　ｗａｄｅ"],
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    check_password(password, KNOWN)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("kT9#vLq2!mZ", "too_short"),
        ("kT9#vLq2!mZx" * 11, "too_long"),
        ("password1234", "guessable"),
        ("qwertyuiopasdf", "guessable"),
        ("aaaaaaaaaaaaaaaa", "guessable"),
        ("2026010120260101", "guessable"),
        ("toycityatlas2026", "guessable"),
        ("li.weili.wei12", "guessable"),
    ],
)
def test_a_password_that_is_short_or_easily_guessed_is_refused(password: str, reason: str) -> None:
    with pytest.raises(InvalidAccount) as error:
        check_password(password, KNOWN)
    assert error.value.values["reason"] == reason
    assert password not in error.value.message or not password


def test_only_the_same_password_fits_a_hash() -> None:
    hashed = hash_password("seven quiet herons wade")
    assert is_right("seven quiet herons wade", hashed)
    assert not is_right("seven quiet herons wad", hashed)
    assert not is_right("Seven quiet herons wade", hashed)
    assert not is_right("", hashed)


def test_a_hash_is_argon2_with_a_salt_of_its_own() -> None:
    first, second = hash_password("the same words"), hash_password("the same words")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert "same" not in first


def test_a_chinese_keyboard_s_wide_letters_are_the_same_password() -> None:
    assert is_right("heron 2026 wade", hash_password("ｈｅｒｏｎ　２０２６　ｗａｄｅ"))


@pytest.mark.parametrize("stored", [None, "", "plain text", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_nothing_fits_what_is_no_hash(stored: str | None) -> None:
    assert not is_right("plain text", stored)
    assert not is_right("", stored)


def test_an_account_without_a_password_costs_a_guesser_a_whole_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Hasher:
        def verify(self, stored: str, _: str) -> bool:
            asked.append(stored)
            return True

    monkeypatch.setattr("cityatlas.store.people.accounts.HASHER", Hasher())
    monkeypatch.setattr("cityatlas.store.people.accounts._nobody", lambda: "$argon2id$nobody's")
    assert not is_right("whatever", None)
    assert asked == ["$argon2id$nobody's"]
