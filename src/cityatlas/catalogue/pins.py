"""Rebuild the map as it was: what an address with `@57-3f9a2c81` in it stands for.

A pin is the number of the newest published revision, how many things had begun or ended by themselves since (`.1`,
left out for none), and the first letters of the folder's tag. Nothing of it is ever changed: revisions stay in the
store, and each version of the folder is kept beside it. Addresses in other people's pages hold pins for years: what
they are written as, and what a folder's tag is made of, stays as it is.
"""

from __future__ import annotations

import logging
import re
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ..errors import BrokenGeodata, PinGone, StoreUnavailable, UnknownRevision
from ..settings import Settings
from ..store import Published, Store, published_then, steps_since
from .catalogue import Catalogue
from .folder import Version, lay_out, versions
from .reconcile import build_shown
from .step_cache import without_collector
from .store_watch import overlay_of

log = logging.getLogger(__name__)
PATTERN = r"\d{1,9}(?:\.[1-9]\d{0,3})?(?:-[0-9a-f]{8})?"  # of a pin, behind the @
PIN = re.compile(r"(\d{1,9})(?:\.([1-9]\d{0,3}))?(?:-([0-9a-f]{8}))?")
LETTERS = 8  # of the folder's tag
FIRST_KEPT = timedelta(minutes=1)  # after a first change at the latest, a server that runs has kept the folder


@dataclass(frozen=True)
class Pin:
    """Hold a pin; an empty `folder` is the one that the server saw when the revision was published."""

    number: int
    steps: int = 0
    folder: str = ""

    def __str__(self) -> str:
        return f"{self.number}{f'.{self.steps}' if self.steps else ''}{f'-{self.folder}' if self.folder else ''}"


def read_pin(text: str) -> Pin | None:
    """Return the pin that a text is, None for any other text."""
    found = PIN.fullmatch(text)
    return Pin(int(found[1]), int(found[2] or 0), found[3] or "") if found else None


def pin_of(catalogue: Catalogue, store: Store) -> Pin | None:
    """Return the pin of the present snapshot; None where nothing is kept that it could be rebuilt from."""
    if catalogue.is_store_lost or not store.exists():
        return None
    try:
        steps = steps_since(store, catalogue.number, catalogue.moment)
    except (StoreUnavailable, UnknownRevision):
        return None
    return Pin(catalogue.number, steps, catalogue.folder[:LETTERS])


@without_collector()
def build_pinned(settings: Settings, store: Store, pin: Pin) -> Catalogue:
    """Return the snapshot that a pin stands for; the same files and revisions give the same one every time.

    Raises UnknownRevision for a number that there never was, PinGone when the folder of that time, or a revision, is
    not kept or this program cannot read it any more, StoreUnavailable while the store cannot be read.
    """
    if not store.exists():
        raise _gone(pin)
    seen = published_then(store, pin.number, pin.steps)
    overlay = overlay_of(seen)
    try:
        version = _version(settings.var, seen, pin)
        if version is None or overlay.is_lost:
            raise _gone(pin)
        with tempfile.TemporaryDirectory(prefix="pinned-", dir=settings.var) as aside:
            lay_out(settings.var, version, Path(aside))
            catalogue, _ = build_shown(replace(settings, geodata=Path(aside)), overlay)
    except (BrokenGeodata, FileNotFoundError, ValueError, TypeError) as error:  # or what is kept was meddled with
        log.error("the map as of @%s cannot be shown any more: %s", pin, error)
        raise _gone(pin) from None
    except OSError as error:
        raise StoreUnavailable(f"The map as of @{pin} cannot be laid out: {error}", "Make room on the disk.") from None
    return replace(catalogue, pin=str(pin), moment=max(seen.moment, version.moment), number=pin.number)


def _gone(pin: Pin) -> PinGone:
    return PinGone(f"The map as of @{pin} is not kept.", "Look at the latest.")


def _version(var: Path, seen: Published, pin: Pin) -> Version | None:
    """Return the folder's version of a pin, None when it is not known. Versions that are kept later change nothing."""
    known = [version for version in versions(var) if not pin.folder or version.tag.startswith(pin.folder)]
    before = [version for version in known if version.moment <= seen.moment]
    if before:
        return before[-1]
    first = next(iter(known), None)
    is_known = first is not None and (pin.folder or _is_soon(seen.moment, first.moment))
    return first if is_known else None


def _is_soon(published: str, kept: str) -> bool:
    """Return whether a folder was kept before anything was published, or so soon after that it is the same."""
    return not published or datetime.fromisoformat(kept) - datetime.fromisoformat(published) <= FIRST_KEPT
