"""Write all that is published into one file: the name's ending says which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..catalogue.catalogue import Catalogue
from ..errors import InvalidValue
from ..exchange.layers.about import Part, open_layers
from ..exchange.layers.open_data import writer_of
from ..handouts.map_file import left_out, write_map
from ..handouts.tile_archive import write_archive
from ..i18n import LANGUAGES, Language, say

MOST_KB = 700  # of the map in one file: what still goes by e-mail and opens on a phone at once
Write = Callable[[Catalogue, Language, Collection[str], str], "Made"]


@dataclass(frozen=True)
class Made:
    """Hold the bytes of a file, and in words what the city has and it has not."""

    content: bytes
    left_out: str = ""


def is_file(out: Path) -> bool:
    """Return whether a name's ending asks for a file; any other name is a folder's."""
    return out.suffix.lower() in ENDINGS


def export_file(
    catalogue: Catalogue, out: Path, language: Language, layers: Collection[str], root: str
) -> tuple[int, int, str]:
    """Write a file; return its bytes, its features, and what was left out. What is staff's alone is not in it.

    `layers` are those that are in it, all when there are none; `root` is the site's address or "". Raises InvalidValue
    when something is there already, when it cannot be written, and when a map would be too large, and UnknownLayer.
    """
    if out.exists():
        raise InvalidValue(f"{out} is there already", "Name a file that is not there yet.")
    made = ENDINGS[out.suffix.lower()](catalogue, language, layers, root)
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise InvalidValue(f"{out} cannot be written: {error.strerror}", "Name another file.") from None
    count = sum(len(catalogue.layers[layer].features) for layer in layers or catalogue.layers)
    return len(made.content), count, made.left_out


def _data(suffix: str, catalogue: Catalogue, language: Language, layers: Collection[str], root: str) -> Made:
    chosen = [catalogue.layer(layer) for layer in layers or catalogue.layers]
    title = say(catalogue.city.title, language).text
    part = Part(catalogue.city, open_layers(chosen), title, root, f"/{language}/", language)
    return Made(writer_of("city", suffix)(part))


def _map(catalogue: Catalogue, language: Language, layers: Collection[str], root: str) -> Made:
    """Return the map with a switch to the other language, unless that would make it too large."""
    page, other = write_map(catalogue, language, layers, root, has_both=True).encode(), None
    if len(page) > MOST_KB * 1_000:
        page = write_map(catalogue, language, layers, root).encode()
        other = next(code for code in LANGUAGES if code != language)
    if len(page) > MOST_KB * 1_000:
        told = f"The map would have {len(page) // 1_000} KB, the most is {MOST_KB}."
        raise InvalidValue(told, "Choose some layers: --layers A,B")
    return Made(page, left_out(catalogue, "en", layers, other=other))


def _tiles(catalogue: Catalogue, _: Language, layers: Collection[str], __: str) -> Made:
    return Made(write_archive(catalogue, [catalogue.layer(layer) for layer in layers or catalogue.layers]))


ENDINGS: Mapping[str, Write] = {
    ".html": _map,
    ".pmtiles": _tiles,
    **{f".{suffix}": partial(_data, suffix) for suffix in ("gpkg", "geojson", "xlsx", "zip")},
}
