"""Put the language into addresses: /zh/... and /en/... fix it, a bare address negotiates it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Flask, Response, g, redirect, request, url_for

from ...i18n import LANGUAGES, Language, negotiate
from ...planner.request.request import KEYS
from . import cors
from .desk import is_desk
from .pins import LED_ON, SUFFIX
from .sending.alternates import accepted
from .sending.caching import REDIRECT

View = Callable[..., Any]  # Any: flask takes many kinds of answers
COOKIE = "lang"
# What the address of a map may say after its question mark, and that of a plan.
MAP_KEYS = frozenset(["c", "z", "site", "layers", "theme", "kind", "phase", "at", "month", "base", "tour"])
PLAN_KEYS = frozenset([*KEYS, "made"])
_KEYS: dict[str, frozenset[str]] = {}  # by endpoint; `page` fills it while the modules are read


def page(
    bp: Blueprint,
    rule: str,
    keys: Iterable[str] = (),
    *,
    is_data: bool = False,
    is_pinnable: bool = False,
    **options: Any,
) -> Callable[[View], View]:
    """Register a page below each language; `keys` are those of the query that it reads.

    Its bare address leads to the visitor's language, so that no answer differs by who asks; data answers there in all
    languages. The desk's pages differ in any case, and answer at both. What `is_pinnable` answers with a pin behind it,
    too.
    """

    def register(view: View) -> View:
        _KEYS[f"{bp.name}.{view.__name__}"] = frozenset(keys)
        is_led_on = not (is_data or is_desk(rule))
        answer = _in_a_language(view) if is_led_on else view
        if is_led_on:
            LED_ON.add(f"{bp.name}.{view.__name__}")
        for end in ("", SUFFIX) if is_pinnable else ("",):
            bp.add_url_rule(f"/<any({', '.join(LANGUAGES)}):lang>{rule}{end}", view_func=answer, **options)
            bp.add_url_rule(f"{rule}{end}", view_func=answer, **options)
        return view

    return register


def _in_a_language(view: View) -> View:
    """Return a view that leads a reader without a language to one, with all that the address asks for.

    A program that accepts a format rather than a page is led to that, wherever it asks from.
    """

    @wraps(view)
    def answer(**values: Any) -> Any:
        if g.is_language_fixed or request.method not in ("GET", "HEAD"):
            return view(**values)
        if address := accepted(values):
            return cors.open_to_all(lead_on(address))
        query = request.query_string.decode("ascii")
        return lead_on(f"/{g.language}{quote(request.path, safe='/@')}" + (f"?{query}" if query else ""), 302)

    return answer


def lead_on(address: str, status: int = 303) -> Response:
    """Return the way to another address; the next visitor may be led elsewhere, so that no cache keeps it."""
    response = redirect(address, status)
    response.headers["Cache-Control"] = REDIRECT
    return response  # type: ignore[return-value]  # werkzeug's own class, which flask's extends


def init_app(app: Flask) -> None:
    """Take the language out of each matched address before its view is called."""

    @app.url_value_preprocessor
    def pull_language(endpoint: str | None, values: dict[str, object] | None) -> None:
        fixed = (values or {}).pop("lang", None)
        g.is_language_fixed = fixed is not None
        g.language = fixed or negotiated()


def negotiated() -> Language:
    """Return the language of a request whose address has none; an error page may come without routing."""
    first = request.path[1:3]
    if first in LANGUAGES and request.path[3:4] in ("", "/"):
        return first
    return negotiate(request.cookies.get(COOKIE), request.accept_languages.best_match(LANGUAGES))


def localised(endpoint: str, language: str | None = None, **values: Any) -> str:
    """Return the address of a page in a language (the present one unless said)."""
    return url_for(endpoint, lang=language or g.language, **values)


def switched(language: Language) -> str:
    """Return the present address, with its view and filters, in another language."""
    bare = request.path[3:] if g.is_language_fixed else request.path
    query = known_query()
    return f"/{language}{bare}" + (f"?{query}" if query else "")


def known_query() -> str:
    """Return the present query without keys that the page does not read: chat apps and advertisers add many of them."""
    known = _KEYS.get(request.endpoint or "", frozenset())
    if not request.query_string or not known:
        return ""
    return urlencode([(key, value) for key, value in request.args.items(multi=True) if key in known])
