"""Make the tables of uploaded photos, and of what visitors report with the answers of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "media",
        sa.Column("name", sa.Text(), primary_key=True),
        *(_text(name) for name in ("alt_zh", "alt_en", "credit", "licence", "owner", "made_at")),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, unique=True),
    )
    op.create_index("media_by_age", "media", ["made_at"])
    op.create_table(
        "reports",
        sa.Column("id", sa.Text(), primary_key=True),
        *(_text(name) for name in ("feature_id", "kind", "words", "contact", "language", "made_at")),
    )
    op.create_index("reports_by_age", "reports", ["made_at"])
    op.create_table(
        "report_answers",
        sa.Column("report_id", sa.Text(), sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *(_text(name) for name in ("answer", "note", "author", "made_at")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
