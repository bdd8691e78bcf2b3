"""Name the files that we hand out: in the reader's own letters, and in ASCII for programs that know no others."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.http import dump_options_header

LETTERS = 60


def disposition(kind: str, ascii_name: str, title: str, extension: str) -> str:
    """Return the value of Content-Disposition of a file that is `inline` or an `attachment`."""
    words = "".join(sign if sign.isalnum() or sign in " -_·" else " " for sign in title).split()
    name = f"{' '.join(words)[:LETTERS].strip()}.{extension}"
    names = {"filename": f"{ascii_name}.{extension}", "filename*": f"UTF-8''{quote(name, safe='')}"}
    return dump_options_header(kind, names)
