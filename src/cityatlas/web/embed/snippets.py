"""Write what an editor pastes: for each kind of host a few lines of HTML or a link, and what its policy must allow."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from ...i18n import say
from ..http.languages import localised
from .design import PLAN, Design

LEAST_STYLE_PX = 480  # below which a frame is not, where a browser cannot size it by its content
STRIPPED_PX = 640  # the height of a frame for hosts that take its style away
PICTURE_PX = (1200, 630)  # of /map.png
PICTURES = {  # of what a frame can be about: endpoint, and the key of its name
    "layers": ("pictures.layer", "layer_id"),
    "sites": ("pictures.site", "site_id"),
    "routes": ("pictures.route", "route_id"),
}

# Of <city-atlas>, as static/js/embed/element.js reads them: what says what a frame is about, and attributes that are
# called otherwise than in an address.
SCOPES = {"layers": "layer", "sites": "site", "routes": "route"}
ATTRIBUTES = {"look": "theme", "site": "open", "theme": "themes", "kind": "kinds", "phase": "phases"}


@dataclass(frozen=True)
class Snippet:
    """Hold what one kind of host takes; `policy` is the directive that a strict one must have, or empty."""

    id: str
    text: str
    policy: str = ""


def snippets(design: Design, host: str) -> tuple[Snippet, ...]:
    """Return the snippets of a frame; `host` is the site's public address without a slash at its end."""
    frames, pictures = f"frame-src {host}", f"img-src {host}"
    return (
        Snippet("page", _frame(design, host), frames),
        Snippet("stripped", _bare_frame(design, host), frames),
        Snippet("element", _element(design, host), f"script-src {host}; {frames}"),
        Snippet("wordpress", host + (design.address if design.asked or design.pin else design.page_address)),
        Snippet("picture", _picture(design, host), pictures),
    )


def title_of(design: Design) -> str:
    """Return what a frame is called, in its own language."""
    return say(design.scope.title, design.language).text


def _frame(design: Design, host: str) -> str:
    high = f"height:{design.height_px}px" if design.height_px else f"min-height:{LEAST_STYLE_PX}px"
    sized = "" if design.height_px else ";frame-sizing:content-height"
    return str(
        Markup(
            '<iframe src="{}" title="{}" loading="lazy" style="width:100%;border:0;{}{}" allow="geolocation" '
            'referrerpolicy="no-referrer-when-downgrade"></iframe>'
        ).format(host + design.address, title_of(design), high, sized)
    )


def _bare_frame(design: Design, host: str) -> str:
    return str(
        Markup(
            '<iframe src="{}" title="{}" width="100%" height="{}" frameborder="0" loading="lazy" allow="geolocation" '
            'referrerpolicy="no-referrer-when-downgrade"></iframe>'
        ).format(host + design.address, title_of(design), design.height_px or STRIPPED_PX)
    )


def _element(design: Design, host: str) -> str:
    """Return our element; what stands in it is shown where its script does not come."""
    kind, _, name = design.of.partition("/")
    told = {ATTRIBUTES.get(key, key): value for key, value in design.query.items() if key not in ("c", "z")}
    about = {SCOPES[kind]: name} if kind in SCOPES else {"list": "only"} if kind == "list" else {}
    about |= {"plan": design.plan} if design.of == PLAN else {}
    pinned, view = design.pinned, ",".join(design.query[key] for key in ("c", "z") if key in design.query)
    attributes = {"lang": design.language} | told | about | pinned | ({"view": view} if view.count(",") == 2 else {})
    markup = Markup('<script src="{}" async></script>\n<city-atlas{}><a href="{}">{}</a></city-atlas>')
    listed = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in attributes.items())
    source = host + url_for("embed.element")
    return str(markup.format(source, listed, host + design.page_address, title_of(design)))


def _picture(design: Design, host: str) -> str:
    width_px, height_px = PICTURE_PX
    markup = Markup('<a href="{}"><img src="{}" alt="{}" width="{}" height="{}"></a>')
    return str(
        markup.format(host + design.page_address, host + picture_address(design), title_of(design), width_px, height_px)
    )


def picture_address(design: Design) -> str:
    """Return the address of a picture of what a frame shows, without a host.

    A layer, a place and a route have pictures of their own, which end in .png without a query, as wikis ask.
    """
    kind, _, name = design.of.partition("/")
    if kind in PICTURES:
        endpoint, key = PICTURES[kind]
        return localised(endpoint, design.language, **{key: name}, **design.pinned)
    if design.of == PLAN:
        return f"{localised('plan_files.png', design.language)}?{design.plan}"
    return localised("public.map_png", design.language, **_of_map(design), **design.pinned)


def _of_map(design: Design) -> dict[str, str]:
    return {k: v for k, v in design.query.items() if k in ("c", "z", "site", "layers", "theme", "kind", "phase")}
