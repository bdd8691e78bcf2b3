"""Make features of one layer out of an imported file: map its columns, check everything, cite the file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .. import datum as datums
from ..checks import check_properties
from ..city import SLUG, City, LayerSpec
from ..consistency import METRES_PER_DEG, TWIN_M
from ..geojson import GEOMETRY_TYPES, MAX_VERTICES, Unreadable, read_geometry
from ..i18n import LANGUAGES, translate
from ..layers import Feature
from .cell_lists import MAX_ITEMS, put_at
from .cells import BadCell, refuse
from .collected import Json, count_vertices
from .columns import ID, Column, columns_of, header_key, named_columns
from .imports import Imported, ImportedShape
from .limits import Fault, fault
from .new_ids import make_id
from .sheet_judgement import lies_in

MAX_FAULTS = 500  # of a file; one with more has one cause
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
    """Hold checked features as GeoJSON, the faults of the others, and what only looks wrong."""

    features: tuple[Json, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)


def suggest_mapping(imported: Imported, spec: LayerSpec, city: City) -> dict[str, str]:
    """Return the file's column for each of ours that is recognised by its name, ours and others'."""
    named = named_columns(columns_of(spec, city))
    found: dict[str, str] = {}
    keys = {column.key for column in named.values()}
    for name in sorted(imported.columns, key=lambda name: name not in keys):  # our own names first
        column = named.get(header_key(name))
        if column and (column.is_property or column.key == ID) and _is_readable(imported, name, column):
            found.setdefault(column.key, name)
    return found


def _is_readable(imported: Imported, name: str, column: Column) -> bool:
    """Return whether at least half of a column's first values can be read as ours."""
    values = [shape.attributes[name] for shape in imported.shapes if name in shape.attributes][:TRIED]
    return sum(_can_read(column, value) for value in values) * 2 >= len(values)


def _can_read(column: Column, value: Any) -> bool:
    try:
        _read(column, value)
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
) -> ImportedFeatures:
    """Return the file's features as they would stand in a layer; those with a fault are told and left out.

    `taken` are the ids of the whole city, `existing` its features, to which positions of the same name are held.
    """
    used = {*taken, *city.retired}
    columns = [c for c in columns_of(spec, city) if c.is_property and c.key in choices.mapping]
    features, faults = [], []
    numbers: dict[str, int] = {}
    for shape in imported.in_datum(choices.datum).shapes:
        feature, told = _feature(shape, imported.file, spec, city, choices, columns, used)
        if told:
            faults += told
        else:
            used.add(feature["id"])
            numbers[feature["id"]] = shape.number
            features.append(feature)
    warnings = tuple(_shifted(imported, choices, existing))
    return ImportedFeatures(tuple(features), tuple(faults[:MAX_FAULTS]), warnings, numbers)


def _feature(
    shape: ImportedShape,
    file: str,
    spec: LayerSpec,
    city: City,
    choices: ImportChoices,
    columns: Iterable[Column],
    used: set[str],
) -> tuple[Json, list[Fault]]:
    where = str(shape.number)
    faults = [fault(key, where, "", **values) for key, values in _geometry_faults(shape, city)]
    properties: Json = {}
    for key, value, column in _values(shape, columns, choices.mapping):
        try:
            put_at(properties, column.path, _read(column, value))
        except BadCell as bad:
            faults.append(Fault(bad.fault.key, bad.fault.values, f"{where} {key}", bad.fault.cure))
            properties[column.path[0]] = None  # told once: it is not missing as well
    properties.setdefault("kind", choices.kind or (spec.kinds[0] if len(spec.kinds) == 1 else ""))
    faults += [fault(f"files.no_{key}", where) for key in ("name", "kind") if properties.get(key, "") == ""]
    _cite(properties, file, choices)
    if not faults:  # else they would be told twice
        faults = [fault("files.other_fault", where, fault=text) for text in check_properties(properties, spec, city)]
    if faults:
        return {}, faults
    feature_id = _id(shape, choices.mapping, properties["name"], used)
    return {"type": "Feature", "id": feature_id, "geometry": shape.geometry, "properties": properties}, []


def _values(
    shape: ImportedShape, columns: Iterable[Column], mapping: Mapped
) -> Iterator[tuple[str, Any, Column]]:  # Any: see ImportedShape
    """Yield the file's column, value and our column of all that a feature says and the mapping wants."""
    for column in columns:
        name = mapping[column.key]
        if shape.attributes.get(name) is not None:
            yield name, shape.attributes[name], column


def _read(column: Column, value: Any) -> Any:
    """Return a value as our property; lists and tables of a GeoJSON are taken as they are, and checked later."""
    if isinstance(value, list) and len(value) > MAX_ITEMS:
        refuse("files.many_lines", count=len(value), most=MAX_ITEMS)
    return value if isinstance(value, list | dict) else column.codec.read(value)


def _cite(properties: Json, file: str, choices: ImportChoices) -> None:
    """Put the file among the sources, and say of the position that it comes from there."""
    sources = properties.setdefault("sources", [])
    if isinstance(sources, list) and file not in [s.get("title") for s in sources if isinstance(s, dict)]:
        sources.append({"title": file, "date": choices.day, "url": None})
    is_approximate = choices.position_class == "approximate"
    properties["position"] = {
        "class": choices.position_class,
        "accuracy_m": choices.accuracy_m if is_approximate else None,
        "located_by": {language: translate("files.located_by_file", language, file=file) for language in LANGUAGES},
        "source": file,
        "verified_on": None,
    }


def _id(shape: ImportedShape, mapping: Mapped, name: Mapping[str, str], used: set[str]) -> str:
    given = str(shape.attributes.get(mapping.get(ID, ""), ""))
    return given if SLUG.fullmatch(given) and given not in used else make_id(name, used)


def _geometry_faults(shape: ImportedShape, city: City) -> Iterator[tuple[str, dict[str, object]]]:
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
    if count > MAX_VERTICES:
        yield "files.feature_vertices", {"count": count, "most": MAX_VERTICES}
        return
    for lon, lat in _positions(geometry["coordinates"]):
        if not lies_in(lon, lat, city):
            yield "files.swapped" if lies_in(lat, lon, city) else "files.outside", {"lon": lon, "lat": lat}
            return
    try:
        read_geometry(geometry, city.extent)
    except Unreadable as error:
        yield "files.invalid_shape", {"fault": str(error)}


def _positions(node: Any, depth: int = 4) -> Iterator[tuple[float, float]]:
    """Yield lon, lat of what looks like a position; the rest is told by `read_geometry`."""
    if isinstance(node, list) and len(node) >= 2 and all(type(number) in (int, float) for number in node[:2]):
        yield node[0], node[1]
    elif isinstance(node, list) and depth:
        for part in node:
            yield from _positions(part, depth - 1)


def _shifted(imported: Imported, choices: ImportChoices, existing: Iterable[Feature]) -> Iterator[Fault]:
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
