"""Make the tables of revisions, and forbid that a row is ever changed or taken out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ON_LINE = sa.text("branch IS NULL")
KEPT = ("revisions", "branches", "origins")
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never changed or deleted'); END
"""
SQLITE_ORDER = """
CREATE TRIGGER revisions_in_order BEFORE INSERT ON revisions
WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM revisions)
BEGIN SELECT RAISE(ABORT, 'revisions are numbered in order'); END
"""
POSTGRES_REFUSE = """
CREATE FUNCTION cityatlas_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
    RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END$$
"""
POSTGRES = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION cityatlas_refuse()
"""


def upgrade() -> None:
    """Do the step."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        statements = [SQLITE.format(table=table, verb=verb) for table in KEPT for verb in ("UPDATE", "DELETE")]
        statements.append(SQLITE_ORDER)
    else:
        statements = [POSTGRES_REFUSE, *(POSTGRES.format(table=table) for table in KEPT)]
    for statement in statements:
        op.execute(sa.text(statement))


def _make_tables() -> None:
    op.create_table("about", _text("key", primary_key=True), _text("value"))
    op.create_table(
        "origins",
        _text("digest", primary_key=True),
        _text("layer"),
        _text("geometry", nullable=True),
        _text("properties"),
    )
    op.create_table("branches", _text("id", primary_key=True), _text("feature_id"), _text("owner"), _text("opened_at"))
    op.create_index("ix_branches_feature_id", "branches", ["feature_id"])
    op.create_table(
        "revisions",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        *(_text(name) for name in ("feature_id", "layer")),
        _text("geometry", nullable=True),
        *(_text(name) for name in ("properties", "author", "made_at", "comment", "state")),
        sa.Column("branch", sa.Text(), sa.ForeignKey("branches.id")),
        sa.Column("based_on", NUMBER, nullable=False),
        sa.Column("origin", sa.Text(), sa.ForeignKey("origins.digest")),
        sa.Column("previous", NUMBER, nullable=False),
        sa.Column("merged", NUMBER, sa.ForeignKey("revisions.number")),
        _text("publish_at", nullable=True),
        _text("expires_at", nullable=True),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'published', 'archived')", name="state_known"),
        sa.CheckConstraint(
            "(branch IS NULL AND state IN ('published', 'archived'))"
            " OR (branch IS NOT NULL AND state IN ('draft', 'in_review', 'archived'))",
            name="state_of_line",
        ),
    )
    op.create_index("revisions_of_feature", "revisions", ["feature_id", "number"])
    op.create_index("revisions_of_branch", "revisions", ["branch", "number"])
    op.create_index("revisions_of_draft", "revisions", ["merged"])
    op.create_index("revisions_published", "revisions", ["number"], sqlite_where=ON_LINE, postgresql_where=ON_LINE)


def _text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, primary_key=primary_key)
