"""Pictures from strangers, made anew from their pixels."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

MAX_PIXELS: Final = 50_000_000
MAX_DECODED_PIXELS: Final = 16_000_000
SMALL_SIDE: Final = 768
"""Pixels of the longer side; what compares pictures looks at no more."""
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
# Of a GIF only the first frame is kept.
_WRITTEN_AS: Final = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WEBP", "GIF": "PNG"}
_MODES: Final = {
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "JPEG": {"L", "RGB"},
    "WEBP": {"RGB", "RGBA"},
}
_QUALITY: Final = 90
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class ImageRefusedError(Exception):
    """The message tells the person who sent the picture what is wrong with it."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    data: bytes
    mime: str
    width: int
    height: int


def image_kind(head: bytes) -> str | None:
    """The kind that the first bytes show, whatever the file is called: PNG, JPEG, WEBP, GIF or none of them."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def clean_image(data: bytes) -> CleanImage:
    """The picture without metadata and anything hidden behind it, turned upright; at most `MAX_PIXELS`.

    Raises:
        ImageRefusedError: It is of another kind, too large or broken.
    """
    with _opened(data) as (opened, kind):
        return _encoded(ImageOps.exif_transpose(opened), _WRITTEN_AS[kind])


def small_image(data: bytes) -> CleanImage:
    """As `clean_image`, but a PNG of at most `SMALL_SIDE`, and of no more than `MAX_DECODED_PIXELS`.

    A JPEG, the kind that cameras write, may be as large as one that is kept: it is made smaller while it is decoded.

    Raises:
        ImageRefusedError: It is of another kind, too large or broken.
    """
    with _opened(data) as (opened, _):
        opened.draft(None, (SMALL_SIDE, SMALL_SIDE))
        _refuse_huge(opened, MAX_DECODED_PIXELS)
        # Colours that are looked up in a table cannot be mixed.
        picture = opened if opened.mode == "I;16" else _coloured(opened)
        picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return _encoded(ImageOps.exif_transpose(picture), "PNG")


@contextmanager
def _opened(data: bytes) -> Iterator[tuple[Image.Image, str]]:
    """A picture of which only the header has been read so far, and its kind; what breaks it later is told too."""
    kind = image_kind(data)
    if kind is None:
        raise ImageRefusedError("Only PNG, JPEG, WEBP and GIF pictures are accepted.")
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            _refuse_huge(opened, MAX_PIXELS)
            yield opened, kind
    except _BROKEN as error:
        raise ImageRefusedError("The picture is broken.") from error


def _refuse_huge(opened: Image.Image, most: int) -> None:
    if opened.width * opened.height > most:
        raise ImageRefusedError(f"The picture has more than {most // 1_000_000} million pixels.")


def _coloured(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _encoded(image: Image.Image, kind: str) -> CleanImage:
    if image.mode not in _MODES[kind]:
        image = image.convert("RGB") if kind == "JPEG" else _coloured(image)
    transparency = image.info.get("transparency")
    # What the encoders would take over by themselves: comments, profiles, EXIF, XMP.
    image.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    image.save(out, kind, quality=_QUALITY)
    return CleanImage(out.getvalue(), f"image/{kind.lower()}", image.width, image.height)
