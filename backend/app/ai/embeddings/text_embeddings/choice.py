"""Which embedder the settings ask for."""

from functools import cache
from pathlib import Path

from app.ai.embeddings.text_embeddings.embedder import TextEmbedder
from app.ai.embeddings.text_embeddings.lexical import LexicalEmbedder
from app.ai.embeddings.text_embeddings.local import LocalEmbedder, is_model
from app.ai.embeddings.vectors import ModelMissingError
from app.core.config import EmbeddingSettings


def text_embedder(settings: EmbeddingSettings) -> TextEmbedder:
    """The same one each time, so that a model is loaded once in a process.

    Raises:
        ModelMissingError: `local` is asked for and its folder holds no model.
    """
    if settings.provider == "lexical":
        return LexicalEmbedder()
    if settings.model_path is not None and is_model(settings.model_path):
        return _local(settings.model_path, settings.threads)
    if settings.provider == "local":
        raise ModelMissingError("APP_EMBEDDINGS__MODEL_PATH names no folder with a model")
    return LexicalEmbedder()


@cache
def _local(folder: Path, threads: int) -> TextEmbedder:
    return LocalEmbedder(folder, threads)
