"""Serve what cityatlas is compared with: a bare Flask answer, and a map page as folium's tutorials write it.

`python -m tests.bench.peers hello|tutorial PORT [GEOJSON]` runs on waitress with the settings of cityatlas.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import folium
import waitress
from flask import Flask, Response

LEAFLET = Path(__file__).resolve().parents[2] / "src" / "frontend" / "node_modules" / "leaflet" / "dist"
# All that folium's popups ask of jQuery: an element made of HTML.
JQUERY = (
    "window.$ = (html) => { const box = document.createElement('div'); box.innerHTML = html; return box.children; };"
)
THREADS = 8  # as CITYATLAS_THREADS


def hello() -> Flask:
    """Return the least that Flask can do: one route, one short text."""
    app = Flask(__name__)

    @app.get("/")
    def answer() -> str:
        return "hello"

    return app


def tutorial(path: Path) -> Flask:
    """Return an application that reads a layer, builds a map of it and renders it at each request.

    Leaflet comes from our node_modules, since the measuring machine may have no network. Bootstrap and Font Awesome,
    which folium adds, are left out and jQuery is one line, in the peer's favour.
    """
    app = Flask(__name__, static_folder=str(LEAFLET), static_url_path="/leaflet")
    folium.Map.default_js = [("leaflet", "/leaflet/leaflet.js"), ("jquery", "/jquery.js")]
    folium.Map.default_css = [("leaflet_css", "/leaflet/leaflet.css")]

    @app.get("/jquery.js")
    def jquery() -> Response:
        return Response(JQUERY, mimetype="text/javascript")

    @app.get("/")
    def answer() -> str:
        collection = json.loads(path.read_text("utf-8"))
        city_map = folium.Map(location=(30.71, 121.1), zoom_start=12, tiles=None)
        if collection["features"][0]["geometry"]["type"] != "Point":
            folium.GeoJson(collection, name="things").add_to(city_map)
        for feature in collection["features"]:
            name = feature["properties"]["name"]["zh"]
            lon, lat = _place(feature["geometry"])
            folium.Marker((lat, lon), popup=name, tooltip=name).add_to(city_map)
        folium.LayerControl().add_to(city_map)
        return str(city_map.get_root().render())

    return app


def _place(geometry: dict[str, object]) -> tuple[float, float]:
    node: object = geometry["coordinates"]
    while isinstance(node, list) and isinstance(node[0], list):
        node = node[0]
    assert isinstance(node, list)
    return float(node[0]), float(node[1])


if __name__ == "__main__":
    made = hello() if sys.argv[1] == "hello" else tutorial(Path(sys.argv[3]))
    waitress.serve(made, host="127.0.0.1", port=int(sys.argv[2]), threads=THREADS, ident=None, _quiet=True)
