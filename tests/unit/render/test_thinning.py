"""Check that a drawing loses bytes and nothing else."""

from __future__ import annotations

import re

import pytest

from cityatlas.render.naming.thinning import thinned


@pytest.mark.parametrize(
    ("path", "lighter"),
    [
        ("M0.4 0.4L10.2 5.5L10.4 5.6L3 -2", "M0 0l10 6-7-8"),
        ("M1 1L5 1L5 5zM2 2L3 2L3 3z", "M1 1l4 0 0 4zM2 2l1 0 0 1z"),
        ("M7.1 7.1L7.2 7.2", "M7 7h0"),
    ],
)
def test_lines_run_over_whole_pixels(path: str, lighter: str) -> None:
    assert thinned(f'<path d="{path}" fill="none"/>') == f'<path d="{lighter}" fill="none"/>'


def test_a_spot_lies_where_it_lay_to_the_pixel_however_far_along_its_line() -> None:
    spots = [(number * 1.37, (number * number) % 97 / 3) for number in range(300)]
    found = re.search('d="M([^l]+)l([^"]+)"', thinned(f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in spots)}"/>'))
    assert found
    x, y = map(int, found[1].split())
    for step_x, step_y in re.findall(r"(-?\d+) ?(-?\d+)", found[2]):
        x, y = x + int(step_x), y + int(step_y)
    assert (x, y) == pytest.approx(spots[-1], abs=0.56)


def test_shapes_of_marks_and_texts_stay() -> None:
    diamond = '<svg viewBox="0 0 32 32" color="#fff"><path d="M16 1.5L30.5 16L16 30.5L1.5 16z" fill="#a8321f"/></svg>'
    assert thinned(diamond) == diamond
    assert thinned("<text>d=&#34;M1.5 1.5&#34;</text>") == "<text>d=&#34;M1.5 1.5&#34;</text>"
