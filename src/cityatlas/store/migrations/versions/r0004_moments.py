"""Index the moments at which something begins or ends by itself: the few revisions that have one are asked for often."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Do the step."""
    for name, column in (("revisions_beginning", "publish_at"), ("revisions_ending", "expires_at")):
        has_one = sa.text(f"branch IS NULL AND {column} IS NOT NULL")
        op.create_index(name, "revisions", [column], sqlite_where=has_one, postgresql_where=has_one)
