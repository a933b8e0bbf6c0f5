"""A sentence encoder on this machine: an ONNX model with its tokenizer, run by onnxruntime.

References:
    Reimers, N., Gurevych, I. (2019). Sentence-BERT (mean pooling of token vectors).
"""

import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.embeddings.text_embeddings.embedder import MAX_CHARACTERS
from app.ai.embeddings.vectors import FloatArray, ModelMissingError, checked

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

IntArray: TypeAlias = NDArray[np.int64]

MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
MAX_TOKENS: Final = 256
BACKGROUND_PRIORITY: Final = 10


class LocalEmbedder:
    """Mean-pooled token vectors of the model in a folder.

    Args:
        folder: Holds `model.onnx` and `tokenizer.json`.
        threads: Texts that are worked on at once.

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
        """One by one: a quantised model scales its numbers by what shares the batch, and padding costs time."""
        encoded = self._tokenizer.encode_batch([text[:MAX_CHARACTERS] for text in texts])
        tokens = [np.array([each.ids], dtype=np.int64) for each in encoded]
        if len(texts) == 1:
            pooled = [self._pooled(tokens[0])]
        else:
            with ThreadPoolExecutor(self._threads, initializer=_give_way) as threads:
                pooled = list(threads.map(self._pooled, tokens))
        vectors = np.array(pooled, dtype=np.float32).reshape(-1, self.dimension)
        return checked(vectors, len(texts), self.dimension)

    def _pooled(self, ids: IntArray) -> FloatArray:
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        tokens: FloatArray = np.asarray(output, dtype=np.float32)[0]
        return tokens if tokens.ndim == 1 else tokens.mean(axis=0)  # some models pool by themselves

    @cached_property
    def _inputs(self) -> list[str]:
        return [each.name for each in self._session.get_inputs()]

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return _loaded(self._folder, options)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return tokenizer


def _give_way() -> None:
    """Many texts are nobody's to wait for: their threads leave the processors to whoever answers requests."""
    if sys.platform == "linux":  # elsewhere a priority is that of the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND_PRIORITY)


def is_model(folder: Path) -> bool:
    return (folder / MODEL_FILE).is_file() and (folder / TOKENIZER_FILE).is_file()


def _loaded(folder: Path, options: Any) -> "InferenceSession":
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

    try:
        return onnxruntime.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise ModelMissingError("the model file cannot be read") from error
