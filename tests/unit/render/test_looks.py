"""Check the looks: every colour of the drawn map has its like, and all words can be read in each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityatlas.render.basemap import BASE_STYLES
from cityatlas.render.looks import LOOKS, TABLE, dark_sheet, dressed, lightened, styles_in
from cityatlas.web.embed.options import ENOUGH, PAPERS, contrast

CSS = Path(__file__).parents[3] / "src/cityatlas/static/css"
TOKENS = CSS / "tokens.css"  # of frames too
OWN = CSS / "looks.css"  # of pages alone
WORDS = {"#2b6673": ("#bcd5d9",), "#6b5f49": ("#f6f1e6",), "#5c523f": ("#f6f1e6",), "#22303a": ("#f6f1e6",)}
GROUNDS = ("paper", "raised", "sunk")
ON_GROUNDS = ("ink", "ink-soft", "water-deep", "moss", "amber")
PAIRS = [("on-cinnabar", "cinnabar"), ("on-cinnabar", "cinnabar-deep"), ("on-warn", "warn"), ("ink", "cinnabar-wash")]
PAIRS += [("cinnabar", "raised"), ("name", "halo"), ("name-town", "halo"), ("name-street", "halo")]
PAIRS += [("name-water", "halo-water"), *((word, ground) for word in ON_GROUNDS for ground in GROUNDS)]


def tokens(look: str) -> dict[str, str]:
    """Return the colours of a look: the light ones, and over them its own."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text("utf-8"))
    blocks = re.findall(r':root(?:\[data-look="(\w+)"\])? \{(.*?)\}', text, re.DOTALL)
    found: dict[str, str] = {}
    for name, body in blocks:
        if name in ("", look):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", body))
    return {
        name: "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value for name, value in found.items()
    }


def own_tokens(look: str, *, is_large: bool = False) -> dict[str, str]:
    """Return the colours of a page in a look: those of frames, over them those of pages, and of large type."""
    blocks = re.findall(r":root([^{]*) \{(.*?)\}", re.sub(r"/\*.*?\*/", "", OWN.read_text("utf-8")), re.DOTALL)
    wanted = ["", f'[data-look="{look}"]']
    wanted += ['[data-type="large"]', f'[data-type="large"][data-look="{look}"]'] if is_large else []
    found = tokens(look)
    for selector in wanted:
        for body in (body for name, body in blocks if name == selector):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", body))
    return {
        name: "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value for name, value in found.items()
    }


OWN_PAIRS = [("amber-deep", "amber-wash"), ("amber-deep", "raised"), ("ink", "water-wash"), ("ink", "moss-wash")]
OWN_PAIRS += [
    ("raised", "water-deep"),
    ("raised", "moss"),
    ("paper", "ink"),
    ("cinnabar", "paper"),
    ("ink", "amber-wash"),
]
HIGH = 7  # WCAG 2.2, 1.4.6


@pytest.mark.parametrize("look", ["light", "dark", "auto"])
def test_pages_can_be_read_in_every_look_and_better_in_large_type(look: str) -> None:
    own, large = own_tokens(look), own_tokens(look, is_large=True)
    assert {pair for pair in OWN_PAIRS if contrast(own[pair[0]], own[pair[1]]) < ENOUGH} == set()
    assert contrast(own["edge"], own["raised"]) >= 3  # of a field's edge (1.4.11)
    pairs = [(word, ground) for word in ("ink", "ink-soft", "water-deep", "moss") for ground in ("paper", "raised")]
    pairs += [
        ("cinnabar", "raised"),
        ("on-cinnabar", "cinnabar"),
        ("amber-deep", "amber-wash"),
        ("raised", "water-deep"),
    ]
    assert {
        pair: contrast(large[pair[0]], large[pair[1]])
        for pair in pairs
        if contrast(large[pair[0]], large[pair[1]]) < HIGH
    } == {}
    assert own_tokens("auto") == own_tokens("dark")
    assert own_tokens("auto", is_large=True) == own_tokens("dark", is_large=True)


@pytest.mark.parametrize("look", ["light", "dark", "auto", "print"])
def test_all_words_can_be_read_in_every_look(look: str) -> None:
    colours = tokens(look)
    poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < ENOUGH} == {}


def test_auto_is_dark_in_the_dark() -> None:
    assert tokens("auto") == tokens("dark") != tokens("light")
    assert (PAPERS["dark"], PAPERS["light"]) == (tokens("dark")["paper"], tokens("light")["raised"])


@pytest.mark.parametrize("look", LOOKS)
def test_words_on_the_drawn_map_can_be_read(look: str) -> None:
    table = {row[0]: row[LOOKS[look]] for row in TABLE}
    for word, grounds in WORDS.items():
        for ground in grounds:
            assert contrast(table[word], table[ground]) >= ENOUGH


@pytest.mark.parametrize("look", LOOKS)
def test_every_style_of_the_basemap_has_its_like(look: str) -> None:
    light = {row[0] for row in TABLE}
    for kind, style in BASE_STYLES.items():
        colours = {key: value for key, value in style.items() if key in ("fill", "stroke", "casing")}
        assert set(colours.values()) <= light, kind
        assert styles_in(look)[kind].keys() == style.keys()
    assert styles_in("light") is BASE_STYLES


def test_a_drawing_in_the_dark_keeps_its_marks_and_texts() -> None:
    drawing = (
        '<rect fill="#ebe4d5"/><path fill="#fffdf8" stroke="#a8321f"/><text fill="#22303a">fill=&#34;#ebe4d5</text>'
    )
    dark = '<rect fill="#1b242b"/><path fill="#fffdf8" stroke="#a8321f"/><text fill="#f3efe6">fill=&#34;#ebe4d5</text>'
    assert dressed(drawing, "dark") == dark
    assert dressed(drawing, "light") == dressed(drawing, "auto") == drawing


def test_a_line_of_a_layer_is_lighter_in_the_dark() -> None:
    line = '<path d="M0 0" fill="none" fill-opacity="0.08" stroke="#a8321f"/>'
    assert lightened("#a8321f") in dressed(line, "dark")
    assert dressed(line, "print") == line
    assert contrast(lightened("#a8321f"), "#222c33") > 3 > contrast("#a8321f", "#222c33")
    assert f'[stroke="#a8321f"]{{stroke:{lightened("#a8321f")}}}' in dark_sheet(["#a8321f"])
