"""Offer uploaded photos to the form of a feature, and take over what was said of one when it was uploaded."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ....city.photos import is_upload
from ....i18n import Language, say
from ....store import Store
from ....store.media import find_photo, photo_choices
from ...http.snapshots import snapshot

FILE = re.compile(r"(photos\.\d{1,6})\.file")
MOST_CHOICES = 1_000  # more would make the form heavy; the newest come first


def offered_photos(store: Store, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the names and words of photos to choose from: uploads, then those of the city's folder in use."""
    uploads = [(photo.name, f"{say(photo.alt, language)} · {photo.credit}") for photo in photo_choices(store)]
    in_use = (photo.file for feature in snapshot().features.values() for photo in feature.photos)
    return (*uploads, *((name, name) for name in dict.fromkeys(in_use) if not is_upload(name)))[:MOST_CHOICES]


def with_photo_words(store: Store, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with the words and credit of each uploaded photo where they were left empty."""
    filled = dict(fields)
    for name, value in fields.items():
        row = FILE.fullmatch(name)
        photo = find_photo(store, value) if row and is_upload(value) else None
        if row and photo:
            said = {"alt.zh": photo.alt_zh, "alt.en": photo.alt_en, "credit": photo.item["credit"]}
            empty = {
                f"{row[1]}.{key}": text for key, text in said.items() if not fields.get(f"{row[1]}.{key}", "").strip()
            }
            filled |= empty
    return filled
