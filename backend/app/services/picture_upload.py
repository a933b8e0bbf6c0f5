"""A picture that is only looked at."""

from typing import BinaryIO

from app.core.errors import TooLargeError
from app.services.media_service import MAX_IMAGE_BYTES, cleaned_picture


def picture_bytes(stream: BinaryIO) -> bytes:
    """The picture made anew from its pixels, as stored ones are.

    Raises:
        TooLargeError: More than the largest picture that is taken.
        ImageError: No picture of an accepted kind, too many pixels, or broken.
    """
    data = stream.read(MAX_IMAGE_BYTES + 1)
    if len(data) > MAX_IMAGE_BYTES:
        raise TooLargeError(f"A picture has at most {MAX_IMAGE_BYTES} bytes.")
    return cleaned_picture(data).data
