"""How much an answer counts, by the time it took; stored with the attempt, so a replay counts it alike."""

import math
import re
from typing import Final

from app.ai.personalization.user_modeling.response_time import ResponseTimes, evidence_weight
from app.domain.enums import QuestionType
from app.domain.question_parts import QuestionContent
from app.services.review_update import MEDIAN_OF_MEAN

CHARACTERS_PER_S: Final = 60.0
"""Faster than anybody reads (Brysbaert 2019: 238 words a minute, about 24 characters a second)."""
LOG_VARIANCE: Final = 0.42
_TAG: Final = re.compile(r"<[^>]*>")


def weight_of_answer(elapsed_ms: int, usual_ms: float | None, content: QuestionContent) -> float:
    """A quarter for a rapid guess, else 1; also 1 where the time is unknown, and for cards, which are only turned.

    `usual_ms` is the mean time of answers to this question, None while it has too few.
    """
    if elapsed_ms == 0 or content.type is QuestionType.FLASHCARD:
        return 1.0
    reading_s = len(_TAG.sub("", content.stem)) / CHARACTERS_PER_S
    return evidence_weight(elapsed_ms / 1000.0, _times(usual_ms), reading_s)


def _times(usual_ms: float | None) -> ResponseTimes | None:
    if not usual_ms:
        return None
    return ResponseTimes(math.log(MEDIAN_OF_MEAN * usual_ms / 1000.0), LOG_VARIANCE, 1)
