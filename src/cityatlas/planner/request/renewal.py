"""Read the wish of a link that was made some time ago: what went since is left out, or what stands for it is put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import programme_of

SINGLE = ("start_at", "end_at", "route")
LISTS = ("must", "not", "keep", "order", "stay", "begin_at", "programme")
Lost = Literal["place_gone", "place_replaced", "programme_gone", "theme_gone"]


@dataclass(frozen=True)
class Renewal:
    """Hold one part of a wish that is no more: an old id, and the id of what is asked for instead, or empty."""

    kind: Lost
    old_id: str
    new_id: str = ""


def renewed(asked: Mapping[str, list[str]], catalogue: Catalogue) -> tuple[dict[str, list[str]], tuple[Renewal, ...]]:
    """Return the values of an address as they can be read today, and what was changed in them."""
    lost: dict[Renewal, None] = {}
    values = {key: ",".join(texts).split(",") for key, texts in asked.items() if key in (*SINGLE, *LISTS, "theme")}
    for key, texts in values.items():
        if key in SINGLE and len(texts) > 1:  # a point
            continue
        made = [_theme(text, catalogue, lost) if key == "theme" else _place(text, catalogue, lost) for text in texts]
        values[key] = [text for text in made if text]
    values["programme"], places = _programmes(values.get("programme", []), catalogue, lost)
    values["must"] = [*values.get("must", []), *places]
    joined = {key: [",".join(texts)] for key, texts in values.items() if texts}
    return {key: texts for key, texts in asked.items() if key not in values} | joined, tuple(lost)


def _place(text: str, catalogue: Catalogue, lost: dict[Renewal, None]) -> str:
    """Return a place's id, with what is said of it, under its present id; empty when nothing stands for it."""
    old_id, colon, said = text.partition(":")
    if old_id in catalogue.features or old_id not in catalogue.city.retired:
        return text
    new_id = catalogue.city.retired[old_id]
    lost[Renewal("place_replaced" if new_id else "place_gone", old_id, new_id)] = None
    return f"{new_id}{colon}{said}" if new_id else ""


def _theme(text: str, catalogue: Catalogue, lost: dict[Renewal, None]) -> str:
    theme = text.partition(":")[0]
    if theme in catalogue.city.themes:
        return text
    lost[Renewal("theme_gone", theme)] = None
    return ""


def _programmes(texts: list[str], catalogue: Catalogue, lost: dict[Renewal, None]) -> tuple[list[str], list[str]]:
    """Return the programmes that there are, and the places of the others, which stay musts."""
    kept, places = [], []
    for text in texts:
        place, _, programme = text.partition(":")
        if place in catalogue.features and programme_of(catalogue.features[place], programme) is None:
            lost[Renewal("programme_gone", place)] = None
            places.append(place)
        else:
            kept.append(text)
    return kept, places
