"""Keep each version of the city's folder as it was when a server first saw it, so that a past day can be rebuilt.

A version is a small file that names its moment and lists the folder's files by the SHA-256 of what they hold; beside it
lies each content once. All of it is in `CITYATLAS_VAR/geodata`, and nothing in it is ever changed or deleted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..city.photos import write_photo as write_once
from ..versioning.content import canonical
from .folder import copied_files


@dataclass(frozen=True)
class Version:
    """Hold a version of a folder: when it was first seen (as the store writes moments), and its files' digests."""

    moment: str
    files: Mapping[str, str]


def keep_folder(var: Path, folder: Path, moment: str) -> None:
    """Keep a folder as it is now, unless it is as it was kept last. Raises OSError when that cannot be done."""
    held = {str(path.relative_to(folder)): path.read_bytes() for path in copied_files(folder)}
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(held.items())}
    known = versions(var)
    if known and known[-1].files == files:
        return
    goal, there = var / "geodata", {digest for version in known for digest in version.files.values()}
    write_once(goal, {files[name]: content for name, content in held.items() if files[name] not in there})
    write_once(goal, {f"{moment.replace(':', '')}.json": canonical({"moment": moment, "files": files}).encode()})


def versions(var: Path) -> list[Version]:
    """Return the versions that are kept, oldest first."""
    told = (json.loads(path.read_text("utf-8")) for path in (var / "geodata").glob("*.json"))
    return sorted((Version(**row) for row in told), key=lambda version: version.moment)


def version_at(var: Path, moment: str) -> Version | None:
    """Return the version that a server saw at a moment, the first one for a moment before it; None without any."""
    known = versions(var)
    seen = [version for version in known if version.moment <= moment]
    return seen[-1] if seen else next(iter(known), None)


def lay_out(var: Path, version: Version, goal: Path) -> None:
    """Write the files of a version into a folder."""
    for name, digest in version.files.items():
        (goal / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(var / "geodata" / digest, goal / name)
