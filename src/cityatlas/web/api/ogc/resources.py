"""Register a resource in its two forms: data at its bare address, a page below each language; and write links."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, g, redirect, request

from ....catalogue.catalogue import Catalogue
from ....i18n import LANGUAGES, TAGS
from ....schema.strict_json import JsonTable
from ...http.html_page import HtmlPage
from ...http.languages import page
from ...http.pages import GEOJSON, HTML, JSON, send, send_page
from ...http.sending.caching import PUBLIC, REDIRECT
from .parameters import check_keys

bp = Blueprint("ogc", __name__)
ROOT = "/ogc"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
OFFERED = (JSON, GEOJSON, SCHEMA, HTML)  # the first is what a program gets that accepts anything
VARY = "Accept, Accept-Encoding"


@dataclass(frozen=True)
class Resource:
    """Hold both forms of a resource, each made when it is asked for; `is_repeated` as `send` has it."""

    data: Callable[[Catalogue], bytes]
    page: Callable[[Catalogue], HtmlPage] | str
    mimetype: str = JSON
    is_repeated: bool = True
    headers: Mapping[str, str] | None = None
    cache: str = PUBLIC


View = Callable[..., Resource]


def resource(rule: str, keys: Iterable[str] = ("f",), *, checks: bool = True) -> Callable[[View], View]:
    """Register a view below `/ogc`; `keys` are its parameters, which it checks itself unless `checks`."""
    known = tuple(keys)

    def register(view: View) -> View:
        @wraps(view)
        def answer(**values: Any) -> Response:
            if checks:
                check_keys(request.args, known)
            return _answer(view, values)

        page(bp, ROOT + rule, known, is_data=True)(answer)
        return view

    return register


def _answer(view: View, values: dict[str, Any]) -> Response:
    """Return the form that is asked for, or lead to its address: pages have a language, data has both."""
    wants_page = _wants_page()
    if wants_page != g.is_language_fixed:
        return _led(f"/{g.language}{quote(request.path)}" if wants_page else quote(request.path[3:]), wants_page)
    if wants_page:
        found = view(**values)
        shown = found.page
        if isinstance(shown, str):
            return _led(shown, wants_page)
        return send_page(shown, key=request.query_string)
    g.language, g.is_language_fixed = LANGUAGES[0], True  # both languages are in it
    return _data(view(**values))


def _data(found: Resource) -> Response:
    has_one_form = "f" in request.args  # else the same address leads people to a page
    response = send(
        found.data,
        found.mimetype,
        key=request.query_string,
        is_hard=False,
        is_repeated=has_one_form and found.is_repeated,
        cache=found.cache,
    )
    response.headers.extend(found.headers or {})
    if not has_one_form:
        response.headers["Vary"] = VARY
    return response


def _wants_page() -> bool:
    if wanted := request.args.get("f"):
        return wanted == "html"
    return g.is_language_fixed or request.accept_mimetypes.best_match(OFFERED, JSON) == HTML


def _led(address: str, is_page: bool) -> Response:
    """Return the way to another form of what was asked for, with all parameters but the form."""
    rest = [(key, value) for key, value in request.args.items(multi=True) if key != "f"]
    query = urlencode(rest if is_page else [*rest, ("f", "json")])
    response = redirect(address + (f"?{query}" if query else ""))
    response.headers["Cache-Control"] = REDIRECT
    return response  # type: ignore[return-value]  # werkzeug's own class, which flask's extends


def encoded(table: JsonTable) -> bytes:
    """Return a table as JSON in UTF-8."""
    return json.dumps(table, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def site() -> str:
    """Return what stands before the path in an absolute address: programs ask what a link says, as it stands."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"))


def address_of(path: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Return the absolute address of something below /ogc, as data."""
    return f"{site()}{ROOT}{path}?{urlencode([*query, ('f', 'json')])}"


def link(rel: str, path: str, mimetype: str = JSON, title: str = "") -> JsonTable:
    """Return a link to data below /ogc."""
    made: JsonTable = {"rel": rel, "href": address_of(path), "type": mimetype}
    return made | ({"title": title} if title else {})


def page_link(rel: str, path: str, language: str, title: str = "") -> JsonTable:
    """Return a link to a page below a language."""
    made: JsonTable = {"rel": rel, "href": f"{site()}/{language}{path}", "type": HTML, "hreflang": TAGS[language]}  # type: ignore[index]
    return made | ({"title": title} if title else {})


def own_links(path: str, mimetype: str = JSON) -> Iterator[JsonTable]:
    """Yield the links of a document to itself, and to its pages."""
    yield link("self", path, mimetype)
    for language in LANGUAGES:
        yield page_link("alternate", ROOT + path, language)
