"""Say for each address of the desk who may come, how large a body it takes, and what a refused form would have done.

The gate asks this table and nothing else: an address without a row lets nobody in. Whose layer a change is in is asked
where the change is known (`review/publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import HTTPException

from ....limits import FILE_MB, FORM_MB, PHOTOS_MB
from ....store.people.accounts import ROLES, Role
from .session_cookie import is_login

TABLE_MB = 2  # a page of long texts, each letter as nine
UPLOAD_MB = FILE_MB + 1  # a file of the largest size, and the form around it
MANY_MB = PHOTOS_MB + 1


@dataclass(frozen=True)
class Access:
    """Hold the row of an address.

    `role` is the lowest that may come, None for whoever there is. `most_mb` is what its body may have, 0 for what any
    form may; `member_mb` is more than that, for whoever has logged in. `action` is the key of what sending its form
    does: such a form is given back where it is refused, since after a session that ended people have typed much.
    """

    role: Role | None = "contributor"
    most_mb: int = 0
    member_mb: int = 0
    action: str = ""

    def lets_in(self, role: Role) -> bool:
        """Return whether somebody of a role may come."""
        return self.role is None or ROLES.index(role) >= ROLES.index(self.role)


OPEN, MEMBER, EDITOR, ADMIN = Access(None), Access(), Access("editor"), Access("admin")
ACCESS: Mapping[str, Access] = {  # by endpoint
    "staff_auth.login": OPEN,
    "staff_auth.welcome": OPEN,
    "staff_auth.logout": MEMBER,
    "staff_factor.code": OPEN,
    "staff_factor.show": MEMBER,
    "staff_factor.turn_on": MEMBER,
    "staff_factor.codes": MEMBER,
    "staff_factor.turn_off": MEMBER,
    "staff_factor.reset": ADMIN,
    "staff_factor.require": ADMIN,
    "staff_accounts.sessions": ADMIN,
    "staff_me.show": MEMBER,
    "staff_me.password": MEMBER,
    "staff_me.end": MEMBER,
    "staff_accounts.show": ADMIN,
    "staff_accounts.add": ADMIN,
    "staff_accounts.role": ADMIN,
    "staff_accounts.active": ADMIN,
    "staff_accounts.invite": ADMIN,
    "desk.show": MEMBER,
    "desk.worklist": MEMBER,
    "desk.drafts": MEMBER,
    "staff_drafts.show": MEMBER,
    "staff_drafts.preview": MEMBER,
    "staff_drafts.send": Access(action="send"),
    "staff_drafts.give_back": Access(action="return"),
    "staff_drafts.put_away": MEMBER,
    "staff_drafts.send_out": Access(action="publish"),
    "staff_drafts.send_many": EDITOR,
    "staff_drafts.send_these": MEMBER,
    "staff_history.show": MEMBER,
    "staff_history.restore": Access(action="restore"),
    "staff_history.undo": Access(action="undo"),
    "staff_history.archive": Access(action="archive"),
    "staff_history.unarchive": Access(action="unarchive"),
    "staff_history.cancel": MEMBER,
    "staff_searches.show": MEMBER,
    "staff_searches.forget": EDITOR,
    "staff_told.show": MEMBER,
    "staff_told.feed": MEMBER,
    "staff_told.mail": MEMBER,
    "staff_told.atom": OPEN,  # who has its address
    "staff_erase.show": MEMBER,
    "staff_erase.revision": ADMIN,
    "staff_erase.feature": ADMIN,
    "staff_erase.photo": ADMIN,
    "staff_erase.person": ADMIN,
    "staff_reports.show": EDITOR,
    "staff_reports.answer": EDITOR,
    "staff_embeds.show": MEMBER,
    "staff_changes.show": MEMBER,
    "staff_changes.table": MEMBER,
    "staff_batches.show_all": MEMBER,
    "staff_batches.show": MEMBER,
    "staff_batches.undo": MEMBER,
    "staff_signs.show": MEMBER,
    "staff_signs.sign": MEMBER,
    "staff_signs.renew": EDITOR,
    "staff_edit.show": MEMBER,
    "staff_edit.begin": MEMBER,
    "staff_edit.save": Access(most_mb=FORM_MB, action="save"),
    "staff_edit.add": Access(most_mb=FORM_MB, action="add"),
    "staff_edit.autosave": Access(most_mb=FORM_MB),
    "staff_edit.others": MEMBER,
    "staff_hours.show": MEMBER,
    "staff_verify.show": MEMBER,
    "staff_verify.stand": MEMBER,
    "staff_verify.photograph": Access(most_mb=UPLOAD_MB),
    "staff_route.show": Access(most_mb=FORM_MB),
    "staff_media.show": MEMBER,
    "staff_media.file": MEMBER,
    "staff_media.add": Access(most_mb=UPLOAD_MB),
    "staff_photos.show": MEMBER,
    "staff_photos.add": Access(most_mb=UPLOAD_MB, member_mb=MANY_MB),  # a script sends each photo by itself
    "staff_photos.save": Access(most_mb=FORM_MB),
    "staff_photos.file": MEMBER,
    "staff_layers.show_all": MEMBER,
    "staff_layers.show": MEMBER,
    "staff_layers.preview": Access(most_mb=TABLE_MB),
    "staff_layers.save": Access(most_mb=TABLE_MB),
    "staff_layers.export": MEMBER,
    "staff_imports.begin": Access(most_mb=UPLOAD_MB),
    "staff_imports.show": MEMBER,
    "staff_imports.progress": MEMBER,
    "staff_imports.choose": Access(most_mb=1),
    "staff_imports.take": MEMBER,
    "staff_imports.cancel": MEMBER,
}


def most_bytes(app: Flask, method: str, path: str, cookie: str = "") -> int:
    """Return how large a body an address takes; one that takes none is as any form.

    What members alone may send is taken from whoever's `cookie` (the header) is of a login: before the body is here
    the database is not asked, whether that login is still going on.
    """
    usual: int = app.config["MAX_CONTENT_LENGTH"]
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except HTTPException:  # there is no such address, it moved, or it takes another method
        return usual
    row = ACCESS.get(endpoint)
    if row and row.member_mb and is_login(app, cookie):
        return row.member_mb << 20
    return row.most_mb << 20 if row and row.most_mb else usual
