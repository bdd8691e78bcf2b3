"""Make the table of how people at the desk are told what waits: their feed's word, their mail address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "tellings",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
        sa.Column("feed", sa.Text(), unique=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("mail", "language", "mailed_at")),
    )
