"""Say which address has which format: the one table that headers, pages, CORS, the API's description and tests read.

A page's address with a suffix is the same subject as a file. Pages stand below a language; so do files that speak one,
while data that holds both stands at the bare address. What another wing makes is named by its endpoint, the rest is
made by `web/public/files/downloads.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

HTML: Final = "text/html"
Filters = Literal["", "map", "search", "plan"]


@dataclass(frozen=True)
class Format:
    """Describe a format: the suffix of its addresses, what people call it, and its media type.

    `made` tells how: "data" is written in milliseconds, what is "packed" or "drawn" takes a turn, and what is "live"
    says what comes next. What `is_bilingual` holds both languages, and its address has none.
    """

    suffix: str
    title: str
    mimetype: str
    made: Literal["data", "packed", "drawn", "live"] = "data"
    is_bilingual: bool = False

    @property
    def key(self) -> str:
        """Return the suffix as part of a name."""
        return self.suffix.replace(".", "_")


# In the order in which pages list them, and in which a program's Accept chooses between equals.
FORMATS: Final = {
    one.suffix: one
    for one in (
        Format("json", "JSON", "application/json", is_bilingual=True),
        Format("geojson", "GeoJSON", "application/geo+json", is_bilingual=True),
        Format("csv", "CSV", "text/csv", is_bilingual=True),
        Format("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "packed"),
        Format("gpx", "GPX", "application/gpx+xml"),
        Format("kml", "KML", "application/vnd.google-earth.kml+xml"),
        Format("ics", "iCalendar", "text/calendar"),
        Format("txt", "TXT", "text/plain"),
        Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", "packed", is_bilingual=True),
        Format("shp.zip", "Shapefile", "application/zip", "packed"),
        Format("zip", "ZIP", "application/zip", "packed"),
        Format("svg", "SVG", "image/svg+xml", "drawn"),
        Format("png", "PNG", "image/png", "drawn"),
        Format("pdf", "PDF", "application/pdf", "drawn"),
        Format("atom", "Atom", "application/atom+xml", "live"),
        Format("tilejson", "TileJSON, MVT", "application/json", "live", is_bilingual=True),
    )
}
OURS: Final = "downloads"  # the blueprint that makes what no other wing does


@dataclass(frozen=True)
class Subject:
    """Describe what pages are about: its page's endpoint, the address that suffixes follow, and its formats.

    `elsewhere` are the endpoints of those that other wings make. `filters` says which keys of the query choose what is
    in a file: those of a list, of a search, of a plan. What is `spoken` holds one language here, though others of its
    format hold both.
    """

    name: str
    page: str
    stem: str
    suffixes: tuple[str, ...]
    elsewhere: Mapping[str, str]
    filters: Filters = ""
    spoken: frozenset[str] = frozenset()

    def endpoint(self, suffix: str) -> str:
        """Return the endpoint of a format."""
        return self.elsewhere.get(suffix) or f"{OURS}.{self.name}_{FORMATS[suffix].key}"

    @property
    def formats(self) -> tuple[Format, ...]:
        """Return the formats in their order."""
        chosen = (one for one in FORMATS.values() if one.suffix in self.suffixes)
        return tuple(replace(one, is_bilingual=False) if one.suffix in self.spoken else one for one in chosen)


def _subject(name: str, page: str, stem: str, suffixes: str, filters: Filters = "", **elsewhere: str) -> Subject:
    spoken = frozenset(["geojson"] if name == "plan" else [])
    return Subject(name, page, stem, tuple(suffixes.split()), elsewhere, filters, spoken)


SUBJECTS: Final = {
    one.name: one
    for one in (
        _subject(
            "site",
            "public.site",
            "/sites/<site_id>",
            "json geojson gpx kml svg png",
            geojson="api.feature",
            png="pictures.site",
        ),
        _subject(
            "layer",
            "public.layer",
            "/layers/<layer_id>",
            "json geojson csv xlsx gpx kml gpkg shp.zip svg png atom tilejson",
            geojson="api.layer",
            png="pictures.layer",
            atom="changes.layer_atom",
            tilejson="vector_tiles.about",
        ),
        _subject(
            "route",
            "public_routes.route",
            "/routes/<route_id>",
            "json geojson gpx kml csv svg png pdf",
            png="pictures.route",
            pdf="route_leaflets.leaflet",
        ),
        _subject(
            "plan",
            "plan.show_plan",
            "/plan",
            "json geojson gpx kml ics txt svg png pdf",
            "plan",
            json="plan_api.plan_json",
            pdf="plan_booklet.pdf",
            **{suffix: f"plan_files.{suffix}" for suffix in ("geojson", "gpx", "kml", "ics", "txt", "svg", "png")},
        ),
        _subject("list", "public.sites", "/sites", "json geojson csv xlsx", "map"),
        _subject("search", "public.search", "/search", "json geojson csv xlsx", "search", json="api.search"),
        _subject("city", "public.about", "/city", "geojson gpkg xlsx zip"),
    )
}
BY_PAGE: Final = {subject.page: subject for subject in SUBJECTS.values()}
# By the endpoint of the bare address that Accept is read at: /about is no city, so that this has one of its own.
NEGOTIATED: Final = {f"{OURS}.city" if subject.name == "city" else page: subject for page, subject in BY_PAGE.items()}


def endpoints() -> Iterator[tuple[Subject, Format, str]]:
    """Yield every format of every subject with the endpoint that answers it."""
    for subject in SUBJECTS.values():
        for one in subject.formats:
            yield subject, one, subject.endpoint(one.suffix)


def ours() -> Iterator[tuple[Subject, Format]]:
    """Yield what no other wing makes."""
    return ((subject, one) for subject, one, endpoint in endpoints() if endpoint.startswith(f"{OURS}."))


def offered(subject: Subject) -> Iterable[str]:
    """Return the media types that a program may ask a subject's bare address for, the page's own first."""
    return (HTML, *(one.mimetype for one in subject.formats))
