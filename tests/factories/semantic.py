"""The parts of search by meaning, on the servers of the suite."""

import os
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.image_embeddings.descriptor import PictureDescriptor
from app.ai.embeddings.text_embeddings.embedder import TextEmbedder
from app.ai.embeddings.text_embeddings.lexical import LexicalEmbedder
from app.ai.embeddings.text_embeddings.local import LocalEmbedder, is_model
from app.ai.embeddings.vectors import FloatArray
from app.ai.vector_db.client import ChromaClient
from app.ai.vector_db.collections import Collections
from app.ai.vector_db.queries import Queries
from app.services.index_work import IndexOutcome, IndexWork
from app.services.semantic_tools import SemanticTools, VectorIndex

MODEL_VARIABLE = "EMBEDDING_MODEL_PATH"


def real_embedder() -> LocalEmbedder:
    """The sentence encoder in the folder that the environment names; without it the test is skipped."""
    folder = os.environ.get(MODEL_VARIABLE, "")
    if not folder or not is_model(Path(folder)):
        pytest.skip(f"{MODEL_VARIABLE} names no folder with model.onnx and tokenizer.json")
    return LocalEmbedder(Path(folder))


def chroma_url() -> str:
    url = os.environ.get("TEST_CHROMA_URL", "")
    if not url:
        pytest.fail("TEST_CHROMA_URL is not set: run the suite with `python3 run.py test`")
    return url


def index_at(client: ChromaClient) -> VectorIndex:
    return VectorIndex(Collections(client), Queries(client))


class RenamedEmbedder:
    """Hashed words under a name of their own, so that tests on one server share no collection."""

    dimension = LexicalEmbedder.dimension

    def __init__(self, *, is_semantic: bool = True) -> None:
        self.name = f"test-{uuid.uuid4().hex}"
        self.is_semantic = is_semantic
        self.texts: list[str] = []
        self._inner = LexicalEmbedder()

    def embed(self, texts: Sequence[str]) -> FloatArray:
        self.texts += texts
        return self._inner.embed(texts)


def tools_of(texts: TextEmbedder | None = None, index: VectorIndex | None = None) -> SemanticTools:
    return SemanticTools(texts or RenamedEmbedder(), PictureDescriptor(), index)


def run_index(sessions: sessionmaker[Session], tools: SemanticTools) -> IndexOutcome:
    return IndexWork(sessions, tools, lambda *_: None).run()


def a_vector(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float32)
