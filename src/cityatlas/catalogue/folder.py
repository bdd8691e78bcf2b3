"""Read a city's folder as it is without what staff publish, and keep each version of it.

A file that has not changed is not read again. A version is a small file that names its moment and lists the folder's
files by the SHA-256 of what they hold; beside it lies each content once. All of it is in `CITYATLAS_VAR/geodata`, and
nothing in it is ever changed or deleted, so that a past day can be rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TypeVar

from ..city.basemap import BASE_FILES, Base, read_base
from ..city.figures import Figure, read_figures
from ..city.layers import LayerFile, Row, read_layer_file
from ..city.photos import write_photo as write_once
from ..city.spec import City, LayerSpec, read_city
from ..errors import BrokenGeodata
from ..routing.network import FILE as PATHS
from ..routing.network import Network, read_network
from ..schema.faults import Fault
from ..schema.items import Attribution
from ..settings import Settings
from ..tiles.base_tiles import BaseTiles, part_base
from ..versioning.content import canonical
from .step_cache import StepCache

T = TypeVar("T")
Stamp = tuple[int, int, int] | None
TAG_LETTERS = 12


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
    held = [path for path in geodata_files(folder) if path.is_file() and path.stat().st_size <= max_bytes]
    return _tag(
        (str(path.relative_to(folder)), cache.once(("digest", path), lambda path=path: _digest(path), key=_stamp(path)))  # type: ignore[misc]
        for path in held
    )


def _tag(digests: Iterable[tuple[str, bytes]]) -> str:
    """Return the tag of files in their order, by name and SHA-256. Addresses of others hold it: it stays as it is."""
    digest = hashlib.sha256()
    for name, content in digests:
        digest.update(f"{name}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:TAG_LETTERS]


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


@dataclass(frozen=True)
class Version:
    """Hold a version of a folder: when it was first seen (as the store writes moments), and its files' digests."""

    moment: str
    files: Mapping[str, str]

    @cached_property
    def tag(self) -> str:
        """Return the tag of the folder that it was kept of; one with links or too large files had another."""
        names = sorted((name for name in self.files if not name.endswith(".md")), key=PurePath)
        return _tag((name, bytes.fromhex(self.files[name])) for name in names)


def keep_folder(var: Path, folder: Path, moment: str) -> None:
    """Keep a folder as it is now, unless it is as it was kept last. Raises OSError when that cannot be done."""
    held = {str(path.relative_to(folder)): path.read_bytes() for path in copied_files(folder)}
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(held.items())}
    known = versions(var)
    if known and known[-1].files == files:
        return
    goal, there = var / "geodata", {digest for version in known for digest in version.files.values()}
    write_once(goal, {files[name]: content for name, content in held.items() if files[name] not in there})
    write_once(goal, {f"{moment.replace(':', '')}.json": canonical({"moment": moment, "files": files}).encode()})


def versions(var: Path) -> list[Version]:
    """Return the versions that are kept, oldest first."""
    told = (json.loads(path.read_text("utf-8")) for path in (var / "geodata").glob("*.json"))
    return sorted((Version(**row) for row in told), key=lambda version: version.moment)


def version_at(var: Path, moment: str) -> Version | None:
    """Return the version that a server saw at a moment, the first one for a moment before it; None without any."""
    return version_among(versions(var), moment)


def version_among(known: Sequence[Version], moment: str) -> Version | None:
    """Return the same of versions that are known already, oldest first."""
    seen = [version for version in known if version.moment <= moment]
    return seen[-1] if seen else next(iter(known), None)


def lay_out(var: Path, version: Version, goal: Path) -> None:
    """Lay the files of a version into a folder, to be read only: on one disk they are the very files that are kept."""
    for name, digest in version.files.items():
        (goal / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(var / "geodata" / digest, goal / name)
        except OSError:  # another disk, or one without links
            shutil.copyfile(var / "geodata" / digest, goal / name)
