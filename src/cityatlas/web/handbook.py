"""Show the staff handbook; the numbers in it are those that the program goes by."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from ..exchange import limits
from ..passwords import MIN_LETTERS
from ..store.accounts import INVITATION
from ..store.attempts import FIRST_WAIT_S, LONGEST_WAIT_S
from ..worklist.task import DRAFT_DAYS, EXPIRY_DAYS, HOURS_DAYS
from .languages import page
from .pages import send_page
from .staff.edit_others import RECENT
from .staff.hours import DAYS

bp = Blueprint("staff_help", __name__)
PARTS = ("login", "roles", "edit", "place", "hours", "photos", "conflict", "review", "files", "tasks")
# Of the scripts edit_keep.js and edit_copy.js; a test compares them.
AUTOSAVE_S = 2
COPY_DAYS = 60


@page(bp, "/help/staff")
def show() -> Response:
    """Show the handbook."""
    return send_page("help/staff.html", lambda _: {"parts": PARTS, "numbers": numbers()})


def numbers() -> dict[str, int]:
    """Return what the handbook names of settings and limits, by place in its sentences."""
    settings = current_app.config["SETTINGS"]
    return {
        "invitation_h": int(INVITATION.total_seconds() // 3600),
        "password_letters": MIN_LETTERS,
        "session_h": settings.session_h,
        "first_wait_s": FIRST_WAIT_S,
        "longest_wait_min": LONGEST_WAIT_S // 60,
        "autosave_s": AUTOSAVE_S,
        "copy_days": COPY_DAYS,
        "hours_days": DAYS,
        "photo_mb": limits.MAX_FILE_BYTES >> 20,
        "others_min": int(RECENT.total_seconds() // 60),
        "expiry_days": EXPIRY_DAYS,
        "file_mb": limits.MAX_FILE_BYTES >> 20,
        "unpacked_mb": limits.MAX_UNPACKED_BYTES >> 20,
        "rows": limits.MAX_ROWS,
        "vertices": limits.MAX_VERTICES,
        "hours_old_days": HOURS_DAYS,
        "draft_days": DRAFT_DAYS,
        "report_days": settings.report_days,
    }
