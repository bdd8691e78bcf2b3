"""Read city.toml: what the city is called, how it is shown, and what its layers may hold."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import BrokenGeodata
from ..geo.geojson import NOT_TEXT
from ..geo.projection import Bbox
from ..i18n import Text
from ..schema.faults import Fault, fault
from .opening.holidays import NO_HOLIDAYS, Holidays, read_holidays
from .ride_estimates import BusLine, RideEstimate, ride_faults

Shape = Literal["circle", "square", "diamond", "hexagon", "shield", "pentagon"]
Role = Literal["", "route", "area", "stop"]
Datum = Literal["WGS-84", "GCJ-02", "BD-09"]
DATUMS = get_args(Datum)
Level = Literal["block", "warn", "off"]
# What is asked before a feature is published (publishing_rules.py), and what each rule does unless city.toml says
# otherwise.
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
    """Describe a kind of feature; `role` says what the program does with it beside showing it.

    `by_road` is false where no road leads, so that nobody is driven there; `for_locals` is true of what is mainly for
    officials and residents, `open_air` of a space without a door, as a park: nobody is asked before one goes there.
    """

    title: Text
    icon: str
    role: Role = ""
    by_road: bool = True
    for_locals: bool = False
    open_air: bool = False


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


Made = TypeVar("Made", LayerSpec, Basemap, Organiser, RideEstimate, BusLine)


@dataclass(frozen=True)
class View:
    """Say where a map looks: a centre in WGS-84 degrees and a Web Mercator zoom."""

    lon: float
    lat: float
    zoom: float


@dataclass(frozen=True)
class City:
    """Hold city.toml and holidays.json; `extent` is (west, south, east, north) in WGS-84 degrees.

    `children` are the themes of who comes with children, `arrivals` the kinds of stops where most visitors arrive.
    `words` are those of everyday use by which people search for a kind or a theme, and which no title has.
    """

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
    rides: Mapping[str, RideEstimate] = field(default_factory=dict)
    bus_lines: tuple[BusLine, ...] = ()
    children: tuple[str, ...] = ()
    arrivals: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
        raise BrokenGeodata([replace(fault("no_city"), file=str(path))]) from None
    except OSError as error:
        raise BrokenGeodata([replace(fault("unreadable", cause=error.strerror), file=path.name)]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenGeodata([replace(fault("not_toml", cause=error), file=path.name)]) from None
    try:
        city = _city(table)
        faults = [replace(found, file=path.name) for found in _faults(city)]
    except _WrongKey as error:
        raise BrokenGeodata([replace(error.fault, file=path.name)]) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        is_missing = isinstance(error, KeyError)
        found = fault("city_key", given=error) if is_missing else fault("city_value", cause=error)
        raise BrokenGeodata([replace(found, file=path.name)]) from None
    try:
        city = replace(city, holidays=read_holidays(folder))
    except BrokenGeodata as error:
        faults += error.faults
    if faults:
        raise BrokenGeodata(faults)
    return city


class _WrongKey(Exception):
    """A table of city.toml lacks a key, has one that nobody knows, or no numbers in one."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found)
        self.fault = found


def _city(table: dict[str, Any]) -> City:  # Any: what TOML holds is not known yet
    city = table["city"]
    west, south, east, north = _numbers("extent", city["extent"], 4)
    lon, lat, zoom = _numbers("view", [city["view"][key] for key in ("lon", "lat", "zoom")], 3)
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
        rides={mode: _make(RideEstimate, given, "ride") for mode, given in table.get("rides", {}).items()},
        bus_lines=tuple(
            _make(BusLine, line, "bus_line", stops=tuple(line["stops"])) for line in table.get("bus_lines", [])
        ),
        children=tuple(table.get("planning", {}).get("children", [])),
        arrivals=tuple(table.get("planning", {}).get("arrivals", [])),
        words={key: tuple(said) if isinstance(said, list) else () for key, said in table.get("words", {}).items()},
    )


def _numbers(what: str, values: Any, count: int) -> list[float]:  # Any: what TOML holds is not known yet
    """Return finite numbers. Raises _WrongKey when they are something else, or not as many."""
    if not isinstance(values, list) or len(values) != count or any(type(v) not in (int, float) for v in values):
        raise _WrongKey(fault("not_numbers", what, count=count).of("city"))
    if not all(math.isfinite(value) for value in values):
        raise _WrongKey(fault("not_finite", what).of("city"))
    return [float(value) for value in values]


def _make(kind: type[Made], table: dict[str, Any], what: str, **read: object) -> Made:  # Any: see above
    """Return a table as the dataclass that describes it. Raises _WrongKey for one too many or too few."""
    known = {option.name: option for option in fields(kind)}
    at = (what, str(table["id"])) if "id" in table else (f"a_{what}",)
    for key in table:
        if key not in known:
            raise _WrongKey(fault("city_unknown_key", given=key, known=", ".join(known)).of(*at))
    for key, option in known.items():
        if key not in table and option.default is MISSING and option.default_factory is MISSING:
            raise _WrongKey(fault("city_missing_key", given=key).of(*at))
    return kind(**table | read)


def _kind(key: str, table: dict[str, Any]) -> Kind:  # Any: what TOML holds is not known yet
    title = {tag: text for tag, text in table.items() if tag in ("zh", "en")}
    claims = {claim: bool(table[claim]) for claim in ("by_road", "for_locals", "open_air") if claim in table}
    return Kind(title=title, icon=table.get("icon", key), role=table.get("role", ""), **claims)


def _faults(city: City) -> list[Fault]:
    """Return what cannot be used; ids and colours reach folium and scripts, so only plain ones may pass."""
    slugs = [spec.id for spec in city.layers] + [base.id for base in city.basemaps]
    slugs += [spec.district for spec in city.layers if spec.district]
    slugs += [*city.groups, *city.kinds, *city.themes, *(kind.icon for kind in city.kinds.values()), city.id]
    faults = [fault("not_plain_id", given=slug) for slug in slugs if not SLUG.fullmatch(slug)]
    for spec in city.layers:
        faults += [found.of("layer", spec.id) for found in _layer_faults(spec, city)]
    for base in city.basemaps:
        faults += [found.of("basemap", base.id) for found in _basemap_faults(base)]
    for key, kind in city.kinds.items():
        if kind.role not in get_args(Role):
            faults.append(fault("not_option", "role", given=kind.role, known="route, area, stop").of("kind", key))
    texts = [("city", "", city.title), *(("layer", s.id, s.title) for s in city.layers)]
    texts += [("kind", key, kind.title) for key, kind in city.kinds.items()]
    texts += [("theme", key, title) for key, title in city.themes.items()]
    texts += [("group", key, title) for key, title in city.groups.items()]
    texts += [("basemap", b.id, text) for b in city.basemaps for text in (b.title, b.attribution)]
    faults += [fault("not_title", given=repr(text)).of(kind, key) for kind, key, text in texts if not _is_told(text)]
    others = [("tagline", city.tagline), ("region", city.region), ("organiser", city.organiser.name)]
    faults += [fault("not_both", what, given=repr(text)) for what, text in others if not _is_text(text)]
    faults += [*ride_faults(city.rides, city.bus_lines)]
    named = [("children", theme, "themes") for theme in city.children if theme not in city.themes]
    named += [("arrivals", kind, "kinds") for kind in city.arrivals if kind not in city.kinds]
    faults += [fault("not_in_table", key, given=given, table=table).of("planning") for key, given, table in named]
    faults += _word_faults(city)
    wrong = [(old, new) for old, new in city.retired.items() if not isinstance(new, str)]
    faults += [fault("not_successor", given=repr(new)).of("retired", old) for old, new in wrong]
    if len(set(slugs[: len(city.layers)])) < len(city.layers):
        faults.append(fault("same_layers"))
    return faults + _place_faults(city) + [found.of("publishing") for found in _publishing_faults(city)]


def _word_faults(city: City) -> list[Fault]:
    others = [key for key in city.words if key not in city.kinds and key not in city.themes]
    faults = [fault("not_in_table", "words", given=key, table="kinds, themes").of("words") for key in others]
    said = city.words.items()
    odd = [key for key, words in said if not words or not all(isinstance(word, str) and word for word in words)]
    return faults + [fault("not_words", given=key).of("words") for key in odd]


def _layer_faults(spec: LayerSpec, city: City) -> Iterator[Fault]:
    if not COLOUR.fullmatch(spec.colour):
        yield fault("not_colour", "colour", given=spec.colour)
    if spec.shape not in get_args(Shape):
        yield fault("not_option", "shape", given=spec.shape, known=", ".join(get_args(Shape)))
    if spec.group not in city.groups:
        yield fault("not_in_table", "group", given=spec.group, table="groups")
    yield from (fault("not_in_table", "kind", given=k, table="kinds") for k in spec.kinds if k not in city.kinds)


def _basemap_faults(base: Basemap) -> Iterator[Fault]:
    yield from (fault("not_tile_address", given=url) for url in base.tiles if not TILE_URL.fullmatch(url))
    if not re.fullmatch("[a-z0-9]*", base.subdomains):
        yield fault("not_subdomains", "subdomains", given=base.subdomains)
    if base.datum not in DATUMS:
        yield fault("not_option", "datum", given=base.datum, known=", ".join(DATUMS))


def _publishing_faults(city: City) -> Iterator[Fault]:
    """Yield what is wrong with the rules of publishing: one that nobody knows, or a level that there is not."""
    known, levels = ", ".join(PUBLISHING), ", ".join(get_args(Level))
    yield from (fault("unknown_rule", given=rule, known=known) for rule in city.publishing if rule not in PUBLISHING)
    for rule, level in city.publishing.items():
        if rule in PUBLISHING and level not in get_args(Level):
            yield fault("not_level", rule=rule, given=repr(level), known=levels)


def _place_faults(city: City) -> list[Fault]:
    """Return what is wrong with where and when: extent, view, zooms, time zone."""
    west, south, east, north = city.extent
    faults = []
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        faults.append(fault("not_extent", "extent", given=list(city.extent)))
    elif not (west <= city.view.lon <= east and south <= city.view.lat <= north):
        faults.append(fault("view_outside", lon=city.view.lon, lat=city.view.lat))
    if not 0 <= city.min_zoom <= city.view.zoom <= city.max_zoom <= 22:
        zooms = {"least": city.min_zoom, "most": city.max_zoom, "zoom": f"{city.view.zoom:g}"}
        faults.append(fault("zoom_range", **zooms))
    try:
        ZoneInfo(city.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(fault("no_timezone", "timezone", given=city.timezone))
    return faults


def _is_text(text: Any) -> bool:  # Any: what TOML holds is not known yet
    return isinstance(text, dict) and all(isinstance(t, str) and not NOT_TEXT.search(t) for t in text.values())


def _is_told(text: Any) -> bool:  # Any: what TOML holds is not known yet
    return _is_text(text) and bool(text.get("zh") and text.get("en"))
