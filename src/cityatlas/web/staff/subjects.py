"""Say what a change of a feature stands on, and whether visitors may be shown it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from ...catalogue import Catalogue
from ...changes import change_faults
from ...content import Content
from ...errors import NotAllowed, Unpublishable
from ...exchange.folder import content_of_feature
from ...guard import Objection, check_publishable
from ...merge import Choice
from ...store import Order
from ...store.proposals import Standing
from ..languages import localised
from ..snapshots import snapshot
from .form_faults import Faults, field_faults
from .gate import me


@dataclass(frozen=True)
class Verdict:
    """Hold whether a content may be published, by field what forbids it, and what its editor is only warned of."""

    stops: bool
    faults: Faults
    warns: tuple[Objection, ...] = ()


def may_be_shown(catalogue: Catalogue, feature_id: str, content: Content | None) -> bool:
    """Return whether visitors may be shown a content; None takes the feature off the map."""
    if change_faults(catalogue, feature_id, content):
        return False
    return content is None or not check_publishable(content, catalogue.city)[0]


def examine(catalogue: Catalogue, feature_id: str, content: Content) -> Verdict:
    """Return what keeps a content from being published, in the reader's language and by field."""
    if may_be_shown(catalogue, feature_id, content):
        return Verdict(False, {}, check_publishable(content, catalogue.city)[1])
    faults = field_faults(catalogue, feature_id, content, g.language)
    return Verdict(True, faults, check_publishable(content, catalogue.city)[1])


def public_content(standing: Standing, feature_id: str) -> Content | None:
    """Return what visitors see of a feature, or saw before it was archived; None for one that was never public."""
    if standing.current:
        return standing.current.content
    feature = snapshot().features.get(feature_id)
    return content_of_feature(feature) if feature else None


def make_order(
    feature_id: str, standing: Standing, form: Mapping[str, Any], *, publish_at: datetime | None = None, **more: Any
) -> Order:
    """Return who changes what visitors see, with the answers to a conflict; `form` holds comment and answers."""
    catalogue = snapshot()

    def check(content: Content | None) -> None:
        if not may_be_shown(catalogue, feature_id, content):
            raise Unpublishable(f'"{feature_id}" cannot be published like this.', "The page of the draft says why.")

    origin = public_content(standing, feature_id) if standing.current is None else standing.origin
    choices, answered = read_choices(form)
    author, comment = me().account.login, str(form.get("comment", "")).strip()
    return Order(author, comment, origin, choices, answered, check, publish_at, **more)


def read_choices(form: Mapping[str, Any]) -> tuple[dict[str, Choice], int | None]:
    """Return the answers to a conflict, by path, and the revision that it named."""
    choices: dict[str, Choice] = {}
    for key, value in form.items():
        if key.startswith("choice:"):
            choices[key.removeprefix("choice:")] = "mine" if value == "mine" else "theirs"
    answered = str(form.get("answered", ""))
    return choices, int(answered) if answered.isdecimal() and len(answered) < 19 else None


def check_may_publish(layer: str) -> None:
    """Raise NotAllowed unless who asks may change what visitors see of a layer."""
    if not me().account.may_publish(layer):
        raise NotAllowed(f'You may not publish in "{layer}".', "Ask an editor of this layer.", reason="layer")


def edit_address(feature_id: str, field: str = "", draft: str = "") -> str:
    """Return where a feature is edited, at a field of the form."""
    address = localised("desk.show") + f"features/{feature_id}"
    return address + (f"?draft={draft}" if draft else "") + (f"#{field}" if field else "")
