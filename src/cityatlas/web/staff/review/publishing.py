"""Say what a change of a feature stands on, and whether visitors may be shown it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g

from ....catalogue.catalogue import Catalogue
from ....catalogue.folder_export import content_of_feature
from ....editing.change_checks import change_faults
from ....editing.form.faults import Faults, field_faults
from ....editing.publishing_rules import Objection, check_publishable
from ....errors import NotAllowed, Unpublishable
from ....store import Order, moment_text
from ....store.log.desk_lists import Around, Proposal, Standing, read_around
from ....store.log.publication import Check, Expiry, Look
from ....versioning.content import Content
from ...http.desk import desk_store
from ...http.languages import localised
from ...http.snapshots import snapshot
from ..auth.gate import me


@dataclass(frozen=True)
class PublishingVerdict:
    """Hold whether a content may be published, by field what forbids it, and what its editor is only warned of."""

    stops: bool
    faults: Faults
    warns: tuple[Objection, ...] = ()


def examine(catalogue: Catalogue, feature_id: str, content: Content) -> PublishingVerdict:
    """Return what keeps a content from being published, in the reader's language and by field."""
    around, warns = around_now(catalogue), check_publishable(content, catalogue.city)[1]
    if may_be_shown(catalogue, feature_id, content, around):
        return PublishingVerdict(False, {}, warns)
    return PublishingVerdict(True, field_faults(catalogue, feature_id, content, g.language, around), warns)


def may_be_shown(
    catalogue: Catalogue, feature_id: str, content: Content | None, around: Around, ends_at: str | None = None
) -> bool:
    """Return whether visitors may be shown a content until a moment; None takes the feature off the map."""
    if change_faults(catalogue, feature_id, content, around, ends_at):
        return False
    return content is None or not check_publishable(content, catalogue.city)[0]


def around_now(catalogue: Catalogue) -> Around:
    """Return how features stand of which a snapshot does not know."""
    return read_around(desk_store(), catalogue.number, catalogue.moment)


def public_content(standing: Standing, feature_id: str) -> Content | None:
    """Return what visitors see of a feature, or saw before it was archived; None for one that was never public."""
    if standing.current:
        return standing.current.content
    feature = snapshot().features.get(feature_id)
    return content_of_feature(feature) if feature else None


def make_order(
    feature_id: str,
    standing: Standing,
    form: Mapping[str, object],
    *,
    publish_at: datetime | None = None,
    expires_at: Expiry = "keep",
) -> Order:
    """Return who changes what visitors see, in the words of the comment that `form` holds."""
    origin = public_content(standing, feature_id) if standing.current is None else standing.origin
    author, comment = me().account.login, str(form.get("comment", "")).strip()
    check = make_check(feature_id, expires_at)
    return Order(author, comment, origin, check=check, publish_at=publish_at, expires_at=expires_at)


def make_check(feature_id: str, expires_at: Expiry = "keep") -> Check:
    """Return what looks, once nobody else can publish, whether visitors may be shown a content."""
    catalogue = snapshot()

    def check(content: Content | None, look: Look) -> None:
        if content:
            check_may_publish(content.layer)
        around = look(catalogue.number, catalogue.moment)
        if expires_at == "keep":
            current = around.current.get(feature_id)
            ends_at = current.expires_at if current and (current.expires_at or "") > around.moment else None
        else:
            ends_at = moment_text(expires_at) if expires_at else None
        if not may_be_shown(catalogue, feature_id, content, around, ends_at):
            raise Unpublishable(f'"{feature_id}" cannot be published like this.', "The page of the draft says why.")

    return check


def may_publish(proposal: Proposal) -> bool:
    """Return whether who asks may publish a draft: in the layer that it is in, and in that which it may leave."""
    public = public_content(proposal.standing, proposal.head.feature_id)
    layers = {proposal.head.layer, public.layer if public else proposal.head.layer}
    return all(me().account.may_publish(layer) for layer in layers)


def may_lead(proposal: Proposal) -> bool:
    """Return whether a draft is sent, put away and brought back by who asks: its owner, or an editor of its layer."""
    account = me().account
    return proposal.owner == account.login or account.may_publish(proposal.head.layer)


def check_may_lead(proposal: Proposal) -> None:
    """Raise NotAllowed unless who asks leads a draft. Anybody may write in one that is open: that loses nothing."""
    if not may_lead(proposal):
        raise NotAllowed("The draft is somebody else's.", "Ask its owner, or an editor of its layer.", reason="draft")


def check_may_publish(layer: str) -> None:
    """Raise NotAllowed unless who asks may change what visitors see of a layer."""
    if not me().account.may_publish(layer):
        raise NotAllowed(f'You may not publish in "{layer}".', "Ask an editor of this layer.", reason="layer")


def edit_address(feature_id: str, field: str = "", draft: str = "") -> str:
    """Return where a feature is edited, at a field of the form."""
    address = localised("desk.show") + f"features/{feature_id}"
    return address + (f"?draft={draft}" if draft else "") + (f"#{field}" if field else "")
