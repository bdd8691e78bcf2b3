"""Read GeoJSON layers and check them against their spec."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from ..errors import BrokenGeodata
from ..geo.geojson import Unreadable, parse_document, read_geometry, show
from ..geo.projection import WGS84, representative_lon_lat
from ..i18n import Language, say
from ..schema.faults import Fault, fault
from ..schema.items import Attributes, Attribution, fill
from ..schema.phases import PhaseState, latest
from ..schema.strict_json import JsonObject
from .basemap import distinct, read_attribution
from .property_checks import check_properties
from .spec import SLUG, City, LayerSpec

MAX_FAULTS = 500  # of one file; a file with more has one cause


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Feature(Attributes):
    """Hold one checked feature: a WGS-84 geometry, the properties as the file has them, and these as attributes.

    `lon`, `lat` lie on the geometry: where its mark stands.
    """

    id: str
    layer: str
    kind: str
    geometry: BaseGeometry
    lon: float
    lat: float
    properties: JsonObject

    def __post_init__(self) -> None:
        fill(self, Attributes, self.properties)

    def map_name(self, language: Language) -> str:
        """Return what a map writes beside its mark: the short name where the name is longer in that language."""
        name = say(self.name, language)
        short = self.short_name.get(name.language, "").strip()
        return short if 0 < len(short) < len(name.text) else name.text

    @property
    def position_class(self) -> str:
        """Return surveyed, approximate or schematic."""
        return self.position.trust

    @property
    def phase(self) -> PhaseState | None:
        """Return the last phase that is known, or None for what is no project."""
        return latest(self.phases)


@dataclass(frozen=True, eq=False)
class Layer:
    """Hold a layer: its spec, its features in the order of the file, a frame of the same rows, whose the file is."""

    spec: LayerSpec
    features: tuple[Feature, ...]
    frame: gpd.GeoDataFrame
    attributions: tuple[Attribution, ...] = ()

    @cached_property
    def credits(self) -> tuple[Attribution, ...]:
        """Return whose the file and the positions of its features are, which stands wherever they are shown."""
        return distinct([*self.attributions, *(one for f in self.features if (one := f.position.credit))])


@dataclass(frozen=True, eq=False, slots=True)
class LayerFile:
    """Hold the rows of a layer's file, and whose it says to be."""

    rows: tuple[Row, ...]
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """Hold one row of a layer: its feature, or what is wrong with it; `id` is "" for a row without a usable one."""

    id: str
    feature: Feature | None
    faults: tuple[Fault, ...] = ()


def read_layer(path: Path, spec: LayerSpec, city: City, *, max_bytes: int, max_features: int) -> Layer:
    """Return a checked layer of a file. Raises BrokenGeodata with every fault of it."""
    file = read_layer_file(path, spec, city, max_bytes=max_bytes, max_features=max_features)
    features = sound_features(file.rows, path.name)
    return Layer(spec, features, make_frame(features, city), file.attributions)


def read_layer_file(path: Path, spec: LayerSpec, city: City, *, max_bytes: int, max_features: int) -> LayerFile:
    """Return a layer's file: its rows, each with what is wrong with it; one that says why, when it has none.

    The file is parsed here and not by geopandas, which makes timestamps of ISO dates and floats of whole
    numbers, and through GDAL would open other files that a hostile one names.
    """
    try:
        document = parse_document(path, max_bytes, max_features)
        attributions = tuple(read_attribution(document))
    except Unreadable as error:
        return LayerFile((Row("", None, (error.fault,)),))
    rows = (read_row(row, number, spec, city) for number, row in enumerate(document["features"], 1))
    return LayerFile(tuple(rows), attributions)


def read_row(row: object, number: int, spec: LayerSpec, city: City) -> Row:
    """Return one row of a layer; `number` is its place in the file."""
    told = row.get("id") if isinstance(row, dict) else None
    key = told if isinstance(told, str) else ""
    try:
        return Row(key, read_feature(row, number, spec, city))
    except BrokenGeodata as error:
        return Row(key, None, tuple(error.faults))


def sound_features(rows: Iterable[Row], file: str) -> tuple[Feature, ...]:
    """Return the features of a layer's rows. Raises BrokenGeodata with every fault, each with the file."""
    features: dict[str, Feature] = {}
    faults: list[Fault] = []
    for row in rows:
        if row.feature is None:
            faults += row.faults
            continue
        if row.id in features:
            faults.append(fault("used_twice", "id").of("feature", row.id))
        features[row.id] = row.feature
    if faults:
        more = [fault("more_faults", count=len(faults) - MAX_FAULTS)] if len(faults) > MAX_FAULTS else []
        raise BrokenGeodata(replace(one, file=file) for one in faults[:MAX_FAULTS] + more)
    return tuple(features.values())


def read_feature(row: object, number: int, spec: LayerSpec, city: City) -> Feature:
    """Return one feature, or raise BrokenGeodata with all that is wrong with it; `number` is its place in the file."""
    if not isinstance(row, dict) or row.get("type") != "Feature":
        raise BrokenGeodata([fault("not_feature").of("feature_number", str(number))])
    feature_id = row.get("id")
    if not isinstance(feature_id, str) or not SLUG.fullmatch(feature_id):
        raise BrokenGeodata([fault("not_slug", "id", given=show(feature_id)).of("feature_number", str(number))])
    faults = list(check_properties(row.get("properties"), spec, city))
    try:
        geometry = read_geometry(row.get("geometry"), city.extent)
    except Unreadable as error:
        faults.append(error.fault)
    if faults:
        raise BrokenGeodata(one.of("feature", feature_id) for one in faults)
    lon, lat = representative_lon_lat(geometry)
    properties = row["properties"]
    return Feature(feature_id, spec.id, properties["kind"], geometry, lon, lat, properties)


def make_frame(features: tuple[Feature, ...], city: City) -> gpd.GeoDataFrame:
    """Return a WGS-84 frame of features with the columns layer, kind, role and geometry, by id.

    No features give no rows but all columns.
    """
    return gpd.GeoDataFrame(
        {
            "layer": [feature.layer for feature in features],
            "kind": [feature.kind for feature in features],
            "role": [city.kinds[feature.kind].role for feature in features],
        },
        index=[feature.id for feature in features],
        geometry=[feature.geometry for feature in features],
        crs=WGS84,
    )
