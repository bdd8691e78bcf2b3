"""Say in the reader's language what the checks of data found: their sentences are for those who keep the files."""

from __future__ import annotations

import re

from ..uploads.limits import Fault, fault
from .columns import Column
from .headings import ID

_GIVEN = r'(?P<given>"(?:[^"\\]|\\.)*(?:"|\.\.\.)|\S+)'
_FORMS = "is not a list|is not a text|may only hold|is neither|say true or false|no properties|only zh and en"
# What a sentence of checks.py, values.py or geojson.py holds, and the key of what to say instead; the first that fits.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"^\w+ is missing$|is empty in every language", "files.required"),
    (r"has no source;", "files.check_source"),
    (rf"has the source {_GIVEN}, which is not the title", "files.unknown_source"),
    (r"letters long, the limit is (?P<most>\d+)", "files.check_long"),
    (r"holds a control character", "files.check_control"),
    (rf"{_GIVEN} is not (?:a phase|a kind|one of|in \[themes\])", "files.check_choice"),
    (rf"{_GIVEN} is not a month", "files.not_month"),
    (rf"{_GIVEN} is not a date", "files.not_date"),
    (r"before it begins", "files.check_ends"),
    (r"before the phase above it", "files.check_order"),
    (r"is not a whole number of minutes", "files.check_minutes"),
    (r"accuracy_m .* is not whole metres", "files.check_accuracy"),
    (r"located_by is missing", "files.check_located_by"),
    (r"source is missing; a position", "files.check_position_source"),
    (r"is not a (?:whole )?number from|is not a number above zero", "files.check_number"),
    (rf"{_GIVEN} is not an http or https address", "files.check_url"),
    (r"has no plain file name", "files.check_photo"),
    (r"has no alt text", "files.check_alt"),
    (r"has no title; each source", "files.check_title"),
    (r"are \d+, but \d+ stops need", "files.check_legs"),
    (r"stops with legs that are all by boat", "files.check_boat"),
    (r"^sailings times|departures .* are not times|days .* are not OSM days", "files.check_times"),
    (_FORMS, "files.check_form"),
    (r"^opening_hours ", "files.check_hours"),
    (r"is not known", "files.check_unknown"),
    (r"ring is not closed|ring has \d+ positions", "files.shape_open"),
    (r"geometry is not valid", "files.shape_crosses"),
    (r"has no extent|geometry is empty", "files.no_geometry"),
    (r"coordinates do not make|is not two numbers", "files.shape_numbers"),
)
_WORDS = tuple((re.compile(pattern), key) for pattern, key in _SENTENCES)


def said(told: str, where: str, columns: tuple[Column, ...] = ()) -> Fault:
    """Return what a check told as a fault of a feature, with the column of the property that it begins with."""
    property_name = told.split(" ", 1)[0]
    keys = [column.key for column in columns if column.key != ID and column.path[0] == property_name]
    column = keys[0] if keys else ""
    for pattern, key in _WORDS:
        if match := pattern.search(told):
            values = {name: value.strip('"') for name, value in match.groupdict().items() if value}
            return fault(key, where, "", column, **values)
    return fault("files.other_fault", where, "", column, fault=told)
