"""Plan the best tours through places with opening hours: a library of its own, in whole seconds and scores.

    from cityatlas.planner import Problem, Visit, check, solve

    visits = (Visit("hall", 30, 1800, ((32400, 61200),)), Visit("lock", 10, 600, ((34200, 34200), (37800, 37800))))
    problem = Problem(visits, travel_s, begin_s=32400, end_s=39600)   # travel_s: start, end, hall, lock
    solution = solve(problem)                                         # .tours[0].stops, .status == "optimal"
    assert check(problem, solution) == []

**The question** (`model.py`). A `Problem` has visits with a score, a length and the windows in which the visit may
begin; walking seconds between start, end and visits; a budget from `begin_s` to `end_s` that each of its tours has.
In the literature: the (team) orienteering problem with multiple time windows. It may ask for more: visits that are
required, a `Lunch` somewhere on the way, a `Timetable` of boats, `Mode`s that may be taken at any time, at most so
much walking, a fixed order of some visits. A visit must *begin* within a window; whoever is early waits; nobody stays
longer than necessary. A leg takes what arrives first; only where walking is limited may a slower ride or a later boat
spare walking. A place closed all day has no window.

**The answer.** A `Solution` has tours of stops (arrival, begin, end), and says what it is worth: "optimal" (proved: no
plan has a higher score), "best_found", or "infeasible" with the required visits that are missing. `check` goes through
every rule with a clock of its own and shares no code with the solvers.

**How it is found** (`solve.py`). 1. Visits that do not fit even alone are dropped. 2. `search.py`: large-neighbourhood
search with simulated annealing over `tours.py`, where each stop of a tour knows its earliest begin and its latest
arrival, so that a few numpy operations test all visits in all gaps; where that test is only necessary (lunch, boats,
walking, order), `schedule.py` decides; in the end `search.py` betters plain tours stretch by stretch. 3. One tour of
up to 40 candidates: `exact.py` labels partial tours (`labels.py`), all of as many stops at a time, with dominance and a
knapsack bound, from the score that was found and up to a cap. It proves 12 candidates for a whole day, 25 for several
hours, and mostly more; of tours with the same score it finds the one with least travel, then least waiting.

**It repeats.** Efforts ("instant", "quick", "thorough": about 0.1, 1 and 10 s) are amounts of work, counted by what was
done and never by the clock: the same problem, effort and seed give the same plan.
"""

from .check import check
from .exact import prove
from .model import (
    END,
    FIRST,
    START,
    UNREACHABLE_S,
    Break,
    Departure,
    InvalidProblem,
    Lunch,
    Mode,
    Problem,
    Solution,
    Stop,
    Timetable,
    Tour,
    Visit,
)
from .solve import EFFORTS, Effort, solve, solve_spending

__all__ = [
    "EFFORTS",
    "END",
    "FIRST",
    "START",
    "UNREACHABLE_S",
    "Break",
    "Departure",
    "Effort",
    "InvalidProblem",
    "Lunch",
    "Mode",
    "Problem",
    "Solution",
    "Stop",
    "Timetable",
    "Tour",
    "Visit",
    "check",
    "prove",
    "solve",
    "solve_spending",
]
