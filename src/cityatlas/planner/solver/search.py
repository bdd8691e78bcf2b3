"""Search good tours: take stretches out and fill the gaps again, and put in what can be proved."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .exact import prove
from .model import FIRST, Problem
from .tours import Saved, Tours, Weights

LENGTH, STEP = 6, 2  # visits of a stretch; from the begin of one to that of the next
MOST_FREE = 40  # free visits that are looked at for one stretch
LABELS = 2_000  # cap of each proof
PROOF_NS, LABEL_NS = 2_000_000, 15_000  # what proofs were measured to take


def mend(tours: Tours, problem: Problem, until_ns: int) -> None:
    """Change the tours of a plain problem until no stretch can be bettered, or until their work adds up."""
    is_changed = True
    while is_changed:
        is_changed = False
        for tour in tours.tours:
            for index in range(1, max(2, len(tour) - LENGTH), STEP):
                if tours.work_ns >= until_ns:
                    return
                is_changed |= _mend_stretch(tours, problem, tour, index)


def _mend_stretch(tours: Tours, problem: Problem, tour: list[int], index: int) -> bool:
    """Look for a better stretch from `index` on, between the same neighbours in the same time; take it."""
    old = tour[index : min(index + LENGTH, len(tour) - 1)]
    before, after = tour[index - 1], tour[index + len(old)]
    nodes = [*old, *_free_between(tours, before, after)]
    if not nodes:
        return False
    rows = [tours.row[before], tours.row[after], *(tours.row[node] for node in nodes)]
    part = replace(
        problem,
        visits=tuple(replace(problem.visits[i], is_required=problem.visits[i].is_required and i in old) for i in nodes),
        travel_s=problem.travel_s[np.ix_(rows, rows)],
        modes=tuple(mode.among(rows) for mode in problem.modes),
        begin_s=tours.leaves_s(before),
        end_s=int(tours.latest[after]),
        tours=1,
    )
    proof = prove(part, sum(problem.visits[i].score for i in old), LABELS)
    tours.work_ns += PROOF_NS + LABEL_NS * proof.labels
    if proof.order is None:
        return False
    tours.remove(tour, index, len(old))
    for place, i in enumerate(proof.order):
        tours.insert(tour, index - 1 + place, nodes[i])
    return True


def _free_between(tours: Tours, before: int, after: int) -> list[int]:
    """Return free visits that alone would fit between two nodes, those with most score for their time first."""
    some = slice(tours.count)
    begin_s = tours.begins(tours.begin[before] + tours.ahead[before, some], some)
    end_s = begin_s + tours.behind[after, some]
    free = np.flatnonzero((begin_s <= tours.last[some]) & (end_s <= tours.latest[after]))
    worth = tours.weights[0][free] / (end_s[free] - tours.begin[before] + 1)
    return [int(node) for node in free[np.argsort(-worth, kind="stable")[:MOST_FREE]]]


LONGEST = 4  # visits taken out of one tour at once, at most
HEAT = 2.0  # how much worse a plan may become in the beginning, in mean scores of a visit
NOISE = 0.6  # part of a visit's weight that is left to chance
FORBID = 0.6  # how often one of the visits taken out may not come back at once
FORCE = 0.3  # how often a free visit is put in the stead of those that cost least
TWO = 0.5  # how often two tours are opened, near each other, when there are several

MEND = 0.15  # part of the work that is left for mending at the end
ROUND_US = 8_000  # work of one annealing, for each visit and tour; with more, begin anew


def search(problem: Problem, budget_us: int, seed: int) -> list[tuple[int, ...]]:
    """Return the visits of each tour, in order, of the best plan found; the same for the same seed.

    Each iteration takes a few visits that follow each other out of one or two tours, or puts a free visit in the
    stead of those that cost least; then inserts what fits best for the time it takes, with chance in it, and keeps
    the result by simulated annealing. In the end plain tours are mended. Required visits go before all others, but
    may be missing from the answer. The work ends when it adds up to about `budget_us` microseconds, counted by what
    was done and not by the clock: a round of 0.1 to 0.3 ms at a time.
    """
    tours, chance = Tours(problem), _Chance(seed)
    budget_ns = 1000 * budget_us
    rounds = max(1, round(budget_us / (ROUND_US * max(1, len(problem.visits)) * problem.tours)))
    empty = tours.save()
    best, best_value = empty, tours.value
    for number in range(1, rounds + 1):
        tours.load(empty)
        tours.fill(tours.weights[2] if number == 1 else chance.weights(tours))
        until_ns = budget_ns * number // rounds
        saved, value = _anneal(tours, chance, until_ns - int(MEND * budget_ns / rounds) * problem.is_plain)
        if problem.is_plain:
            tours.load(saved)
            mend(tours, problem, until_ns)
            saved, value = tours.save(), tours.value
        if value > best_value:
            best, best_value = saved, value
    return list(_orders(tours, best))


def _anneal(tours: Tours, chance: _Chance, until_ns: int) -> tuple[Saved, int]:
    """Change the tours until their work adds up; return the best plan on the way and its value."""
    best = kept = tours.save()
    best_value = kept_value = tours.value
    heat = HEAT * tours.mean_score
    begin_ns = tours.work_ns
    while tours.work_ns < until_ns:
        calm = (tours.work_ns - begin_ns) / (until_ns - begin_ns)
        _change(tours, chance)
        value = tours.value
        if value < kept_value + heat * (1 - calm) * chance.log():
            tours.load(kept)
            continue
        kept, kept_value = tours.save(), value
        if value > best_value:
            best, best_value = kept, value
    return best, best_value


class _Chance:
    """Two generators of one seed: single draws and whole arrays."""

    def __init__(self, seed: int) -> None:
        self.one = random.Random(seed)
        self.many = np.random.default_rng(seed)

    def log(self) -> float:
        """Return the logarithm of a number between 0 and 1: mostly a little below zero, seldom far."""
        return math.log(1.0 - self.one.random())

    def weights(self, tours: Tours) -> Weights:
        """Return what each visit counts in this round: a power of its score, less a random part."""
        noise: Weights = 1 - NOISE * self.many.random(tours.nodes)
        return self.one.choice(tours.weights) * noise


def _change(tours: Tours, chance: _Chance) -> None:
    weights = chance.weights(tours)
    if chance.one.random() < FORCE:
        changed, gone = _force_in(tours, chance.one, weights)
    else:
        changed, gone = _take_out(tours, chance.one)
        if gone and chance.one.random() < FORBID:
            kept_out = gone.pop(chance.one.randrange(len(gone)))
            last_s, tours.last[kept_out] = tours.last[kept_out], -1
            tours.fill(weights, changed, gone)
            tours.last[kept_out] = last_s
            return
    tours.fill(weights, changed, gone)


def _force_in(tours: Tours, chance: random.Random, weights: Weights) -> tuple[list[list[int]], list[int]]:
    """Put a free visit into a tour, in the stead of those that cost least; return the tour and them."""
    free = np.flatnonzero(tours.last[: tours.count] >= 0).tolist()
    tour = chance.choice(tours.tours)
    if not free:
        return [], []
    node = max(chance.choice(free), chance.choice(free), key=lambda one: weights.item(one))
    index, length = tours.cheapest(tour, node, weights)
    if length < 0:
        return [], []
    gone = tours.remove(tour, index, length)
    if tours.is_plain or tours.fits(tour, index - 1, node):
        tours.insert(tour, index - 1, node)
    return [tour], gone


def _take_out(tours: Tours, chance: random.Random) -> tuple[list[list[int]], list[int]]:
    """Take a stretch out of a tour, and perhaps one near it out of another; return the tours and the visits."""
    count = 2 if len(tours.tours) > 1 and chance.random() < TWO else 1
    gone: list[int] = []
    chosen = [tour for tour in chance.sample(tours.tours, count) if len(tour) > 2]
    for tour in chosen:
        size = len(tour) - 2
        length = min(size, chance.randint(1, LONGEST))
        index = chance.randint(1, size - length + 1)
        if gone:
            near = tours.nearest(tour, gone[0]) - chance.randrange(length)
            index = max(1, min(size - length + 1, near))
        gone += tours.remove(tour, index, length)
    return chosen, gone


def _orders(tours: Tours, saved: Saved) -> Iterator[tuple[int, ...]]:
    tours.load(saved)
    for tour in tours.tours:
        yield tuple(tours.row[node] - FIRST for node in tour[1:-1])
