"""Let the GIS programs of Debian read us: QGIS draws and counts, GDAL's own tools list and copy."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.settings import Settings
from hosts.servers import need

DEBIANS = "/usr/bin/python3"
QGIS = Path("/usr/lib/python3/dist-packages/qgis")
READS = Path(__file__).with_name("qgis_reads.py")
HEADLESS = {"QT_QPA_PLATFORM": "offscreen", "NO_PROXY": "*"}
ZOOM = 14
MOST_S = 120


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Catalogue]]:
    """Return the address of the shipped city, and its snapshot."""
    app = create_app(Settings(var=tmp_path_factory.mktemp("var")))
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}", app.extensions["cityatlas_live"].newest  # type: ignore[union-attr]
    server.close()


@pytest.fixture(scope="module")
def largest(city: tuple[str, Catalogue]) -> str:
    """Return the id of the layer with most features."""
    layers = city[1].layers
    return max(layers, key=lambda name: len(layers[name].features))


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        timeout=MOST_S,
        check=False,
        env={key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")} | HEADLESS,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def tile_at(lon: float, lat: float) -> tuple[int, int]:
    """Return x and y of the tile that holds a position."""
    side = 2**ZOOM
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * side), int(y * side)


def fetched(site: str, path: str) -> bytes:
    """Return a file."""
    with closing(HTTPConnection(site.removeprefix("http://"), timeout=MOST_S)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()


def counted(text: str) -> int:
    """Return how many features ogrinfo tells of."""
    return sum(int(count) for count in re.findall(r"Feature Count: (\d+)", text))


def test_qgis_reads_every_feature_and_draws_the_tiles(city: tuple[str, Catalogue], largest: str) -> None:
    need(DEBIANS, str(QGIS))
    site, catalogue = city
    first = catalogue.layers[largest].features[0]
    found = json.loads(run(DEBIANS, READS, site, largest, str(first.lon), str(first.lat)).splitlines()[-1])
    assert found["count"] == len(catalogue.layers[largest].features)
    assert found["crs"] in ("OGC:CRS84", "EPSG:4326")
    assert {"name", "kind"} <= {field.partition(".")[0] for field in found["fields"]}
    assert found["pixels"] > 50


def test_gdal_of_debian_lists_copies_and_counts(city: tuple[str, Catalogue], largest: str, tmp_path: Path) -> None:
    need(programs=("ogrinfo", "ogr2ogr"))
    site, catalogue = city
    count = len(catalogue.layers[largest].features)
    listed = run("ogrinfo", f"OAPIF:{site}/ogc")
    assert set(catalogue.layers) <= set(re.findall(r"\d+: (\S+)", listed))
    copy = tmp_path / "copy.gpkg"
    run("ogr2ogr", "-oo", "PAGE_SIZE=10000", "-f", "GPKG", copy, f"OAPIF:{site}/ogc", largest)
    assert counted(run("ogrinfo", "-so", "-al", copy)) == count
    whole = tmp_path / "city.gpkg"
    whole.write_bytes(fetched(site, "/city.gpkg"))
    assert counted(run("ogrinfo", "-so", "-al", whole)) == sum(
        len(layer.features) for layer in catalogue.layers.values()
    )


def test_gdal_of_debian_reads_a_vector_tile(city: tuple[str, Catalogue], largest: str) -> None:
    need(programs=("ogrinfo",))
    site, catalogue = city
    first = catalogue.layers[largest].features[0]
    x, y = tile_at(first.lon, first.lat)
    text = run("ogrinfo", "-so", "-al", f"MVT:{site}/tiles/{largest}/{ZOOM}/{x}/{y}.mvt")
    assert f"Layer name: {largest}" in text
    assert counted(text) > 0
