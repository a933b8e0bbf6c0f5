"""Photos and scans of pages as lines."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.ai.processing.ocr_engines import OcrError
from app.ai.processing.page_lines import with_relative_sizes
from app.ai.processing.page_ocr import recognised
from app.ai.processing.recognised_lines import recognised_lines
from app.ai.processing.running_lines import without_running_lines
from app.domain.document_text import DocumentError, DocumentFault, DocumentLimits, TextLine

FORMATS = ("PNG", "JPEG", "WEBP")


def image_lines(stream: BinaryIO, limits: DocumentLimits = DocumentLimits()) -> Iterator[TextLine]:  # noqa: B008
    """Lines of the one page that the picture shows.

    Raises:
        DocumentError: When the picture is of another kind, broken or too large, or nothing can read it.
    """
    try:
        lines = recognised_lines(recognised(_opened(stream, limits)), 1)
    except OcrError as error:
        raise DocumentError(DocumentFault.UNSUPPORTED, str(error)) from error
    yield from with_relative_sizes(without_running_lines([lines]))


def _opened(stream: BinaryIO, limits: DocumentLimits) -> Image.Image:
    """The grey picture, upright as its camera says."""
    try:
        with Image.open(io.BytesIO(stream.read()), formats=FORMATS) as opened:
            if opened.width * opened.height > limits.pixels:
                message = f"The picture has more than {limits.pixels // 1_000_000} million pixels."
                raise DocumentError(DocumentFault.TOO_LARGE, message)
            return ImageOps.exif_transpose(opened).convert("L")
    except UnidentifiedImageError as error:
        raise DocumentError(DocumentFault.UNSUPPORTED, "Only PNG, JPEG and WEBP pictures are read.") from error
    except Image.DecompressionBombError as error:
        raise DocumentError(DocumentFault.TOO_LARGE, "The picture has too many pixels.") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        raise DocumentError(DocumentFault.DAMAGED, "The picture is broken.") from error
