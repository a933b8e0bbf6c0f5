"""CLIP on this machine, through fastembed, when its model lies in a folder.

References:
    Radford, A. et al. (2021). Learning transferable visual models from natural language supervision.
"""

import io
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from app.ai.embeddings.image_embeddings.embedder import UnreadableImageError
from app.ai.embeddings.vectors import FloatArray, checked

if TYPE_CHECKING:
    from fastembed import ImageEmbedding

MODEL: Final = "Qdrant/clip-ViT-B-32-vision"
DIMENSION: Final = 512


class ClipEmbedder:
    """Args: folder: Holds the model's `model.onnx` and `preprocessor_config.json`."""

    name = f"clip-vit-b-32-{DIMENSION}"
    dimension = DIMENSION
    is_semantic = True

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder, self._threads = folder, threads

    def embed_images(self, images: Sequence[bytes]) -> FloatArray:
        pictures = [_opened(data) for data in images]
        vectors = np.array(list(self._model.embed(pictures)), dtype=np.float32).reshape(-1, DIMENSION)
        return checked(vectors, len(images), DIMENSION)

    @cached_property
    def _model(self) -> "ImageEmbedding":
        from fastembed import ImageEmbedding

        return ImageEmbedding(MODEL, threads=self._threads, specific_model_path=str(self._folder))


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImageError("The picture cannot be read.") from error
