"""Make the table of pages on which embeds of the map were seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "embed_uses",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("day", "embed", "page")),
        sa.Column("views", sa.Integer(), nullable=False),
    )
