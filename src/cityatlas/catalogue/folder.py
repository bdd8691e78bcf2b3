"""Read a city's folder as it is without what staff publish; a file that has not changed is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ..city.basemap import BASE_FILES, Base, read_base
from ..city.figures import Figure, read_figures
from ..city.layers import LayerFile, Row, read_layer_file
from ..city.spec import City, LayerSpec, read_city
from ..errors import BrokenGeodata
from ..routing.network import FILE as PATHS
from ..routing.network import Network, read_network
from ..schema.faults import Fault
from ..schema.items import Attribution
from ..settings import Settings
from ..tiles.base_tiles import BaseTiles, part_base
from .step_cache import StepCache

T = TypeVar("T")
Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, eq=False)
class Folder:
    """Hold a city's folder: `tag` names its content, `layers` are the rows of each layer's file, `attributions`
    whose it is.

    `faults` are those of the basemap and the network. What is wrong with a row is told by it, and counts only while
    nothing published stands in its place.
    """

    tag: str
    city: City
    layers: Mapping[str, tuple[Row, ...]]
    base: Base
    base_tiles: BaseTiles
    network: Network
    figures: tuple[Figure, ...]
    faults: tuple[Fault, ...]
    figure_faults: tuple[Fault, ...]
    attributions: Mapping[str, tuple[Attribution, ...]]


def read_folder(settings: Settings, cache: StepCache) -> Folder:
    """Return what a folder holds. Raises BrokenGeodata when there is no city.toml to begin with."""
    folder = settings.geodata
    limits = {"max_bytes": settings.max_file_mb << 20, "max_features": settings.max_features}
    tag = folder_tag(folder, limits["max_bytes"], cache)  # first: a file that changes meanwhile gets another
    city = cache.once("city", lambda: read_city(folder), key=_stamp(folder / "city.toml"))

    def part(name: str, files: Sequence[str], empty: T, read: Callable[[], T]) -> tuple[T, tuple[Fault, ...]]:
        """Return a part of the folder and its faults."""
        key = tuple(_stamp(folder / file) for file in files)
        return cache.once(name, lambda: _read_part(read, empty), of=(city,), key=key)

    def file_of(spec: LayerSpec) -> LayerFile:
        path = folder / f"{spec.id}.geojson"
        step = ("rows", spec.id)
        return cache.once(step, lambda: read_layer_file(path, spec, city, **limits), of=(city,), key=_stamp(path))

    files = {spec.id: file_of(spec) for spec in city.layers}
    layers = {layer_id: file.rows for layer_id, file in files.items()}
    attributions = {layer_id: file.attributions for layer_id, file in files.items()}
    no_figures: tuple[Figure, ...] = ()
    base_files = [f"base/{group}.geojson" for group in BASE_FILES]
    base, base_faults = part("base", base_files, Base(), lambda: read_base(folder, city.extent, limits))
    nowhere = Network((), city.view.lon, city.view.lat)
    network, network_faults = part("network", [PATHS], nowhere, lambda: read_network(folder, city, **limits))
    figures, figure_faults = part(
        "figures", ["figures.json"], no_figures, lambda: read_figures(folder / "figures.json", limits["max_bytes"])
    )
    tiles = cache.once("base tiles", lambda: part_base(base), of=(base,))
    faults = (*base_faults, *network_faults)
    return Folder(tag, city, layers, base, tiles, network, figures, faults, figure_faults, attributions)


def folder_tag(folder: Path, max_bytes: int, cache: StepCache) -> str:
    """Return 12 letters that name the content of a geodata folder; what is too large to be read is left out."""
    digest = hashlib.sha256()
    for path in geodata_files(folder):
        if path.is_file() and path.stat().st_size <= max_bytes:
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(cache.once(("digest", path), lambda path=path: _digest(path), key=_stamp(path)))  # type: ignore[misc]
    return digest.hexdigest()[:12]


def geodata_files(folder: Path) -> list[Path]:
    """Return the files that a snapshot is made of, in a fixed order."""
    patterns = ("*.toml", "*.json", "*.geojson", "base/*.geojson", "photos/*")
    return sorted(p for pattern in patterns for p in folder.glob(pattern) if p.is_symlink() or p.is_file())


def copied_files(folder: Path) -> list[Path]:
    """Return the files that make a city wherever they are copied to: those of a snapshot, and its data dictionary."""
    return [path for path in (*geodata_files(folder), *sorted(folder.glob("*.md"))) if not path.is_symlink()]


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _stamp(path: Path) -> Stamp:
    """Return what changes with a file; None without one."""
    try:
        stat = path.lstat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _read_part(read: Callable[[], T], empty: T) -> tuple[T, tuple[Fault, ...]]:
    try:
        return read(), ()
    except BrokenGeodata as error:
        return empty, tuple(error.faults)
