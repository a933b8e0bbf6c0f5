"""What repeats the last questions: by skill, by meaning, and less the longer ago."""

import numpy as np
import pytest

from app.ai.personalization.difficulty_adapter.repetition import Topics, repetition
from app.ai.utils.sketches import UNKNOWN, from_bytes, sketch

NONE = 7
RIVERS, KINGS = (row.tobytes() for row in sketch(np.array([[1.0] * 64, [1.0, -1.0] * 32], dtype=np.float32)))


def one(candidate: tuple[int, bytes], *latest: tuple[int, bytes]) -> float:
    """How much the candidate repeats the others, in a bank of these questions."""
    skills = np.array([candidate[0], *(skill for skill, _ in latest)], dtype=np.intp)
    bank = Topics.of(skills, NONE, from_bytes(candidate[1] + b"".join(meaning for _, meaning in latest)))
    return float(repetition(bank.at(np.array([0])), bank.at(np.arange(1, skills.size)))[0])


def test_skill_and_meaning_are_half_each() -> None:
    assert one((1, RIVERS), (1, RIVERS)) == 1.0
    assert one((2, RIVERS), (1, RIVERS)) == 0.5
    assert one((1, KINGS), (1, RIVERS)) == pytest.approx(0.5, abs=0.1)
    assert one((2, KINGS), (1, RIVERS)) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(("first", "second"), [(UNKNOWN, RIVERS), (RIVERS, UNKNOWN), (UNKNOWN, UNKNOWN)])
def test_without_one_of_the_meanings_the_skill_is_all(first: bytes, second: bytes) -> None:
    assert one((1, first), (1, second)) == 1.0
    assert one((2, first), (1, second)) == 0.0


def test_no_skill_is_not_a_skill_that_could_be_shared() -> None:
    assert one((NONE, UNKNOWN), (NONE, UNKNOWN)) == 0.0
    assert one((NONE, RIVERS), (NONE, RIVERS)) == 0.5


def test_it_fades_with_age_and_the_largest_counts() -> None:
    for age in range(3):
        others = [(2, UNKNOWN)] * age
        assert one((1, RIVERS), *others, (1, RIVERS)) == pytest.approx(1 / (1 + age))
    assert one((1, RIVERS), (1, UNKNOWN), (2, RIVERS), (1, RIVERS)) == 1.0
    assert one((1, RIVERS), (2, UNKNOWN), (2, RIVERS), (1, RIVERS)) == pytest.approx(1 / 3)


def test_the_first_question_of_all_repeats_nothing() -> None:
    assert one((1, RIVERS)) == 0.0
