"""Say which features of a layer somebody asks for: by text, kind, theme, phase, state, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from ....city.layers import Feature
from ....exchange.tables.columns import Column
from ....store import Store
from ....store.log.desk_lists import open_drafts, waiting

State = Literal["", "plain", "draft", "in_review", "waiting"]
STATES = get_args(State)


@dataclass(frozen=True)
class LayerFilter:
    """Hold what a feature must be; "" asks for nothing. `missing` wants the edited property empty."""

    q: str = ""
    kind: str = ""
    theme: str = ""
    phase: str = ""
    state: str = ""
    missing: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> LayerFilter:
        """Return the filter that an address or a form asks for; a state that there is not is none."""
        said = {name: given.get(name, "").strip()[:80] for name in cls.__dataclass_fields__}
        return cls(**said | {"state": said["state"] if said["state"] in STATES else ""})

    @property
    def values(self) -> dict[str, str]:
        """Return what it asks for, for an address or a form."""
        return {name: value for name, value in asdict(self).items() if value}

    def apply(self, store: Store, features: Iterable[Feature], column: Column) -> list[Feature]:
        """Return the features it leaves, in their order."""
        states = _states(store) if self.state else {}
        return [feature for feature in features if self._leaves(feature, column, states)]

    def _leaves(self, feature: Feature, column: Column, states: Mapping[str, str]) -> bool:
        words = self.q.casefold()
        return (
            self.kind in ("", feature.kind)
            and (not self.theme or self.theme in feature.themes)
            and (not self.phase or (feature.phase is not None and feature.phase.phase == self.phase))
            and (not self.state or states.get(feature.id, "plain") == self.state)
            and (not self.missing or column.value_of(feature.properties) in (None, "", [], {}))
            and (not words or any(words in text.casefold() for text in _texts(feature)))
        )


def _texts(feature: Feature) -> Iterable[str]:
    """Return what a text is looked for in: id, names and address."""
    return (feature.id, *filter(None, feature.name.values()), *feature.aliases, *filter(None, feature.address.values()))


def _states(store: Store) -> dict[str, str]:
    """Return by feature what waits for it: a draft, one in review, or a change that has its moment."""
    told = {revision.feature_id: "waiting" for revision in waiting(store)}
    drafts = open_drafts(store)
    return told | {draft.head.feature_id: draft.head.state for draft in reversed(drafts)}
