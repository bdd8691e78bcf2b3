"""Check where names may stand: clear of what is taken, whether found for all at once or one by one."""

from __future__ import annotations

import random

from cityatlas.render.naming.openings import find_openings, without
from cityatlas.render.naming.spots import Box, Label

FRAME = (3, 3, 477, 417)


def some_labels(chance: random.Random) -> list[Label]:
    """Return names of marks and of a street that bends, and some that may stand only near their place."""
    street = ((0.0, chance.uniform(0, 420)), (240.0, chance.uniform(0, 420)), (480.0, chance.uniform(0, 420)))
    return [
        Label((60, 15), 1, lines=(street,)),
        *(
            Label(
                (chance.uniform(20, 90), 15),
                6,
                at=(chance.uniform(0, 480), chance.uniform(0, 420)),
                reach=9,
                is_centred=number % 3 == 0,
                near_only=number % 2 == 0,
            )
            for number in range(20)
        ),
    ]


def some_box(chance: random.Random) -> Box:
    x, y = chance.uniform(0, 480), chance.uniform(0, 420)
    return (x - 40, y - 25, x + 40, y + 25)


def test_one_more_box_closes_the_same_spots_as_if_it_had_always_stood_there() -> None:
    chance = random.Random(1)
    closed = 0
    for _ in range(20):
        labels, marks, box = some_labels(chance), [some_box(chance) for _ in range(3)], some_box(chance)
        before, after = find_openings(labels, marks, FRAME), find_openings(labels, [*marks, box], FRAME)
        assert without(before, box) == after
        closed += sum(map(len, before)) - sum(map(len, after))
    assert closed > 500  # of names, of lines to them, and along streets


def test_a_name_beside_its_mark_is_open_on_the_sides_that_nothing_takes() -> None:
    label = Label((60, 15), 6, at=(200, 200), reach=9)
    (openings,) = find_openings([label], [(209, 150, 300, 250)], FRAME)  # all that is right of the mark
    assert [spot.side for spot, _ in openings] == [5, 6, 7]  # left, left above, left below


def test_nothing_to_name_has_no_spots() -> None:
    assert find_openings([], [(0, 0, 9, 9)], FRAME) == []
