"""Say how a draft, or a revision of what visitors see, stands now: one word for each of the ways there are."""

from __future__ import annotations

from typing import Literal

from ..store.log.desk_lists import Proposal
from ..store.log.revisions import Revision

LineStage = Literal["published", "waiting", "expired", "gone"]
Stage = Literal[LineStage, "draft", "in_review", "archived", "replaced"]


def line_stage(revision: Revision, moment: str) -> LineStage:
    """Return how a revision of the published line stands at a moment, whatever came after it."""
    if revision.state == "archived":
        return "gone"
    if (revision.publish_at or "") > moment:
        return "waiting"
    return "expired" if revision.expires_at and revision.expires_at <= moment else "published"


def stage_of(proposal: Proposal, moment: str) -> Stage:
    """Return how a draft stands at a moment: open, put away, or by what became of it when it was published.

    `replaced` was published, and something else after it. What is called off before its moment is a draft again.
    """
    became, standing = proposal.became, proposal.standing
    if became is None:
        state = proposal.head.state
        return state if state in ("in_review", "archived") else "draft"
    if standing.waiting and standing.waiting.merged == proposal.head.number:
        return "waiting"
    if standing.current is None or standing.current.state == "archived":
        return "gone"
    return "replaced" if standing.current.number != became.number else line_stage(standing.current, moment)
