"""Decode a photo from outside and encode it anew for the web, upright, in sRGB, without what its camera noted."""

from __future__ import annotations

import base64
import io
import warnings

import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from ...city.photos import WIDTHS_PX
from ...limits import MEGAPIXELS
from .limits import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # by content; no other decoder ever sees the bytes
QUALITY = 80
WIDEST_PX = WIDTHS_PX[-1]
TALLEST_PX = 2400
SIDEWAYS = (5, 6, 7, 8)  # values of the tag Orientation that swap width and height
_ORIENTATION = 0x0112
_GPS, _LAT, _LON, _ERROR = 0x8825, 2, 4, 31  # the directory of the position, and tags in it; what side is one below
MOST_ERROR_M = 1_000  # a larger one says nothing


def parse(raw: bytes, _: dict[str, str]) -> dict[str, object]:
    """Return width, height, `taken_at` and `files`: WebP in Base64 by width, the widest last. Raises Refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        opened = _open(raw)
        taken_at = _taken_at(opened)
        image = _upright(opened)
    width, height = image.size
    files = {w: image.resize((w, max(1, round(height * w / width))), Image.Resampling.LANCZOS) for w in _narrow(width)}
    files[width] = image
    return {
        "width": width,
        "height": height,
        "taken_at": taken_at,
        "files": {str(w): _webp(sized) for w, sized in files.items()},
    }


def _taken_at(image: Image.Image) -> list[float] | None:
    """Return lon and lat in degrees (WGS-84) and the error in metres, 0 where untold; None without a position."""
    try:
        gps = image.getexif().get_ifd(_GPS)
        lat, lon = (_degrees(gps[key], gps[key - 1]) for key in (_LAT, _LON))
        error_m = float(gps.get(_ERROR, 0))
    except (ArithmeticError, KeyError, OSError, SyntaxError, TypeError, ValueError):  # what cameras and people write
        return None
    is_sound = abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)  # cameras without a fix write nought
    return [lon, lat, error_m if 0 <= error_m <= MOST_ERROR_M else 0] if is_sound else None


def _degrees(parts: tuple[float, float, float], side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if side in ("S", "W") else 1)


def _open(raw: bytes) -> Image.Image:
    """Return a photo of which only the directory was read. Raises Refused for other formats and too many pixels."""
    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MEGAPIXELS * 1_000_000
    try:
        image = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise Refused("media.no_photo") from None
    if image.width * image.height > MEGAPIXELS * 1_000_000:
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> Refused:
    return Refused("media.too_many_pixels", is_too_large=True, most=MEGAPIXELS)


def _upright(image: Image.Image) -> Image.Image:
    """Return the pixels alone, turned the right way and no larger than the web needs. Raises Refused when cut off."""
    is_sideways = image.getexif().get(_ORIENTATION) in SIDEWAYS
    box = (TALLEST_PX, WIDEST_PX) if is_sideways else (WIDEST_PX, TALLEST_PX)
    try:
        image.thumbnail(box, Image.Resampling.LANCZOS)  # a JPEG is decoded at a fraction of its size at once
        turned = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, IndexError):
        raise Refused("media.broken_photo") from None
    return _clean(turned, image.info.get("icc_profile"))


def _clean(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the pixels as sRGB on white, in a new image which knows nothing of the old one."""
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white.convert("RGB")
    elif image.mode not in ("RGB", "CMYK", "L"):
        image = image.convert("RGB")
    clean = Image.new("RGB", image.size)
    clean.paste((_to_srgb(image, profile) if profile else image).convert("RGB"))
    return clean


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an image in the colours that its profile means; one that cannot be read changes nothing."""
    try:
        said = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, said, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _narrow(width: int) -> list[int]:
    return [w for w in WIDTHS_PX if w < width]


def _webp(image: Image.Image) -> str:
    written = io.BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return base64.b64encode(written.getvalue()).decode()
