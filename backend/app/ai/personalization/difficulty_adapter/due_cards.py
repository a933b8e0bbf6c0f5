"""Due review cards as a compact table of bytes, the form in which the database hands them over."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.review_queue import DEFAULT_DECAY, FloatArray, retrievability, review_need

CARD: Final = np.dtype([("question", "V16"), ("stability", ">f4"), ("days", ">f4")])
"""Question id, stability in days, days since the last review."""


def due_needs(cards: bytes, decay: float = DEFAULT_DECAY) -> tuple[bytes, FloatArray]:
    """Ids of 16 bytes each, and how urgent the review of each is, in [0, 1]; `decay` of the student's curve."""
    table: NDArray[np.void] = np.frombuffer(cards, dtype=CARD)
    recall = retrievability(table["stability"].astype(np.float64), table["days"].astype(np.float64), decay)
    return table["question"].tobytes(), review_need(recall)
