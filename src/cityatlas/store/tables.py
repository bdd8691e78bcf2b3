"""Describe all tables: of revisions, of accounts, and of what else people at the desk work with."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
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
BEGINS, ENDS = (text(f"{moment} IS NOT NULL") for moment in ("publish_at", "expires_at"))  # nosemgrep: sql-from-text

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
    Column("batch", Text, index=True),  # the bulk change that it was begun by
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
    Index("revisions_beginning", "publish_at", sqlite_where=BEGINS, postgresql_where=BEGINS),
    Index("revisions_ending", "expires_at", sqlite_where=ENDS, postgresql_where=ENDS),
)

# What a bulk change did without a draft: the published revisions by which a file took features off the map.
batch_revisions = Table(
    "batch_revisions",
    metadata,
    Column("revision", BigInteger, ForeignKey("revisions.number"), primary_key=True, autoincrement=False),
    Column("batch", Text, nullable=False, index=True),
)

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

# Who has a feature open at the desk; a row goes once it is a minute old and anybody tells of themselves.
presences = Table(
    "presences",
    metadata,
    Column("feature_id", Text, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("seen_at", Text, nullable=False),
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

# On which pages of other sites embeds were seen. Rows are deleted when they are CITYATLAS_EMBED_DAYS old.
embed_uses = Table(
    "embed_uses",
    metadata,
    Column("day", Text, primary_key=True),
    Column("embed", Text, primary_key=True),
    Column("page", Text, primary_key=True),
    Column("views", Integer, nullable=False),
)

# How often the word on a stop's sign was renewed; a stop without a row has the first one.
sign_numbers = Table(
    "sign_numbers",
    metadata,
    Column("feature_id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)

# That something was erased, when and by whom; never what. `subject` is a feature's id or the name of a photo's file.
erasures = Table(
    "erasures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)

# The revisions that something was taken out of, and whether they were of the kind that visitors saw.
erased_revisions = Table(
    "erased_revisions",
    metadata,
    Column("revision", BigInteger, ForeignKey("revisions.number"), primary_key=True, autoincrement=False),
    Column("erasure", Integer, ForeignKey("erasures.number"), nullable=False),
    Column("was_public", Boolean, nullable=False),
)

# How people at the desk are told what waits. A feed is over, as a session is, when the account's epoch has moved on.
tellings = Table(
    "tellings",
    metadata,
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("feed", Text, unique=True),  # digest of the word in its address; null for none
    Column("epoch", Integer, nullable=False),
    Column("mail", Text, nullable=False),  # "" for none
    Column("language", Text, nullable=False),  # of the mail
    Column("mailed_at", Text, nullable=False),  # "" before the first
    Column("claimed_until", Text),  # for so long a server has the next one in hand; null for none
)

# The second factor of an account (TOTP, RFC 6238); a step is 30 s; a code of `last_step` or before opens nothing.
second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False),  # base32
    Column("last_step", BigInteger, nullable=False),
    Column("made_at", Text, nullable=False),
)

# Codes that stand in for a lost second factor; a row goes when its code is used.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
)

# What admins choose for the whole desk.
desk_choices = Table(
    "desk_choices", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False)
)

# What visitors sought in vain: in how many minutes of a week a term was asked for. Old weeks are deleted.
vain_searches = Table(
    "vain_searches",
    metadata,
    Column("week", Text, primary_key=True),  # its Monday, UTC
    Column("term", Text, primary_key=True),
    Column("minutes", Integer, nullable=False),
)
