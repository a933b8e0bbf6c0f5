"""Logs as they should not be: every prediction stays a chance, and what cannot be fitted is refused in words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import LoggedAnswer, build_log
from app.ai.personalization.user_modeling.fitting.filtering import FilterStates, filter_predictions, filtered
from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, fit_student_model
from app.ai.personalization.user_modeling.fitting.validation import next_answer_predictions
from app.ai.personalization.user_modeling.student_model import StudentModel
from tests.factories.answer_logs import draw_world, simulate

SETTINGS = FitSettings(
    tuning=None, question_variances=(1.0,), neural=NeuralSettings(units=8, members=1, max_epochs=1), folds=2
)
DAY = 86_400.0


@pytest.fixture(scope="module")
def answers() -> list[LoggedAnswer]:
    rng = np.random.default_rng(9)
    return list(simulate(draw_world(rng, 24, 4), range(30), rng, answers=20))


@pytest.fixture(scope="module")
def model(answers: list[LoggedAnswer]) -> StudentModel:
    return fit_student_model(build_log(answers), SETTINGS, "x", np.random.default_rng(1))


def one_learner(count: int, **changes: object) -> list[LoggedAnswer]:
    return [
        replace(LoggedAnswer("new", f"q{i % 24}", (f"s{i % 4}",), float(i % 3 > 0), 60.0 * i), **changes)
        for i in range(count)
    ]


BAD_LOGS: dict[str, Sequence[LoggedAnswer]] = {
    "one answer": one_learner(1),
    "no skills": one_learner(30, skill_ids=()),
    "unknown skills and questions": one_learner(30, skill_ids=("never", "met"), question_id="unheard-of"),
    "many skills": one_learner(30, skill_ids=tuple(f"s{i}" for i in range(40))),
    "always right": one_learner(200, outcome=1.0),
    "always wrong": one_learner(200, outcome=0.0),
    "partly right": one_learner(60, outcome=0.37),
    "no times": one_learner(30, at_s=None),
    "all at the same moment": one_learner(30, at_s=5.0),
    "times that run backwards": list(reversed(one_learner(60))),
    "clock jumps": [
        replace(one, at_s=(one.at_s or 0.0) + (i % 2) * 40_000 * DAY) for i, one in enumerate(one_learner(60))
    ],
    "times missing here and there": [
        replace(one, at_s=None) if i % 2 else one for i, one in enumerate(one_learner(60))
    ],
    "sure guesses": one_learner(60, guess=0.99),
}


@pytest.mark.parametrize("name", BAD_LOGS)
def test_every_prediction_is_a_chance(model: StudentModel, name: str) -> None:
    predictions = next_answer_predictions(model, build_log(BAD_LOGS[name]))
    assert len(predictions) == len(BAD_LOGS[name])
    assert np.isfinite(predictions).all()
    assert ((predictions > 0.0) & (predictions < 1.0)).all()


def test_a_learner_with_a_hundred_thousand_answers_stays_certain_and_finite(model: StudentModel) -> None:
    states = FilterStates()
    chances = [chance for chance, _ in filtered(model.parameters, build_log(one_learner(100_000)), states)]
    assert np.isfinite(chances).all()
    assert states.learners[0].answers == 100_000
    assert 0.0 < states.learners[0].variance < model.parameters.population.user_variance
    assert np.mean(chances[-30_000:]) == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize("changes", [{"skill_ids": ()}, {"at_s": None}, {"at_s": 0.0}, {"question_id": "the-only-one"}])
def test_poor_logs_are_fitted_all_the_same(answers: list[LoggedAnswer], changes: dict[str, object]) -> None:
    poor = build_log(replace(one, **changes) for one in answers)
    fitted = fit_student_model(poor, SETTINGS, "x", np.random.default_rng(1))
    assert np.isfinite(next_answer_predictions(fitted, poor)).all()
    assert np.isfinite(filter_predictions(fitted.parameters, poor)).all()


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_constant_answers_are_refused_in_words(answers: list[LoggedAnswer], outcome: float) -> None:
    constant = build_log(replace(one, outcome=outcome) for one in answers)
    with pytest.raises(ValueError, match="right and wrong answers"):
        fit_student_model(constant, SETTINGS, "x", np.random.default_rng(1))
