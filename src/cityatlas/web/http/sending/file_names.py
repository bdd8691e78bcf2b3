"""Name the files that we hand out, in the reader's own letters and in ASCII, and say in a header whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

from ....schema.items import Attribution

LETTERS = 60
URL_SIGNS = "!#$%&'()*+,/:;=?@[]~"
MOST_LICENCES = 8  # in a header; the file names all


def disposition(kind: str, ascii_name: str, title: str, extension: str) -> str:
    """Return the value of Content-Disposition of a file that is `inline` or an `attachment`."""
    words = "".join(sign if sign.isalnum() or sign in " -_·" else " " for sign in title).split()
    name = f"{' '.join(words)[:LETTERS].strip()}.{extension}"
    names = {"filename": f"{ascii_name}.{extension}", "filename*": f"UTF-8''{quote(name, safe='')}"}
    return dump_options_header(kind, names)


def licensed(response: Response, credits: Iterable[Attribution]) -> Response:
    """Return an answer that names the licences of the data in it, and where the terms of use stand."""
    addresses = dict.fromkeys(one.url for one in credits if one.url)
    links = [f'<{quote(address, safe=URL_SIGNS)}>; rel="license"' for address in addresses]
    response.headers["Link"] = ", ".join([*links[:MOST_LICENCES], '</about#terms>; rel="terms-of-service"'])
    return response
