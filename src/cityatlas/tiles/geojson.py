"""Write layers as GeoJSON (RFC 7946): whole for others, lean for our own map, and the basemap's shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..city.basemap import BaseShape, distinct
from ..city.layers import Feature, Layer
from ..i18n import Language, say
from ..schema.items import Attribution
from ..schema.properties import Derived, properties
from ..schema.property_types import PropertyTable
from ..schema.strict_json import JsonTable

DECIMALS = 6  # 0.1 m, finer than any position here
TAIL = re.compile(r"[0-9]+\.[0-9]{9,}")
METRE_DECIMALS, METRE_DEG = 5, 1e-5  # 1 m, a pixel where a map is nearest
MOST_KEPT = 20_000  # features of a layer whose rows are kept: a larger one is hardly ever asked for whole

STAFF_ONLY = Derived(lambda table: {p.key: p for p in table if not p.is_public})
_encode_properties = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def layer_geojson(layer: Layer) -> bytes:
    """Return a layer with all properties that are public, as its file has them."""
    return _collected(_rows_once(layer.features, "public", _public), _told(layer))


def layers_geojson(layers: Sequence[Layer]) -> bytes:
    """Return features of several layers with all properties that are public; each names its layer."""
    rows = [
        (feature.geometry, _public(feature) | {"layer": layer.spec.id}, feature.id)
        for layer in layers
        for feature in layer.features
    ]
    return _join(rows, _credited(distinct([one for layer in layers for one in layer.attributions])))


def stops_geojson(route: Feature, stops: Sequence[Feature], credits: Sequence[Attribution]) -> bytes:
    """Return a tour route and its stops, with all properties that are public; each says its role, stops their number.

    A stop that comes twice is in it twice, once with its id.
    """
    rows: list[tuple[object, JsonTable, str | None]] = [(route.geometry, _public(route) | {"role": "route"}, route.id)]
    for number, stop in enumerate(stops, 1):
        told = _public(stop) | {"role": "stop", "number": number, "layer": stop.layer}
        rows.append((stop.geometry, told, None if stop in stops[: number - 1] else stop.id))
    return _join(rows, _credited(credits))


def whole_geojson(layer: Layer, versions: Mapping[str, str] | None = None) -> bytes:
    """Return a layer with all its properties, for staff, and the version of each feature where known."""
    known = versions or {}
    versioned = {feature.id: {"version": known[feature.id]} for feature in layer.features if feature.id in known}
    return _collection(
        layer.features, lambda feature: dict(feature.properties) | versioned.get(feature.id, {}), _told(layer)
    )


def map_geojson(layer: Layer, language: Language) -> bytes:
    """Return what the map needs to draw, filter and list a layer, in one language; cards come later."""
    return _collected(_rows_once(layer.features, language, lambda feature: map_properties(feature, language)))


def features_geojson(features: Sequence[Feature], language: Language) -> JsonTable:
    """Return lean features as a table, for a page that brings them along, to the metre; each names its layer."""
    rows = [
        (
            _to_the_metre(feature.geometry),
            dict(map_properties(feature, language), layer=feature.layer),
            feature.id,
        )
        for feature in features
    ]
    table: JsonTable = json.loads(_join(rows))
    return table


def _to_the_metre(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in degrees without what is smaller than a pixel where a map is nearest."""
    rounded = shapely.transform(geometry, lambda degrees: degrees.round(METRE_DECIMALS))
    return shapely.simplify(rounded, METRE_DEG)


def feature_geojson(feature: Feature, layer: Layer) -> bytes:
    """Return one feature of a layer with all properties that are public, and whose the layer is."""
    (row,) = _rows([feature], _public)
    return b'{"type":"Feature",' + _members(_told(layer)) + row.removeprefix(b'{"type":"Feature",')


def feature_rows(
    features: Sequence[Feature], shapes: Sequence[BaseGeometry] | None = None, decimals: int = DECIMALS
) -> list[bytes]:
    """Return each feature with all properties that are public, with its own geometry or one of `shapes`."""
    if shapes is None and decimals == DECIMALS:
        return _rows_once(features, "public", _public)
    drawn = [feature.geometry for feature in features] if shapes is None else shapes
    rows = [(shape, _public(feature), feature.id) for shape, feature in zip(drawn, features, strict=True)]
    return list(_encode(rows, decimals))


def _told(layer: Layer) -> JsonTable:
    """Return whose a layer's file is, as the file says it; the positions in it say it themselves."""
    return next(({"attribution": dict(one.text), "licence_url": one.url} for one in layer.attributions), {})


def _credited(credits: Sequence[Attribution]) -> JsonTable:
    """Return whose data of several files are: one as a layer says it, several as a list."""
    if len(credits) > 1:
        return {"credits": [{"attribution": dict(one.text), "licence_url": one.url} for one in credits]}
    return next(({"attribution": dict(one.text), "licence_url": one.url} for one in credits), {})


def _members(told: JsonTable) -> bytes:
    """Return members of a JSON object, a comma behind each; those that are empty are left out."""
    said = {key: value for key, value in told.items() if value}
    return "".join(
        f"{json.dumps(key)}:{json.dumps(value, ensure_ascii=False)}," for key, value in said.items()
    ).encode()


def _public(feature: Feature) -> JsonTable:
    return {key: value for key, value in feature.properties.items() if key not in STAFF_ONLY}


def map_properties(feature: Feature, language: Language) -> JsonTable:
    """Return the lean properties of a feature; what is absent is left out.

    `short` is what the map writes where that is not the name. Phases are [phase, from, to], notices [text, first day,
    last day], the months in which a route runs [from, to].
    """
    name, written = say(feature.name, language).text, feature.map_name(language)
    lean: JsonTable = {
        "name": name,
        "short": written if written != name else None,
        "kind": feature.kind,
        "position": feature.position_class,
        "themes": feature.themes,
        "accuracy_m": feature.position.accuracy_m,
        "phases": [[p.phase, p.begins or None, p.ends or None] for p in feature.phases],
        "hours": bool(feature.opening_hours),
        "notices": [[say(n.text, language).text, n.first_day, n.last_day] for n in feature.notices],
        "stops": feature.stops,
        "is_loop": feature.is_loop,
        "runs": [feature.valid_from, feature.valid_to] if feature.valid_from or feature.valid_to else None,
        "mark": [feature.lon, feature.lat] if feature.geometry.geom_type != "Point" else None,
    }
    return {key: value for key, value in lean.items() if value}


def base_json(shapes: Iterable[BaseShape], language: Language) -> bytes:
    """Return shapes of the basemap to the metre: a FeatureCollection with group, class, name and zooms."""
    rows = []
    for shape in shapes:
        lean: JsonTable = {"group": shape.group, "class": shape.kind, "name": say(shape.name, language).text}
        lean |= {"min_zoom": shape.min_zoom, "max_zoom": shape.max_zoom}
        geometry = _to_the_metre(shape.geometry)
        rows.append((geometry, {key: value for key, value in lean.items() if value}, None))
    return _join(rows)


def _collection(
    features: Sequence[Feature], choose: Callable[[Feature], JsonTable], told: JsonTable | None = None
) -> bytes:
    return _join([(feature.geometry, choose(feature), feature.id) for feature in features], told or {})


def _rows(features: Sequence[Feature], choose: Callable[[Feature], JsonTable]) -> Iterable[bytes]:
    return _encode([(feature.geometry, choose(feature), feature.id) for feature in features])


def _join(rows: Sequence[tuple[object, JsonTable, str | None]], told: JsonTable | None = None) -> bytes:
    return _collected(_encode(rows), told)


def _collected(rows: Iterable[bytes], told: JsonTable | None = None) -> bytes:
    return b'{"type":"FeatureCollection",' + _members(told or {}) + b'"features":[' + b",\n".join(rows) + b"]}"


@cache
def _kept(written: Hashable, table: PropertyTable) -> WeakKeyDictionary[Feature, bytes]:
    """Return the rows that features were written as in one way, as long as they are shown."""
    return WeakKeyDictionary()


def _rows_once(features: Sequence[Feature], written: Hashable, choose: Callable[[Feature], JsonTable]) -> list[bytes]:
    """Return the row of each feature; one that has not changed since the last snapshot is not written again.

    `written` names the way in which `choose` chooses. Two threads may write a row at once, and the last one stays.
    """
    if len(features) > MOST_KEPT:
        return list(_rows(features, choose))
    kept = _kept(written, properties())
    new = [feature for feature in features if feature not in kept]
    for feature, row in zip(new, _rows(new, choose), strict=True):
        kept[feature] = row
    return [kept[feature] for feature in features]


def _rounded(number: re.Match[str]) -> str:
    """Return a number without the tail that binary fractions give it: 121.34131 for 121.34130999999999."""
    return f"{float(number[0]):.{DECIMALS}f}".rstrip("0")


def _encode(rows: Sequence[tuple[object, JsonTable, str | None]], decimals: int = DECIMALS) -> Iterable[bytes]:
    """Yield each row as JSON. Geometries are rounded and written all at once, which shapely does quickly."""
    geometries = np.array([geometry for geometry, _, _ in rows], dtype=object)
    texts = shapely.to_geojson(shapely.transform(geometries, lambda degrees: degrees.round(decimals)))
    for text, (_, told, feature_id) in zip(texts, rows, strict=True):
        text = TAIL.sub(_rounded, text)
        head = f'{{"type":"Feature","id":{json.dumps(feature_id)},' if feature_id else '{"type":"Feature",'
        body = _encode_properties(told)
        yield f'{head}"geometry":{text.replace(" ", "")},"properties":{body}}}'.encode()
