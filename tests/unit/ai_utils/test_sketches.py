"""Sketches: the same everywhere and for ever, and as near to the cosine as 256 bits can be."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.ai.embeddings.vectors import normalised
from app.ai.utils.sketches import BITS, BYTES, UNKNOWN, Sketches, are_known, estimated_cosines, from_bytes, sketch

DIMENSION = 384
STANDARD_ERRORS = 6.0


def sketches_of(*vectors: np.ndarray) -> Sketches:
    return from_bytes(sketch(np.array(vectors, dtype=np.float32)).tobytes())


def pair(seed: int, cosine: float) -> tuple[np.ndarray, np.ndarray]:
    """Two unit vectors with this cosine, in directions drawn by chance."""
    drawn = np.random.default_rng(seed).normal(size=(2, DIMENSION))
    first = drawn[0] / np.linalg.norm(drawn[0])
    across = drawn[1] - (drawn[1] @ first) * first
    return first, cosine * first + math.sqrt(1.0 - cosine**2) * across / np.linalg.norm(across)


def test_the_hyperplanes_are_those_of_the_stored_sketches() -> None:
    first, second, both = sketch(np.array([[1, 0, 0], [0, 1, 0], [2, 1, -4]], dtype=np.float32))
    assert first.tobytes().hex() == "d24d8f89cd266394a8d4e0161b56b5a33250fdeb2f039f6b8029b41caa7b72f1"
    assert second.tobytes().hex() == "1a7e12f85453f56344aafa9d018c33e8020d89c168d2ab450943c029270e80de"
    assert both.tobytes().hex() == "8841b01c8902ead02c0812e238a3c5f884bb543a7804f05eaa29ee3f8b56dd28"


def test_more_dimensions_begin_with_the_same_hyperplanes() -> None:
    short = np.random.default_rng(5).normal(size=(3, 8)).astype(np.float32)
    assert (sketch(short) == sketch(np.hstack([short, np.zeros((3, 4), dtype=np.float32)]))).all()


@given(st.integers(0, 2**32), st.floats(-1.0, 1.0))
def test_the_share_of_differing_bits_estimates_the_angle(seed: int, cosine: float) -> None:
    share = math.acos(cosine) / math.pi
    packed = sketch(np.array(pair(seed, cosine), dtype=np.float32))
    differing = int(np.unpackbits(packed[0] ^ packed[1]).sum())
    # Rounding may turn a bit or two where the true share is next to none.
    assert abs(differing - BITS * share) <= STANDARD_ERRORS * math.sqrt(BITS * share * (1.0 - share)) + 2.0


def test_the_estimate_is_right_on_average() -> None:
    for cosine in (0.1, 0.3, 0.5, 0.8):
        estimates = []
        for seed in range(400):
            sketches = sketches_of(*pair(seed, cosine))
            estimates.append(float(estimated_cosines(sketches[:1], sketches[1:])[0, 0]))
        assert abs(float(np.mean(estimates)) - cosine) < 0.02
        assert float(np.std(estimates)) < 0.11


@given(st.integers(0, 2**32))
def test_the_same_is_one_and_the_opposite_is_nought(seed: int) -> None:
    vector = normalised(np.random.default_rng(seed).normal(size=(1, DIMENSION)).astype(np.float32))[0]
    same, opposite = estimated_cosines(sketches_of(vector, -vector), sketches_of(vector))[0]
    assert (float(same), float(opposite)) == (1.0, 0.0)


def test_many_are_compared_with_several_at_once() -> None:
    vectors = np.random.default_rng(2).normal(size=(7, DIMENSION)).astype(np.float32)
    many, few = sketches_of(*vectors), sketches_of(*vectors[:2])
    table = estimated_cosines(many, few)
    assert table.shape == (2, 7)
    for row, column in ((0, 3), (1, 6)):
        assert table[row, column] == estimated_cosines(many[column : column + 1], few[row : row + 1])[0, 0]
    assert table[0, 0] == table[1, 1] == 1.0


def test_what_is_unknown_is_told_from_what_is_known() -> None:
    known = sketch(np.random.default_rng(3).normal(size=(2, DIMENSION)).astype(np.float32)).tobytes()
    assert are_known(from_bytes(known + UNKNOWN)).tolist() == [True, True, False]


def test_a_sketch_takes_thirty_two_bytes() -> None:
    assert sketch(np.ones((2, 5), dtype=np.float32)).shape == (2, BYTES)
