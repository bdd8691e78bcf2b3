"""Let pages of other sites, and frames without an origin, read public data: the one table says which addresses."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from .sending.formats import OURS, endpoints

SHARED = frozenset(
    [
        *(endpoint for _, one, endpoint in endpoints() if one.suffix != "pdf"),
        f"{OURS}.bare",
        *("api.layer", "api.feature", "api.map_layer", "api.tile", "api.base", "api.base_tile", "api.map_script"),
        *("api.colours", "api.dark", "api.extent", "api.opening", "api.search"),
        *("public.card", "embed.card", "embed.element", "public.map_svg", "public.map_png"),
        *("pictures.layer", "pictures.site", "pictures.route", "plan_files.png"),
        *("plan_api.plan_json", "plan_api.post_plan"),
        *("plan_files.ics", "plan_files.gpx", "plan_files.kml", "plan_files.geojson", "plan_files.txt"),
        *("changes.atom", "changes.json_feed"),
        *("assets.static_file", "oembed.answer", "embed_since.count"),
        *("ogc.landing", "ogc.conformance", "ogc.collections", "ogc.collection", "ogc.schema", "ogc.queryable"),
        *("ogc.items", "ogc.item", "ogc.api", "openapi.show"),
        *("vector_tiles.tile", "vector_tiles.about", "vector_tiles.style"),
    ]
)
DAY_S = 86_400


def init_app(app: Flask) -> None:
    """Add the headers to every answer of these addresses, whatever it says; never with a visitor's cookies."""

    @app.after_request
    def share(response: Response) -> Response:
        if _endpoint() in SHARED:
            open_to_all(response)
            if request.method == "OPTIONS" and "Allow" in response.headers:  # a browser asks before it sends JSON
                response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
                response.headers["Access-Control-Allow-Headers"] = "Content-Type"
                response.headers["Access-Control-Max-Age"] = str(DAY_S)
        return response


def open_to_all(response: Response) -> Response:
    """Let pages of all sites read an answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _endpoint() -> str | None:
    """Return what the address belongs to, also where it does not take the method that it was asked by."""
    refused = request.routing_exception
    if not isinstance(refused, MethodNotAllowed) or not refused.valid_methods:
        return request.endpoint
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter.match(method=next(iter(refused.valid_methods)))[0] if adapter else None
    except HTTPException:  # by that method it would be led on to another address
        return None
