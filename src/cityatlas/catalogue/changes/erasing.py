"""Take what was erased out of what lies beside the store too: kept versions of the folder, files of photos."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ...city.photos import files_of, is_upload, uploads
from ...city.photos import write_photo as write_once
from ...settings import Settings
from ...store import Store
from ...store.log.erase import Erased, Goes, everything, overwrite, without
from ...versioning.content import Json, canonical
from ..catalogue import Catalogue


def finish_erasure(settings: Settings, store: Store, erased: Erased, catalogue: Catalogue) -> tuple[str, ...]:
    """Erase in files too, and overwrite what the database held; return the city's own files that still have it.

    Those are the operator's: while they have it, it is kept again with the next version of the folder.
    """
    kind, subject = erased.erasure.kind, erased.erasure.subject
    if kind == "photo" and is_upload(subject):
        for name in files_of(subject):
            (uploads(settings) / name).unlink(missing_ok=True)
    if kind in ("revision", "feature"):
        _erase_versions(settings.shared_folder / "geodata", subject, erased.goes)
    overwrite(store)
    layers = (spec.id for spec in catalogue.city.layers)
    files = (settings.geodata / f"{layer}.geojson" for layer in layers)
    return tuple(
        file.name for file in files if kind != "person" and _left(file, subject, kind, erased.goes) is not None
    )


def _erase_versions(folder: Path, feature_id: str, goes: Goes) -> None:
    """Write each kept file that has it anew, under its new name, and the versions that it is part of.

    A version's tag is made of its files' names: what was pinned to it is gone.
    """
    manifests = {path: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
    renamed: dict[str, str] = {}
    for digest in {d for told in manifests.values() for n, d in told["files"].items() if n.endswith(".geojson")}:
        left = _left(folder / digest, feature_id, "feature" if goes is everything else "revision", goes)
        if left is not None:
            renamed[digest] = hashlib.sha256(left).hexdigest()
            write_once(folder, {renamed[digest]: left})
    for path, told in manifests.items():
        files = {name: renamed.get(digest, digest) for name, digest in told["files"].items()}
        if files != told["files"]:
            aside = path.with_suffix(".part")
            aside.write_bytes(canonical(told | {"files": files}).encode())
            aside.replace(path)
    for digest in renamed:
        (folder / digest).unlink(missing_ok=True)


def _left(file: Path, feature_id: str, kind: str, goes: Goes) -> bytes | None:
    """Return what is left of a file of a layer; None where nothing goes from it."""
    try:
        document = json.loads(file.read_bytes())
        rows = document["features"]
        mine = [row for row in rows if kind == "photo" or row.get("id") == feature_id]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # no layer's file, or one that nobody can read
        return None
    if kind == "feature":
        return _file(document, [row for row in rows if row not in mine]) if mine else None
    left = [row | {"properties": without(row.get("properties"), goes)} if row in mine else row for row in rows]
    return _file(document, left) if left != rows else None


def _file(document: Json, rows: list[Json]) -> bytes:
    return json.dumps(document | {"features": rows}, ensure_ascii=False).encode()
