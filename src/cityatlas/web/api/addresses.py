"""List the addresses of data that programs may rely on: what each answers, and what can be asked of it.

Formats of a page's subject come from the table in `web/http/sending/formats.py`; `tests/web/test_openapi.py` finds an
address that is missing here. What our own scripts read is in `OWN_SCRIPTS`: it follows them, and is promised to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...i18n import Language, translate
from ...tiles.vector_tiles import MIMETYPE as MVT
from ..http.pages import JSON
from ..http.sending.formats import Format, Subject, endpoints
from ..public.change_feeds import ATOM, JSON_FEED
from .address_keys import CHANGES, CHOOSING, SHEET, VIEW, WISH

OWN_SCRIPTS = frozenset(
    [
        *(
            "api.base",
            "api.base_tile",
            "api.colours",
            "api.dark",
            "api.extent",
            "api.map_layer",
            "api.map_script",
            "api.tile",
        ),
        *("assets.static_file", "downloads.bare", "embed.card", "embed.element", "public.card"),
        *("embed_since.count", "route_stamps.check", "api.search_index"),
        *("offline.cards", "offline.listed", "offline.web_manifest", "offline.worker", "offline.icon"),
    ]
)
OGC = "ogc."  # begins the endpoints that /ogc/api describes
COSTLY = (429, 503)
FILTER_KEYS: Mapping[str, tuple[str, ...]] = {"": (), "map": CHOOSING, "search": ("search.q",), "plan": WISH}
# What JSON of a subject holds, by suffix: the name of its schema. Other formats have no schema here.
BODIES: Mapping[str, Mapping[str, str]] = {
    "site": {"json": "place", "geojson": "feature"},
    "layer": {"json": "places", "geojson": "features"},
    "route": {"json": "route", "geojson": "shapes"},
    "plan": {"json": "plan", "geojson": "shapes"},
    "list": {"json": "places", "geojson": "features"},
    "search": {"json": "found", "geojson": "features"},
    "city": {"geojson": "features"},
}
OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "api.layer": ("layer.since",),
    "changes.layer_atom": ("changes.page",),
    "plan_files.svg": (*WISH, *SHEET),
}


@dataclass(frozen=True)
class Address:
    """Describe an address: its endpoint, the group it is shown in, and what it answers by media type.

    An answer names its schema, or "" for what has none. `keys` are parameters, `statuses` those of what it refuses.
    `told` is the end of the key of its sentence, and `format` the format of a subject, which says it otherwise.
    """

    endpoint: str
    group: str
    answers: Mapping[str, str]
    keys: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    told: str = ""
    format: Format | None = None
    is_spoken: bool = False
    method: str = "get"
    body: str = field(default="")

    def summary(self, language: Language) -> str:
        """Return what it answers, in a line."""
        if self.format is None:
            return translate(f"apidoc.what_{self.told}", language)
        subject = translate(f"apidoc.group_{self.group}", language)
        return translate("apidoc.as_format", language, subject=subject, format=self.format.title)

    def use(self, language: Language) -> str:
        """Return what it is good for: of a format whom it is for, else what it answers."""
        return translate(f"formats.for_{self.format.key}", language) if self.format else self.summary(language)


OTHERS = (
    Address("api.opening", "search", {JSON: "hours"}, ("hours.at",), (422,), "hours"),
    Address("plan_api.post_plan", "plan", {JSON: "plan"}, (), (422, *COSTLY), "post_plan", method="post", body="wish"),
    Address("plan_files.qr", "plan", {"image/svg+xml": ""}, WISH, (422, *COSTLY), "qr", is_spoken=True),
    Address("changes.atom", "changes", {ATOM: ""}, CHANGES, (404, 422), "atom", is_spoken=True),
    Address("changes.json_feed", "changes", {JSON_FEED: "feed"}, CHANGES, (404, 422), "json_feed", is_spoken=True),
    Address(
        "public.map_png",
        "pictures",
        {"image/png": ""},
        (*CHOOSING, *VIEW, *SHEET),
        (410, 422, *COSTLY),
        "map_png",
        is_spoken=True,
    ),
    Address(
        "public.map_svg",
        "pictures",
        {"image/svg+xml": ""},
        (*CHOOSING, *VIEW, *SHEET),
        (410, 422, *COSTLY),
        "map_svg",
        is_spoken=True,
    ),
    Address(
        "paper.map_on_paper",
        "pictures",
        {"application/pdf": ""},
        (*CHOOSING, *VIEW, "paper.paper"),
        (410, 422, *COSTLY),
        "map_pdf",
        is_spoken=True,
    ),
    Address(
        "oembed.answer",
        "embed",
        {JSON: "oembed", "text/xml": ""},
        ("oembed.url", "oembed.maxwidth", "oembed.maxheight", "oembed.format"),
        (401, 404, 501),
        "oembed",
    ),
    Address("vector_tiles.tile", "tiles", {MVT: ""}, (), (404,), "mvt"),
    Address("vector_tiles.style", "tiles", {JSON: ""}, (), (), "tile_style"),
    Address("embed_kit.kit", "embed", {"application/zip": ""}, (), COSTLY, "kit", is_spoken=True),
    Address("openapi.show", "embed", {JSON: ""}, (), (), "openapi"),
)


def addresses() -> Iterator[Address]:
    """Yield each address in the order of their groups: those of pages' formats, then the others."""
    yield from (_of_format(subject, one, endpoint) for subject, one, endpoint in endpoints())
    yield from OTHERS


def _of_format(subject: Subject, one: Format, endpoint: str) -> Address:
    is_picture = one.suffix in ("svg", "png")
    keys = OWN_KEYS.get(endpoint) or (*FILTER_KEYS[subject.filters], *(SHEET if is_picture else ()))
    refused = {"<site_id>": (404, 410), "<layer_id>": (404,), "<route_id>": (404, 410)}
    statuses = {status for place, found in refused.items() if place in subject.stem for status in found}
    statuses |= {410, 422} if "layer.since" in keys else {422} if keys else set()
    statuses |= set(COSTLY) if one.made in ("packed", "drawn") or subject.filters == "plan" else set()
    answer = {one.mimetype: BODIES[subject.name].get(one.suffix, "")}
    is_spoken = not one.is_bilingual
    return Address(endpoint, subject.name, answer, keys, tuple(sorted(statuses)), "", one, is_spoken)
