"""Make the table of who has a feature open at the desk; it was a folder of files before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "presences",
        sa.Column("feature_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
    )
