import io
from typing import Final

from PIL import Image

from app.ai.embeddings.image_embeddings.embedder import UnreadableImageError

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")


def opened(data: bytes) -> Image.Image:
    """In colours without transparency, on white as on paper; only the first picture of an animation.

    Raises:
        UnreadableImageError: The bytes are no picture of an accepted format, or it is broken.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            flat = Image.new("RGBA", picture.size, "white")
            flat.alpha_composite(picture.convert("RGBA"))
            return flat.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImageError("The picture cannot be read.") from error
