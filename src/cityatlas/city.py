"""Read city.toml: what the city is called, how it is shown, and what its layers may hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from .errors import BrokenGeodata
from .geo import Bbox
from .i18n import Text

Shape = Literal["circle", "square", "diamond", "hexagon", "shield", "pentagon"]
Role = Literal["", "route", "area", "stop"]
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TILE_URL = re.compile(r"https://[A-Za-z0-9.{}-]+(/[A-Za-z0-9._~/?&=,{}-]*)?")


@dataclass(frozen=True)
class LayerSpec:
    """Describe one layer: `id` names its file, `shape` and `colour` its marks, `kinds` what it may hold."""

    id: str
    title: Text
    group: str
    colour: str
    shape: Shape
    kinds: tuple[str, ...]
    visible: bool = True


@dataclass(frozen=True)
class Kind:
    """Describe a kind of feature; `role` says what the program does with it beside showing it."""

    title: Text
    icon: str
    role: Role = ""


@dataclass(frozen=True)
class Basemap:
    """Describe a tiled basemap of somebody else, with the datum that its tiles are drawn in."""

    id: str
    title: Text
    datum: Literal["WGS-84", "GCJ-02", "BD-09"]
    tiles: tuple[str, ...]
    subdomains: str
    attribution: Text
    max_zoom: int
    enabled: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the origins that a page may ask for tiles, for the content security policy."""
        names = [url.split("/")[2] for url in self.tiles]
        return tuple(sorted({f"https://{n.replace('{s}', s)}" for n in names for s in self.subdomains or " "}))


@dataclass(frozen=True)
class Organiser:
    """Name who answers for the map, and the numbers that Chinese law wants on it."""

    name: Text = field(default_factory=dict)
    contact: str = ""
    map_approval: str = ""
    icp: str = ""
    police: str = ""


@dataclass(frozen=True)
class View:
    """Say where a map looks: a centre in WGS-84 degrees and a Web Mercator zoom."""

    lon: float
    lat: float
    zoom: float


@dataclass(frozen=True)
class City:
    """Hold city.toml; `extent` is (west, south, east, north) in WGS-84 degrees."""

    id: str
    title: Text
    tagline: Text
    timezone: str
    holidays: str | None
    extent: Bbox
    view: View
    min_zoom: int
    max_zoom: int
    organiser: Organiser
    layers: tuple[LayerSpec, ...]
    groups: Mapping[str, Text]
    kinds: Mapping[str, Kind]
    themes: Mapping[str, Text]
    basemaps: tuple[Basemap, ...]
    retired: Mapping[str, str]

    def layer(self, layer_id: str) -> LayerSpec | None:
        """Return a layer by id, or None."""
        return next((spec for spec in self.layers if spec.id == layer_id), None)


def read_city(folder: Path) -> City:
    """Return the city of a geodata folder.

    Raises BrokenGeodata with every fault when city.toml is missing, is not TOML or holds what cannot be used.
    """
    path = folder / "city.toml"
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise BrokenGeodata([f"{path}: not found. Each city's folder needs a city.toml."]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrokenGeodata([f"{path.name}: not readable as TOML in UTF-8: {error}"]) from None
    try:
        city = _city(table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        cause = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise BrokenGeodata([f"{path.name}: {cause}. README.md in geodata/ lists the keys."]) from None
    if faults := [f"{path.name}: {fault}" for fault in _faults(city)]:
        raise BrokenGeodata(faults)
    return city


def _city(table: dict[str, Any]) -> City:  # Any: what TOML holds is not known yet
    city = table["city"]
    west, south, east, north = (float(edge) for edge in city["extent"])
    return City(
        id=city["id"],
        title=city["title"],
        tagline=city.get("tagline", {}),
        timezone=city["timezone"],
        holidays=city.get("holidays"),
        extent=(west, south, east, north),
        view=View(**city["view"]),
        min_zoom=int(city["zoom"]["min"]),
        max_zoom=int(city["zoom"]["max"]),
        organiser=Organiser(**table.get("organiser", {})),
        layers=tuple(LayerSpec(**spec | {"kinds": tuple(spec["kinds"])}) for spec in table["layers"]),
        groups=table["groups"],
        kinds={key: _kind(key, kind) for key, kind in table["kinds"].items()},
        themes=table.get("themes", {}),
        basemaps=tuple(Basemap(**b | {"tiles": tuple(b["tiles"])}) for b in table.get("basemaps", [])),
        retired=table.get("retired", {}),
    )


def _kind(key: str, table: dict[str, Any]) -> Kind:  # Any: what TOML holds is not known yet
    title = {tag: text for tag, text in table.items() if tag in ("zh", "en")}
    return Kind(title=title, icon=table.get("icon", key), role=table.get("role", ""))


def _faults(city: City) -> list[str]:
    """Return what cannot be used; ids and colours reach folium and scripts, so only plain ones may pass."""
    slugs = [spec.id for spec in city.layers] + [base.id for base in city.basemaps]
    slugs += [*city.groups, *city.kinds, *city.themes, *(kind.icon for kind in city.kinds.values()), city.id]
    faults = [f'"{slug}" is not a plain id (a-z, 0-9, - and _)' for slug in slugs if not SLUG.fullmatch(slug)]
    for spec in city.layers:
        if not COLOUR.fullmatch(spec.colour):
            faults.append(f'layer "{spec.id}": colour "{spec.colour}" is not like #1f5f99')
        if spec.shape not in get_args(Shape):
            faults.append(f'layer "{spec.id}": shape "{spec.shape}" is not one of {", ".join(get_args(Shape))}')
        if spec.group not in city.groups:
            faults.append(f'layer "{spec.id}": group "{spec.group}" is not in [groups]')
        faults += [f'layer "{spec.id}": kind "{k}" is not in [kinds]' for k in spec.kinds if k not in city.kinds]
    for base in city.basemaps:
        faults += [f'basemap "{base.id}": "{url}" is not a tile address' for url in base.tiles if not TILE_URL.fullmatch(url)]
    texts = [city.title, *(s.title for s in city.layers), *(k.title for k in city.kinds.values()), *city.themes.values()]
    faults += [f"a title lacks zh or en: {dict(text)}" for text in texts if not (text.get("zh") and text.get("en"))]
    if len(set(slugs[: len(city.layers)])) < len(city.layers):
        faults.append("two layers have the same id")
    return faults
