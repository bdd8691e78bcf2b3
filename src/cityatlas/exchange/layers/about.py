"""Say what a file that goes out is, whose its data are, and how far its positions can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...city.basemap import distinct
from ...city.layers import Layer
from ...city.spec import City
from ...i18n import Language, say, translate
from ...schema.items import Attribution
from ...schema.strict_json import JsonTable
from ...tiles.geojson import STAFF_ONLY


@dataclass(frozen=True)
class Part:
    """Hold what a file is about: layers with those of their features that are in it, and how it is called.

    `root` is the address of the site without a slash at its end, `path` that of the part's page below it.
    """

    city: City
    layers: tuple[Layer, ...]
    title: str
    root: str
    path: str
    language: Language

    @property
    def credits(self) -> tuple[Attribution, ...]:
        """Return whose the data are, each once."""
        return distinct([one for layer in self.layers for one in layer.credits])

    @property
    def count(self) -> int:
        """Return how many features it has."""
        return sum(len(layer.features) for layer in self.layers)


def open_layers(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return layers without the properties that are staff's alone."""
    if not STAFF_ONLY:
        return tuple(layers)
    return tuple(
        replace(
            layer,
            features=tuple(
                replace(f, properties={key: value for key, value in f.properties.items() if key not in STAFF_ONLY})
                for f in layer.features
            ),
        )
        for layer in layers
    )


def told_table(root: str, path: str, credits: Iterable[Attribution]) -> JsonTable:
    """Return what JSON says of itself: its page below `root`, and whose the data are."""
    rows = [{"text": dict(one.text), "licence_url": one.url or None} for one in credits]
    return {"page": root + path, "terms": f"{root}/about#terms", "credits": rows}


def about_rows(part: Part) -> list[tuple[str, str]]:
    """Return what a file says of itself: a label and a text each."""

    def words(key: str) -> str:
        return translate(f"formats.about_{key}", part.language)

    rows = [(words("title"), part.title), (words("page"), part.root + part.path)]
    rows += [(words("credit"), " ".join((say(one.text, part.language).text, one.url)).strip()) for one in part.credits]
    rows += [(words("terms"), f"{part.root}/about#terms")]
    return [*rows, (words("crs"), words("crs_text")), (words("positions"), words("positions_text"))]


def about_text(part: Part, *more: str) -> bytes:
    """Return the same as a text file, which Windows' own editor reads too; `more` are paragraphs below it."""
    lines = [f"{label}: {text}" for label, text in about_rows(part)]
    text = "\n".join([*lines, *(f"\n{paragraph}" for paragraph in more), ""])
    return text.replace("\n", "\r\n").encode("utf-8-sig")
