"""Pictures from strangers, made anew from their pixels."""

import io
import struct
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

MAX_PIXELS: Final = 50_000_000
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
    kind = image_kind(data)
    if kind is None:
        raise ImageRefusedError("Only PNG, JPEG, WEBP and GIF pictures are accepted.")
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            _refuse_huge(opened)
            return _encoded(ImageOps.exif_transpose(opened), _WRITTEN_AS[kind])
    except _BROKEN as error:
        raise ImageRefusedError("The picture is broken.") from error


def _refuse_huge(opened: Image.Image) -> None:
    """Only the header has been read so far."""
    if opened.width * opened.height > MAX_PIXELS:
        raise ImageRefusedError(f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.")


def _encoded(image: Image.Image, kind: str) -> CleanImage:
    if image.mode not in _MODES[kind]:
        image = image.convert("RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB")
    transparency = image.info.get("transparency")
    # What the encoders would take over by themselves: comments, profiles, EXIF, XMP.
    image.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    image.save(out, kind, quality=_QUALITY)
    return CleanImage(out.getvalue(), f"image/{kind.lower()}", image.width, image.height)
