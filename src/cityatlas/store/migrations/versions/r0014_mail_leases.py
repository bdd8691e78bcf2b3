"""Let a server say for how long it has somebody's mail in hand, so that another sends it where that one dies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Do the step."""
    op.add_column("tellings", sa.Column("claimed_until", sa.Text()))
