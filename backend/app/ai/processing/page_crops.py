"""Pictures of places on the pages of a paper, for whoever compares a question with its source."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
from PIL import Image, ImageOps

from app.domain.document_text import Box
from app.utils.images import MAX_PIXELS

_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_PDF_MAGIC: Final = b"%PDF-"
_HEAD: Final = 1024
_MARGIN: Final = 0.012
_LONGEST_SIDE: Final = 1600
_QUALITY: Final = 70
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError)

Place = tuple[int, Box]


class NoPagesError(Exception):
    """The file has no pages that could be shown."""


def page_crops(stream: BinaryIO, places: Iterable[Place]) -> Iterator[bytes]:
    """A WEBP picture of each place in turn, empty where its page cannot be shown.

    Raises:
        NoPagesError: The file is no PDF and no picture, or cannot be opened.
    """
    number, page = 0, None
    with _pages(stream) as show:
        for wanted, box in places:
            if wanted != number:
                number, page = wanted, show(wanted)
            yield b"" if page is None else _encoded(page.crop(_pixels(box, page)))


@contextmanager
def _pages(stream: BinaryIO) -> Iterator[Callable[[int], Image.Image | None]]:
    is_pdf = _PDF_MAGIC in stream.read(_HEAD)
    stream.seek(0)
    if not is_pdf:
        picture = _opened(stream)
        yield lambda number: picture if number == 1 else None
        return
    try:
        document = pdfium.PdfDocument(stream.read())
    except pdfium.PdfiumError as error:
        raise NoPagesError("The document cannot be opened.") from error
    try:
        yield lambda number: _rendered(document, number)
    finally:
        document.close()


def _opened(stream: BinaryIO) -> Image.Image:
    try:
        with Image.open(stream, formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NoPagesError("The picture has too many pixels.")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except _BROKEN as error:
        raise NoPagesError("The picture cannot be opened.") from error
    picture.thumbnail((2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE))
    return picture


def _rendered(document: pdfium.PdfDocument, number: int) -> Image.Image | None:
    try:
        page = document[number - 1]
    except (pdfium.PdfiumError, IndexError):
        return None
    try:
        picture: Image.Image = page.render(scale=_LONGEST_SIDE / max(*page.get_size(), 1.0)).to_pil()
    finally:
        page.close()
    return picture.convert("RGB")


def _pixels(box: Box, page: Image.Image) -> tuple[int, int, int, int]:
    """With a margin, and never empty."""
    left, top, right, bottom = box
    x, y = int((left - _MARGIN) * page.width), int((top - _MARGIN) * page.height)
    x, y = max(0, min(x, page.width - 1)), max(0, min(y, page.height - 1))
    across, down = int((right + _MARGIN) * page.width), int((bottom + _MARGIN) * page.height)
    return x, y, max(x + 1, min(across, page.width)), max(y + 1, min(down, page.height))


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()
