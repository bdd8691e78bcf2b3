"""Make the tables of accounts, of their sessions, and of attempts to log in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        _text("login", unique=True),
        _text("display_name"),
        _text("role"),
        _text("layers", nullable=True),
        _text("password_hash", nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _text("made_at"),
        _text("invitation", nullable=True, unique=True),
        _text("invited_until", nullable=True),
        sa.CheckConstraint("role IN ('contributor', 'editor', 'admin')", name="role_known"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        *(_text(name) for name in ("made_at", "seen_at", "until")),
        _text("ended_at", nullable=True),
        _text("network"),
        _text("browser"),
    )
    op.create_index("sessions_of_account", "sessions", ["account_id"])
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("next_at"),
        _text("last_at"),
    )
    op.create_index("attempts_by_age", "attempts", ["last_at"])


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, unique=unique)
