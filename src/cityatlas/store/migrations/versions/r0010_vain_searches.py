"""Make the table of what visitors sought in vain, by week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "vain_searches",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("week", "term")),
        sa.Column("minutes", sa.Integer(), nullable=False),
    )
