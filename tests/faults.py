"""Tell what `cityatlas` finds wrong with a toy city of which one file was changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.errors import BrokenGeodata
from cityatlas.schema.faults import Fault
from cityatlas.settings import Settings
from toy import Json, sights, write_city

Change = Callable[[Json], None]


def faults_of(folder: Path, **limits: int) -> list[str]:
    """Return the faults of a city's folder as they are printed; the test fails when it has none."""
    return [str(fault) for fault in found_in(folder, **limits)]


def found_in(folder: Path, **limits: int) -> list[Fault]:
    """Return the faults of a city's folder as data."""
    with pytest.raises(BrokenGeodata) as caught:
        build_catalogue(replace(Settings(geodata=folder), **limits))  # type: ignore[arg-type]  # all are whole numbers
    return caught.value.faults


def faults_of_bytes(tmp_path: Path, content: bytes, name: str = "sights.geojson", **limits: int) -> list[str]:
    """Return the faults of the toy city with one file made of these bytes."""
    folder = write_city(tmp_path / "toy")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return faults_of(folder, **limits)


def faults_of_mill(tmp_path: Path, change: Change) -> list[str]:
    """Return the faults of the toy city after a change to its first feature, the mill."""
    layer = copy.deepcopy(sights())
    change(layer["features"][0])
    return faults_of(write_city(tmp_path / "toy", sights=layer))


def faults_of_geometry(tmp_path: Path, kind: str, coordinates: str) -> list[str]:
    """Return the faults when the mill has a geometry of this kind; `coordinates` is JSON, right or wrong."""
    right = '{"type": "Point", "coordinates": [121.0, 30.7]}'
    wanted = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    return faults_of_bytes(tmp_path, json.dumps(sights()).replace(right, wanted, 1).encode())
