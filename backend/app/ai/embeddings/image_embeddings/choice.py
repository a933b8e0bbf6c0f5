from functools import cache
from pathlib import Path

from app.ai.embeddings.image_embeddings.clip import ClipEmbedder
from app.ai.embeddings.image_embeddings.descriptor import PictureDescriptor
from app.ai.embeddings.image_embeddings.embedder import ImageEmbedder
from app.core.config import EmbeddingSettings


def image_embedder(settings: EmbeddingSettings) -> ImageEmbedder:
    """CLIP where its model lies in the folder of the settings, else the descriptor of how a picture looks."""
    folder = settings.image_model_path
    if folder is not None and (folder / "model.onnx").is_file():
        return _clip(folder, settings.threads)
    return PictureDescriptor()


@cache
def _clip(folder: Path, threads: int) -> ImageEmbedder:
    return ClipEmbedder(folder, threads)
