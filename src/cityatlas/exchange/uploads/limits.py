"""Refuse files that are too large or not what they say, before anything in them is read.

Tell from inside a parser that a file cannot be used, and how many rows have been read.

Rows are told as a line on standard error, as `3000 10000`.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import zipfile
from pathlib import PurePosixPath
from typing import Final, NoReturn

from ...errors import CityatlasError, FileTooLarge, InvalidFile
from ...i18n import translate
from ...limits import FILE_MB, UNPACKED_MB, ZIP_ENTRIES, ZIP_RATIO

EVERY = 500  # rows between two lines


class Refused(Exception):
    """A file cannot be used; `key` is its sentence, `values` fill it in."""

    def __init__(self, key: str, *, is_too_large: bool = False, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.is_too_large = is_too_large
        self.values = {name: str(value)[:60] for name, value in values.items()}


def report_progress(done: int, of: int = 0) -> None:
    """Say how many rows were read, of how many where that is known."""
    if done % EVERY == 0:
        sys.stderr.write(f"{done} {of}\n")
        sys.stderr.flush()


MAX_FILE_BYTES: Final = FILE_MB << 20
MAX_UNPACKED_BYTES: Final = UNPACKED_MB << 20
MAX_PARSED_BYTES: Final = 80 << 20  # what a parser may hand back

_END, _END_LENGTH = b"PK\x05\x06", 22  # of a zip's directory
_SMALL_BYTES = 64 << 10  # below this a file packs well without meaning harm
_MAX_DIRECTORY_BYTES = ZIP_ENTRIES * 1_000
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


def refusal(key: str, kind: type[CityatlasError] = InvalidFile, **values: object) -> CityatlasError:
    """Return the error for a file as a whole, its sentence in English and its key for the pages."""
    filled = {name: str(value) for name, value in values.items()}
    return kind(translate(key, "en", **filled), reason=key, **filled)


def _refuse(key: str, kind: type[CityatlasError] = InvalidFile, **values: object) -> NoReturn:
    raise refusal(key, kind, **values)


def check_size(size_bytes: int) -> None:
    """Raise FileTooLarge above the limit, InvalidFile for an empty file."""
    if size_bytes > MAX_FILE_BYTES:
        _refuse("files.too_large", FileTooLarge, mb=-(-size_bytes >> 20) or 1, most=FILE_MB)
    if size_bytes == 0:
        _refuse("files.empty")


def is_zip(raw: bytes) -> bool:
    """Return whether bytes begin as a zip does, whatever the file's name says."""
    return raw[:4] in (b"PK\x03\x04", _END)


def check_zip(raw: bytes) -> list[zipfile.ZipInfo]:
    """Return a zip's entries, unopened. Raises FileTooLarge for a bomb, InvalidFile for odd names or damage.

    Only the directory is read, and its size is looked at before: it takes milliseconds whatever the zip holds.
    """
    at = raw.rfind(_END, max(0, len(raw) - _END_LENGTH - 0xFFFF))
    if at < 0 or len(raw) < at + _END_LENGTH:
        _refuse("files.broken_zip")
    entries, directory_bytes = struct.unpack_from("<HI", raw, at + 10)
    if entries > ZIP_ENTRIES or directory_bytes > _MAX_DIRECTORY_BYTES:
        _refuse("files.many_entries", FileTooLarge, most=ZIP_ENTRIES)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error):
        _refuse("files.broken_zip")
    _check_sums(found, len(raw))
    for entry in found:
        _check_entry(entry)
    return found


def _check_sums(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Raise FileTooLarge by what the directory promises; a parser that gets more than promised has its own limit."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ZIP_ENTRIES:
        _refuse("files.many_entries", FileTooLarge, most=ZIP_ENTRIES)
    if unpacked > MAX_UNPACKED_BYTES:
        _refuse("files.unpacked", FileTooLarge, mb=-(-unpacked >> 20), most=UNPACKED_MB)
    if unpacked > max(_SMALL_BYTES, packed_bytes * ZIP_RATIO):
        _refuse("files.ratio", FileTooLarge, most=ZIP_RATIO)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(name) or "\0" in entry.orig_filename:
        _refuse("files.entry_name", name=name[:60])
    if entry.flag_bits & _ENCRYPTED:
        _refuse("files.encrypted")
    if path.suffix.lower() in (".zip", ".kmz", ".7z", ".rar", ".gz"):
        _refuse("files.nested", name=name[:60])
