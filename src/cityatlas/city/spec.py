"""Read city.toml: what the city is called, how it is shown, and what its layers may hold."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import BrokenGeodata
from ..geo.geojson import NOT_TEXT
from ..geo.projection import Bbox
from ..i18n import Text
from .holidays import NO_HOLIDAYS, Holidays, read_holidays

Shape = Literal["circle", "square", "diamond", "hexagon", "shield", "pentagon"]
Role = Literal["", "route", "area", "stop"]
Datum = Literal["WGS-84", "GCJ-02", "BD-09"]
DATUMS = get_args(Datum)
Level = Literal["block", "warn", "off"]
# What is asked before a feature is published (guard.py), and what each rule does unless city.toml says otherwise.
PUBLISHING: Mapping[str, Level] = {
    "name": "block",
    "translation": "warn",
    "source": "block",
    "photo_credit": "block",
    "photo_licence": "block",
    "photo_alt": "block",
    "position": "block",
    "map_approval": "warn",
}
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TILE_URL = re.compile(r"https://[A-Za-z0-9.{}-]+(/[A-Za-z0-9._~/?&=,{}-]*)?")


@dataclass(frozen=True)
class LayerSpec:
    """Describe one layer: `id` names its file, `shape` and `colour` its marks, `kinds` what it may hold.

    `district` is the id of the area that all of it lies in, or empty.
    """

    id: str
    title: Text
    group: str
    colour: str
    shape: Shape
    kinds: tuple[str, ...]
    visible: bool = True
    district: str = ""


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
    datum: Datum
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


Made = TypeVar("Made", LayerSpec, Basemap, Organiser)


@dataclass(frozen=True)
class View:
    """Say where a map looks: a centre in WGS-84 degrees and a Web Mercator zoom."""

    lon: float
    lat: float
    zoom: float


@dataclass(frozen=True)
class City:
    """Hold city.toml and holidays.json; `extent` is (west, south, east, north) in WGS-84 degrees."""

    id: str
    title: Text
    tagline: Text
    region: Text
    timezone: str
    holidays: Holidays
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
    publishing: Mapping[str, Level] = field(default_factory=lambda: PUBLISHING)

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
    except OSError as error:
        raise BrokenGeodata([f"{path.name}: cannot be read: {error.strerror}"]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenGeodata([f"{path.name}: not readable as TOML in UTF-8: {error}"]) from None
    try:
        city = _city(table)
        faults = [f"{path.name}: {fault}" for fault in _faults(city)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        cause = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise BrokenGeodata([f"{path.name}: {cause}. README.md in geodata/ lists the keys."]) from None
    try:
        city = replace(city, holidays=read_holidays(folder))
    except BrokenGeodata as error:
        faults += error.faults
    if faults:
        raise BrokenGeodata(faults)
    return city


def _city(table: dict[str, Any]) -> City:  # Any: what TOML holds is not known yet
    city = table["city"]
    west, south, east, north = _numbers("city: extent", city["extent"], 4)
    lon, lat, zoom = _numbers("city: view", [city["view"][key] for key in ("lon", "lat", "zoom")], 3)
    return City(
        id=city["id"],
        title=city["title"],
        tagline=city.get("tagline", {}),
        region=city.get("region", {}),
        timezone=city["timezone"],
        holidays=NO_HOLIDAYS,
        extent=(west, south, east, north),
        view=View(lon, lat, zoom),
        min_zoom=int(city["zoom"]["min"]),
        max_zoom=int(city["zoom"]["max"]),
        organiser=_make(Organiser, table.get("organiser", {}), "organiser"),
        layers=tuple(_make(LayerSpec, spec, "layer", kinds=tuple(spec["kinds"])) for spec in table["layers"]),
        groups=table["groups"],
        kinds={key: _kind(key, kind) for key, kind in table["kinds"].items()},
        themes=table.get("themes", {}),
        basemaps=tuple(_make(Basemap, b, "basemap", tiles=tuple(b["tiles"])) for b in table.get("basemaps", [])),
        retired=table.get("retired", {}),
        publishing={**PUBLISHING, **table.get("publishing", {})},
    )


def _numbers(what: str, values: Any, count: int) -> list[float]:  # Any: what TOML holds is not known yet
    """Return finite numbers. Raises ValueError when they are something else, or not as many."""
    if not isinstance(values, list) or len(values) != count or any(type(v) not in (int, float) for v in values):
        raise ValueError(f"{what} is not {count} numbers")
    if not all(math.isfinite(value) for value in values):
        raise ValueError(f"{what} holds nan or inf")
    return [float(value) for value in values]


def _make(kind: type[Made], table: dict[str, Any], what: str, **read: object) -> Made:  # Any: see above
    """Return a table as the dataclass that describes it. Raises ValueError, naming a key too many or too few."""
    known = {option.name: option for option in fields(kind)}
    named = f'{what} "{table["id"]}"' if "id" in table else what
    for key in table:
        if key not in known:
            raise ValueError(f'{named}: the key "{key}" is not known (there are {", ".join(known)})')
    for key, option in known.items():
        if key not in table and option.default is MISSING and option.default_factory is MISSING:
            raise ValueError(f'{named}: the key "{key}" is missing')
    return kind(**table | read)


def _kind(key: str, table: dict[str, Any]) -> Kind:  # Any: what TOML holds is not known yet
    title = {tag: text for tag, text in table.items() if tag in ("zh", "en")}
    return Kind(title=title, icon=table.get("icon", key), role=table.get("role", ""))


def _faults(city: City) -> list[str]:
    """Return what cannot be used; ids and colours reach folium and scripts, so only plain ones may pass."""
    slugs = [spec.id for spec in city.layers] + [base.id for base in city.basemaps]
    slugs += [spec.district for spec in city.layers if spec.district]
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
        faults += [
            f'basemap "{base.id}": "{url}" is not a tile address' for url in base.tiles if not TILE_URL.fullmatch(url)
        ]
        if not re.fullmatch("[a-z0-9]*", base.subdomains):
            faults.append(f'basemap "{base.id}": subdomains "{base.subdomains}" are not single letters or digits')
        if base.datum not in DATUMS:
            faults.append(f'basemap "{base.id}": datum "{base.datum}" is not one of {", ".join(DATUMS)}')
    for key, kind in city.kinds.items():
        if kind.role not in get_args(Role):
            faults.append(f'kind "{key}": role "{kind.role}" is not one of route, area, stop')
    texts = [("city", city.title), *((f'layer "{s.id}"', s.title) for s in city.layers)]
    texts += [(f'kind "{key}"', kind.title) for key, kind in city.kinds.items()]
    texts += [(f'theme "{key}"', title) for key, title in city.themes.items()]
    texts += [(f'group "{key}"', title) for key, title in city.groups.items()]
    texts += [(f'basemap "{b.id}"', text) for b in city.basemaps for text in (b.title, b.attribution)]
    faults += [f"{what}: a title needs zh and en, not {text!r}" for what, text in texts if not _is_told(text)]
    others = [("tagline", city.tagline), ("region", city.region), ("organiser", city.organiser.name)]
    faults += [f"{what}: {text!r} is not a text in zh and en" for what, text in others if not _is_text(text)]
    faults += [
        f'retired "{old}": {new!r} is not an id' for old, new in city.retired.items() if not isinstance(new, str)
    ]
    if len(set(slugs[: len(city.layers)])) < len(city.layers):
        faults.append("two layers have the same id")
    return faults + _place_faults(city) + _publishing_faults(city)


def _publishing_faults(city: City) -> list[str]:
    """Return what is wrong with the rules of publishing: one that nobody knows, or a level that there is not."""
    known, levels = ", ".join(PUBLISHING), ", ".join(get_args(Level))
    faults = [
        f'publishing: the rule "{r}" is not known (there are {known})' for r in city.publishing if r not in PUBLISHING
    ]
    for rule, level in city.publishing.items():
        if rule in PUBLISHING and level not in get_args(Level):
            faults.append(f"publishing: {rule} is {level!r}, not one of {levels}")
    return faults


def _place_faults(city: City) -> list[str]:
    """Return what is wrong with where and when: extent, view, zooms, time zone."""
    west, south, east, north = city.extent
    faults = []
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        faults.append(f"extent {list(city.extent)} is not [west, south, east, north] in degrees")
    elif not (west <= city.view.lon <= east and south <= city.view.lat <= north):
        faults.append(f"the view {city.view.lon}, {city.view.lat} lies outside the extent; it is lon, then lat")
    if not 0 <= city.min_zoom <= city.view.zoom <= city.max_zoom <= 22:
        faults.append(f"zoom {city.min_zoom} to {city.max_zoom} does not hold the view's {city.view.zoom:g} (0 to 22)")
    try:
        ZoneInfo(city.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(f'timezone "{city.timezone}" is not known (example: Asia/Shanghai)')
    return faults


def _is_text(text: Any) -> bool:  # Any: what TOML holds is not known yet
    return isinstance(text, dict) and all(isinstance(t, str) and not NOT_TEXT.search(t) for t in text.values())


def _is_told(text: Any) -> bool:  # Any: what TOML holds is not known yet
    return _is_text(text) and bool(text.get("zh") and text.get("en"))
