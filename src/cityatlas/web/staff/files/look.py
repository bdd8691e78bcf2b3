"""Look at a file that somebody handed in: what it would change or add, before anything is kept."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import get_args

from ....city.layers import Feature, read_feature
from ....editing.layer_state import Begun, LayerState, new_edits
from ....errors import BrokenGeodata
from ....exchange.incoming.new_features import ImportChoices, ImportedFeatures, suggest_mapping, to_features
from ....exchange.incoming.shape_comparison import compare_shapes
from ....exchange.incoming.sheet_comparison import read_sheet
from ....exchange.incoming.sheet_rows import SheetDifference
from ....exchange.tables.headings import SHAPE
from ....exchange.uploads.limits import check_size, check_zip, is_zip, refusal
from ....exchange.uploads.sandbox import Progress
from ....exchange.uploads.shapes import Imported, format_of, read_upload
from ....geo.datum import Datum
from ....versioning.content import Json, canonical, digest_of
from .uploads import Upload

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an XLS begins
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")  # how PNG, JPEG, GIF and TIFF begin
BOXES = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypavif")  # after four bytes: HEIC and AVIF
XML = (b"<", b"\xef\xbb\xbf<")


@dataclass(frozen=True)
class LookedAt:
    """Hold what a file says: its difference from the layer, and of a file of shapes the new features it makes."""

    state: LayerState
    difference: SheetDifference
    imported: Imported | None = None
    choices: ImportChoices | None = None
    features: ImportedFeatures = field(default_factory=ImportedFeatures)

    @property
    def digest(self) -> str:
        """Return what names all that would be taken in, so that nobody takes in what they did not see."""
        rows = [*self.difference.edited, *(new.feature for new in self.difference.new), *self.features.features]
        return digest_of(canonical(rows))

    def edits(self, author: str, comment: str, left: Container[str] = ()) -> Iterator[Begun]:
        """Yield the drafts that it makes, but for new features of a file of shapes that are `left` out."""
        yield from self.state.edits(self.difference, author, comment)
        wanted = [row for row in self.features.features if row["id"] not in left]
        yield from new_edits(wanted, self.state.layer.spec.id, author, comment)

    @property
    def offered(self) -> list[Feature]:
        """Return the new features of a file of shapes, those that the city seems to have already first."""
        made = self._read(self.features.features)
        return sorted(made, key=lambda feature: feature.id not in self.features.twins)

    @property
    def drawn(self) -> list[Feature]:
        """Return the features of a file of shapes that are new or lie elsewhere, to be drawn."""
        moved = {change.feature_id for change in self.difference.sound_changes if change.column == SHAPE}
        rows = [row for row in self.difference.edited if row["id"] in moved] if self.imported else []
        return self._read([*self.features.features, *rows])

    def _read(self, rows: Iterable[Json]) -> list[Feature]:
        city, spec, found = self.state.catalogue.city, self.state.layer.spec, []
        for row in rows:
            try:
                found.append(read_feature(row, 1, spec, city))
            except BrokenGeodata:  # told when it is published
                continue
        return found


def is_sheet(raw: bytes) -> bool:
    """Return whether a file is a table rather than a map's; only its beginning and a zip's directory are looked at.

    Raises FileTooLarge or InvalidFile for what is neither.
    """
    check_size(len(raw))
    if raw.startswith(PICTURES) or raw[4:12].startswith(BOXES) or raw[8:12] == b"WEBP":
        raise refusal("files.picture")
    if raw.startswith(OLE):
        return True
    if is_zip(raw) and any(entry.filename == "xl/workbook.xml" for entry in check_zip(raw)):
        return True
    if is_zip(raw) or raw.lstrip()[:4].startswith((*XML, b"{", b"[")):
        format_of(raw)
        return False
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal("files.unknown_format")
    return True


def look_at(upload: Upload, raw: bytes, state: LayerState, day: str, progress: Progress) -> LookedAt:
    """Return what a file would change, by what its owner chose so far.

    Raises FileTooLarge or InvalidFile when it cannot be used as a whole.
    """
    city = state.catalogue.city
    if upload.is_sheet:
        difference = read_sheet(
            raw,
            state.layer,
            city,
            taken=state.taken,
            versions=state.versions,
            base_of=state.base_of,
            cures=upload.choices.get("cures"),
            progress=progress,
        )
        return LookedAt(state, difference)
    imported = read_upload(raw, upload.file, progress)
    choices = _choices(upload, imported, state, day)
    difference, known = compare_shapes(imported, state.layer, city, choices, state.versions, state.base_of, progress)
    existing = state.catalogue.features.values()
    spec, taken = state.layer.spec, state.taken
    features = to_features(
        imported, spec, city, choices, taken=taken, existing=existing, known=known, progress=progress
    )
    return LookedAt(state, difference, imported, choices, features)


def _choices(upload: Upload, imported: Imported, state: LayerState, day: str) -> ImportChoices:
    """Return what the owner chose; before they did, what the names of the columns suggest."""
    chosen = upload.choices
    mapping = chosen.get("mapping")
    if mapping is None:
        mapping = suggest_mapping(imported, state.layer.spec, state.catalogue.city)
    known = {ours: theirs for ours, theirs in mapping.items() if theirs in imported.columns}
    return ImportChoices(
        known,
        day,
        next((datum for datum in get_args(Datum) if datum == chosen.get("datum")), "WGS-84"),
        "approximate" if chosen.get("position_class") == "approximate" else "schematic",
        chosen.get("accuracy_m"),
        chosen.get("kind", ""),
    )
