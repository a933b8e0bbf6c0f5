"""A model for pictures small enough to be written here: real ONNX, and real preparation of its input.

It averages each colour of a picture and turns the three means into five numbers.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

LONG, SIDE, DIMENSION = 7, 8, 5
FLOAT = 1
COLOURS = 3


def write_image_model(folder: Path, seed: int = 1) -> Path:
    """The folder with `model.onnx` and `preprocessor_config.json`."""
    folder.mkdir(exist_ok=True)
    weights = np.random.default_rng(seed).normal(size=(COLOURS, DIMENSION)).astype("<f4")
    (folder / "model.onnx").write_bytes(_model(weights))
    half = [0.5] * COLOURS
    preparation = {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True, "size": {"shortest_edge": SIDE}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE},
        "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": half, "image_std": half,
    }  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation))
    return folder


def _model(weights: np.ndarray) -> bytes:
    """A ModelProto of ONNX, field by field (onnx.proto)."""
    nodes = [
        _node("GlobalAveragePool", ["pixel_values"], ["means"]),
        _node("Flatten", ["means"], ["flat"]),
        _node("MatMul", ["flat", "weights"], ["image_embeds"]),
    ]
    tensor = b"".join(_number(1, size) for size in weights.shape) + _number(2, FLOAT)
    tensor += _text(8, "weights") + _bytes(9, weights.tobytes())
    graph = b"".join(_bytes(1, node) for node in nodes) + _text(2, "means_of_colours") + _bytes(5, tensor)
    graph += _bytes(11, _value("pixel_values", ["batch", COLOURS, SIDE, SIDE]))
    graph += _bytes(12, _value("image_embeds", ["batch", DIMENSION]))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 13))


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    named = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
    return b"".join(named) + _text(4, kind)


def _value(name: str, shape: Sequence[str | int]) -> bytes:
    sizes = [_bytes(1, _text(2, size) if isinstance(size, str) else _number(1, size)) for size in shape]
    tensor = _number(1, FLOAT) + _bytes(2, b"".join(sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= LONG
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
