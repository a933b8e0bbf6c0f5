from functools import cache
from pathlib import Path

from app.ai.embeddings.image_embeddings.clip import ClipEmbedder, missing_files
from app.ai.embeddings.image_embeddings.descriptor import PictureDescriptor
from app.ai.embeddings.image_embeddings.embedder import ImageEmbedder
from app.ai.embeddings.vectors import ModelMissingError
from app.core.config import EmbeddingSettings


def image_embedder(settings: EmbeddingSettings) -> ImageEmbedder:
    """CLIP where its model lies in the folder of the settings, else the descriptor of how a picture looks.

    Raises:
        ModelMissingError: `local` is asked for and its folder lacks a file.
    """
    folder, wish = settings.image_model_path, settings.image_provider
    if wish == "local" and folder is None:
        raise ModelMissingError("APP_EMBEDDINGS__IMAGE_MODEL_PATH names no folder")
    if folder is not None and (wish == "local" or (wish == "auto" and not missing_files(folder))):
        return _clip(folder, settings.threads)
    return PictureDescriptor()


@cache
def _clip(folder: Path, threads: int) -> ImageEmbedder:
    return ClipEmbedder(folder, threads)
