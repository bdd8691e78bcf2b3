"""Make photos for tests."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

HEIC = Path(__file__).parent / "data" / "phone.heic"  # 64 x 48 as stored, to be turned to the right; red was left
RED, WHITE = (200, 0, 0), (255, 255, 255)


GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def half_red(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height))
    return image.convert(mode)


def written(image: Image.Image, form: str, orientation: int = 1, **more: object) -> bytes:
    """Return a file with a place, a camera and an orientation noted in it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "SecretCam"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 42.0, 0.0), 3: "E", 4: (121.0, 0.0, 0.0)})
    file = io.BytesIO()
    image.save(file, form, exif=exif.tobytes(), **more)
    return file.getvalue()
