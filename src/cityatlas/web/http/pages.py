"""Answer with pages: fill a template once per snapshot, address and language, and keep the result."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.contacts import tel_address
from ...city.layers import Feature
from ...city.opening.opening_hours import say_days
from ...i18n import LANGUAGES, TAGS, Language, Said, Text, length_words, say, translate
from ...limits import all_limits
from ...render.icons import icon, sprite
from ...schema.items import PlaceNotice
from .assets import asset
from .html_page import HtmlPage
from .languages import known_query, localised, switched
from .rate_limit import make_in_turn
from .sending.alternates import link_header, present
from .sending.answers import Answer, AnswerCache, make_answer, respond
from .sending.caching import IMMUTABLE, PUBLIC
from .sending.headers import BOOT_SCRIPT
from .snapshots import now, snapshot

HTML = "text/html"
GEOJSON = "application/geo+json"
JSON = "application/json"
LONGEST_KEPT_QUERY = 2_048  # letters; no link of ours is as long, and what a longer one asks for is made each time


def send_page(make: Callable[[Catalogue], HtmlPage], *, key: object = "", is_embedded: bool = False) -> Response:
    """Return a page; `make` gives its values and is called only when the page is not kept yet.

    `key` adds what the page depends on besides snapshot, address, language and the day in the city, since hours and
    notices are told as of today. A page that `is_embedded` stands in others' pages by an address with options, so that
    it is asked for often with a query too.
    """
    today = now(snapshot()).date()

    def fill(catalogue: Catalogue) -> bytes:
        return make(catalogue).fill().encode()

    return send(fill, HTML, key=(today, key), is_hard_with_query=is_embedded)


def send(
    make: Callable[[Catalogue], bytes],
    mimetype: str,
    *,
    cache: str = PUBLIC,
    key: object = "",
    is_hard: bool = True,
    is_hard_with_query: bool = False,
    is_repeated: bool = True,
    is_costly: bool = False,
) -> Response:
    """Return a body made from the snapshot, kept by snapshot, address and language.

    `is_repeated` lets the same request be answered for some seconds without asking again; `is_hard` allows
    the slowest compression, for what is made seldom and asked for often; what `is_costly` to make is made in turn.
    """
    catalogue, query = snapshot(), known_query()
    answers: AnswerCache = current_app.extensions["cityatlas_answers"]
    address = _key(g.language, request.path, query, mimetype, key)

    def finish() -> Answer:
        body = make_in_turn(lambda: make(catalogue)) if is_costly else make(catalogue)
        return make_answer(body, mimetype, is_lasting=is_hard and (is_hard_with_query or not query))

    is_kept = len(query) <= LONGEST_KEPT_QUERY
    answer = answers.get(address, finish) if is_kept else finish()
    g.answer_key = address if is_kept and is_repeated else None
    return respond(answer, request, IMMUTABLE if catalogue.pin else cache)


def _key(language: Language, path: str, query: str, mimetype: str, key: object) -> Hashable:
    """Return what an answer is kept by; canonical links name the host where no setting does."""
    host = "" if current_app.config["PUBLIC_URL"] else request.host_url
    return (snapshot().edition, language, path, query, mimetype, host, key)


def kept_bytes(language: Language, address: str, mimetype: str) -> int | None:
    """Return the bytes of a file that somebody has asked for already, by its address; None if nobody has."""
    answers: AnswerCache = current_app.extensions["cityatlas_answers"]
    path, _, query = address.partition("?")
    answer = answers.find(_key(language, path, query, mimetype, ""))
    return len(answer.body) if answer else None


def init_app(app: Flask) -> None:
    """Give templates the words of the request's language, addresses, icons, limits and the snapshot.

    A page that has other formats names them, in its head and in its header.
    """
    app.jinja_env.globals["limits"] = all_limits()  # also for macros, which do not see what follows

    @app.after_request
    def name_formats(response: Response) -> Response:
        is_page = response.status_code in (200, 304) and g.get("is_language_fixed")
        if is_page and (header := link_header(present(known_query()))):
            response.headers["Link"] = header
        return response

    @app.context_processor
    def words() -> dict[str, object]:
        return {
            "lang": g.language,
            "tag": TAGS[g.language],
            "languages": [(code, TAGS[code], switched(code)) for code in LANGUAGES],
            "t": partial(_translate, g.language),
            "say": partial(_say, g.language),
            "length": partial(_length, g.language),
            "notices_of": _notices_of,
            "tel": tel_address,
            "say_days": partial(_say_days, g.language),
            "url": localised,
            "asset": asset,
            "icon": icon,
            "sprite": sprite,
            "city": snapshot().city,
            "catalogue": snapshot(),
            "alternates": present(known_query()) if g.is_language_fixed else (),
            "is_frozen": current_app.config["IS_FROZEN"],
            "has_offline": bool(current_app.config["SETTINGS"].offline),
            "boot_script": Markup(BOOT_SCRIPT),  # nosec B704 # a script of ours
            "public_url": current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"),
            "bare_path": request.path[3:] if g.is_language_fixed else request.path,
        }


def _notices_of(feature: Feature) -> tuple[PlaceNotice, ...]:
    """Return the notices of a feature that hold today."""
    today = now(snapshot()).date()
    return tuple(notice for notice in feature.notices if notice.covers(today))


def _translate(language: Language, key: str, **values: object) -> str:
    return translate(key, language, **values)


def _length(language: Language, length_m: float, is_about: bool = False) -> str:
    return length_words(length_m, language, is_about=is_about)


def _say(language: Language, text: Text | None) -> Said:
    return say(text, language)


def _say_days(language: str, days: str) -> str:
    return say_days(days, language)
