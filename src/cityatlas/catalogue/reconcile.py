"""Make of what is published what can be shown: one change that no longer fits must not take the others down.

Publishing refuses what does not fit. It can come about all the same: a folder that changed under the store, an end
that came, two people in one moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..city.layers import Feature
from ..city.photos import find_photo, photo_folders
from ..i18n import Language, translate
from ..schema.faults import Fault, printable
from ..schema.items import Attributes
from ..settings import Settings
from ..versioning.content import Json
from .catalogue import Catalogue, build_catalogue, laid_rows
from .cross_checks import datum_twins, needs
from .folder import Folder, read_folder
from .step_cache import StepCache
from .store_watch import NOTHING, Overlay

Folders = tuple[Path, Path]


@dataclass(frozen=True)
class Trouble:
    """Say why a published feature is not shown as staff left it; `other` is what does not go with it.

    `faults` are what is wrong with the feature itself. Without a feature the whole overlay is meant.
    """

    rule: str
    feature: str = ""
    other: str = ""
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return self._filled("en", [str(found.of("")) for found in self.faults])

    def sentence(self, language: Language) -> str:
        """Return it for people."""
        return self._filled(language, [found.sentence(language) for found in self.faults])

    def _filled(self, language: Language, faults: Sequence[str]) -> str:
        other = "; ".join(faults) or printable(self.other)
        return translate(f"store.trouble_{self.rule}", language, feature=printable(self.feature), other=other)


def build_shown(
    settings: Settings, overlay: Overlay = NOTHING, cache: StepCache | None = None
) -> tuple[Catalogue, tuple[Trouble, ...]]:
    """Return the snapshot of a folder with as much of an overlay as fits, and what does not.

    Raises BrokenGeodata for faults of the folder itself.
    """
    cache, troubles = cache or StepCache(), tuple[Trouble, ...]()
    if overlay.rows or overlay.hidden or overlay.damaged:
        overlay, troubles = reconcile(overlay, read_folder(settings, cache), photo_folders(settings), cache)
    return build_catalogue(settings, overlay, cache), troubles


def reconcile(
    overlay: Overlay, folder: Folder, photos: Folders, cache: StepCache
) -> tuple[Overlay, tuple[Trouble, ...]]:
    """Return as much of an overlay as can be shown together, and what that costs.

    What does not fit is left out, and geodata/ stands in for it; what something else still needs goes on being shown.
    `photos` are the folders that photos lie in.
    """
    troubles = [Trouble("damaged", key, str(number)) for key, number in overlay.damaged]
    finders = (_unsound, _without_photos, _unfit)  # from the first again: what is needed may have become unsound
    while found := next(filter(None, (list(find(overlay, folder, photos, cache)) for find in finders)), []):
        overlay = _mended(overlay, found)
        troubles += found
    return overlay, tuple(troubles)


def _mended(overlay: Overlay, troubles: Sequence[Trouble]) -> Overlay:
    """Return an overlay without what was found to be wrong in it."""
    rows, hidden = dict(overlay.rows), set(overlay.hidden)
    for trouble in troubles:
        key = trouble.feature
        if trouble.rule == "photo":
            rows[key] = (rows[key][0], _without_photo(rows[key][1], trouble.other))
        elif trouble.rule.startswith("needed"):
            hidden.discard(key)
            rows |= {key: overlay.last[key]} if key in overlay.last else {}
        else:
            rows.pop(key, None)
    return replace(overlay, rows=rows, hidden=frozenset(hidden), is_whole=False)


def _without_photo(row: Json, file: str) -> Json:
    properties = row["properties"]
    photos = [photo for photo in properties["photos"] if photo["file"] != file]
    return row | {"properties": properties | {"photos": photos}}


def _unsound(overlay: Overlay, folder: Folder, _: Folders, cache: StepCache) -> Iterator[Trouble]:
    """Yield the features that this city refuses, say of a kind that it no longer has."""
    for key, (layer, _row) in overlay.rows.items():
        if layer not in folder.layers:
            yield Trouble("layer", key, layer)
    for layer in folder.layers:
        for row in laid_rows(folder, layer, overlay, cache):
            if row.faults and row.id in overlay.rows:
                yield Trouble("unsound", row.id, faults=row.faults)


def _without_photos(overlay: Overlay, _: Folder, photos: Folders, __: StepCache) -> Iterator[Trouble]:
    """Yield the photos whose files lie in none of the folders, as when uploads were not copied along."""
    for key, (_layer, row) in overlay.rows.items():
        for photo in Attributes.of(row["properties"]).photos:
            if not find_photo(photo.file, photos):
                yield Trouble("photo", key, photo.file)


def _unfit(overlay: Overlay, folder: Folder, _: Folders, cache: StepCache) -> list[Trouble]:
    """Return what of an overlay does not go with the rest: first what others need, then what needs others in vain."""
    rows = [row for layer in folder.layers for row in laid_rows(folder, layer, overlay, cache)]
    features = {row.id: row.feature for row in rows if row.feature}
    wanted = [(key, kind, by) for key, kind, by in needs(folder.city, features, folder.figures) if key not in features]
    needed = {key: Trouble(f"needed_{kind}", key, by) for key, kind, by in wanted if key in overlay.hidden}
    if needed:
        return list(needed.values())
    vain = {by: Trouble("stop", by, key) for key, kind, by in wanted if kind == "stop"}
    vain |= {trouble.feature: trouble for trouble in _at_odds(overlay, folder, features)}
    return [trouble for key, trouble in vain.items() if key in overlay.rows]


def _at_odds(overlay: Overlay, folder: Folder, features: Mapping[str, Feature]) -> Iterator[Trouble]:
    """Yield features whose id was withdrawn, that name a figure that is not there, or stand off their own twin."""
    figures = {figure.id for figure in folder.figures}
    for key, feature in features.items():
        yield from (Trouble("figure", key, name) for name in feature.figures if name not in figures)
        if key in folder.city.retired:
            yield Trouble("retired", key)
    places = {key: place for place, key in enumerate(overlay.rows)}
    for pair in datum_twins(features.values()):
        older, later = sorted((pair[0].id, pair[1].id), key=lambda key: places.get(key, -1))
        yield Trouble("twin", later, older)
