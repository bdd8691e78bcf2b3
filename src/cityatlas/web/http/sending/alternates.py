"""Lead from a page to its subject's other formats: addresses, headers, and the answer to a program's Accept.

Accept counts at bare addresses alone. These hold no page: they lead to a language, or to a format, and no cache keeps
that. So what a cache holds of a page never depends on Accept, and no answer needs `Vary: Accept`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, request, url_for

from .formats import BY_PAGE, HTML, NEGOTIATED, Format, Subject, offered

Values = Mapping[str, Any]  # Any: as flask's routing has them
LINK_BYTES = 3_000  # of the header; proxies take 4 KB of headers, and a plan's address may be long
LEFT_OUT = frozenset(["page", "c", "z", "site", "tour", "base", "made"])  # what is about the page, not its subject


@dataclass(frozen=True)
class Alternate:
    """Hold a format of the present page's subject, and its address."""

    format: Format
    address: str


def address_of(subject: Subject, one: Format, values: Values, query: str = "") -> str:
    """Return the address of a format, in the present language where it speaks one; `values` are the page's own."""
    language = {} if one.is_bilingual else {"lang": g.language}
    path = url_for(subject.endpoint(one.suffix), **language, **values)
    return f"{path}?{query}" if query else path


def alternates_of(subject: Subject, values: Values, query: str = "") -> tuple[Alternate, ...]:
    """Return all formats of a subject. A search for nothing and a plan of no wish have none."""
    if subject.filters in ("search", "plan") and not query:
        return ()
    return tuple(Alternate(one, address_of(subject, one, values, query)) for one in subject.formats)


def choosing(query: str) -> str:
    """Return a query with those keys alone that choose what is in a file."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, value) for key, value in pairs if key not in LEFT_OUT])


def accepted(values: Values) -> str | None:
    """Return the address of the format that the present request's Accept wants instead of the page, or None."""
    subject = NEGOTIATED.get(request.endpoint or "")
    if not subject:
        return None
    wanted = request.accept_mimetypes.best_match(offered(subject), HTML)
    chosen = next((one for one in subject.formats if one.mimetype == wanted), None)
    query = request.query_string.decode("ascii")
    return address_of(subject, chosen, values, query) if chosen else None


def present(query: str) -> tuple[Alternate, ...]:
    """Return the formats of the page that is answered, none where it has none; `query` is what it reads of its own."""
    subject = BY_PAGE.get(request.endpoint or "")
    return alternates_of(subject, request.view_args or {}, choosing(query)) if subject else ()


def link_header(links: tuple[Alternate, ...]) -> str:
    """Return the value of Link, or "" where it would be too long for proxies."""
    header = ", ".join(f'<{one.address}>; rel="alternate"; type="{one.format.mimetype}"' for one in links)
    return header if len(header) <= LINK_BYTES else ""
