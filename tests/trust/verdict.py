"""Judge what people saw while something was broken: what failed, what is lost, and how long it lasted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from cityatlas.store import Store

from .people import Asked, Diary

MOST_FAILED = 0.001
LONGEST_OUTAGE_S = 5.0
LATEST_S = 15.0
HEAD = (
    "| fault | requests | failed | slowest, s | saves | lost | longest outage, s | recovered, s | |\n"
    + "|---" * 9
    + "|"
)


@dataclass(frozen=True)
class Row:
    """Hold a row of the table. `recover_s` is from the end of the fault to the first save after it."""

    fault: str
    requests: int
    failed: int
    slowest_s: float
    saves: int
    lost: int
    outage_s: float
    recover_s: float
    is_whole: bool  # whether the site was never wholly gone, so that few requests may fail
    note: str = ""

    @property
    def faults(self) -> list[str]:
        """Return what is against it."""
        told = {
            f"{self.lost} acknowledged writes are lost": self.lost > 0,
            "nothing was asked": not self.requests,
            "nothing was saved": not self.saves,
            f"{self.failed / max(self.requests, 1):.2%} failed": self.is_whole
            and self.failed > MOST_FAILED * self.requests,
            f"away for {self.outage_s:.1f} s": self.outage_s > LONGEST_OUTAGE_S,
            f"an answer after {self.slowest_s:.1f} s": self.slowest_s > LATEST_S,
        }
        return [fault for fault, is_so in told.items() if is_so]

    def __str__(self) -> str:
        verdict = ("**" + "; ".join(self.faults) + "**") if self.faults else "ok"
        numbers = f"{self.requests} | {self.failed} | {self.slowest_s:.2f} | {self.saves} | {self.lost}"
        told = f"{verdict}. {self.note}" if self.note else verdict
        return f"| {self.fault} | {numbers} | {self.outage_s:.1f} | {self.recover_s:.1f} | {told} |"


def failed(looked: Iterable[Asked]) -> list[Asked]:
    """Return what visitors asked for and did not get."""
    return [each for each in looked if each.status != 200]


def longest_outage_s(looked: Sequence[Asked]) -> float:
    """Return the longest time from a failed request to the next answer that anybody got."""
    longest, since_s = 0.0, None
    for each in sorted(looked, key=lambda one: one.ended_s):
        if each.status != 200:
            since_s = each.begun_s if since_s is None else since_s
        elif since_s is not None:
            longest, since_s = max(longest, each.ended_s - since_s), None
    if since_s is not None:
        longest = max(longest, max(each.ended_s for each in looked) - since_s)
    return longest


def lost(store: Store, diary: Diary) -> list[tuple[str, str]]:
    """Return the acknowledged writes that no revision holds; a published one must be on the line that visitors see."""
    with store.reading() as connection:
        rows = connection.execute(text("SELECT feature_id, properties, branch FROM revisions")).all()
    kept: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for feature, properties, branch in rows:
        kept[branch is None].add((feature, (json.loads(properties).get("summary") or {}).get("en", "")))
    gone = [each for each in diary.drafted if each not in kept[True] | kept[False]]
    return gone + [each for each in diary.published if each not in kept[True]]


def judge(name: str, diary: Diary, gone: int, recover_s: float, *, is_whole: bool, note: str = "") -> Row:
    """Return the row of a fault."""
    looked = diary.looked
    return Row(
        name,
        len(looked),
        len(failed(looked)),
        max((each.took_s for each in (*looked, *diary.wrote)), default=0.0),
        len(diary.drafted) + len(diary.published),
        gone,
        longest_outage_s(looked),
        recover_s,
        is_whole,
        note,
    )
