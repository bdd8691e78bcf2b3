"""Hold what a sheet would change: cells, new rows, what is missing, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...versioning.content import Json
from ..tables.cell_faults import FileFault


@dataclass(frozen=True)
class CellChange:
    """Hold one change: where, of which feature and column, from what to what.

    `given` is the cell as it stands in the sheet; `is_mended` says that it was read as something else, as
    2024/5/6 is as 2024-05-06.
    """

    cell: str
    feature_id: str
    column: str
    before: Any  # Any: what the property holds
    after: Any
    given: str
    is_mended: bool


@dataclass(frozen=True)
class NewRow:
    """Hold a feature that the layer does not have, as GeoJSON; `is_id_made` says that its id was made here."""

    row: int
    feature: Json
    is_id_made: bool

    @property
    def feature_id(self) -> str:
        """Return the id that it gets."""
        return str(self.feature["id"])


@dataclass(frozen=True)
class SheetDifference:
    """Hold what a sheet would change. `missing` are ids without a row: nothing is ever deleted for that.

    `stale` are ids that changed in the atlas since the sheet was written, without their old state at hand.
    `edited` are changed features whole, as GeoJSON, those without faults; `based_on` their versions in the sheet.
    """

    sheet: str
    changes: tuple[CellChange, ...] = ()
    faults: tuple[FileFault, ...] = ()
    new: tuple[NewRow, ...] = ()
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    edited: tuple[Json, ...] = ()
    based_on: Mapping[str, str] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def sound_changes(self) -> tuple[CellChange, ...]:
        """Return the changes of rows without a fault: those that are taken in."""
        edited = {row["id"] for row in self.edited}
        return tuple(change for change in self.changes if change.feature_id in edited)

    @property
    def is_empty(self) -> bool:
        """Return whether the sheet says nothing new and nothing wrong."""
        return not (self.changes or self.faults or self.new)
