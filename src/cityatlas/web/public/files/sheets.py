"""Answer with pictures to be taken elsewhere: the map, a layer, a place or a tour route on a sheet, as PNG or SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask import Response, g, request

from ....catalogue.catalogue import Catalogue
from ....errors import InvalidView
from ....i18n import say
from ....limits import PICTURE_LEAST_PX, PICTURE_MOST_PX, PICTURE_RATIO
from ....render.city_map import to_png
from ....render.looks import DRAWN_LOOKS
from ....render.subject_sheet import PREVIEW_PX, SheetOptions, Subject, draw_subject
from ...http.pages import send
from ...http.sending.file_names import disposition
from ...http.snapshots import snapshot
from .pictures import site_address

SHEET_KEYS = frozenset(["size", "ratio", "look", "parts"])
SIZE, RATIO = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?"), re.compile(r"(\d{1,4}):(\d{1,4})")
PARTS = ("all", "map")
MIMETYPES = {"png": "image/png", "svg": "image/svg+xml"}


def read_options(args: Mapping[str, str]) -> SheetOptions:
    """Return the options of an address: size=1080x810, or size=1080 with ratio=4:3; look; parts. Raises InvalidView."""
    look, parts = args.get("look", DRAWN_LOOKS[0]), args.get("parts", PARTS[0])
    for key, value, choices in (("look", look, DRAWN_LOOKS), ("parts", parts, PARTS)):
        if value not in choices:
            raise InvalidView(f"{key}={value[:40]} is not known.", f"There are: {', '.join(choices)}.")
    return SheetOptions(_size(args.get("size", ""), args.get("ratio", "")), look, parts == "map")


def _size(size: str, ratio: str) -> tuple[int, int]:
    wanted, shape = SIZE.fullmatch(size or str(PREVIEW_PX[0])), RATIO.fullmatch(ratio or "40:21")
    if wanted and shape and int(shape[1]) and int(shape[2]):
        width_px = int(wanted[1])
        height_px = int(wanted[2] or round(width_px * int(shape[2]) / int(shape[1])))
        short_px, long_px = sorted((width_px, height_px))
        if short_px >= PICTURE_LEAST_PX and long_px <= min(PICTURE_MOST_PX, short_px * PICTURE_RATIO):
            return width_px, height_px
    raise InvalidView(
        f"The picture cannot be size={size[:40]} ratio={ratio[:40]}.",
        f"A side has {PICTURE_LEAST_PX} to {PICTURE_MOST_PX} pixels, at most {PICTURE_RATIO} times the other one."
        " Example: ?size=1080&ratio=4:3",
    )


def send_sheet(make: Callable[[Catalogue], Subject], form: str = "png") -> Response:
    """Return the picture of a subject by the present address's options, under a name that says what it shows."""
    options, subject = read_options(request.args), make(snapshot())

    def body(catalogue: Catalogue) -> bytes:
        is_png = form == "png"
        drawn = draw_subject(catalogue, make(catalogue), options, g.language, site_address, is_cut=not is_png)
        return to_png(drawn) if is_png else drawn.encode()

    response = send(body, MIMETYPES[form], is_costly=form == "png")
    title = say(subject.title, g.language).text
    response.headers["Content-Disposition"] = disposition("inline", subject.name, title, form)
    return response
