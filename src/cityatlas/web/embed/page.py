"""Show the map inside other people's pages: no cookie, no form that writes, may be framed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request, url_for
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection
from ...city.layers import Feature
from ...errors import CityatlasError, NotFound, status_of
from ...handouts.day.day_course import day_course
from ...handouts.day.day_map import draw_itinerary
from ...i18n import messages
from ...planner.request.request import clock
from ...render.built import manifest
from ...render.folium_map import MapParts, build_map
from ...render.looks import dressed, lightened, styles_in
from ...render.map_table import dark_colours, kind_rows
from ...render.naming.thinning import thinned
from ...schema.strict_json import JsonTable
from ...tiles.geojson import features_geojson
from ..http.assets import asset, send_built
from ..http.html_page import HtmlPage
from ..http.languages import localised, page
from ..http.pages import send, send_page
from ..http.sending.caching import PUBLIC, REDIRECT
from ..http.snapshots import snapshot
from ..plan.links import address_of
from ..public.card import Card, make_card
from ..public.files.pictures import picture
from ..public.map_config import atlas, layer_row
from .options import COLOUR, EMBED_KEYS, PLAN_KEYS, Look, Wanted, Wrong, read_wanted
from .scope import FRAME_PX, Scope, first_view, fitted_bbox, layer_scope, route_scope, site_scope, whole_scope
from .since import of_scope

bp = Blueprint("embed", __name__)
ACCENT = ":root[data-look]{{--cinnabar:#{0};--cinnabar-deep:#{0}}}"
LISTED = 200  # features in a frame's list; beyond, its page has them
# Of the words that the map's scripts say: a frame has no search, no tour and no slider.
FRAME_WORDS = frozenset(
    [
        *("card_failed", "close_card", "cluster", "fullscreen", "fullscreen_end", "home"),
        *("gesture_keys", "gesture_touch", "gesture_wheel", "gesture_wheel_mac", "layer_failed", "map_label"),
        *("zoom_in", "zoom_out"),
    ]
)
# Of what the map's page tells its scripts: a frame's basemap is our own, and its credit stands below it.
FRAME_LACKS = frozenset(
    ["credits", "dark", "embedded", "groups", "home", "hours", "is_schematic", "search", "search_index", "tag"]
)
MakeScope = Callable[[Catalogue, Selection], Scope]


@dataclass(frozen=True, kw_only=True)
class FramePage(HtmlPage):
    """Hold what every frame says: what it is about, how it looks, and which options could not be obeyed."""

    template = "embed/list.html"
    scope: Scope
    look: Look
    wrong: tuple[Wrong, ...]
    features: tuple[Feature, ...]

    def clock(self, at_s: int) -> str:
        """Return a time of the day as 09:30."""
        return clock(at_s)

    def weekday(self) -> str:
        """Return the key of the name of the weekday that the frame's plan is for."""
        return f"planner.weekday_{self.scope.plan.itinerary.request.day.weekday()}" if self.scope.plan else ""

    def since_address(self) -> str:
        """Return where the changes since are told, of a frame that is pinned."""
        return url_for("embed_since.count", since=snapshot().pin, of=of_scope(self.scope))


@dataclass(frozen=True, kw_only=True)
class PosterFrame(FramePage):
    """Hold a frame with a picture in it, and where its map is."""

    template = "embed/poster.html"
    card = None
    picture: Markup
    map_address: str


@dataclass(frozen=True, kw_only=True)
class MapFrame(FramePage):
    """Hold a frame with a map in it."""

    template = "embed/map.html"
    parts: MapParts
    picture: Markup
    atlas: JsonTable
    card: Card | None
    icons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SmallCard(HtmlPage):
    """Hold the card below a frame's map, a piece of HTML for its script."""

    template = "embed/_card.html"
    card: Card


@dataclass(frozen=True, kw_only=True)
class GonePage(HtmlPage):
    """Hold why a frame has nothing to show."""

    template = "embed/gone.html"
    scope = wrong = since_address = None
    look: Look
    error: CityatlasError
    status: int
    told: str


@page(bp, "/embed/", EMBED_KEYS, is_pinnable=True)
def show() -> Response:
    """Show the whole map; layers, view and filters come as for the map's own page."""
    return _send(whole_scope)


@page(bp, "/embed/layers/<layer_id>", EMBED_KEYS, is_pinnable=True)
def layer(layer_id: str) -> Response:
    """Show one layer."""
    return _send(lambda catalogue, wanted: layer_scope(catalogue, wanted, layer_id))


@page(bp, "/embed/sites/<site_id>", EMBED_KEYS, is_pinnable=True)
def site(site_id: str) -> Response:
    """Show one feature with its card."""
    return _send(lambda catalogue, wanted: site_scope(catalogue, wanted, site_id))


@page(bp, "/embed/routes/<route_id>", EMBED_KEYS, is_pinnable=True)
def route(route_id: str) -> Response:
    """Show one tour route: its stops and its line, nothing else."""
    return _send(lambda catalogue, wanted: route_scope(catalogue, wanted, route_id))


@page(bp, "/embed/list", EMBED_KEYS, is_pinnable=True)
def feature_list() -> Response:
    """Show what filters choose as a list without a map."""
    wanted = read_wanted(request.args, snapshot().city)

    def make(catalogue: Catalogue) -> HtmlPage:
        scope = whole_scope(catalogue, wanted.selection)
        return FramePage(scope=scope, look=wanted.look, wrong=wanted.wrong, features=scope.features[:LISTED])

    return send_page(make, key=wanted.wrong, is_embedded=True)


@page(bp, "/embed/sites/<site_id>/card", is_pinnable=True)
def card(site_id: str) -> Response:
    """Answer with the small card of a feature as a piece of HTML, for the frame's script."""
    snapshot().feature(site_id)
    return send_page(lambda c: SmallCard(card=make_card(c, c.feature(site_id))))


@bp.get("/embed/accent-<colour>.css")
def accent(colour: str) -> Response:
    """Answer with a style sheet of one colour, six hex digits: pages of ours carry no style of their own."""
    if not COLOUR.fullmatch(colour):
        raise NotFound("This is no colour.", "Six hex digits, such as a8321f.")
    g.language, g.is_language_fixed = "zh", True
    return send(lambda _: ACCENT.format(colour.lower()).encode(), "text/css")


@bp.get("/embed/city-atlas.js")
def element() -> Response:
    """Answer with the script of <city-atlas>, at an address that stays good for years in other people's pages."""
    g.language, g.is_language_fixed = "zh", True
    return send_built(manifest()["city_atlas.js"]["file"], PUBLIC)


@bp.errorhandler(CityatlasError)
def refuse(error: CityatlasError, told: str = "") -> Response:
    """Answer in small words what cannot be shown, and why where it is `told`; a frame is never blank.

    What was withdrawn is answered with its successor.
    """
    status = status_of(error)
    look = read_wanted(request.args, snapshot().city).look
    page = GonePage(error=error, status=status, look=look, told=told)
    response = Response(page.fill(), status, mimetype="text/html")
    response.headers["Cache-Control"] = REDIRECT
    if wait_s := error.values.get("wait_s"):
        response.headers["Retry-After"] = wait_s
    return response


def _send(make_scope: MakeScope) -> Response:
    """Return the frame of a scope."""
    wanted = read_wanted(request.args, snapshot().city)
    make_scope(snapshot(), wanted.selection)
    return send_frame(make_scope, wanted)


def send_frame(make_scope: MakeScope, wanted: Wanted, key: object = "") -> Response:
    """Return a scope's frame as it is wanted; `key` adds what it depends on besides its address."""
    make_page = _poster if wanted.look.poster == "1" else _map_frame

    def make(catalogue: Catalogue) -> HtmlPage:
        return make_page(catalogue, make_scope(catalogue, wanted.selection), wanted)

    return send_page(make, key=(wanted.wrong, key), is_embedded=True)


def _poster(catalogue: Catalogue, scope: Scope, wanted: Wanted) -> PosterFrame:
    """Return a picture with a button that leads to the same frame with its map."""
    known = PLAN_KEYS | EMBED_KEYS if scope.plan else EMBED_KEYS
    options = {key: value for key, value in request.args.items() if key in known and key != "poster"}
    return PosterFrame(
        scope=scope,
        look=wanted.look,
        wrong=wanted.wrong,
        features=scope.features[:LISTED],
        picture=_picture(catalogue, scope, wanted),
        map_address=request.path + (f"?{urlencode(options)}" if options else ""),
    )


def _map_frame(catalogue: Catalogue, scope: Scope, wanted: Wanted) -> MapFrame:
    return MapFrame(
        scope=scope,
        look=wanted.look,
        wrong=wanted.wrong,
        features=scope.features[:LISTED],
        parts=build_map(catalogue.city, is_embedded=True),
        picture=_picture(catalogue, scope, wanted),
        atlas=_atlas(catalogue, scope, wanted),
        card=make_card(catalogue, scope.chosen) if scope.chosen else None,
        icons=("ui-home", *sorted({catalogue.city.kinds[feature.kind].icon for feature in scope.features})),
    )


def _picture(catalogue: Catalogue, scope: Scope, wanted: Wanted) -> Markup:
    if scope.plan:
        drawn = draw_itinerary(catalogue, scope.plan.itinerary, FRAME_PX, g.language, address_of)
        return dressed(thinned(drawn), wanted.look.look)
    view = first_view(catalogue, scope, wanted.selection)
    drawing = picture(catalogue, list(scope.features), view, FRAME_PX, scope.stops)
    return dressed(thinned(drawing), wanted.look.look)


def _atlas(catalogue: Catalogue, scope: Scope, wanted: Wanted) -> JsonTable:
    """Return what the map's script needs; a frame of few features brings them along."""
    table, look = atlas(catalogue, g.language, scope.chosen, is_embedded=True), wanted.look
    layers = [layer_row(spec, catalogue, g.language) for spec in catalogue.city.layers]
    if scope.is_fitted:
        layers = [layer | {"visible": layer["id"] in scope.layers} for layer in layers]
    words, kinds = messages(g.language), {feature.kind for feature in catalogue.features.values()}
    own = {
        "words": {key: words[f"js.{key}"] for key in sorted(FRAME_WORDS)},
        "kinds": {key: row for key, row in kind_rows(catalogue.city, g.language).items() if key in kinds},
        "card": localised("embed.card", site_id="-", v=catalogue.tag),
        "names_script": asset("embed_names.js"),
        "look": {"controls": look.controls, "gestures": look.gestures, "list": look.list},
        "fit": fitted_bbox(catalogue, scope, wanted.selection),
        "inline": features_geojson(scope.inline, g.language) if scope.inline else None,
        "plan": day_course(scope.plan.itinerary, scope.stops, look.look) if scope.plan else None,
        "months": [],
    }
    own |= {"view": asdict(wanted.selection.view)} if scope.plan and wanted.selection.view else {}
    own |= {"themes": dict.fromkeys(catalogue.city.themes, "")}  # titles of what a frame does not offer
    table = {key: value for key, value in table.items() if key not in FRAME_LACKS}
    return table | {"layers": layers} | own | _colours(catalogue, layers, look.look)


def _colours(catalogue: Catalogue, layers: list[JsonTable], look: str) -> JsonTable:
    """Return what a look changes of the live map: the basemap's styles and the lines' colours; auto gets both."""
    if look == "auto":
        return {"dark": dark_colours(catalogue.city)}
    lines = {spec.id: lightened(spec.colour) for spec in catalogue.city.layers}
    changed = [layer | {"colour": lines[str(layer["id"])]} for layer in layers] if look == "dark" else layers
    return {"styles": styles_in(look), "layers": changed}
