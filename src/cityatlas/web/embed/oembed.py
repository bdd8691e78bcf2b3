"""Answer oEmbed 1.0: what to put into a page where somebody pasted the address of one of ours.

Only the address is read; nothing is fetched. Statuses are those of the standard: 404 for what we have no answer for,
501 for a format that we do not write, 401 for what is not public.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Flask, Response, current_app, g, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection
from ...errors import InvalidTour, NotFound, PinGone, Retired
from ...i18n import LANGUAGES, Language, Text, say, translate
from ..http.desk import is_desk
from ..http.languages import MAP_KEYS, known_query, localised
from ..http.pages import JSON, send
from ..http.pins import stay_at
from ..http.sending.caching import DAY_S, REDIRECT
from ..http.snapshots import snapshot
from ..public.structured_data import public_url
from .options import EMBED_KEYS, PLAN_KEYS, PLAN_OPTION_KEYS, read_wanted
from .plan import plan_of
from .scope import Scope, layer_scope, plan_scope, route_scope, site_scope, whole_scope

bp = Blueprint("oembed", __name__)
XML = "text/xml"
DEFAULT_PX = 640  # the width of a frame where nobody says how wide it may be
MOST_PX = 4_096
MAP_PX, MAP_SHARE = (240, 480), 0.62  # the height of a frame's map and how it follows the width, as in css/embed.css
TITLE_PX, CARD_PX, LIST_PX, ROW_PX, FOOT_PX = 48, 168, 240, 50, 72
PICTURES = {
    "public.show_map": "public.map_png",
    "public.sites": "public.map_png",
    "public.layer": "pictures.layer",
    "public.site": "pictures.site",
    "public_routes.route": "pictures.route",
    "plan.show_plan": "plan_files.png",
}
THUMBNAILS = ((1200, 630), (800, 420), (400, 210))  # width, height
FILTERED = ("public.show_map", "public.sites")  # pages that read filters
PORTS = {"http": 80, "https": 443}

MakeScope = Callable[[Catalogue, Selection, Mapping[str, str]], Scope]


def _list_scope(catalogue: Catalogue, wanted: Selection, _: Mapping[str, str]) -> Scope:
    whole = whole_scope(catalogue, wanted)
    title: Text = {code: translate("list.all", code) for code in LANGUAGES}
    return Scope(title, "public.sites", {}, whole.features)


# Each page that may be pasted: the endpoint of its frame, and how what it is about is found.
FRAMES: Mapping[str, tuple[str, MakeScope]] = {
    "public.show_map": ("embed.show", lambda c, wanted, values: whole_scope(c, wanted)),
    "public.layer": ("embed.layer", lambda c, wanted, values: layer_scope(c, wanted, values["layer_id"])),
    "public.site": ("embed.site", lambda c, wanted, values: site_scope(c, wanted, values["site_id"])),
    "public_routes.route": ("embed.route", lambda c, wanted, values: route_scope(c, wanted, values["route_id"])),
    "public.sites": ("embed.feature_list", _list_scope),
}
# A frame's own address is as good as that of its page.
PASTED = {**FRAMES, **{frame: (frame, make_scope) for frame, make_scope in FRAMES.values()}}
PLANS = ("plan.show_plan", "embed_plan.show")  # a page and a frame whose query says what they are about


@dataclass(frozen=True)
class Pasted:
    """Hold a pasted address: the frame of its page, what it is about, and what its query asks for."""

    endpoint: str
    values: Mapping[str, str]
    args: Mapping[str, str]
    language: Language
    scope: Scope


class Refusal(Exception):
    """Say with a status of the standard why there is no answer, and what to do."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


@bp.get("/oembed")
def answer() -> Response:
    """Answer what to show for the page with the address `url`, no larger than `maxwidth` and `maxheight`."""
    g.language, g.is_language_fixed = "zh", True  # the address that is asked about says it
    try:
        form = request.args.get("format") or "json"
        if form not in ("json", "xml"):
            raise Refusal(501, "There is no such format.", "The format is json or xml.")
        pasted = _read(request.args.get("url", ""))
    except Refusal as refusal:
        return _refused(refusal)
    g.language = pasted.language
    most = (_limit("maxwidth"), _limit("maxheight"))
    write, mimetype = (_json, JSON) if form == "json" else (_xml, XML)
    key = (pasted.endpoint, *pasted.values.items(), *pasted.args.items(), most)
    return send(lambda _: write(_table(pasted, most)), mimetype, key=key, is_hard=False)


def _refused(refusal: Refusal) -> Response:
    told = {"code": f"oembed_{refusal.status}", "message": refusal.message, "hint": refusal.hint}
    words = json.dumps({"error": told})
    response = Response(words, refusal.status, mimetype=JSON)
    response.headers["Cache-Control"] = REDIRECT
    if refusal.status == 401:  # a scheme that no browser knows: nobody is asked for a password in a frame
        response.headers["WWW-Authenticate"] = 'Form realm="staff"'
    return response


def _limit(key: str) -> int:
    """Return a limit in pixels; what is no number limits nothing."""
    text = request.args.get(key, "")
    return min(int(text), MOST_PX) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else MOST_PX


def _read(url: str) -> Pasted:
    """Return what an address of ours stands for; from then on the request is of its pin. Raises Refusal."""
    parts = _own_parts(url)
    path = unquote(parts.path)
    if is_desk(path):
        raise Refusal(401, "This page is not public.", "Link to it instead.")
    try:
        endpoint, found = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        raise _unknown() from None
    if endpoint not in (*PASTED, *PLANS):
        raise _unknown()
    values, query = dict(found), dict(parse_qsl(parts.query)[::-1])
    language = values.pop("lang", "zh")
    pin = values.pop("pin", "")
    args = {
        key: value
        for key, value in query.items()
        if key in (PLAN_KEYS | PLAN_OPTION_KEYS if endpoint in PLANS else EMBED_KEYS)
    }
    g.language = language
    try:
        if pin:
            stay_at(pin)
        frame, scope = _frame_of(endpoint, values, args)
    except (NotFound, Retired, PinGone, InvalidTour):  # the standard knows no 410
        raise _unknown() from None
    return Pasted(frame, values, dict(sorted(args.items())), language, scope)


def _frame_of(endpoint: str, values: Mapping[str, str], args: Mapping[str, str]) -> tuple[str, Scope]:
    """Return the endpoint of a page's frame, and its scope."""
    catalogue = snapshot()
    if endpoint in PLANS:
        if not PLAN_KEYS & args.keys():
            raise InvalidTour("A form without a wish is no plan.", "See /plan.")
        asked = {key: value for key, value in args.items() if key not in PLAN_KEYS}
        selection = read_wanted(asked, catalogue.city, PLAN_OPTION_KEYS).selection
        return PLANS[1], plan_scope(catalogue, selection, plan_of(catalogue, args))
    frame, make_scope = PASTED[endpoint]
    return frame, make_scope(catalogue, read_wanted(args, catalogue.city).selection, values)


def _unknown() -> Refusal:
    return Refusal(404, "There is nothing to embed at this address.", "Paste that of a page of the map.")


def _own_parts(url: str) -> SplitResult:
    """Return the parts of an address that is ours, whole or from the host's root. Raises Refusal."""
    try:
        parts, own = urlsplit(url), (urlsplit(public_url()), urlsplit(request.host_url))
        is_own = not parts.netloc and not parts.scheme and url.startswith("/")
        if is_own or (parts.scheme in PORTS and _host(parts) in map(_host, own) and "@" not in parts.netloc):
            return parts
    except ValueError:  # no address at all
        pass
    raise _unknown()


def _host(parts: SplitResult) -> tuple[str, int]:
    """Return host and port; those of http and https are one, since proxies change between them."""
    port = parts.port or PORTS.get(parts.scheme, 0)
    return parts.hostname or "", 0 if port in PORTS.values() else port


def _table(pasted: Pasted, most: tuple[int, int]) -> dict[str, str | int]:
    """Return the answer as the standard names its parts."""
    scope, language = pasted.scope, pasted.language
    width_px = min(DEFAULT_PX, most[0])
    height_px = min(_height_px(scope, width_px, pasted.args.get("list", "below")), most[1])
    title = say(_title(scope), language).text
    frame = public_url() + localised(pasted.endpoint, language, **pasted.values)  # pinned as the request is
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": say(snapshot().city.title, language).text,
        "provider_url": public_url() + localised("public.show_map", language),
        "cache_age": DAY_S,
        "html": _html(_page(pasted), title, _with(frame, pasted.args), (width_px, height_px)),
        "width": width_px,
        "height": height_px,
        **_thumbnail(pasted, most),
    }


def _title(scope: Scope) -> Text:
    """Return the title of what is shown: of the whole map that of the place whose card is open."""
    return scope.chosen.name if scope.chosen and scope.endpoint == "public.show_map" else scope.title


def _page(pasted: Pasted) -> str:
    """Return the address of the page of what a frame shows, with the filters that it reads."""
    scope = pasted.scope
    return _with(public_url() + localised(scope.endpoint, pasted.language, **scope.values), _filters(pasted))


def _filters(pasted: Pasted) -> dict[str, str]:
    """Return what the page and the picture of what a frame shows read of its query."""
    is_filtered = pasted.scope.endpoint in FILTERED
    return {key: value for key, value in pasted.args.items() if is_filtered and key in MAP_KEYS}


def _thumbnail(pasted: Pasted, most: tuple[int, int]) -> dict[str, str | int]:
    """Return the largest picture that a host allows, or nothing."""
    scope = pasted.scope
    address = public_url() + localised(PICTURES[scope.endpoint], pasted.language, **scope.values)
    for width_px, height_px in THUMBNAILS:
        if width_px <= most[0] and height_px <= most[1]:
            url = _with(address, _filters(pasted) | {"size": f"{width_px}x{height_px}"})
            return {"thumbnail_url": url, "thumbnail_width": width_px, "thumbnail_height": height_px}
    return {}


def _with(address: str, args: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(args, safe=',')}" if args else address


def _html(page: str, title: str, frame: str, size_px: tuple[int, int]) -> Markup:
    """Return the link, which WordPress wants first and shows where no frame comes, and the frame."""
    width_px, height_px = size_px
    return Markup(
        '<blockquote><a href="{page}">{title}</a></blockquote>'
        '<iframe src="{frame}" title="{title}" width="{width}" height="{height}" frameborder="0" loading="lazy" '
        'style="max-width:100%" allow="geolocation" referrerpolicy="no-referrer-when-downgrade"></iframe>'
    ).format(page=page, title=title, frame=frame, width=width_px, height=height_px)


def _height_px(scope: Scope, width_px: int, list_place: str) -> int:
    """Return about how high a frame is by its content at a width; a list has a height of its own."""
    least, most = MAP_PX
    rows = len(scope.features) - (1 if scope.stops else 0)
    has_list = list_place == "below" and (rows > 1 or not scope.chosen)
    list_px = min(LIST_PX, ROW_PX * rows) if has_list else 0
    title_px = 0 if scope.endpoint == "public.show_map" else TITLE_PX
    map_px = 0 if scope.endpoint == "public.sites" else min(most, max(least, round(MAP_SHARE * width_px)))
    return title_px + map_px + (CARD_PX if scope.chosen else 0) + list_px + FOOT_PX


def _json(table: Mapping[str, str | int]) -> bytes:
    return json.dumps(table, ensure_ascii=False).encode()


def _xml(table: Mapping[str, str | int]) -> bytes:
    """Return the answer as XML; control characters, which XML cannot hold, are left out."""
    root = ElementTree.Element("oembed")
    for key, value in table.items():
        ElementTree.SubElement(root, key).text = "".join(c for c in str(value) if c >= " " and c not in "\ufffe\uffff")
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return (head + ElementTree.tostring(root, encoding="unicode")).encode()


def init_app(app: Flask) -> None:
    """Give templates the addresses at which programs find the answer for the present page."""

    @app.context_processor
    def discovery() -> dict[str, object]:
        return {"oembed_links": _links() if request.endpoint in PASTED or _is_plan() else ()}


def _is_plan() -> bool:
    return request.endpoint in PLANS and bool(PLAN_KEYS & request.args.keys())


def _links() -> list[tuple[str, str]]:
    """Return (type, address) for each format."""
    query = known_query()
    page = f"{public_url()}{request.path}" + (f"?{query}" if query else "")
    root = public_url() + url_for(f"{bp.name}.{answer.__name__}")
    asked = f"{root}?{urlencode({'url': page}, safe='/:')}"
    return [("application/json+oembed", asked), ("text/xml+oembed", f"{asked}&format=xml")]
