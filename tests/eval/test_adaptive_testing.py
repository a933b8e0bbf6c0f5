"""Precision and exposure of simulated adaptive tests, with fixed seeds."""

import numpy as np
import pytest

from app.ai.personalization.difficulty_adapter.ability import start_ability
from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, Progress, next_question, record
from app.ai.personalization.difficulty_adapter.exposure import overlap_rate
from app.ai.personalization.difficulty_adapter.item_response import success_probability
from app.ai.personalization.difficulty_adapter.stopping import Classification, StopReason, StopRule, stop_reason
from app.ai.personalization.exam_simulation import draw_bank, draw_normal, simulate_exams


@pytest.mark.parametrize("seed", [1, 2])
def test_thirty_questions_from_a_bank_of_five_hundred(seed: int) -> None:
    rng = np.random.default_rng(seed)
    runs = simulate_exams(Blueprint(draw_bank(500, rng)), draw_normal(600, rng), rng)
    assert runs.rmse(30) <= 0.29
    assert runs.rmse(10) > runs.rmse(20) > runs.rmse(30)
    assert 0.93 <= runs.coverage() <= 0.97
    assert runs.max_exposure() <= 0.20
    assert overlap_rate(runs.shown, 600) <= 0.20


def test_sequential_classification_is_right_and_short() -> None:
    rng = np.random.default_rng(3)
    blueprint = Blueprint(draw_bank(500, rng))
    rule = StopRule(most=60, standard_error=None, classification=Classification(cut=0.0))
    lengths, verdicts = [], []
    for ability in [-0.8, 0.8] * 60:
        success = success_probability(blueprint.bank, ability)
        progress, ended = Progress(start_ability()), None
        while ended is None:
            pick = next_question(blueprint, progress, np.ones(500, dtype=np.bool_), rng)
            assert pick is not None
            progress = record(blueprint, progress, pick.index, float(rng.random() < success[pick.index]))
            ended = stop_reason(rule, progress.posterior, len(progress.given))
        lengths.append(len(progress.given))
        verdicts.append(ended is (StopReason.ABOVE_CUT if ability > 0 else StopReason.BELOW_CUT))
    assert np.mean(verdicts) >= 0.95
    assert np.mean(lengths) < 20


def test_bank_shorter_than_the_test_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="at least as many"):
        simulate_exams(Blueprint(draw_bank(10, rng)), np.zeros(1), rng)
