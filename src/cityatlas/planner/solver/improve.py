"""Mend tours: put the best that can be proved in the stead of a few visits that follow each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .exact import prove
from .model import Problem
from .tours import Tours

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
