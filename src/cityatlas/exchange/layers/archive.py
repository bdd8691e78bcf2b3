"""Pack files into a zip that is the same file whenever it is made of the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MADE = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can name; else two servers' files would differ


def add_file(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip."""
    archive.writestr(zipfile.ZipInfo(name, MADE), content, zipfile.ZIP_DEFLATED)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            add_file(archive, name, content)
    return output.getvalue()
