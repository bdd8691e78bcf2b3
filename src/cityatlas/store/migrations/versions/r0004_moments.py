"""Index the moments at which something begins or ends by itself, which few revisions have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Do the step."""
    for name, column in (("revisions_beginning", "publish_at"), ("revisions_ending", "expires_at")):
        has_one = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "revisions", [column], sqlite_where=has_one, postgresql_where=has_one)
