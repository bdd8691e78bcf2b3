"""Check the interface's sentences: both languages, the same places, none missing, none left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityatlas.city.figures import BOUNDS
from cityatlas.i18n import LANGUAGES, Said, length_words, messages, negotiate, say, translate
from cityatlas.paths import PACKAGE, templates_dir
from cityatlas.schema.members import POSITION_CLASSES
from cityatlas.schema.phases import PHASES

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w+)\}")
# Keys that are made of a beginning and a value; the values stand in the same file, or are one of these.
VALUES = {*PHASES, *POSITION_CLASSES, *BOUNDS, *LANGUAGES, "404", "410", "422", "429", "500", "m01", "m12"}
FILES = [*templates_dir().rglob("*.html"), *PACKAGE.rglob("*.py"), *(PACKAGE / "static" / "js").rglob("*.js")]
BY_RULE = (
    "fault",
    "faultline",
    "shapefault",
)  # named where a fault is found, or by data: test_faults.py holds them
GROUPS = {key.partition(".")[0] for key in messages("en")}
QUOTED = re.compile(r"""["'`]([\w.]+)["'`]""")


def test_both_languages_have_the_same_keys() -> None:
    assert messages("zh").keys() == messages("en").keys()


@pytest.mark.parametrize("key", sorted(messages("en")))
def test_both_languages_fill_in_the_same_places(key: str) -> None:
    zh, en = messages("zh")[key], messages("en")[key]
    assert set(PLACE.findall(zh)) == set(PLACE.findall(en))


def test_chinese_is_chinese_and_english_is_not() -> None:
    own_name = {"lang.zh", "lang.en", "search.tips"}  # a language's name is its own; the tip shows an example
    assert [k for k, text in messages("en").items() if CHINESE.search(text) and k not in own_name] == []
    no_words = re.compile(r"[\W\d_]*(\{\w+\}[\W\d_]*)*(Tab|Enter)?")
    assert [k for k, t in messages("zh").items() if not CHINESE.search(t) and not no_words.fullmatch(t)] == ["lang.en"]


def used_in(path: Path) -> tuple[set[str], set[str]]:
    """Return the whole keys that a file names, and the beginnings that it puts a value behind."""
    text = path.read_text("utf-8")
    whole = {key for key in QUOTED.findall(text) if key.partition(".")[0] in GROUPS and "." in key}
    begun = set(re.findall(r"""["']([a-z]+\.[a-z_]*)["'] ~""", text))
    begun |= set(re.findall(r"""f["']([a-z]+\.[a-z_]*)\{""", text))
    begun |= {key for key in whole if key.endswith(("_", "."))}  # as in the table of properties
    if path.suffix == ".js":
        first = re.findall(r"\bword\(([^,)]+)", text)
        whole |= {f"js.{key}" for argument in first for key in re.findall(r"""["'](\w+)["']""", argument)}
        begun |= {f"js.{key}" for key in re.findall(r"""\bword\(\s*`(\w+)\$""", text)}
    begun = {key for key in begun if key.partition(".")[0] in GROUPS}
    return {key for key in whole if key not in begun and not key.endswith((".html", ".json", ".css", ".js"))}, begun


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_key_in_use_exists(path: Path) -> None:
    whole, begun = used_in(path)
    if path.suffix == ".html" or path.suffix == ".js":
        assert whole - set(messages("en")) == set()
    assert [key for key in begun if not any(known.startswith(key) for known in messages("en"))] == []


def test_no_key_is_left_over() -> None:
    used = {key for key in messages("en") if key.partition(".")[0] in BY_RULE}
    for path in FILES:
        whole, begun = used_in(path)
        values = VALUES | set(QUOTED.findall(path.read_text("utf-8")))
        used |= whole
        for key in messages("en"):
            used |= {key for start in begun if key.startswith(start) and _is_value(key[len(start) :], values, start)}
    assert sorted(set(messages("en")) - used) == []


def _is_value(rest: str, values: set[str], start: str) -> bool:
    """Return whether a key's end is a value that the file knows; after a beginning like `group_` any end is."""
    return rest in values or not start.endswith(".")


def test_finding_out_whether_something_holds_has_one_word_in_chinese() -> None:
    about_places = ("verify.", "worklist.", "reports.", "handbook.text_reports", "handbook.picture_verify")
    found = {key: text for key, text in messages("zh").items() if key.startswith(about_places)}
    assert any("核实" in text for text in found.values())
    assert not [key for key, text in found.items() if "核对" in text]  # which is to compare two texts, or a file's rows


def test_a_text_falls_back_to_the_other_language_and_says_so() -> None:
    assert say({"zh": "磨坊", "en": "Mill"}, "en") == Said("Mill", "en")
    assert say({"zh": "磨坊"}, "en") == Said("磨坊", "zh")
    assert say({"zh": "", "en": "Mill"}, "zh") == Said("Mill", "en")
    assert say(None, "en") == Said("", "en")
    assert say({}, "zh") == Said("", "zh")


def test_places_are_filled_in() -> None:
    assert translate("date.day", "zh", year="2024", month="3", day=5) == "2024年3月5日"
    assert translate("date.day", "en", year="2024", month="March", day=5) == "5 March 2024"


def test_a_filled_in_text_is_not_filled_in_again() -> None:
    assert translate("search.title_of", "en", query="{query} {0.__class__}") == "Search for “{query} {0.__class__}”"


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [("en", "zh", "en"), ("fr", "en", "en"), (None, "en", "en"), (None, None, "zh"), ("", "fr", "zh")],
)
def test_the_cookie_wins_over_the_browser(cookie: str | None, accepted: str | None, language: str) -> None:
    assert negotiate(cookie, accepted) == language


@pytest.mark.parametrize(
    ("length_m", "is_about", "said"),
    [
        (4, True, "4 m"),
        (45, True, "50 m"),
        (958, True, "960 m"),
        (958, False, "958 m"),
        (994, True, "990 m"),
        (996, True, "1.0 km"),
        (996, False, "996 m"),
        (4449, True, "4.4 km"),
        (4449, False, "4.4 km"),
    ],
)
def test_a_length_is_told_in_metres_and_from_a_kilometre_on_in_kilometres(
    length_m: int, is_about: bool, said: str
) -> None:
    assert length_words(length_m, "en", is_about=is_about) == said
