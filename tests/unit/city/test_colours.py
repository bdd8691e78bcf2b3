"""Check that the shipped layers' colours can be told apart, also by people who see fewer of them."""

from __future__ import annotations

import itertools
import math

import pytest

from cityatlas.city.spec import read_city
from cityatlas.paths import geodata_dir

Rgb = tuple[float, float, float]
# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
LEAST_DELTA_E = 12.0  # CIE 1976; about 2 is the least that anybody sees
LEAST_CONTRAST = 4.5  # of a white icon on the mark (WCAG 2.2, 1.4.3)
COLOURS = {spec.id: spec.colour for spec in read_city(geodata_dir()).layers}


def linear(colour: str) -> Rgb:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def lab(rgb: Rgb) -> Rgb:
    red, green, blue = (max(0.0, c) for c in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(COLOURS, 2)))
def test_two_layers_never_look_alike(vision: str, one: str, other: str) -> None:
    seen = []
    for layer in (one, other):
        rgb = linear(COLOURS[layer])
        red, green, blue = (sum(a * b for a, b in zip(row, rgb, strict=True)) for row in VISIONS[vision])
        seen.append(lab((red, green, blue)))
    assert math.dist(*seen) >= LEAST_DELTA_E


@pytest.mark.parametrize("layer", COLOURS)
def test_white_icon_is_readable_on_the_mark(layer: str) -> None:
    red, green, blue = linear(COLOURS[layer])
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= LEAST_CONTRAST
