"""Let a phone keep the city: a worker, a list of files of one revision with their hashes, and what they are made of.

The page's script fetches all files of the list, checks each hash and keeps all or nothing; the worker answers from
what is kept when the network does not. Nothing of staff, frames, programs or forms is in the list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, current_app, g, render_template, request, url_for

from ...catalogue.catalogue import Catalogue
from ...errors import NotFound, StoreUnavailable
from ...handouts.map_file import write_map
from ...i18n import TAGS, Language, say, translate
from ...limits import KEPT_MB
from ...paths import static_dir
from ...render.built import built_text, manifest
from ...render.city_map import to_png
from ...tiles.layer_tiles import is_large
from ..http.assets import asset
from ..http.html_page import HtmlPage
from ..http.languages import localised, page
from ..http.pages import JSON, send, send_page
from ..http.sending.answers import make_answer, respond
from ..http.sending.caching import ASKED, PUBLIC
from ..http.sending.file_names import disposition
from ..http.snapshots import now, snapshot
from .card import CardPage, make_card
from .explore import PER_PAGE
from .structured_data import public_url

bp = Blueprint("offline", __name__)
MANIFEST = "application/manifest+json"
ICONS_PX = (192, 512)
MASKABLE_PX = 512
GROUND = "#a8321f"
BUILT = ("map.js", "map.css", "page.js", "page.css", "plan.js", "plan.css", "offline.js", "favicon.svg")
# Unregisters itself and lets go of all that was kept: what a phone is sent where keeping is turned off.
KILL = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("cityatlas:")) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


@bp.get("/sw.js")
def worker() -> Response:
    """Answer with the worker, which browsers ask for anew at each visit; where it is turned off, with its end."""
    text = built_text("sw.js") if _is_on() else KILL
    return respond(make_answer(text.encode(), "text/javascript", is_lasting=False), request, ASKED)


def _is_on() -> bool:
    return bool(current_app.config["SETTINGS"].offline)


@page(bp, "/manifest.webmanifest")
def web_manifest() -> Response:
    """Answer with what a phone needs to put the city among its programs."""
    return send(lambda catalogue: _manifest(catalogue, g.language), MANIFEST)


def _manifest(catalogue: Catalogue, language: Language) -> bytes:
    title = say(catalogue.city.title, language).text
    icons = [{"src": f"/icon-{px}.png", "sizes": f"{px}x{px}", "type": "image/png"} for px in ICONS_PX]
    whole = {"src": "/icon-whole.png", "sizes": f"{MASKABLE_PX}x{MASKABLE_PX}", "purpose": "maskable"}
    table = {
        "id": f"/{language}/",
        "name": title,
        "short_name": title[:12],
        "description": say(catalogue.city.tagline, language).text,
        "lang": TAGS[language],
        "start_url": f"/{language}/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f1e6",
        "theme_color": "#f6f1e6",
        "icons": [*icons, whole | {"type": "image/png"}],
    }
    return json.dumps(table, ensure_ascii=False).encode()


@bp.get("/icon-<name>.png")
def icon(name: str) -> Response:
    """Answer with our sign as PNG: in one of two widths, or whole, with room round it that a phone may cut away."""
    if name not in {"whole", *map(str, ICONS_PX)}:
        raise NotFound(f'There is no icon "{name[:20]}".', "The manifest names them.")
    return respond(make_answer(_icon(name), "image/png", is_lasting=False), request, PUBLIC)


@cache
def _icon(name: str) -> bytes:
    svg = (static_dir() / manifest()["favicon.svg"]["file"]).read_text("utf-8")
    if name != "whole":
        return to_png(svg, int(name))
    wide = svg.replace('viewBox="0 0 24 24"', 'viewBox="-4 -4 32 32"', 1)
    ground = f'<rect x="-4" y="-4" width="32" height="32" fill="{GROUND}"/>'
    head, _, rest = wide.partition(">")
    return to_png(f"{head}>{ground}{rest}", MASKABLE_PX)


@dataclass(frozen=True, kw_only=True)
class OfflinePage(HtmlPage):
    """Hold the page that a phone shows without a network: the frame of a place, or that a page is not kept."""

    template = "public/offline.html"


@page(bp, "/offline")
def shell() -> Response:
    """Show what stands for pages that are not kept, and round the places that are."""
    return send_page(lambda _: OfflinePage())


@page(bp, "/offline-cards.json")
def cards() -> Response:
    """Answer with the card of each place as a piece of HTML, by id."""
    return send(lambda catalogue: _cards(catalogue), JSON, key=now(snapshot()).date())


def _cards(catalogue: Catalogue) -> bytes:
    made = {
        feature.id: {
            "title": say(feature.name, g.language).text,
            "card": render_template("public/card.html", **CardPage(card=make_card(catalogue, feature)).given()),
        }
        for feature in catalogue.features.values()
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


@page(bp, "/offline.json")
def listed() -> Response:
    """Answer with the files of the present revision that a phone keeps in this language, each with its hash.

    Pages name the host where no setting does, so that a forged one makes all of them anew: that is done in turn.
    """
    if not _is_on():
        raise NotFound("Keeping the city on a phone is turned off here.", "")
    language, root = g.language, f"{public_url()}/"
    return send(lambda c: _list(c, language, root), JSON, key=(now(snapshot()).date(), root), is_costly=True)


def _list(catalogue: Catalogue, language: Language, root: str) -> bytes:
    client = current_app.test_client()
    files = []
    for address in addresses(catalogue, language):
        answer = client.get(address, base_url=root)
        if answer.status_code != 200:
            raise StoreUnavailable(f"{address} is not answered ({answer.status_code}).", "Try again later.")
        files.append({"url": address, "sha256": hashlib.sha256(answer.data).hexdigest(), "bytes": len(answer.data)})
    digest = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    most = KEPT_MB * 1_000_000
    size = sum(int(str(file["bytes"])) for file in files)
    return json.dumps({"revision": digest, "language": language, "bytes": size, "most": most, "files": files}).encode()


def addresses(catalogue: Catalogue, language: Language) -> list[str]:
    """Return the addresses of all files that a phone keeps in a language, as pages ask for them."""
    return [*_pages(catalogue, language), *_data(catalogue, language), *map(asset, _built(catalogue))]


def _pages(catalogue: Catalogue, language: Language) -> Iterator[str]:
    yield from (localised(name, language) for name in ("offline.shell", "public.show_map", "public_routes.routes"))
    yield from (localised(name, language) for name in ("public.figures", "public.about", "public.sites"))
    last_page = max(1, -(-len(catalogue.features) // PER_PAGE))
    yield from (localised("public.sites", language, page=number) for number in range(2, last_page + 1))
    if catalogue.network.has_walks:
        yield localised("plan.show_plan", language)
    for route in catalogue.of_role("route"):
        yield localised("public_routes.route", language, route_id=route.id)


def _data(catalogue: Catalogue, language: Language) -> Iterator[str]:
    tag = catalogue.tag
    yield from (localised(name, language) for name in ("offline.cards", "api.search_index"))
    yield localised("api.base", language, v=tag)
    for level, x, y in catalogue.base_tiles.tiles:
        yield localised("api.base_tile", language, level=level, x=x, y=y, v=tag)
    for layer in catalogue.layers.values():
        if not is_large(layer, current_app.config["SETTINGS"].tile_threshold):
            yield localised("api.map_layer", language, layer_id=layer.spec.id, v=tag)
    yield from (url_for("api.colours", v=tag), url_for("api.dark"), url_for("api.map_script", kind="map", tag=tag))


def _built(catalogue: Catalogue) -> Iterator[str]:
    yield from BUILT
    threshold = current_app.config["SETTINGS"].tile_threshold
    if any(is_large(layer, threshold) for layer in catalogue.layers.values()):
        yield "tiled.js"


@page(bp, "/map.html")
def map_file() -> Response:
    """Answer with the map as one file, for browsers that keep nothing; it is saved, not shown."""
    root = public_url()
    response = send(lambda c: write_map(c, g.language, root=root).encode(), "text/html", is_costly=True, key="file")
    title = translate("keep.file_title", g.language, city=say(snapshot().city.title, g.language).text)
    response.headers["Content-Disposition"] = disposition("attachment", f"{snapshot().city.id}-map", title, "html")
    return response
