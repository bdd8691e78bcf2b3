"""Say which revision each feature of a layer stands at, and turn what a sheet changes into drafts on top of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue.catalogue import Catalogue
from ..catalogue.folder_export import content_of_feature
from ..city.layers import Feature, Layer, read_feature
from ..errors import BrokenGeodata, UnknownRevision
from ..exchange.incoming.sheet_rows import SheetDifference
from ..exchange.layers.sheets import content_version
from ..i18n import Text
from ..store import Edit, Revision, Store, drafted_ids, published
from ..store.log import revisions
from ..versioning.content import Content, Json, content_of_row, row_of

NUMBERED = re.compile(r"r(\d{1,15})")
Begun = tuple[Edit, Content | None]  # an edit, and what geodata/ said where it began from that


@dataclass(frozen=True)
class LayerState:
    """Hold a layer as visitors see it, and the published revision of each feature that has one."""

    store: Store
    catalogue: Catalogue
    layer: Layer
    published: Mapping[str, Revision]

    @property
    def versions(self) -> dict[str, str]:
        """Return a name for what each feature says now: r12 for a revision; those of geodata/ are named by content."""
        return {feature.id: self.version_of(feature) for feature in self.layer.features}

    def version_of(self, feature: Feature) -> str:
        """Return the same for one feature."""
        revision = self.published.get(feature.id)
        if revision and revision.content == content_of_feature(feature):
            return f"r{revision.number}"
        return content_version(feature)

    @property
    def taken(self) -> dict[str, str]:
        """Return the layer of every id that is in use in the city, those of drafts among them."""
        drafted = dict.fromkeys(drafted_ids(self.store), self.layer.spec.id)
        return drafted | {feature.id: feature.layer for feature in self.catalogue.features.values()}

    def base_of(self, feature_id: str, version: str) -> Feature | None:
        """Return a feature as it was in a version that a sheet names, or None when that is not known."""
        if found := NUMBERED.fullmatch(version):
            return self._at(feature_id, int(found[1]))
        with self.store.reading() as connection:
            origins = revisions.origins_of(connection, feature_id)
        features = (self._feature(feature_id, content) for content in origins)
        return next((feature for feature in features if feature and content_version(feature) == version), None)

    def _at(self, feature_id: str, number: int) -> Feature | None:
        try:
            with self.store.reading() as connection:
                revision = revisions.read(connection, number)
        except UnknownRevision:
            return None
        is_own = revision.feature_id == feature_id and revision.branch is None
        return self._feature(feature_id, revision.content) if is_own else None

    def _feature(self, feature_id: str, content: Content) -> Feature | None:
        try:
            return read_feature(row_of(feature_id, content), 1, self.layer.spec, self.catalogue.city)
        except BrokenGeodata:  # the city no longer has its kind, say
            return None

    def contents(self, difference: SheetDifference) -> Iterator[tuple[str, Content]]:
        """Yield what a sheet makes of each feature of the layer that it changes, by its id."""
        yield from ((str(row["id"]), content_of_row(self.layer.spec.id, row)) for row in difference.edited)

    def edits(self, difference: SheetDifference, author: str, comment: str) -> Iterator[Begun]:
        """Yield the drafts that a sheet's changes make, each on what its writer saw."""
        for row in difference.edited:
            feature_id = str(row["id"])
            is_stale = feature_id in difference.stale
            now = self.version_of(self.catalogue.features[feature_id])
            version = now if is_stale else difference.based_on[feature_id]
            content = content_of_row(self.layer.spec.id, row)
            if found := NUMBERED.fullmatch(version):
                yield Edit(feature_id, content, author, int(found[1]), comment), None
            else:
                base = None if version == now else self.base_of(feature_id, version)
                origin = content_of_feature(base or self.catalogue.features[feature_id])
                yield Edit(feature_id, content, author, 0, comment), origin
        yield from new_edits([new.feature for new in difference.new], self.layer.spec.id, author, comment)


def new_edits(features: Sequence[Json], layer: str, author: str, comment: str) -> Iterator[Begun]:
    """Yield the drafts of new features, given as GeoJSON."""
    for row in features:
        yield Edit(str(row["id"]), content_of_row(layer, row), author, 0, comment), None


def names_of(edits: Iterable[Begun]) -> dict[str, Text]:
    """Return what the features of edits are called, by id."""
    return {edit.feature_id: edit.content.attributes.name for edit, _ in edits}


def read_state(store: Store, catalogue: Catalogue, layer_id: str) -> LayerState:
    """Return how a layer stands. Raises UnknownLayer."""
    layer = catalogue.layer(layer_id)
    shown = {revision.feature_id: revision for revision in published(store).shown}
    return LayerState(store, catalogue, layer, shown)
