"""Show the desk: who is logged in, and what they can go on with."""

from __future__ import annotations

from flask import Blueprint, render_template

from ..languages import page

bp = Blueprint("desk", __name__)


@page(bp, "/staff/")
def show() -> str:
    """Show the first page after a login."""
    return render_template("staff/desk.html")
