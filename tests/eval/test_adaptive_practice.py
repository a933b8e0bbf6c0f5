"""What the practice policy does to simulated students, with fixed seeds."""

from functools import cache

import numpy as np
import pytest

from app.ai.personalization.difficulty_adapter.target import Target
from app.ai.personalization.simulation import PracticeRun, draw_student, draw_world, practise
from app.domain.enums import AssignmentKind

ANSWERS = 50
STUDENTS = 120
WARM_UP = 10


@cache
def runs(success: float) -> list[PracticeRun]:
    rng = np.random.default_rng(2)
    worlds = [draw_world(600, 6, rng) for _ in range(4)]
    return [
        practise(world, draw_student(world, rng), Target(success), rng, answers=ANSWERS)
        for world in worlds
        for _ in range(STUDENTS // 4)
    ]


@pytest.mark.parametrize("success", [0.65, 0.75, 0.85])
def test_success_settles_at_the_target(success: float) -> None:
    scores = np.array([run.scores[WARM_UP:] for run in runs(success)])
    assert scores.mean() == pytest.approx(success, abs=0.03)


@pytest.mark.parametrize("success", [0.65, 0.75, 0.85])
def test_a_tenth_of_the_slots_calibrates(success: float) -> None:
    kinds = [choice.kind for run in runs(success) for choice in run.choices]
    assert kinds.count(AssignmentKind.CALIBRATION) / len(kinds) == pytest.approx(0.10, abs=0.01)


def test_predictions_keep_their_word() -> None:
    predicted = np.array([choice.predicted for run in runs(0.75) for choice in run.choices])
    scores = np.array([score for run in runs(0.75) for score in run.scores])
    for low, high in ((0.0, 0.5), (0.5, 0.75), (0.75, 1.0)):
        members = (predicted >= low) & (predicted < high)
        assert scores[members].mean() == pytest.approx(predicted[members].mean(), abs=0.05)


def test_weak_and_strong_students_succeed_alike() -> None:
    scores = np.sort(np.array([run.scores[WARM_UP:] for run in runs(0.75)]).mean(axis=1))
    assert scores[STUDENTS // 10] > 0.60
    assert scores[-STUDENTS // 10] < 0.92


def test_calibration_answers_know_the_question_without_the_bias_of_choice() -> None:
    """Success on a question among students: adaptive slots pick who sees it, calibration slots do not."""
    choices = [(choice, score) for run in runs(0.75) for choice, score in zip(run.choices, run.scores, strict=True)]
    calibration = [score for choice, score in choices if choice.kind is AssignmentKind.CALIBRATION]
    weights = np.array([1.0 / choice.propensity for choice, _ in choices])
    scores = np.array([score for _, score in choices])
    reweighted = (weights @ scores) / weights.sum()
    assert np.mean(calibration) == pytest.approx(reweighted, abs=0.05)
    assert scores.mean() - reweighted > 0.15
