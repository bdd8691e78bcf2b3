"""Describe the tables of uploaded photos and of visitors' reports, as they are after the newest migration."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from .tables import metadata

# Photos that staff uploaded, ready for the web; the files lie in CITYATLAS_VAR/media. A row is never changed.
media = Table(
    "media",
    metadata,
    Column("name", Text, primary_key=True),  # of the widest file; media.py reads the others' names from it
    Column("alt_zh", Text, nullable=False),
    Column("alt_en", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("digest", Text, nullable=False, unique=True),  # of the file that was uploaded, which is not kept
    Index("media_by_age", "made_at"),
)

# What visitors wrote about a feature. Rows are deleted when they are CITYATLAS_REPORT_DAYS old, never changed.
reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("feature_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("contact", Text, nullable=False),  # empty where none was given
    Column("language", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Index("reports_by_age", "made_at"),
)

# What staff answered, one row each time; the newest says how the report stands.
report_answers = Table(
    "report_answers",
    metadata,
    Column("report_id", Text, ForeignKey("reports.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1 for each report
    Column("answer", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)
