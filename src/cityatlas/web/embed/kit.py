"""Make the kit for articles that take neither frames nor foreign pictures: two pictures, a code, a text, a link."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import replace

from flask import Blueprint, Response, g, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import City, View
from ...errors import NotFound
from ...handouts.day.day_map import draw_itinerary, itinerary_view
from ...handouts.handout import draw_qr, qr_png
from ...i18n import LANGUAGES, Language, say, translate
from ...render.basemap import base_credit
from ...render.city_map import draw_map, to_png
from ...render.kit_picture import Sheet, draw_sheet
from ...render.subject_sheet import DRAWN
from ..http.languages import page
from ..http.pages import send
from ..http.snapshots import snapshot
from ..public.structured_data import public_url
from .design import BUILDER_KEYS, Design, read_design
from .scope import FRAME_PX, first_view

bp = Blueprint("embed_kit", __name__)
# Their files' names and widths in pixels. They are drawn smaller and then enlarged, so that phones can read them.
SHEETS = (("map-1080.png", 1080, Sheet(600, 600, 4)), ("cover-900x383.png", 900, Sheet(600, 255.333, 2)))
QR_MODULE_PX = 12
MADE = (1980, 1, 1, 0, 0, 0)  # the same kit is the same file


@page(bp, "/embed/kit.zip", BUILDER_KEYS)
def kit() -> Response:
    """Answer with the kit of what the builder's address asks for.

    Raises NotFound where it may not be made, and of what is not there: a file cannot say that it is of something else.
    """
    if not is_allowed(snapshot().city):
        raise NotFound("Without a map-approval number no picture may be made.", "Set map_approval in city.toml.")
    design = read_design(request.args, snapshot(), g.language)
    if any(one.key == "of" for one in design.wrong):
        raise NotFound("There is nothing of this name to make a kit of.", "See /embed/builder.")
    response = send(_kit, "application/zip", key=design.of, is_hard=False, is_costly=True)
    name = "-".join(filter(None, (snapshot().city.id, *design.of.split("/"), design.language)))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def is_allowed(city: City) -> bool:
    """Return whether pictures may be handed out: with a number of approval, or where none is required."""
    return bool(city.organiser.map_approval.strip()) or city.publishing["map_approval"] != "block"


def short_text(design: Design, catalogue: Catalogue, language: Language, host: str) -> str:
    """Return what an article says below the picture: title, a sentence, link, source, approval."""
    scope, city = design.scope, catalogue.city
    feature = catalogue.features.get(next(iter(scope.values.values()), ""))
    told = feature.summary if feature else city.tagline if not scope.values else None
    sentence = say(told, language).text or translate("builder.text_count", language, count=len(scope.features))
    lines = [say(scope.title, language).text, sentence]
    lines += [translate("builder.text_open", language, link=link_of(design, language, host))]
    lines += [
        translate("builder.text_source", language, sources=_source(catalogue, language)),
        _approval(city, language),
    ]
    return "\n".join(lines)


def link_of(design: Design, language: Language, host: str) -> str:
    """Return the address of the page that a picture shows a part of."""
    return host + design.in_language(language).page_address


def _source(catalogue: Catalogue, language: Language) -> str:
    names = (say(catalogue.city.organiser.name, language).text, say(catalogue.city.title, language).text)
    return " · ".join(filter(None, (*dict.fromkeys(names), base_credit(catalogue, language))))


def _approval(city: City, language: Language) -> str:
    number = city.organiser.map_approval
    return translate("map.approval", language, number=number) if number else translate("builder.no_approval", language)


def _kit(catalogue: Catalogue) -> bytes:
    design, host = read_design(request.args, catalogue, g.language), public_url()
    link = link_of(design, design.language, host)
    files: dict[str, bytes | str] = {name: _png(catalogue, design, width, sheet) for name, width, sheet in SHEETS}
    files |= {"qr.png": qr_png(link, QR_MODULE_PX), "qr.svg": draw_qr(link), "link.txt": f"{link}\n"}
    files |= {f"text-{code}.txt": f"{short_text(design, catalogue, code, host)}\n" for code in LANGUAGES}
    return _zipped(files)


def _png(catalogue: Catalogue, design: Design, width_px: int, sheet: Sheet) -> bytes:
    scope, language = design.scope, design.language

    def draw(size_px: tuple[int, int]) -> tuple[View, Markup]:
        if scope.plan:
            day = scope.plan.itinerary
            return itinerary_view(catalogue, day, size_px), draw_itinerary(catalogue, day, size_px, language, _anchor)
        view = _fitted(first_view(catalogue, scope, design.wanted.selection, size_px), design, size_px, catalogue.city)
        return view, draw_map(catalogue, features, view, size_px, language, _anchor, scope.stops)

    title, source = say(scope.title, language).text, say(catalogue.city.title, language).text
    features = () if scope.plan else scope.features[:DRAWN]  # a day is drawn by its numbers, without marks
    return to_png(draw_sheet(catalogue, features, draw, sheet, language, title, source), width_px)


def _anchor(feature: Feature) -> str:
    return f"#{feature.id}"  # a picture of pixels leads nowhere


def _fitted(view: View, design: Design, size_px: tuple[int, int], city: City) -> View:
    """Return a view that was not made for this size from further away, where the picture is lower than a frame."""
    if design.scope.is_fitted and not design.wanted.selection.view:
        return view
    closer = min(0.0, math.log2(size_px[1] / FRAME_PX[1]))
    return replace(view, zoom=max(view.zoom + closer, city.min_zoom))


def _zipped(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            packed = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED  # a PNG is packed already
            archive.writestr(zipfile.ZipInfo(name, MADE), content, packed)
    return stream.getvalue()
