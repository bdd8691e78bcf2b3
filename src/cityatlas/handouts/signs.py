"""Make the sign of a stop: a page to hang up, with a word, and a code that holds it.

The word is HMAC-SHA256 of the stop's id and its sign's number, keyed with the server's secret, as WORD_LETTERS of
LETTERS: one of 24^6 = 191 million, of which an address may try `plans_per_minute`. The store keeps the number alone, so
that neither a copy of it nor the data tell a word. Who renews a sign counts its number up: the word that hangs there,
or that somebody spread, holds no more. With another secret all words are others. A word proves that somebody
has seen the sign or a picture of it, no more: a stamp is a keepsake.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from ..i18n import LANGUAGES, TAGS, Text, say, translate
from ..paths import templates_dir
from ..schema.strict_json import JsonTable
from .handout import draw_qr
from .typeset import typeset

LETTERS = "ACDEFHJKLMNPRTUVWXY34679"  # none that is taken for another one
WORD_LETTERS = 6
MOST_TYPED = 32  # letters that are looked at


def word_of(secret: str, feature_id: str, number: int) -> str:
    """Return the word on the sign of a stop, by the sign's number."""
    key, told = secret.encode(), f"cityatlas sign\n{number}\n{feature_id}".encode()
    rest = int.from_bytes(hmac.new(key, told, hashlib.sha256).digest(), "big")
    letters = []
    for _ in range(WORD_LETTERS):
        rest, at = divmod(rest, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


def is_word(typed: str, word: str) -> bool:
    """Return whether somebody typed a word, in whatever case and with spaces; it takes as long for any."""
    bare = "".join(sign for sign in typed[:MOST_TYPED].upper() if sign in LETTERS)
    return hmac.compare_digest(bare.encode(), word.encode())


@dataclass(frozen=True)
class Sign:
    """Hold what a sign tells: the city's title, the stop's name, its word, and the address that its code holds."""

    city: Text
    name: Text
    word: str
    address: str


def make_sign(sign: Sign) -> JsonTable:
    """Return a sign as a table of texts in both languages, ready for `json`; its code is an SVG document."""
    keys = ("title", "how", "by_word", "kept")
    return {
        "qr": str(draw_qr(sign.address)),
        "address": sign.address,
        "word": sign.word,
        "parts": [
            {
                "tag": TAGS[language],
                "city": say(sign.city, language).text,
                "name": say(sign.name, language).text,
                **{key: translate(f"signs.{key}", language) for key in keys},
            }
            for language in LANGUAGES
        ],
    }


def sign_pdf(sign: Sign, made_at: datetime) -> bytes:
    """Return a sign as PDF, A5 upright; its description lies in templates/staff/review/sign.typ."""
    return typeset(templates_dir() / "staff" / "review" / "sign.typ", "sign", make_sign(sign), made_at)
