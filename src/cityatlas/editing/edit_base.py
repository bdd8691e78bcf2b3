"""Find what an edit begins from."""

from __future__ import annotations

from dataclasses import dataclass

from ..catalogue.catalogue import Catalogue
from ..catalogue.folder_export import content_of_feature
from ..errors import UnknownRevision
from ..store import Store
from ..store.log import desk_lists, drafts
from ..store.log.desk_lists import Standing
from ..versioning.content import Content, content_of


@dataclass(frozen=True)
class EditBase:
    """Hold what a form is filled with: `seen` is its revision (0 for geodata/ and for nothing), `draft` its branch.

    `origin` is what geodata/ says about the feature, or said when something was first published; None for a new one.
    `shown` is what visitors see of it, or saw last; one that says nothing for a new one.
    """

    feature_id: str
    content: Content
    seen: int
    draft: str
    state: str
    origin: Content | None
    shown: Content


def ground_of(store: Store, catalogue: Catalogue, feature_id: str, login: str, draft: str = "") -> EditBase:
    """Return what somebody goes on with: the draft that is named, else their own newest one, else what visitors see.

    A draft that was published is over: what visitors see is gone on with. Raises UnknownSite for a feature that
    nobody knows, and UnknownRevision for a draft of another one.
    """
    _, standing = desk_lists.read_history(store, feature_id)
    origin = origin_of(catalogue, standing, feature_id)
    shown = standing.current.content if standing.current else origin
    own = desk_lists.open_drafts(store, owner=login, feature_id=feature_id)
    if branch := draft or (own[0].branch if own else ""):
        found = desk_lists.read_proposal(store, branch)
        if found.head.feature_id != feature_id:
            raise UnknownRevision("This is no draft of this feature.", "My drafts lists those there are.")
        if found.became is None:
            head = found.head
            shown = shown or content_of(head.layer, None, {})
            return EditBase(feature_id, head.content, head.number, branch, head.state, origin, shown)
    if current := standing.current:
        return EditBase(feature_id, current.content, current.number, "", current.state, origin, current.content)
    content = content_of_feature(catalogue.feature(feature_id))
    return EditBase(feature_id, content, 0, "", "published", content, content)


def origin_of(catalogue: Catalogue, standing: Standing, feature_id: str) -> Content | None:
    """Return what geodata/ says about a feature, or said when something was first published; None for a new one."""
    if standing.current:
        return standing.origin
    feature = catalogue.features.get(feature_id)
    return content_of_feature(feature) if feature else None


def base_of(store: Store, ground: EditBase, seen: int) -> Content:
    """Return what a form was filled with that names a revision. Raises UnknownRevision."""
    if seen == ground.seen:
        return ground.content
    if seen == 0:
        return ground.origin or content_of(ground.content.layer, None, {})
    return drafts.content_at(store, ground.feature_id, seen)
