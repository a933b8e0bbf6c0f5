import io
import struct
import zlib

import pytest
from PIL import Image

from app.utils.images import ImageRefusedError, clean_image, image_kind, small_image


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (8, 4), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/png")]
)
def test_a_picture_keeps_its_size_and_kind(kind: str, mime: str) -> None:
    mode = "P" if kind == "GIF" else "RGB"
    cleaned = clean_image(picture(kind, mode))
    assert (cleaned.mime, cleaned.width, cleaned.height) == (mime, 8, 4)
    assert opened(cleaned.data).size == (8, 4)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "1"), ("PNG", "LA"), ("PNG", "RGBA"), ("PNG", "I;16"), ("JPEG", "CMYK")]
)
def test_unusual_modes_are_kept_or_converted(kind: str, mode: str) -> None:
    assert opened(clean_image(picture(kind, mode)).data).mode in {mode, "RGB"}


def test_metadata_and_appended_bytes_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at SECRETPLACE"
    data = picture("JPEG", exif=exif, comment=b"SECRETCOMMENT") + b"SECRETTAIL<script>"
    cleaned = clean_image(data)
    assert b"SECRET" not in cleaned.data
    assert not opened(cleaned.data).getexif()


def test_a_turned_photograph_is_stored_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    cleaned = clean_image(picture("JPEG", exif=exif))
    assert (cleaned.width, cleaned.height) == (4, 8)


def test_only_the_first_frame_of_an_animation_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("P", (4, 4), color) for color in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(opened(clean_image(out.getvalue()).data), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "I;16"), ("JPEG", "CMYK"),
     ("JPEG", "L"), ("WEBP", "RGBA"), ("GIF", "P")],
)  # fmt: skip
def test_what_is_only_looked_at_is_small(kind: str, mode: str) -> None:
    small = small_image(picture(kind, mode, (3000, 100)))
    assert (small.mime, small.width, small.height) == ("image/png", 768, 26)
    assert opened(small.data).size == (768, 26)


def test_a_turned_photograph_is_looked_at_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    small = small_image(picture("JPEG", size=(8000, 4000), exif=exif))
    assert (small.width, small.height) == (384, 768)


def test_large_photographs_are_looked_at_and_other_large_pictures_not() -> None:
    size = (8000, 6000)
    assert small_image(picture("JPEG", size=size)).width == 768
    with pytest.raises(ImageRefusedError, match="16 million"):
        small_image(_png_of(*size))


def _png_of(width: int, height: int) -> bytes:
    """A PNG whose header promises this size and whose data never comes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 5_001), (10_000, 10_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    for make in (clean_image, small_image):
        with pytest.raises(ImageRefusedError):
            make(_png_of(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 not a photograph",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"GIF89a",
        picture("PNG")[:40],
        picture("JPEG")[:-30],
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    for make in (clean_image, small_image):
        with pytest.raises(ImageRefusedError):
            make(data)


def test_the_kind_is_read_from_the_first_bytes() -> None:
    assert [image_kind(picture(kind)[:16]) for kind in ("PNG", "JPEG", "WEBP", "GIF")] == [
        "PNG",
        "JPEG",
        "WEBP",
        "GIF",
    ]
