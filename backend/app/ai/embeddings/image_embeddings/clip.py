"""CLIP on this machine, through fastembed, when its model lies in a folder.

References:
    Radford, A. et al. (2021). Learning transferable visual models from natural language supervision.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from app.ai.embeddings.image_embeddings.pictures import opened
from app.ai.embeddings.vectors import FloatArray, ModelMissingError, checked

if TYPE_CHECKING:
    from fastembed import ImageEmbedding

MODEL: Final = "Qdrant/clip-ViT-B-32-vision"
"""By this name fastembed knows which files to look for; the folder may hold any model of the same make."""
FILES: Final = ("model.onnx", "preprocessor_config.json")


class ClipEmbedder:
    """The image half of a CLIP model.

    Args:
        folder: Holds `model.onnx`, from pictures to one vector each, and `preprocessor_config.json`.
        threads: Of one picture's computation.

    Raises:
        ModelMissingError: A file is not there; when first used, also that it cannot be read.
    """

    is_semantic = True

    def __init__(self, folder: Path, threads: int = 1) -> None:
        missing = missing_files(folder)
        if missing:
            raise ModelMissingError(f"the folder of the model for pictures lacks {' and '.join(missing)}")
        self._folder, self._threads = folder, threads

    @property
    def name(self) -> str:
        return f"clip-{self._folder.name.lower()}-{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        """What the model makes of a white picture tells it; exported models do not always state it."""
        return len(self._vectors([Image.new("RGB", (32, 32), "white")])[0])

    def embed_images(self, images: Sequence[bytes]) -> FloatArray:
        pictures = [opened(data) for data in images]
        vectors = self._vectors(pictures) if pictures else np.zeros((0, self.dimension), dtype=np.float32)
        return checked(vectors, len(images), self.dimension)

    def _vectors(self, pictures: Sequence[Image.Image]) -> FloatArray:
        made = list(self._model.embed(list(pictures)))
        return np.array(made, dtype=np.float32).reshape(len(pictures), -1)

    @cached_property
    def _model(self) -> "ImageEmbedding":
        from fastembed import ImageEmbedding
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile

        try:
            return ImageEmbedding(MODEL, threads=self._threads, specific_model_path=str(self._folder))
        except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile, ValueError, KeyError, OSError) as error:
            raise ModelMissingError("the model for pictures, or how to prepare them for it, cannot be read") from error


def missing_files(folder: Path) -> list[str]:
    return [name for name in FILES if not (folder / name).is_file()]
