"""A sentence encoder on this machine: an ONNX model with its tokenizer, run by onnxruntime.

References:
    Reimers, N., Gurevych, I. (2019). Sentence-BERT (mean pooling of token vectors).
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.ai.embeddings.text_embeddings.embedder import MAX_CHARACTERS
from app.ai.embeddings.vectors import EmbeddingError, FloatArray, checked

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
MAX_TOKENS: Final = 256
_BATCH: Final = 32


class ModelMissingError(EmbeddingError):
    """The folder holds no model that can be read."""


class LocalEmbedder:
    """Mean-pooled token vectors of the model in a folder.

    Args:
        folder: Holds `model.onnx` and `tokenizer.json`.
        threads: Processor threads for one batch.

    Raises:
        ModelMissingError: A file is not there.
    """

    is_semantic = True

    def __init__(self, folder: Path, threads: int = 1) -> None:
        if not is_model(folder):
            raise ModelMissingError(f"no {MODEL_FILE} and {TOKENIZER_FILE} in the folder of the model")
        self._folder, self._threads = folder, threads

    @property
    def name(self) -> str:
        return f"local-{self._folder.name.lower()}-{self.dimension}"

    @property
    def dimension(self) -> int:
        return int(self._session.get_outputs()[0].shape[-1])

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Texts of like length share a batch, so that little is computed on padding."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._batch([texts[row][:MAX_CHARACTERS] for row in rows])
        return checked(vectors, len(texts), self.dimension)

    def _batch(self, texts: Sequence[str]) -> FloatArray:
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        feed: dict[str, Any] = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        wanted = {each.name for each in self._session.get_inputs()}
        output = self._session.run(None, {name: array for name, array in feed.items() if name in wanted})[0]
        tokens: FloatArray = np.asarray(output, dtype=np.float32)
        if tokens.ndim == 2:  # noqa: PLR2004  # the model pools by itself
            return tokens
        pooled: FloatArray = (tokens * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1, keepdims=True), 1)
        return pooled

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return _loaded(self._folder, options)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer


def is_model(folder: Path) -> bool:
    return (folder / MODEL_FILE).is_file() and (folder / TOKENIZER_FILE).is_file()


def _loaded(folder: Path, options: Any) -> "InferenceSession":
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

    try:
        return onnxruntime.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise ModelMissingError("the model file cannot be read") from error
