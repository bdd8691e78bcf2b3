"""Say what people call a column of a sheet, by its key: a property's path as `summary.en`, or one of FRAME."""

from __future__ import annotations

from ...i18n import LANGUAGES, Language, translate
from ...schema.properties import properties
from ...schema.property_types import Described, Table

ID, VERSION, LON, LAT, SHAPE = "id", "version", "lon", "lat", "shape"
FRAME = (ID, VERSION, LON, LAT, SHAPE)  # columns that are no property


def heading_of(key: str, language: Language) -> str:
    """Return the heading of a column. Raises KeyError for one that there is not."""
    if key in FRAME:
        return translate(f"files.column_{key}", language)
    words = described(key).heading(language)
    tag = key.rpartition(".")[2]
    return translate(f"files.column_in_{tag}", language, heading=words) if tag in LANGUAGES else words


def described(key: str) -> Described:
    """Return the property of a column, or the member of a table. Raises KeyError for a column that there is not."""
    first, _, rest = key.partition(".")
    found = properties().by_key[first]
    if not isinstance(found.type, Table):
        return found
    return {member.key: member for member in found.members}[rest.partition(".")[0]]
