"""Make the tables of what was erased, and let rows of revisions be changed while something is being erased, only then.

While it is, `about` holds the row `erasing`, which is gone before the transaction ends: nobody else ever sees it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MAY_BE = (("revisions", "UPDATE"), ("branches", "UPDATE"), ("origins", "UPDATE"), ("origins", "DELETE"))
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM about WHERE key = 'erasing')
BEGIN SELECT RAISE(ABORT, '{table} are never changed or deleted'); END
"""
POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION cityatlas_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
    IF (TG_OP = 'UPDATE' OR (TG_OP = 'DELETE' AND TG_TABLE_NAME = 'origins'))
        AND EXISTS (SELECT 1 FROM about WHERE key = 'erasing') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END$$
"""


def upgrade() -> None:
    """Do the step."""
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "subject", "author", "made_at")),
    )
    op.create_table(
        "erased_revisions",
        sa.Column("revision", sa.BigInteger(), sa.ForeignKey("revisions.number"), primary_key=True),
        sa.Column("erasure", sa.Integer(), sa.ForeignKey("erasures.number"), nullable=False),
        sa.Column("was_public", sa.Boolean(), nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(sa.text(POSTGRES_REFUSE))
        return
    for table, verb in MAY_BE:
        op.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))
        op.execute(sa.text(SQLITE.format(table=table, verb=verb)))
