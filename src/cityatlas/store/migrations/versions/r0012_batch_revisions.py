"""Make the table of what a bulk change did without a draft: what a file took off the map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "batch_revisions",
        sa.Column(
            "revision", sa.BigInteger(), sa.ForeignKey("revisions.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("batch", sa.Text(), nullable=False),
    )
    op.create_index("ix_batch_revisions_batch", "batch_revisions", ["batch"])
