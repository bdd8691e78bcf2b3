"""Give the programmes that a form adds their ids: nobody types them, and a plan's address names them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..search.slugs import make_slug

PROGRAMME = re.compile(r"(programmes\.\d{1,6})\.id")


def with_programme_ids(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with an id for each new programme, made from its title."""
    filled = dict(fields)
    for name, value in fields.items():
        row = PROGRAMME.fullmatch(name)
        title = {tag: fields.get(f"{row[1]}.title.{tag}", "").strip() for tag in ("zh", "en")} if row else {}
        if not value.strip() and any(title.values()):
            taken = {text for key, text in filled.items() if PROGRAMME.fullmatch(key)}
            filled[name] = make_slug(title, taken.__contains__)
    return filled
