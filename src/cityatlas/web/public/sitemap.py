"""Tell search engines which pages there are: robots.txt and a sitemap in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, g
from markupsafe import escape

from ...catalogue.catalogue import Catalogue
from ...errors import NotFound
from ...i18n import LANGUAGES, TAGS
from ..http.languages import localised
from ..http.pages import send
from ..http.snapshots import snapshot
from .structured_data import public_url

bp = Blueprint("seo", __name__)
LIMIT = 20_000  # addresses in one file; the protocol allows 50,000 and 50 MB
XML = "application/xml"
OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
PAGES = (
    "public.show_map",
    "public.sites",
    "public.layers",
    "public_routes.routes",
    "plan.show_plan",
    "public.figures",
    "public.about",
    "changes.show",
    "data_help.show",
    "operators_help.show",
    "security_help.show",
    "privacy_help.show",
    "api_help.show",
)

Page = tuple[str, dict[str, str]]


@bp.get("/robots.txt")
def robots() -> Response:
    """Let everybody read all pages; pieces of pages and the staff's desk are no pages."""
    _speak()
    lines = [
        "User-agent: *",
        "Disallow: /staff/",
        "Disallow: /*/card",
        "Disallow: /*/report",
        f"Sitemap: {public_url()}/sitemap.xml",
        "",
    ]
    return send(lambda _: "\n".join(lines).encode(), "text/plain", key=public_url())


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """List all pages, or, when they are too many for one file, the files that list them."""
    _speak()

    def make(catalogue: Catalogue) -> bytes:
        pages = list(_pages(catalogue))
        files = -(-len(pages) * len(LANGUAGES) // LIMIT)
        return (_urlset(pages) if files == 1 else _index(files)).encode()

    return send(make, XML, key=public_url())


@bp.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """List one part of the pages; parts count from 1."""
    _speak()
    part = LIMIT // len(LANGUAGES)
    first = (number - 1) * part
    if number < 1 or first >= sum(1 for _ in _pages(snapshot())):
        raise NotFound(f"The sitemap has no part {number}.", "See /sitemap.xml.")
    return send(lambda c: _urlset(list(_pages(c))[first : first + part]).encode(), XML, key=public_url())


def _speak() -> None:
    """Set a language, which every answer has; these hold both."""
    g.language, g.is_language_fixed = "zh", True


def _pages(catalogue: Catalogue) -> Iterator[Page]:
    yield from ((endpoint, {}) for endpoint in PAGES if endpoint != "plan.show_plan" or catalogue.network.has_walks)
    yield from (("public.layer", {"layer_id": layer_id}) for layer_id in catalogue.layers)
    yield from (("public_routes.route", {"route_id": route.id}) for route in catalogue.of_role("route"))
    yield from (("public.site", {"site_id": feature_id}) for feature_id in catalogue.features)


def _urlset(pages: Sequence[Page]) -> str:
    return f"{OPENING}<urlset {NAMESPACES}>\n" + "".join(map(_entries, pages)) + "</urlset>\n"


def _entries(page: Page) -> str:
    """Return an entry for each language of a page; each names all of them, as search engines ask."""
    endpoint, values = page
    addresses = {code: escape(public_url() + localised(endpoint, code, **values)) for code in LANGUAGES}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{TAGS[code]}" href="{address}"/>' for code, address in addresses.items()
    )
    return "".join(f"<url><loc>{address}</loc>{links}</url>\n" for address in addresses.values())


def _index(files: int) -> str:
    rows = (f"<sitemap><loc>{escape(public_url())}/sitemap-{n}.xml</loc></sitemap>\n" for n in range(1, files + 1))
    return f"{OPENING}<sitemapindex {NAMESPACES}>\n" + "".join(rows) + "</sitemapindex>\n"
