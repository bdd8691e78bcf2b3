"""Say which addresses a frozen site has, and in which file each stands.

Every address ends in a file: a page in `index.html`. What an answer depends on behind its question mark is in the name
of the file, or is read by the page's own script, or is asked of the live site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from ...catalogue.catalogue import Catalogue
from ...handouts.tile_archive import tiles_around
from ...i18n import LANGUAGES
from ...render.built import manifest
from ..http.sending.formats import endpoints


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INDEX: Final = "index.html"
PAGES: Final = _names("""
    public.about public.card public.figures public.layer public.layers public.search public.show_map public.site
    public.sites public_routes.route public_routes.routes changes.show api_help.show data_help.show embed_help.show
    operators_help.show
    privacy_help.show security_help.show embed.card embed.feature_list embed.layer embed.route embed.show
    embed.site
""")
# Formats of the table that are made of what is asked: a plan, a search.
ASKED: Final = frozenset(endpoint for subject, _, endpoint in endpoints() if subject.filters in ("plan", "search"))
FORMATS: Final = frozenset(endpoint for _, _, endpoint in endpoints()) - ASKED
FILES: Final = FORMATS | _names("""
    public.map_png public.map_svg public.photo media.file paper.map_on_paper changes.atom changes.json_feed api.base
    api.base_tile api.colours api.dark api.feature api.layer api.map_layer api.map_script api.search_index api.tile
    assets.favicon assets.licences assets.static_file embed.element seo.robots seo.sitemap seo.sitemap_part
    vector_tiles.about vector_tiles.style vector_tiles.tile
""")
# What needs a server: it plans, writes, counts, tells the present minute, or answers what nobody can ask beforehand.
LIVE: Final = ASKED | _names("""
    api.extent api.opening api.search downloads.bare downloads.city embed.accent embed_builder.show embed_kit.kit
    embed_plan.show embed_since.count metrics.show oembed.answer ogc.api ogc.collection ogc.collections ogc.conformance
    ogc.item ogc.items
    offline.cards offline.icon offline.listed offline.map_file offline.shell offline.web_manifest offline.worker
    ogc.landing ogc.queryable ogc.schema openapi.show operators.health operators.ready plan.show_plan
    plan_api.post_plan plan_booklet.html plan_booklet.sheet plan_files.qr route_stamps.check
    route_stamps.sign route_stamps.stamps staff_help.picture staff_help.show visitor_reports.report
    visitor_reports.thanks
""")
IN_THE_NAME: Final = _names("""
    public.map_png public.map_svg public.sites public.layer pictures.site pictures.layer pictures.route
    downloads.site_svg downloads.layer_svg downloads.route_svg changes.show
""")
BY_SCRIPT: Final = frozenset(["public.show_map", "public.search"])  # what reads its query in the browser
SAYS_NOTHING: Final = frozenset(["v", "lang"])  # keys that name a state, which a frozen site has one of
FILTERS: Final = frozenset(["theme", "kind", "phase", "layers"])  # of a list, that the map's page reads as well
LISTS: Final = {
    "public.sites": "page",
    "public.layer": "page",
    "changes.show": "page",
}  # and the one key that is frozen
OUR_DESK: Final = ("desk", "staff")  # begin the names of built files that only staff load
DIGEST: Final = 10  # letters


@dataclass(frozen=True)
class Place:
    """Hold where an address stands: what is asked of the program, the file, and what stays behind the question mark."""

    endpoint: str
    asked: str
    file: str
    query: str = ""

    @property
    def address(self) -> str:
        """Return the address on the frozen site."""
        return "/" + quote(self.file) + (f"?{self.query}" if self.query else "")

    @property
    def leads_on(self) -> bool:
        """Return whether it is a page's address without a language; its file comes with the page's in the first one."""
        return self.endpoint in PAGES and self.file.partition("/")[0] not in LANGUAGES


class Places:
    """Find the place of each address of an application."""

    def __init__(self, app: Flask) -> None:
        self._adapter: MapAdapter = app.url_map.bind("localhost")

    def endpoint(self, path: str) -> str:
        """Return who answers a path, "" if nobody does."""
        try:
            return str(self._adapter.match(unquote(path))[0])
        except RequestRedirect as redirect:
            return self.endpoint(redirect.new_url.split("localhost", 1)[1])
        except HTTPException:
            return ""

    def find(self, address: str) -> Place | None:
        """Return the place of an address, such as /zh/sites/?page=2; None where the frozen site has none."""
        path, _, query = address.partition("?")
        endpoint = self.endpoint(path)
        if endpoint not in PAGES | FILES:
            return None
        pairs = [(key, value) for key, value in parse_qsl(query) if key not in SAYS_NOTHING]
        if endpoint == "api.map_script":  # its name holds the snapshot's tag, which each edit changes
            return Place(endpoint, path, f"maps/{path.split('/')[-1].partition('.')[0]}.js")
        if endpoint in BY_SCRIPT or not pairs:
            return Place(endpoint, path, _file(path), urlencode(pairs, safe=",/"))
        if endpoint == "public.sites" and all(key in FILTERS for key, _ in pairs):  # the map's script chooses so too
            return self.find(f"{path.removesuffix('sites/')}?{query}")
        if endpoint not in IN_THE_NAME or (endpoint in LISTS and [key for key, _ in pairs] != [LISTS[endpoint]]):
            return None
        return Place(endpoint, f"{path}?{urlencode(pairs)}", _file(path, urlencode(pairs)))


def _file(path: str, query: str = "") -> str:
    """Return the file of a path. What is asked for stands in its name: a page's number, or a digest."""
    name = unquote(path).lstrip("/")
    folder, _, last = name.rpartition("/")
    key, _, value = query.partition("=")
    if "." not in last:
        part = f"{key}-{value}/" if query and value.isdecimal() else f"{_digest(query)}/" if query else ""
        return f"{name.rstrip('/')}/{part}{INDEX}".lstrip("/")
    stem, _, suffix = last.rpartition(".")
    return f"{folder}/" * bool(folder) + (f"{stem}.{_digest(query)}.{suffix}" if query else last)


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:DIGEST]


def beginnings(catalogue: Catalogue) -> Iterator[str]:
    """Yield the addresses from which all others are found by links, and those that no link leads to."""
    yield from (f"/static/{row['file']}" for name, row in manifest().items() if not name.startswith(OUR_DESK))
    yield from ("/robots.txt", "/sitemap.xml", "/favicon.ico", "/static/THIRD-PARTY.txt", "/embed/city-atlas.js")
    yield from ("/dark.css", "/tiles/style.json")
    for layer in catalogue.layers.values():
        if layer.features:
            yield from (
                f"/tiles/{layer.spec.id}/{z}/{x}/{y}.mvt" for z, x, y in sorted(tiles_around(catalogue, [layer]))
            )
    for language in LANGUAGES:
        root = f"/{language}"
        yield from (f"{root}/base/{level}/{x}/{y}.json" for level, x, y in catalogue.base_tiles.tiles)
        yield from (f"{root}/", f"{root}/search", f"{root}/sites/", f"{root}/embed/", f"{root}/embed/list")
        yield from (f"{root}/changes.atom", f"{root}/changes.json")
        yield from (f"{root}/map.png", f"{root}/map.pdf", f"{root}/search-index.json")
        yield from (f"{root}/embed/layers/{layer_id}" for layer_id in catalogue.layers)
        yield from (f"{root}/embed/routes/{route.id}" for route in catalogue.of_role("route"))
        for feature in catalogue.features:
            yield from (f"{root}/sites/{feature}", f"{root}/sites/{feature}/card", f"{root}/sites/{feature}.png")
            yield from (f"{root}/embed/sites/{feature}", f"{root}/embed/sites/{feature}/card")
