"""Describe the tables of accounts, sessions and attempts to log in, as they are after the newest migration."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from .tables import metadata

# People who may log in. A row is never deleted, so that a login name in an old revision stays the same person's.
accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # in order; a database's own count would not restore
    Column("login", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("layers", Text),  # JSON list of the layers that an editor publishes; null is all
    Column("password_hash", Text),  # null until the invitation is answered
    Column("session_epoch", Integer, nullable=False),  # sessions of an earlier one are over
    Column("is_active", Boolean, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("invitation", Text, unique=True),  # digest of the word in a link that sets the password, once
    Column("invited_until", Text),
    CheckConstraint("role IN ('contributor', 'editor', 'admin')", name="role_known"),
)

# One row for each login; over when it was ended, is past `until`, or the account's epoch has moved on.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),  # digest of what the cookie holds
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("ended_at", Text),
    Column("network", Text, nullable=False),  # an IPv4 /24 or an IPv6 /64
    Column("browser", Text, nullable=False),
    Index("sessions_of_account", "account_id"),
)

# Failed attempts to log in, by account and by address.
attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),  # a digest: people type passwords into the wrong field
    Column("failures", Integer, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Index("attempts_by_age", "last_at"),
)
