"""Read the files that nginx keeps answers in."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import brotli

NOT_TO_KEEP = ("private", "no-store")


@dataclass(frozen=True)
class Kept:
    """Hold an answer of the cache: its key, its head as it came, its body unpacked, the bytes of its file."""

    key: str
    head: str
    body: bytes
    bytes: int

    @property
    def is_private(self) -> bool:
        """Return whether its head says that no cache may have it, or sets a cookie."""
        headers = [line.lower().partition(":") for line in self.head.splitlines()]
        told = [value for name, _, value in headers if name == "cache-control"]
        return any(name == "set-cookie" for name, _, _ in headers) or any(w in v for v in told for w in NOT_TO_KEEP)

    def holds(self, words: Iterable[str]) -> bool:
        """Return whether key, head or body hold one of some words."""
        whole = self.key.encode() + self.head.encode() + self.body
        return any(word.encode() in whole for word in words)


def read_cache(folder: Path) -> list[Kept]:
    """Return all that a cache folder of nginx holds."""
    return [_read(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]


def _read(content: bytes) -> Kept:
    _, _, rest = content.partition(b"\nKEY: ")
    key, _, answer = rest.partition(b"\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    if "content-encoding: br" in text.lower():
        body = brotli.decompress(body)
    elif "content-encoding: gzip" in text.lower():
        body = gzip.decompress(body)
    return Kept(key.decode(), text, body, len(content))
