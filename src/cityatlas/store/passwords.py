"""Hash passwords, compare them in the same time for everybody, and refuse those that are easily guessed."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ..errors import InvalidAccount
from ..limits import PASSWORD_LETTERS, PASSWORD_MOST

LEAST_SCORE = 3  # of 4: some 100 million guesses
JUDGED_LETTERS = 72  # zxcvbn's time grows with the square of the length
# 19 MiB and two rounds, the least that OWASP names for argon2id: a login takes 40 ms, eight at once 160 MB.
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def check_password(password: str, known: Sequence[str]) -> None:
    """Raise InvalidAccount when a new password is too short, too long or easily guessed.

    `known` are words that a guesser would try first for this person and place: names, the city.
    """
    plain = _plain(password)
    if len(plain) < PASSWORD_LETTERS:
        raise refused("too_short", f"The password has {len(plain)} letters.", f"Use {PASSWORD_LETTERS} or more.")
    if len(plain) > PASSWORD_MOST:
        raise refused("too_long", f"The password has {len(plain)} letters.", f"Use at most {PASSWORD_MOST}.")
    words = [part for word in known for part in (word, *word.split(), "".join(word.split())) if len(part) > 1]
    if zxcvbn(plain[:JUDGED_LETTERS], user_inputs=words)["score"] < LEAST_SCORE:
        raise refused("guessable", "The password is easily guessed.", "Use four words that have nothing in common.")


def hash_password(password: str) -> str:
    """Return what is stored of a password: argon2id with its own salt."""
    return HASHER.hash(_plain(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Return whether a password fits. Without a hash it never does, after the same time as with one."""
    nobody = _nobody()
    try:
        return HASHER.verify(password_hash or nobody, _plain(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _plain(password: str) -> str:
    """Return a password in one form: a Chinese keyboard may type full-width digits."""
    return unicodedata.normalize("NFKC", password)


def refused(reason: str, message: str, hint: str) -> InvalidAccount:
    """Return the error of a password; `reason` is the key of its sentence."""
    return InvalidAccount(message, hint, reason=reason)
