"""Take a photo in: it waits for its words, and joins a draft of its place once it has them.

A photo is told by what was uploaded, who did, and of which place they said it is: sent twice it waits once.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping

from ....editing.edit_base import EditBase, ground_of
from ....editing.photo_places import place_of_photo
from ....exchange.uploads.photos import EncodedPhoto, read_photo
from ....store import Edit, open_draft, save_draft
from ....store.log.desk_lists import open_drafts
from ....store.media import StoredPhoto, find_upload
from ....versioning.content import Content, Json, content_of
from ...http.desk import desk_store
from ...http.snapshots import snapshot
from ..auth.gate import me
from .photos import MOST_LETTERS, is_said, keep_photo
from .waiting_photos import WaitingPhoto, waiting_photos

STOOD = "stood"  # by what the place is known: who took the photo stood there


def take_photo(raw: bytes, title: str, place: str = "", said: Mapping[str, str] | None = None) -> WaitingPhoto:
    """Let a photo wait, with the words that can be used of those given; `place` is where it was taken, if that is said.

    Else its place is found by where the camera was, or by its file's `title`. Raises InvalidFile and FileTooLarge.
    """
    login, waiting = me().account.login, waiting_photos()
    token = hashlib.sha256("\n".join((login, place, digest_of(raw))).encode()).hexdigest()[:32]
    if known := waiting.find(token):
        return known
    photo = read_photo(raw)
    guess = (place, STOOD, 0) if place else _guess(photo, title)
    size = (photo.name, photo.width_px, photo.height_px, photo.digest)
    kept = {key: text for key, text in (said or {}).items() if key in MOST_LETTERS and is_said(said or {}, key)}
    waits = WaitingPhoto(token, login, title, *size, *guess, kept)
    waiting.keep(photo, waits)
    return waits


def digest_of(raw: bytes) -> str:
    """Return what a photo's file is told by."""
    return hashlib.sha256(raw).hexdigest()


def _guess(photo: EncodedPhoto, title: str) -> tuple[str, str, int]:
    found = place_of_photo(snapshot(), photo.taken_at, title)
    return (found.feature_id, found.by, found.away_m) if found else ("", "", 0)


def join_draft(photo: WaitingPhoto, feature_id: str, said: Mapping[str, str]) -> str:
    """Put a photo that waits into a draft of a place, with all its words; return the draft, and let it wait no more."""
    kept, _ = keep_photo(waiting_photos().encoded(photo), said)
    store, login = desk_store(), me().account.login
    ground = _ground(feature_id, photo.owner)
    edit = Edit(feature_id, _with_photo(ground.content, kept), login, ground.seen)
    saved = save_draft(store, ground.draft, edit) if ground.draft else open_draft(store, edit, ground.origin)
    waiting_photos().drop(photo.token)
    return saved.revision.branch or ground.draft


def _ground(feature_id: str, owner: str) -> EditBase:
    """Return what a photo joins: the draft of who took it, where its position may be too, else what I go on with."""
    ground = ground_of(desk_store(), snapshot(), feature_id, owner)
    login = me().account.login
    return ground if ground.draft or owner == login else ground_of(desk_store(), snapshot(), feature_id, login)


def joined_draft(feature_id: str, digest: str) -> str | None:
    """Return the draft of a place that has a photo already, "" where visitors see it there, None where it is not."""
    photo = find_upload(desk_store(), digest)
    if photo is None:
        return None
    for draft in open_drafts(desk_store(), feature_id=feature_id):
        if _has_photo(draft.head.content.properties, photo.name):
            return draft.branch
    feature = snapshot().features.get(feature_id)
    return "" if feature and any(one.file == photo.name for one in feature.photos) else None


def _has_photo(properties: Json, name: str) -> bool:
    return any(one.get("file") == name for one in properties.get("photos") or [])


def _with_photo(content: Content, photo: StoredPhoto) -> Content:
    """Return a content with a photo at the end of its list; one that it has already is not added again."""
    properties: Json = copy.deepcopy(content.properties)
    if not _has_photo(properties, photo.name):
        properties["photos"] = [*(properties.get("photos") or []), photo.item]
    return content_of(content.layer, content.geometry, properties)
