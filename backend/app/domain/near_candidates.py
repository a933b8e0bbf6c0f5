"""Finding the few texts worth a comparison among very many, without comparing all of them."""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.domain.wording import FUNCTION_WORDS, Wording

PAIRS: Final = 12
SINGLES: Final = 4  # for short texts that one of the two adds words to
BANDS: Final = PAIRS + SINGLES
GRAM_BYTES: Final = 4
MOST_CANDIDATES: Final = 8
MOST_OF_A_BUCKET: Final = 16

Keys = NDArray[np.uint64]
_Run = tuple[Keys, NDArray[np.uint32]]
_GOLDEN: Final = 0x9E3779B97F4A7C15
_HASHES: Final = 2 * PAIRS + SINGLES
_FACTORS: Final = np.array([(_GOLDEN * (2 * k + 1) >> 13) | 1 for k in range(_HASHES)], np.uint64).astype(np.uint32)
_OFFSETS: Final = np.array([_GOLDEN * (k + 7) >> 21 for k in range(_HASHES)], np.uint64).astype(np.uint32)
_MOST: Final = np.uint32(0xFFFFFFFF)


def band_keys(texts: Sequence[Wording]) -> Keys:
    """Keys of which similar texts share at least one. Shape ``(n_texts, BANDS)``.

    Each key stands for one or two minima of hashes over the four-byte pieces of the words that carry meaning, and for
    the numbers and negations, which near duplicates have in common: two texts share it with probability J or J², where
    J is the share of pieces that they have in common.

    References:
        Broder, A. (1997). On the resemblance and containment of documents.
        Leskovec, J., Rajaraman, A. & Ullman, J. (2014). Mining of Massive Datasets, section 3.4.
    """
    if not texts:
        return np.empty((0, BANDS), np.uint64)
    minima = _minima([_meaningful(text) for text in texts]).astype(np.uint64)
    paired, single = minima[:, : 2 * PAIRS], minima[:, 2 * PAIRS :]
    bands = np.hstack([(paired[:, ::2] << np.uint64(32)) | paired[:, 1::2], single])
    salts = np.array([crc32(" ".join(text.figures).encode()) + (text.negations << 32) for text in texts], np.uint64)
    return _mixed(bands ^ _mixed(salts)[:, None] ^ _mixed(np.arange(1, BANDS + 1, dtype=np.uint64))[None, :])


class NearIndex:
    """Texts by their band keys, under numbers that the caller gives in ascending order.

    Grows by sorted runs, 12 bytes a key. What it finds does not depend on how the texts were added.
    """

    def __init__(self) -> None:
        self.runs: list[_Run] = []

    def add(self, numbers: Sequence[int], keys: Keys) -> None:
        self._append(_sorted(keys.ravel(), np.repeat(np.asarray(numbers, np.uint32), BANDS)))

    def absorb(self, other: "NearIndex", offset: int) -> None:
        """Take over all texts of another index, their numbers raised by `offset`."""
        for keys, owners in other.runs:
            self._append((keys, owners + np.uint32(offset)))

    def candidates(self, keys: Keys) -> list[list[int]]:
        """For each text the numbers of those it shares most keys with, at most `MOST_CANDIDATES`.

        Of the texts that have a key only the first `MOST_OF_A_BUCKET` are looked at.
        """
        found = [_hits(run, keys.ravel()) for run in self.runs]
        rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in found)])
        owners = np.concatenate([np.empty(0, np.uint32), *(owners for _, owners in found)])
        if len(found) > 1:
            rows, owners = _first_of_each(rows, owners)
        return _most_shared(rows // BANDS, owners, len(keys))

    def _append(self, run: "_Run") -> None:
        self.runs.append(run)
        while len(self.runs) > 1 and len(self.runs[-1][0]) * 2 > len(self.runs[-2][0]):
            (late, late_owners), (early, early_owners) = self.runs.pop(), self.runs.pop()
            self.runs.append(_sorted(np.concatenate([early, late]), np.concatenate([early_owners, late_owners])))


def _most_shared(texts: NDArray[np.int64], owners: NDArray[np.uint32], count: int) -> list[list[int]]:
    pairs, shared = np.unique(texts.astype(np.uint64) << np.uint64(32) | owners, return_counts=True)
    result: list[list[int]] = [[] for _ in range(count)]
    for pair in pairs[np.argsort(-shared, kind="stable")].tolist():
        if len(best := result[pair >> 32]) < MOST_CANDIDATES:
            best.append(pair & 0xFFFFFFFF)
    return result


def _first_of_each(rows: NDArray[np.int64], owners: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The lowest owners of each row, whatever run they come from."""
    order = np.lexsort((owners, rows))
    rows, owners = rows[order], owners[order]
    starts = np.searchsorted(rows, rows, "left")
    is_early = np.arange(len(rows)) - starts < MOST_OF_A_BUCKET
    return rows[is_early], owners[is_early]


def _meaningful(text: Wording) -> bytes:
    words = [word for word in text.folded.split(" ") if word not in FUNCTION_WORDS]
    return (" " + " ".join(words or [text.folded]) + " " * GRAM_BYTES).encode()


def _minima(texts: list[bytes]) -> NDArray[np.uint32]:
    """The least value of each hash over the pieces of each text. Shape ``(n_texts, 2 * PAIRS + SINGLES)``."""
    letters = np.frombuffer(b"".join(texts), np.uint8).astype(np.uint32)
    ends = np.cumsum([len(text) for text in texts])
    starts = np.concatenate([[0], ends[:-1]])
    pieces = np.zeros(len(letters), np.uint32)
    for place in range(GRAM_BYTES):
        pieces[: len(letters) - place] |= letters[place:] << np.uint32(8 * place)
    pieces = (pieces ^ (pieces >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    pieces ^= pieces >> np.uint32(13)
    minima = np.empty((_HASHES, len(texts)), np.uint32)
    across = np.concatenate([ends - place for place in range(1, GRAM_BYTES)])  # these reach into the next text
    for number, (factor, offset) in enumerate(zip(_FACTORS, _OFFSETS, strict=True)):
        values = pieces * factor + offset
        values[across] = _MOST
        minima[number] = np.minimum.reduceat(values, starts)
    return minima.T


def _mixed(values: Keys) -> Keys:
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return values ^ (values >> np.uint64(29))


def _sorted(keys: Keys, owners: NDArray[np.uint32]) -> _Run:
    order = np.argsort(keys, kind="stable")
    return keys[order], owners[order]


def _hits(run: _Run, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Position in `keys` and owner in the run for each key that both have."""
    known, owners = run
    first = np.searchsorted(known, keys, "left")
    counts = np.minimum(np.searchsorted(known, keys, "right") - first, MOST_OF_A_BUCKET)
    rows = np.repeat(np.arange(len(keys)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, owners[np.repeat(first, counts) + within]
