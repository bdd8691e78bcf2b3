"""Show the map, its features, layers and figures, and find them by name."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, current_app, g, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection, read_selection, select, select_undated
from ...city.layers import Feature, Layer
from ...city.spec import View
from ...errors import NotFound
from ...handouts.map_file import left_out
from ...i18n import LANGUAGES, say
from ...render.folium_map import MapParts, build_map
from ...routing.navigation_links import DirectionLink, search_links
from ...schema.strict_json import JsonTable
from ...store import moment_text
from ..http.html_page import HtmlPage
from ..http.languages import MAP_KEYS, known_query, page
from ..http.pages import send, send_page
from ..http.sending.alternates import choosing
from ..http.snapshots import now, public_changes, snapshot
from .card import CardPage, make_card
from .figures import AboutPage, FiguresPage, all_sources, count_trusted, figure_groups
from .files.downloads import Download, found_features, list_downloads
from .files.photos import no_photo
from .files.pictures import PICTURE_PX, SITE_PICTURE_PX, picture
from .files.sheets import SHEET_KEYS, send_sheet
from .map_config import atlas
from .structured_data import feature_ld
from .subjects import chosen_view, core_view, map_subject
from .vain_searches import note_search

bp = Blueprint("public", __name__)
NEWS = timedelta(days=14)  # for so long the map says that something was published
LISTED = 200  # features that a map page lists at once; /sites/ has them all, by pages
PER_PAGE = 100
UI_ICONS = ("ui-home", "ui-pause", "ui-play", "ui-chevron-up", "ui-chevron-down", "ui-close")  # that scripts draw


@dataclass(frozen=True, kw_only=True)
class MapPage(CardPage):
    """Hold the map, the list beside it, and the card of the feature that the address names."""

    template = "public/map.html"
    parts: MapParts
    picture: Markup
    atlas: JsonTable
    icons: list[str]
    wanted: Selection
    query: str
    features: list[Feature]
    undated: list[Feature]
    count: int
    kinds: list[str]
    has_news: bool


@page(bp, "/", MAP_KEYS)
def show_map() -> Response:
    """Show the map, the list beside it, and the card of the feature that the address names."""
    wanted = read_selection(request.args, snapshot().city)
    return send_page(lambda catalogue: map_page(catalogue, wanted), key=public_changes().edition)


def map_page(catalogue: Catalogue, wanted: Selection, kind: type[MapPage] = MapPage) -> MapPage:
    """Return a page with the map in it; any other kind than the map's own is embedded."""
    features, is_embedded = select(catalogue, wanted), kind is not MapPage
    chosen = catalogue.feature(wanted.site) if wanted.site else None
    view = chosen_view(wanted, chosen, features, PICTURE_PX) or catalogue.city.view
    return kind(
        parts=build_map(catalogue.city, is_embedded=is_embedded),
        picture=picture(catalogue, features, view),
        atlas=atlas(catalogue, g.language, chosen, is_embedded=is_embedded),
        icons=sorted({*UI_ICONS, *(kind.icon for kind in catalogue.city.kinds.values())}),
        wanted=wanted,
        query=known_query(),
        features=features[:LISTED],
        undated=select_undated(catalogue, wanted)[:LISTED],
        count=len(features),
        card=make_card(catalogue, chosen) if chosen else None,
        kinds=kinds_in_use(catalogue),
        has_news=not is_embedded and public_changes().newest_at(catalogue) >= moment_text(now(catalogue) - NEWS),
    )


@page(bp, "/map.svg", MAP_KEYS | SHEET_KEYS, is_pinnable=True)
def map_svg() -> Response:
    """Answer with the map of a view as a picture."""
    wanted = read_selection(request.args, snapshot().city)
    return send_sheet(lambda catalogue: map_subject(catalogue, wanted), "svg")


@page(bp, "/map.png", MAP_KEYS | SHEET_KEYS, is_pinnable=True)
def map_png() -> Response:
    """Answer with the map of a view as a picture for places that show no SVG, such as link previews."""
    wanted = read_selection(request.args, snapshot().city)
    return send_sheet(lambda catalogue: map_subject(catalogue, wanted))


@dataclass(frozen=True, kw_only=True)
class ListPage(HtmlPage):
    """Hold one page of a list of features; `count` is that of all its pages."""

    features: list[Feature]
    count: int
    number: int
    last_page: int


@dataclass(frozen=True, kw_only=True)
class SitesPage(ListPage):
    """Hold all features that the filters choose."""

    template = "public/sites.html"
    downloads: list[Download]
    wanted: Selection
    kinds: list[str]


@page(bp, "/sites/", MAP_KEYS | {"page"})
def sites() -> Response:
    """List all features, a page at a time, as the filters choose."""
    wanted = read_selection(request.args, snapshot().city)
    number = max(1, request.args.get("page", 1, type=int))

    def make(catalogue: Catalogue) -> HtmlPage:
        features = select(catalogue, wanted)
        shown, last_page = _part(features, number)
        return SitesPage(
            features=shown,
            count=len(features),
            number=number,
            last_page=last_page,
            downloads=list_downloads(catalogue, "list", query=choosing(known_query())),
            wanted=wanted,
            kinds=kinds_in_use(catalogue),
        )

    return send_page(make)


def kinds_in_use(catalogue: Catalogue) -> list[str]:
    """Return the kinds that any feature is of, in the order of city.toml."""
    used = {feature.kind for feature in catalogue.features.values()}
    return [kind for kind in catalogue.city.kinds if kind in used]


def _part(features: list[Feature], number: int) -> tuple[list[Feature], int]:
    """Return the features of one page of a list, and the number of its last page. Raises NotFound beyond it."""
    last_page = max(1, -(-len(features) // PER_PAGE))
    if number > last_page:
        raise NotFound(f"The list has no page {number}.", f"It ends with page {last_page}.")
    return features[(number - 1) * PER_PAGE : number * PER_PAGE], last_page


@dataclass(frozen=True, kw_only=True)
class SitePage(CardPage):
    """Hold one feature, a picture of where it lies, and what search engines read of it."""

    template = "public/site.html"
    downloads: list[Download]
    picture: Markup
    structured: Markup


@page(bp, "/sites/<site_id>")
def site(site_id: str) -> Response:
    """Show one feature: all that is known of it, with sources."""
    snapshot().feature(site_id)
    return send_page(lambda c: _site_page(c, c.feature(site_id)))


def _site_page(catalogue: Catalogue, feature: Feature) -> SitePage:
    features = [f for f in catalogue.features.values() if f.layer == feature.layer or f.id == feature.id]
    view = View(feature.lon, feature.lat, 15)
    return SitePage(
        card=make_card(catalogue, feature),
        downloads=list_downloads(catalogue, "site", {"site_id": feature.id}),
        picture=picture(catalogue, features, view, SITE_PICTURE_PX),
        structured=feature_ld(catalogue, feature, g.language),
    )


@page(bp, "/sites/<site_id>/card")
def card(site_id: str) -> Response:
    """Answer with the card of a feature as a piece of HTML, for our script to put beside the map."""
    snapshot().feature(site_id)
    return send_page(lambda c: CardPage(card=make_card(c, c.feature(site_id))))


@bp.get("/photos/<name>")
def photo(name: str) -> Response:
    """Answer with a photo of the city's folder, if a feature shows it."""
    path = current_app.config["SETTINGS"].geodata / "photos" / name
    if name not in snapshot().photos or not path.is_file():  # the file may have gone since the snapshot
        raise no_photo(name)
    g.language, g.is_language_fixed = "zh", True  # a photo holds no words
    mimetype = mimetypes.guess_type(name)[0] or "image/jpeg"
    return send(lambda catalogue: path.read_bytes(), mimetype, is_repeated=False)


@dataclass(frozen=True, kw_only=True)
class LayersPage(HtmlPage):
    """Hold all layers."""

    template = "public/layers.html"
    layers: list[Layer]


@page(bp, "/layers/")
def layers() -> Response:
    """List the layers."""
    return send_page(lambda catalogue: LayersPage(layers=list(catalogue.layers.values())))


@dataclass(frozen=True, kw_only=True)
class LayerPage(ListPage):
    """Hold one layer and a picture of it."""

    template = "public/layer.html"
    layer: Layer
    downloads: list[Download]
    picture: Markup


@page(bp, "/layers/<layer_id>", ["page"])
def layer(layer_id: str) -> Response:
    """List the features of one layer beside their map."""
    snapshot().layer(layer_id)
    number = max(1, request.args.get("page", 1, type=int))

    def make(catalogue: Catalogue) -> HtmlPage:
        features = list(catalogue.layer(layer_id).features)
        shown, last_page = _part(features, number)
        view = core_view(features, SITE_PICTURE_PX) if features else catalogue.city.view
        return LayerPage(
            layer=catalogue.layer(layer_id),
            downloads=list_downloads(catalogue, "layer", {"layer_id": layer_id}),
            picture=picture(catalogue, features, view, SITE_PICTURE_PX),
            features=shown,
            count=len(features),
            number=number,
            last_page=last_page,
        )

    return send_page(make)


@page(bp, "/figures")
def figures() -> Response:
    """Show the figures that the sources state, with charts."""
    return send_page(lambda catalogue: FiguresPage(groups=figure_groups(catalogue)))


@page(bp, "/about")
def about() -> Response:
    """Tell where the data comes from and how exact it is."""
    other = next(code for code in LANGUAGES if code != g.language)  # the map as one file speaks but one
    return send_page(
        lambda catalogue: AboutPage(
            trusted=count_trusted(catalogue),
            sources=all_sources(catalogue),
            downloads=list_downloads(catalogue, "city"),
            left_out=left_out(catalogue, g.language, other=other),
        )
    )


@dataclass(frozen=True, kw_only=True)
class SearchPage(HtmlPage):
    """Hold what a name finds, and which names are near to it where it finds nothing."""

    template = "public/search.html"
    query: str
    features: list[Feature]
    near: list[str]
    downloads: list[Download]
    elsewhere: Sequence[DirectionLink]


@page(bp, "/search", ["q"])
def search() -> Response:
    """Find features by name; works without a script."""
    query = request.args.get("q", "").strip()
    note_search(snapshot(), query, is_found=not query or bool(snapshot().index.find(query, 1)))  # of a kept page too

    def make(catalogue: Catalogue) -> HtmlPage:
        features = found_features(catalogue, query)
        near = catalogue.index.nearest(query, 3) if query and not features else []
        files = list_downloads(catalogue, "search", query=known_query()) if features else []
        region = say(catalogue.city.region, "zh").text
        elsewhere = search_links(query, region, g.language) if query and region else ()
        return SearchPage(query=query, features=features, near=near, downloads=files, elsewhere=elsewhere)

    return send_page(make)
