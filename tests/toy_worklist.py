"""Give the toy city nothing to mend, so that a fault which is put into it is the only one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.settings import Settings
from toy import CITY_TOML, PAPER, SIGN, Json, sights, with_properties, works, write_city

TODAY = date(2026, 11, 24)
NEW_SIGN = SIGN | {"date": "2026-10"}
SURVEYED = {"class": "surveyed", "accuracy_m": 5, "source": "Town paper", "verified_on": "2026-05-04"}
PHASES = [
    {"phase": "planned", "from": None, "to": "2025-12", "source": "Town paper"},
    {"phase": "piling", "from": "2026-01", "to": None, "source": "Town paper"},
]
Change = Mapping[str, Mapping[str, Any]]  # Any: what JSON holds


def clean_layers() -> tuple[Json, Json]:
    """Return both layers with every position verified, hours of last month and works of this year."""
    visit, build = copy.deepcopy(sights()), copy.deepcopy(works())
    for layer in (visit, build):
        for row in layer["features"]:
            row["properties"]["position"] = SURVEYED
    visit = with_properties(visit, "hall", sources=[PAPER, NEW_SIGN])
    return visit, with_properties(build, "school", phases=PHASES)


def clean_city(
    folder: Path,
    properties: Change = MappingProxyType({}),
    geometries: Mapping[str, Json] = MappingProxyType({}),
) -> Catalogue:
    """Return the clean city after changes to properties or geometries, by id of the feature. The works lie in town."""
    layers = []
    for layer in clean_layers():
        for feature_id, changed in properties.items():
            layer = with_properties(layer, feature_id, **changed)
        for row in layer["features"]:
            row["geometry"] = geometries.get(row["id"], row["geometry"])
        layers.append(layer)
    write_city(folder, sights=layers[0], works=layers[1])
    toml = CITY_TOML.replace(
        'kinds = ["project", "district"]', 'kinds = ["project", "district"]\ndistrict = "old-town"'
    )
    (folder / "city.toml").write_text(toml, "utf-8")
    return build_catalogue(Settings(geodata=folder))


def unchecked(catalogue: Catalogue, feature_id: str, **properties: Any) -> Catalogue:
    """Return a snapshot with properties that `cityatlas check` refuses today; revisions of years ago may have them."""
    feature = catalogue.features[feature_id]
    changed = replace(feature, properties={**feature.properties, **properties})
    return replace(catalogue, features={**catalogue.features, feature_id: changed})
