"""Write what an upload of a frozen site needs: lists of what is new and what goes, and a script that sets the headers.

A host of objects sends each file with the headers that it was uploaded with, so that there is a call of rclone for
each set of them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

MANIFEST: Final = "freeze.json"
# What is put up first must not need what comes later: a page needs assets and data, the manifest says all is there.
STEPS: Final = ("assets", "data", "pages", "manifest")
LISTS: Final = "changes"
SCRIPT: Final = "upload.sh"
MANIFEST_HEADERS: Final = ("application/json", "no-cache", "")
HEAD: Final = """#!/bin/sh
# Upload what this freeze made new, each file with the headers that freeze.json names: assets, data, pages, manifest;
# what is gone is deleted last. Where it was cut off, run it again.
set -eu
there=${{1:?Say where to, as rclone names it: sh upload.sh store:bucket}}
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../{out}

# What is the same there but for its headers would be left as it is, without --ignore-times.
up() {{
  rclone copy "$out" "$there" --files-from - --ignore-times --no-traverse \\
    --header-upload "Content-Type: $1" --header-upload "Cache-Control: $2" \\
    ${{3:+--header-upload "Content-Encoding: $3"}}
}}
"""
DELETED: Final = """
if [ -s "$here/{name}" ]; then rclone delete "$there" --files-from "$here/{name}"; fi
"""


@dataclass(frozen=True)
class Row:
    """Describe a file as the manifest does.

    `type`, `encoding` and `cache` are the values of Content-Type, Content-Encoding ("" for none) and Cache-Control.
    """

    path: str
    type: str
    encoding: str
    cache: str
    sha256: str
    bytes: int
    step: str


def write_upload(changed: Sequence[Row], deleted: Iterable[str], out: Path) -> None:
    """Write the lists, a path a line, and the script into the folder beside that of a frozen site.

    `changed` is in the order of upload. The manifest goes up with anything else, after it.
    """
    folder = out.parent / f"{out.name}.{LISTS}"
    folder.mkdir(parents=True, exist_ok=True)
    gone = list(deleted)
    steps = {step: [row.path for row in changed if row.step == step] for step in STEPS}
    steps |= {"manifest": [MANIFEST] if changed or gone else [], "deleted": gone}
    names = {step: f"{number}-{step}.txt" for number, step in enumerate(steps, 1)}
    for step, paths in steps.items():
        (folder / names[step]).write_bytes(_lines(paths).encode())
    text = HEAD.format(out=shlex.quote(out.name)) + "".join(_calls(changed))
    text += _call(MANIFEST_HEADERS, steps["manifest"]) if steps["manifest"] else ""
    (folder / SCRIPT).write_bytes((text + DELETED.format(name=names["deleted"])).encode())


def _calls(changed: Sequence[Row]) -> Iterable[str]:
    for step in STEPS:
        rows = sorted((row for row in changed if row.step == step), key=_headers)
        for headers, same in groupby(rows, _headers):
            yield _call(headers, [row.path for row in same])


def _headers(row: Row) -> tuple[str, str, str]:
    return row.type, row.cache, row.encoding


def _call(headers: tuple[str, str, str], paths: Iterable[str]) -> str:
    """Return the lines that upload files with the same headers: type, cache, encoding."""
    return f"\nup {shlex.join(headers)} <<'FILES'\n{_lines(paths)}FILES\n"


def _lines(paths: Iterable[str]) -> str:
    return "".join(f"{path}\n" for path in paths)
