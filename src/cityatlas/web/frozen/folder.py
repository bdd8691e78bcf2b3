"""Write the files of a frozen site into a folder: only what changed, in an order that never shows half a site.

The manifest `freeze.json` says of each file what it is to be sent with. A freeze compares with the one that is there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from werkzeug.utils import get_content_type

from ...errors import InvalidValue
from .freeze import HTML, FrozenFile
from .upload import MANIFEST, STEPS, Row, write_upload

STAGED: Final = ".freeze-new"


@dataclass(frozen=True)
class Change:
    """Hold what a freeze changed: all rows in the order of upload, the paths that are new or other, those that went."""

    rows: tuple[Row, ...]
    written: tuple[str, ...]
    deleted: tuple[str, ...]


def write_site(files: Iterable[FrozenFile], out: Path) -> Change:
    """Write files into a folder and return what changed; what is the same is not touched.

    All of them are laid aside before the first is put in its place: assets, then data, pages and the manifest; at last
    goes what is no longer there. The lists beside it, one for each step, are what an upload needs. Raises InvalidValue
    for a folder that holds something else.
    """
    before = _read_manifest(out)
    staged = out / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    rows: dict[str, Row] = {}
    try:
        for file in files:
            row = _row(file)
            rows[row.path] = row
            if before.get(row.path) != row or not (out / row.path).is_file():
                _write(staged / row.path, file.content)
        ordered = tuple(sorted(rows.values(), key=lambda row: (STEPS.index(row.step), row.path)))
        changed = [row for row in ordered if (staged / row.path).is_file()]
        for row in changed:
            _move(staged / row.path, out / row.path)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    deleted = tuple(sorted(before.keys() - rows.keys()))
    if changed or deleted:
        _write_manifest(ordered, out)
    for path in deleted:
        (out / path).unlink(missing_ok=True)
    write_upload(changed, deleted, out)
    return Change(ordered, tuple(row.path for row in changed), deleted)


def _read_manifest(out: Path) -> dict[str, Row]:
    """Return the rows of a folder by path; none for one that is empty or not there."""
    try:
        document = json.loads((out / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        if out.exists() and any(path.name != STAGED for path in out.iterdir()):
            raise InvalidValue(f"{out} holds something else", "Name a new folder, or that of a freeze.") from None
        return {}
    return {row["path"]: Row(**row) for row in document["files"]}


def _row(file: FrozenFile) -> Row:
    step = "pages" if file.mimetype == HTML else "assets" if file.path.startswith(("static/", "maps/")) else "data"
    digest = hashlib.sha256(file.content).hexdigest()
    sent_as = get_content_type(file.mimetype, "utf-8")  # as the program sends it: of text with its letters
    return Row(file.path, sent_as, file.encoding, file.cache, digest, len(file.content), step)


def _write_manifest(rows: Iterable[Row], out: Path) -> None:
    table = {"files": [asdict(row) for row in rows]}
    aside = out / f"{MANIFEST}.new"
    _write(aside, (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode())
    aside.replace(out / MANIFEST)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _move(source: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    source.replace(goal)
