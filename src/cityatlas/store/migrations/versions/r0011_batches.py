"""Let drafts say which bulk change they were begun by, so that it can be taken back as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Do the step."""
    op.add_column("branches", sa.Column("batch", sa.Text()))
    op.create_index("ix_branches_batch", "branches", ["batch"])
