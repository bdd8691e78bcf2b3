"""Let GDAL read a layer by OGC API - Features, as QGIS and ogr2ogr do: all of it, with few requests."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.settings import Settings
from toy import feature, point, text, write_city

COUNT = 2_500  # more than the 1,000 that GDAL asks for where nobody tells how many it may
pytestmark = pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="this GDAL has no driver for it")
READ = """
import json, sys, pyogrio
options = {key: tuple(value) for key, value in json.loads(sys.argv[2]).items()}
info, _, geometry, fields = pyogrio.raw.read(sys.argv[1], layer="sights", columns=["kind"], **options)
print(json.dumps([len(geometry), info["crs"], sorted(set(fields[0]))]))
"""
Serve = tuple[str, list[str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Yield the address of a city that is served, and the list of paths that it is asked for."""
    folder = tmp_path_factory.mktemp("gdal")
    many = [
        feature(f"p{n}", "house" if n % 5 else "museum", text("点", "Point"), point(120.95 + n * 1e-5))
        for n in range(COUNT)
    ]
    works = {"type": "FeatureCollection", "features": []}
    write_city(folder / "toy", sights={"type": "FeatureCollection", "features": many}, works=works)
    (folder / "toy" / "figures.json").write_text('{"figures": []}', "utf-8")
    city = (folder / "toy" / "city.toml").read_text("utf-8").replace('old-mill = "mill"', "")
    (folder / "toy" / "city.toml").write_text(city, "utf-8")
    app, asked = create_app(Settings(geodata=folder / "toy", var=folder / "var")), list[str]()

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Any:  # Any: WSGI's own
        asked.append(environ["PATH_INFO"])
        return app.wsgi_app(environ, start)

    server = create_server(counted, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"OAPIF:http://127.0.0.1:{server.effective_port}/ogc", asked  # type: ignore[union-attr]
    server.close()


def read(address: str, **options: object) -> list[Any]:
    """Return count, CRS and kinds of what GDAL reads, in a process of its own: it holds up our threads."""
    command = [sys.executable, "-c", READ, address, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parent)
    found: list[Any] = json.loads(done.stdout)
    return found


def test_gdal_asks_for_as_many_at_once_as_it_may(served: Serve) -> None:
    address, asked = served
    asked.clear()
    count, crs, kinds = read(address)
    assert (count, "CRS84" in crs or "4326" in crs, kinds) == (COUNT, True, ["house", "museum"])
    assert asked.count("/ogc/collections/sights/items") == 2  # a few to look at, and all
    assert len(asked) == 6


def test_gdal_reads_what_lies_in_a_box(served: Serve) -> None:
    address, _ = served
    count, _, _ = read(address, bbox=[120.95, 30.6, 120.950095, 30.8])
    assert count == 10
