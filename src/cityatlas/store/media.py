"""Keep what is said of uploaded photos: words, who made them, under which licence, and who uploaded them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import RowMapping, func, insert, select

from .engine import Store
from .log.revisions import moment_text
from .tables import media


@dataclass(frozen=True)
class StoredPhoto:
    """Hold one uploaded photo; `name` is that of its widest file, `digest` that of what was uploaded."""

    name: str
    alt_zh: str
    alt_en: str
    credit: str
    licence: str
    owner: str
    width_px: int
    height_px: int
    digest: str
    made_at: str = ""

    @property
    def alt(self) -> dict[str, str]:
        """Return what it shows, in words."""
        return {"zh": self.alt_zh, "en": self.alt_en}

    @property
    def item(self) -> dict[str, Any]:  # Any: what JSON holds
        """Return the entry for a feature's list `photos`."""
        return {"file": self.name, "alt": self.alt, "credit": f"{self.credit} · {self.licence}"}


def add_photo(store: Store, photo: StoredPhoto) -> StoredPhoto:
    """Add a photo, whose files must be written by then; one that was uploaded before is returned as it was kept."""
    with store.writing() as connection:
        same = (media.c.name == photo.name) | (media.c.digest == photo.digest)
        if row := connection.execute(select(media).where(same)).mappings().first():
            return _of(row)
        values = asdict(photo) | {"made_at": moment_text(store.read_clock(connection))}
        connection.execute(insert(media).values(values))
        return StoredPhoto(**values)


def find_photo(store: Store, name: str) -> StoredPhoto | None:
    """Return the photo with a name, or None."""
    with store.reading() as connection:
        row = connection.execute(select(media).where(media.c.name == name)).mappings().first()
        return _of(row) if row else None


def find_upload(store: Store, digest: str) -> StoredPhoto | None:
    """Return the photo of which the uploaded file had a digest, or None."""
    with store.reading() as connection:
        row = connection.execute(select(media).where(media.c.digest == digest)).mappings().first()
        return _of(row) if row else None


def photos(store: Store, first: int = 0, most: int | None = None) -> tuple[list[StoredPhoto], int]:
    """Return photos, the newest first, `most` of them from number `first` on; and how many there are in all."""
    with store.reading() as connection:
        chosen = select(media).order_by(media.c.made_at.desc(), media.c.name).offset(first).limit(most)
        rows = connection.execute(chosen).mappings().all()
        return [_of(row) for row in rows], connection.execute(select(func.count()).select_from(media)).scalar_one()


def photo_choices(store: Store) -> list[StoredPhoto]:
    """Return all photos that a feature may be given, the newest first; `item` is the entry for its list."""
    return photos(store)[0]


def _of(row: RowMapping) -> StoredPhoto:
    return StoredPhoto(**row)
