"""What a picture looks like, without a model: coarse structure, colours, and directions of edges.

Finds the same picture again after it was scaled, recompressed or slightly changed, and pictures of like layout and
colours. It does not know what is shown.

References:
    Zauner, C. (2010). Implementation and benchmarking of perceptual image hash functions (low frequencies of a DCT).
    Dalal, N., Triggs, B. (2005). Histograms of oriented gradients for human detection.
    Swain, M., Ballard, D. (1991). Color indexing (histogram of colours).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.ai.embeddings.image_embeddings.pictures import opened
from app.ai.embeddings.vectors import FloatArray, checked, normalised

SIDE: Final = 32
FREQUENCIES: Final = 8
COLOUR_LEVELS: Final = 4
CELLS: Final = 4
DIRECTIONS: Final = 8
DIMENSION: Final = FREQUENCIES**2 + COLOUR_LEVELS**3 + CELLS**2 * DIRECTIONS
_WEIGHTS: Final = (0.5, 0.2, 0.3)
"""Shares of structure, colours and edges in the likeness of two pictures."""


class PictureDescriptor:
    name = f"descriptor-{DIMENSION}"
    dimension = DIMENSION
    is_semantic = False

    def embed_images(self, images: Sequence[bytes]) -> FloatArray:
        """Unit vectors. Shape (n, DIMENSION). Raises UnreadableImageError for what is no picture."""
        rows = [_describe(data) for data in images]
        return checked(np.array(rows, dtype=np.float32).reshape(-1, DIMENSION), len(images), DIMENSION)


def _describe(data: bytes) -> FloatArray:
    picture = opened(data)
    grey = np.asarray(picture.convert("L").resize((SIDE, SIDE)), dtype=np.float32) / 255.0
    colours = np.asarray(picture.resize((SIDE, SIDE)), dtype=np.int64) * COLOUR_LEVELS // 256
    parts = (_structure(grey), _colours(colours), _edges(grey))
    weighted = [np.sqrt(weight) * part for weight, part in zip(_WEIGHTS, parts, strict=True)]
    joined: FloatArray = np.concatenate(weighted)
    return joined


def _structure(grey: FloatArray) -> FloatArray:
    """Low frequencies without the mean brightness."""
    places = np.arange(SIDE, dtype=np.float32)
    basis = np.cos(np.pi / SIDE * np.outer(np.arange(FREQUENCIES), places + 0.5))
    spectrum = (basis @ grey @ basis.T).ravel()
    spectrum[0] = 0.0
    return normalised(spectrum.astype(np.float32))


def _colours(levels: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> FloatArray:
    codes = (levels[..., 0] * COLOUR_LEVELS + levels[..., 1]) * COLOUR_LEVELS + levels[..., 2]
    counts = np.bincount(codes.ravel(), minlength=COLOUR_LEVELS**3)
    return normalised(np.sqrt(counts).astype(np.float32))


def _edges(grey: FloatArray) -> FloatArray:
    down, across = np.gradient(grey)
    strength, direction = np.hypot(down, across), np.mod(np.arctan2(down, across), np.pi)
    sector = np.minimum((direction * DIRECTIONS / np.pi).astype(np.int64), DIRECTIONS - 1)
    rows, columns = np.indices(grey.shape) * CELLS // SIDE
    places = ((rows * CELLS + columns) * DIRECTIONS + sector).ravel()
    sums = np.bincount(places, weights=strength.ravel(), minlength=CELLS**2 * DIRECTIONS)
    return normalised(sums.astype(np.float32))
