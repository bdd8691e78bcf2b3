"""Describe the tables of the store, as they are after the newest migration."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()
NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite's own row number is an INTEGER
ON_LINE = text("branch IS NULL")

# What the store is: the city that it belongs to.
about = Table("about", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# Contents of geodata/ that an edit began from: they stay known after the folder has changed.
origins = Table(
    "origins",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("layer", Text, nullable=False),
    Column("geometry", Text),
    Column("properties", Text, nullable=False),
)

# A draft of one feature; its revisions hold the rest.
branches = Table(
    "branches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("feature_id", Text, nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
)

# Moments are UTC in ISO 8601 with microseconds, so that texts sort as moments do.
revisions = Table(
    "revisions",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),  # global, without gaps, in order of commits
    Column("feature_id", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("geometry", Text),  # canonical JSON; null in a draft that has no place yet
    Column("properties", Text, nullable=False),  # canonical JSON
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),  # never before that of the number before
    Column("comment", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("branch", Text, ForeignKey("branches.id")),  # null on the published line
    Column("based_on", NUMBER, nullable=False),  # published revision that it stands on; 0 is geodata/
    Column("origin", Text, ForeignKey("origins.digest")),  # what geodata/ said, where based_on is 0
    Column("previous", NUMBER, nullable=False),  # the one before it on its line; 0 is none
    Column("merged", NUMBER, ForeignKey("revisions.number")),  # the draft that was published by it
    Column("publish_at", Text),
    Column("expires_at", Text),
    CheckConstraint("state IN ('draft', 'in_review', 'published', 'archived')", name="state_known"),
    CheckConstraint(
        "(branch IS NULL AND state IN ('published', 'archived'))"
        " OR (branch IS NOT NULL AND state IN ('draft', 'in_review', 'archived'))",
        name="state_of_line",
    ),
    Index("revisions_of_feature", "feature_id", "number"),
    Index("revisions_of_branch", "branch", "number"),
    Index("revisions_published", "number", sqlite_where=ON_LINE, postgresql_where=ON_LINE),
    Index("revisions_of_draft", "merged"),
)
