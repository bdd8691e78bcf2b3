"""Keep what staff change: revisions that are only ever added to, on SQLite or PostgreSQL; the only SQL there is."""

from .backup import back_up
from .backup import restore as restore_backup
from .engine import Store, open_store
from .log.batches import Batch, BatchMember, batch_members, batches
from .log.changes import changed_between, state_after, state_at, steps_of
from .log.drafts import Edit, Saved, change_state, drafted_ids, open_draft, save_draft
from .log.public_log import PublicChange, PublicLog, count_since, public_log, stood_over_since
from .log.publication import Order
from .log.publish import (
    archive,
    cancel,
    publish,
    publish_all,
    publish_content,
    restore,
    take_in,
    unarchive,
    undo,
    undo_all,
)
from .log.revisions import Revision, branch_history, history, moment_text
from .log.visible import UNPUBLISHED, PublicState, Published, moment_now, newest_public, published, read_anew, renewed

__all__ = [
    "UNPUBLISHED",
    "Batch",
    "BatchMember",
    "Edit",
    "Order",
    "PublicChange",
    "PublicLog",
    "PublicState",
    "Published",
    "Revision",
    "Saved",
    "Store",
    "archive",
    "back_up",
    "batch_members",
    "batches",
    "branch_history",
    "cancel",
    "change_state",
    "changed_between",
    "count_since",
    "drafted_ids",
    "history",
    "moment_now",
    "moment_text",
    "newest_public",
    "open_draft",
    "open_store",
    "public_log",
    "publish",
    "publish_all",
    "publish_content",
    "published",
    "read_anew",
    "renewed",
    "restore",
    "restore_backup",
    "save_draft",
    "state_after",
    "state_at",
    "steps_of",
    "stood_over_since",
    "take_in",
    "unarchive",
    "undo",
    "undo_all",
]
