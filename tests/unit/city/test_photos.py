"""Read photos from outside: what their camera noted is gone, they stand upright, and nothing else gets through."""

from __future__ import annotations

import io
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from cityatlas.city.photos import files_of, find_photo, sizes_of, write_photo
from cityatlas.errors import FileTooLarge, InvalidFile
from cityatlas.exchange.uploads.photos import EncodedPhoto, read_photo
from photo_files import GPS, HEIC, RED, WHITE, half_red, written


def opened(photo: EncodedPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.files[photo.name]))


def is_near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_with_a_place_in_it_comes_out_without_any(form: str) -> None:
    raw = written(half_red(), form)
    assert b"SecretCam" in raw
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(GPS)[4] == (121.0, 0.0, 0.0)
    photo = read_photo(raw)
    assert photo.name.endswith("-64x48.webp")
    for content in photo.files.values():
        assert b"SecretCam" not in content
        image = Image.open(io.BytesIO(content))
        assert (image.format, dict(image.getexif()), {"exif", "xmp", "icc_profile"} & image.info.keys()) == (
            "WEBP",
            {},
            set(),
        )


def test_a_photo_of_an_iphone_is_read() -> None:
    raw = HEIC.read_bytes()
    assert b"SecretCam" in raw
    photo = read_photo(raw)
    image = opened(photo)
    assert (image.size, dict(image.getexif())) == ((48, 64), {})
    assert is_near(image.getpixel((24, 8)), RED)
    assert is_near(image.getpixel((24, 56)), WHITE)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at", "white_at"),
    [
        (1, (64, 48), (8, 24), (56, 24)),
        (2, (64, 48), (56, 24), (8, 24)),
        (3, (64, 48), (56, 24), (8, 24)),
        (6, (48, 64), (24, 8), (24, 56)),
        (8, (48, 64), (24, 56), (24, 8)),
    ],
)
def test_a_photo_is_turned_upright(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int], white_at: tuple[int, int]
) -> None:
    image = opened(read_photo(written(half_red(), "PNG", orientation)))
    assert image.size == size
    assert is_near(image.getpixel(red_at), RED)
    assert is_near(image.getpixel(white_at), WHITE)


def test_a_large_photo_comes_in_three_widths() -> None:
    photo = read_photo(written(half_red(3200, 2400), "JPEG"))
    sizes = [Image.open(io.BytesIO(content)).size for content in photo.files.values()]
    assert sizes == [(480, 360), (960, 720), (1600, 1200)]
    assert [(s.file, s.width_px, s.height_px) for s in sizes_of(photo.name)] == [
        (file, *size) for file, size in zip(photo.files, sizes, strict=True)
    ]


def test_a_tall_photo_sent_sideways_keeps_its_shape() -> None:
    photo = read_photo(written(half_red(4000, 1000), "JPEG", 6))
    assert (photo.width_px, photo.height_px) == (600, 2400)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_every_kind_of_pixel_becomes_a_picture(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = opened(read_photo(written(half_red(mode=mode), form)))
    assert is_near(image.getpixel((56, 24)), WHITE)


def test_what_is_transparent_becomes_white() -> None:
    image = opened(read_photo(written(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")))
    assert image.getpixel((10, 10)) == WHITE


@pytest.mark.parametrize(
    "raw",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"GIF89a" + bytes(60),
        b"BM" + bytes(60),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<html><img src=x onerror=1>",
        b"PK\x03\x04" + bytes(60),
    ],
)
def test_what_is_no_photo_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidFile) as caught:
        read_photo(raw)
    assert caught.value.values["reason"] == "media.no_photo"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InvalidFile):
        read_photo(b"")


def test_of_a_photo_that_is_a_page_too_only_the_photo_is_left() -> None:
    script = b"<html><script>alert(1)</script></html>"
    raw = written(half_red(), "JPEG", comment=script) + b"PK\x03\x04" + script
    photo = read_photo(raw)
    assert raw.count(script) == 2
    assert not any(b"script" in content or b"PK\x03\x04" in content for content in photo.files.values())


def test_a_photo_that_is_cut_off_is_refused() -> None:
    raw = written(Image.effect_noise((400, 300), 60).convert("RGB"), "JPEG")
    with pytest.raises(InvalidFile) as caught:
        read_photo(raw[: len(raw) // 2])
    assert caught.value.values["reason"] == "media.broken_photo"


@pytest.mark.parametrize("size", [(6834, 6000), (60_000, 60_000)])  # 41 million pixels; 3,600 million in a directory
def test_too_many_pixels_are_refused_by_the_directory_alone(size: tuple[int, int]) -> None:
    raw = written(Image.new("1", (8, 8)), "PNG")
    head = b"IHDR" + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + raw[24:29]
    bomb = raw[:12] + head + crc32(head).to_bytes(4, "big") + raw[33:]
    with pytest.raises(FileTooLarge) as caught:
        read_photo(bomb)
    assert caught.value.values["reason"] == "media.too_many_pixels"


def test_more_than_10_mb_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        read_photo(written(half_red(), "JPEG") + bytes(10 << 20))


def test_files_are_written_once_and_found_in_the_first_folder_that_has_them(tmp_path: Path) -> None:
    photo = read_photo(HEIC.read_bytes())
    write_photo(tmp_path / "media", photo.files)
    write_photo(tmp_path / "media", dict.fromkeys(photo.files, b"other"))
    path = find_photo(photo.name, (tmp_path / "none", tmp_path / "media"))
    assert path
    assert path.read_bytes() == photo.files[photo.name]
    assert [file.name for file in (tmp_path / "media").iterdir()] == [photo.name]


@pytest.mark.parametrize("name", ["mill.jpg", "0" * 32 + "-0x5.webp", "../" + "0" * 32 + "-9x9.webp"])
def test_a_photo_of_the_folder_has_one_file(name: str) -> None:
    assert sizes_of(name) == ()
    assert files_of(name) == (name,)
