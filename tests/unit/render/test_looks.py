"""Check the looks: every colour of the drawn map has its like, and all words can be read in each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityatlas.render.basemap import BASE_STYLES
from cityatlas.render.looks import LOOKS, TABLE, dark_sheet, dressed, lightened, styles_in
from cityatlas.web.embed.options import ENOUGH, PAPERS, contrast

TOKENS = Path(__file__).parents[3] / "src/cityatlas/static/css/tokens.css"
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
