"""Make features of one layer out of an imported file: map its columns, check everything, cite the file."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from ...catalogue.cross_checks import METRES_PER_DEG, TWIN_M
from ...city.layers import Feature
from ...city.property_checks import check_properties
from ...city.spec import SLUG, City, LayerSpec
from ...geo import datum as datums
from ...geo.geojson import GEOMETRY_TYPES, Unreadable, read_geometry
from ...i18n import LANGUAGES, say, translate
from ...limits import FEATURE_VERTICES, ITEMS
from ...schema.items import Attributes
from ...search.pinyin import make_slug
from ...versioning.content import Json
from ..tables.cell_lists import put_at
from ..tables.cells import BadCell, folded, refuse
from ..tables.columns import Column, columns_of, header_key, named_columns, short_names
from ..tables.headings import ID, VERSION, FileFault, fault, of_check
from ..uploads.sandbox import Progress
from ..uploads.shapes import Imported, ImportedShape, count_vertices
from .row_comparison import SINGLY_SOURCED, SOURCED, column_at, lies_in

MAX_FAULTS = 500  # of a file; one with more has one cause
OWN_NAMES = ("name.zh", "name.en", "name_zh", "name_en")  # of which a file that we wrote has one
TRIED = 20  # values of a column that are looked at before it is suggested
DATUMS: tuple[datums.Datum, ...] = get_args(datums.Datum)
Mapped = Mapping[str, str]  # our column's key -> the file's column


@dataclass(frozen=True)
class ImportChoices:
    """Hold what a person chose for an import; `day` is when the file was handed in, `kind` holds where none is given.

    `accuracy_m` is needed for approximate positions.
    """

    mapping: Mapped
    day: str
    datum: datums.Datum = "WGS-84"
    position_class: Literal["schematic", "approximate"] = "schematic"
    accuracy_m: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class ImportedFeatures:
    """Hold checked features as GeoJSON, the faults of the others, and what only looks wrong.

    `twins` gives, by id, the feature of the city that seems to be the same, or "" for a draft: such a one is taken in
    only on request.
    """

    features: tuple[Json, ...] = ()
    faults: tuple[FileFault, ...] = ()
    warnings: tuple[FileFault, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)


def suggest_mapping(imported: Imported, spec: LayerSpec, city: City) -> dict[str, str]:
    """Return the file's column for each of ours that is recognised by its name, ours and others'.

    A file that we wrote is read by our names alone: what it has beside them is for other programs. Texts that a
    Shapefile cut are not taken, and statements only together with the list of their sources.
    """
    columns = columns_of(spec, city)
    named = named_columns(columns)
    found: dict[str, str] = {}
    own = {*(column.key for column in columns), *short_names(columns).values()}
    is_ours = ID in imported.columns and any(own_name in imported.columns for own_name in OWN_NAMES)
    for name in sorted(imported.columns, key=lambda name: name not in own):  # our own names first
        column = named.get(header_key(name))
        if column is None or name in imported.cut or (is_ours and name not in own):
            continue
        if (column.is_property or column.key in (ID, VERSION)) and _is_readable(imported, name, column):
            found.setdefault(column.key, name)
    if "sources" not in found:
        found = {key: name for key, name in found.items() if key not in SOURCED and key not in SINGLY_SOURCED}
    return found


def _is_readable(imported: Imported, name: str, column: Column) -> bool:
    """Return whether at least half of a column's first values can be read as ours."""
    values = [shape.attributes[name] for shape in imported.shapes if name in shape.attributes][:TRIED]
    return sum(_can_read(column, value) for value in values) * 2 >= len(values)


def _can_read(column: Column, value: object) -> bool:
    try:
        read_value(column, value)
    except BadCell:
        return False
    return True


def to_features(
    imported: Imported,
    spec: LayerSpec,
    city: City,
    choices: ImportChoices,
    *,
    taken: Iterable[str] = (),
    existing: Iterable[Feature] = (),
    known: Container[int] = (),
    progress: Progress | None = None,
) -> ImportedFeatures:
    """Return the file's features as they would stand in a layer; those with a fault are told and left out.

    `taken` are the ids of the whole city and of drafts, `existing` the city's features, to which names and positions
    are held, `known` the numbers of shapes that are features of the layer already.
    """
    held = _Held({feature.id: feature for feature in existing}, spec, city)
    used = {*taken, *city.retired}
    columns = [c for c in columns_of(spec, city) if c.is_property and c.key in choices.mapping]
    features: list[Json] = []
    faults: list[FileFault] = []
    numbers: dict[str, int] = {}
    twins: dict[str, str] = {}
    for shape in _unknown(imported.in_datum(choices.datum), known, progress):
        properties, told = _properties(shape, imported.file, spec, city, choices, columns)
        given = str(shape.attributes.get(choices.mapping.get(ID, ""), "")).strip()
        if told := told or list(held.faults(given, str(shape.number))):
            faults += told
            continue
        feature_id = _new_id(given, properties, used)
        if (twin := held.twin(given, used, Attributes.of(properties).name)) is not None:
            twins[feature_id] = twin
        used.add(feature_id)
        numbers[feature_id] = shape.number
        features.append({"type": "Feature", "id": feature_id, "geometry": shape.geometry, "properties": properties})
    warnings = tuple(_shifted(imported, choices, held.features.values()))
    return ImportedFeatures(tuple(features), tuple(faults[:MAX_FAULTS]), warnings, numbers, twins)


def _unknown(imported: Imported, known: Container[int], progress: Progress | None) -> Iterator[ImportedShape]:
    """Yield the shapes that are no features of the layer yet."""
    for shape in imported.shapes:
        if progress:
            progress.step(shape.number, len(imported.shapes))
        if shape.number not in known:
            yield shape


def _new_id(given: str, properties: Json, used: set[str]) -> str:
    """Return the id that a file gives where it may stand, else one made from the name."""
    if SLUG.fullmatch(given) and given not in used:
        return given
    return make_slug(Attributes.of(properties).name, used.__contains__)


class _Held:
    """Hold what the city has, to tell what a file brings a second time."""

    def __init__(self, features: Mapping[str, Feature], spec: LayerSpec, city: City) -> None:
        self.features, self._spec, self._city = features, spec, city
        self._named = {_folded(text): f for f in features.values() for text in f.name.values() if text.strip()}

    def faults(self, given: str, where: str) -> Iterator[FileFault]:
        """Yield that an id is one of another layer."""
        feature = self.features.get(given)
        layer = self._city.layer(feature.layer) if feature else None
        if layer and layer is not self._spec:
            titles = {f"layer_{language}": say(layer.title, language).text for language in LANGUAGES}
            yield fault("files.id_elsewhere", where, "", ID, **titles)

    def twin(self, given: str, used: Container[str], name: Mapping[str, str]) -> str | None:
        """Return the feature whose name a new one repeats, or "" where there is a draft of its id."""
        if given and given in used and given not in self.features and given not in self._city.retired:
            return ""
        return next((self._named[key].id for key in map(_folded, name.values()) if key in self._named), None)


def _folded(text: str) -> str:
    return folded(text).casefold()


def _properties(
    shape: ImportedShape,
    file: str,
    spec: LayerSpec,
    city: City,
    choices: ImportChoices,
    columns: Iterable[Column],
) -> tuple[Json, list[FileFault]]:
    where = str(shape.number)
    faults = [fault(key, where, "", **values) for key, values in geometry_faults(shape, city)]
    properties: Json = {}
    for value, column in _values(shape, columns, choices.mapping):
        try:
            put_at(properties, column.path, read_value(column, value))
        except BadCell as bad:
            faults.append(replace(bad.fault, where=where, column=column.key))
            properties[column.path[0]] = None  # told once: it is not missing as well
    properties.setdefault("kind", choices.kind or (spec.kinds[0] if len(spec.kinds) == 1 else ""))
    faults += [fault(f"files.no_{key}", where) for key in ("name", "kind") if properties.get(key, "") == ""]
    _cite(properties, file, choices)
    if not faults:  # else they would be told twice
        keys = [column.key for column in columns_of(spec, city) if column.is_property]
        found = check_properties(properties, spec, city)
        faults = [of_check(one, where, column_at(one.path, keys)) for one in found]
    return properties, faults


def _values(shape: ImportedShape, columns: Iterable[Column], mapping: Mapped) -> Iterator[tuple[object, Column]]:
    """Yield the value and our column of all that a feature says and the mapping wants."""
    for column in columns:
        name = mapping[column.key]
        if shape.attributes.get(name) is not None:
            yield shape.attributes[name], column


def read_value(column: Column, value: Any) -> Any:
    """Return a value as our property; lists and tables of a GeoJSON are taken as they are, and checked later."""
    if isinstance(value, list) and len(value) > ITEMS:
        refuse("files.many_lines", count=len(value), most=ITEMS)
    return value if isinstance(value, list | dict) else column.codec.read(value)


def _cite(properties: Json, file: str, choices: ImportChoices) -> None:
    """Put the file among the sources, and say of the position that it comes from there."""
    sources = properties.setdefault("sources", [])
    if isinstance(sources, list) and file not in [source.title for source in Attributes.of(properties).sources]:
        sources.append({"title": file, "date": choices.day, "url": None})
    is_approximate = choices.position_class == "approximate"
    properties["position"] = {
        "class": choices.position_class,
        "accuracy_m": choices.accuracy_m if is_approximate else None,
        "located_by": {language: translate("files.located_by_file", language, file=file) for language in LANGUAGES},
        "source": file,
        "verified_on": None,
    }


def geometry_faults(shape: ImportedShape, city: City) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what is wrong with a geometry: the key of its sentence and what fills it in. Nothing is repaired."""
    geometry = shape.geometry
    if geometry is None or shape.fault:
        yield shape.fault or "files.no_geometry", {}
        return
    if geometry["type"] not in GEOMETRY_TYPES:
        key = "files.mixed_geometry" if geometry["type"] == "MultiPoint" else "files.geometry_type"
        yield key, {} if geometry["type"] == "MultiPoint" else {"given": str(geometry["type"])[:40]}
        return
    count = count_vertices(geometry["coordinates"])
    if count > FEATURE_VERTICES:
        yield "files.feature_vertices", {"count": count, "most": FEATURE_VERTICES}
        return
    for lon, lat in _positions(geometry["coordinates"]):
        if not lies_in(lon, lat, city):
            yield "files.swapped" if lies_in(lat, lon, city) else "files.outside", {"lon": lon, "lat": lat}
            return
    try:
        read_geometry(geometry, city.extent)
    except Unreadable as error:
        told = of_check(error.fault)
        yield told.key, dict(told.values)


def _positions(node: object, depth: int = 4) -> Iterator[tuple[float, float]]:
    """Yield lon, lat of what looks like a position; the rest is told by `read_geometry`."""
    if isinstance(node, list) and len(node) >= 2 and all(type(number) in (int, float) for number in node[:2]):
        yield node[0], node[1]
    elif isinstance(node, list) and depth:
        for part in node:
            yield from _positions(part, depth - 1)


def _shifted(imported: Imported, choices: ImportChoices, existing: Iterable[Feature]) -> Iterator[FileFault]:
    """Yield a warning for each point that fits its namesake in another datum than the chosen one."""
    known = {feature.name.get("zh", feature.id): feature for feature in existing}
    column = choices.mapping.get("name.zh", "")
    for shape in imported.shapes:
        twin = known.get(str(shape.attributes.get(column, "")).strip())
        if not twin or not shape.geometry or shape.geometry.get("type") != "Point":
            continue
        for lon, lat in _positions(shape.geometry.get("coordinates")):
            away_m = {datum: _away_m(lon, lat, datum, twin) for datum in DATUMS}
            best = min(away_m, key=lambda datum: away_m[datum])
            if best != choices.datum and away_m[best] < TWIN_M < away_m[choices.datum]:
                values = {"name": twin.name.get("zh", twin.id), "datum": best, "away": round(away_m[choices.datum])}
                yield fault("files.looks_shifted", str(shape.number), "", **values)


def _away_m(lon: float, lat: float, datum: datums.Datum, twin: Feature) -> float:
    """Return the metres from a feature to a position that is taken to be in a datum."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return math.inf
    there_lon, there_lat = datums.convert(lon, lat, datum, "WGS-84")
    east_m = (there_lon - twin.lon) * METRES_PER_DEG * math.cos(math.radians(twin.lat))
    return math.hypot(east_m, (there_lat - twin.lat) * METRES_PER_DEG)
