"""Population fits on small simulated logs."""

from dataclasses import replace

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import AnswerLog, LoggedAnswer, build_log
from app.ai.personalization.user_modeling.fitting.abilities import AbilityPriors, fit_abilities
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, choose_fit, fit_student_model
from app.ai.personalization.user_modeling.fitting.replay import replay
from app.ai.personalization.user_modeling.fitting.training_rows import cross_fitted_rows
from app.ai.personalization.user_modeling.fitting.tuning import (
    TuningSettings,
    filter_loss,
    sample_of_learners,
    tune_population,
)
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.state import Population
from app.ai.personalization.user_modeling.student_model import INPUT_NAMES
from tests.factories.answer_logs import draw_world, simulate

PRIORS = AbilityPriors()


@pytest.fixture(scope="module")
def log() -> AnswerLog:
    rng = np.random.default_rng(8)
    return build_log(simulate(draw_world(rng), range(80), rng, answers=30))


def fit(part: AnswerLog, priors: AbilityPriors = PRIORS) -> Parameters:
    return fit_abilities(part, Population(), priors, np.random.default_rng(1))


def test_difficulties_are_recovered() -> None:
    rng = np.random.default_rng(8)
    world = draw_world(rng)
    parameters = fit(build_log(simulate(world, range(300), rng, answers=40)))
    offsets = dict(zip(parameters.skills.skill_ids, parameters.skills.offsets, strict=True))
    found, true = [], []
    for name, deviation in zip(parameters.questions.question_ids, parameters.questions.difficulty, strict=True):
        question = int(name.removeprefix("q"))
        found.append(deviation + np.mean([offsets[f"s{skill}"] for skill in world.skills[question]]))
        true.append(world.difficulty[question])
    assert np.corrcoef(found, true)[0, 1] > 0.97
    assert np.std(np.array(found) - true) < 0.3


def test_hidden_trait_is_found() -> None:
    """Questions of opposite loading end on opposite sides of a factor."""
    rng = np.random.default_rng(8)
    world = draw_world(rng)
    parameters = fit(
        build_log(simulate(world, range(300), rng, answers=40)), replace(PRIORS, question_loading=0.3, dimensions=1)
    )
    names = [int(name.removeprefix("q")) for name in parameters.questions.question_ids]
    assert abs(np.corrcoef(parameters.questions.loadings[:, 0], world.loading[names])[0, 1]) > 0.8


def test_errors_shrink_with_answers(log: AnswerLog) -> None:
    questions = fit(log).questions
    order = np.argsort(questions.answers)
    assert questions.errors[order[0]] > questions.errors[order[-1]]
    assert questions.answers.sum() == len(log)


def test_fit_repeats_itself(log: AnswerLog) -> None:
    assert np.array_equal(fit(log).questions.difficulty, fit(log).questions.difficulty)


def test_guessing_makes_a_question_harder_than_it_looks(log: AnswerLog) -> None:
    guessed = replace(log, guesses=np.full(len(log), 0.25))
    assert fit(guessed).population.intercept < fit(log).population.intercept


def test_empty_log_is_refused() -> None:
    with pytest.raises(ValueError, match="without answers"):
        fit(build_log([]))


def test_cross_fitting_keeps_a_learners_answers_out_of_their_inputs(log: AnswerLog) -> None:
    """A learner whose results are turned round gets the same difficulties, for they come from others."""
    log = log.rows(log.users < 24)
    turned = replace(log, outcomes=np.where(log.users == 0, 1.0 - log.outcomes, log.outcomes))
    rows = [cross_fitted_rows(one, fit, 2, np.random.default_rng(2)) for one in (log, turned)]
    column, own = INPUT_NAMES.index("difficulty"), log.users == 0
    assert np.array_equal(rows[0].inputs[own, column], rows[1].inputs[own, column])
    assert not np.array_equal(rows[0].inputs[~own, column], rows[1].inputs[~own, column])
    assert np.isfinite(rows[0].inputs).all()


def test_tuning_never_makes_the_filter_worse(log: AnswerLog) -> None:
    parameters = replace(fit(log), population=Population(skill_variance=3.0, user_drift=0.2))
    tuned = tune_population(parameters, log, TuningSettings(600, 15), np.random.default_rng(0))
    sample = sample_of_learners(log, 600, np.random.default_rng(0))
    better = filter_loss(replace(parameters, population=tuned), sample)
    assert better < filter_loss(parameters, sample)


def test_tuning_leaves_forgetting_alone_without_times(log: AnswerLog) -> None:
    timeless = replace(log, times=np.full(len(log), np.nan))
    tuned = tune_population(fit(log), timeless, TuningSettings(300, 10), np.random.default_rng(0))
    assert tuned.skill_shrink_per_day == tuned.skill_growth_per_day == 0.0


def test_sample_takes_whole_learners(log: AnswerLog) -> None:
    sample = sample_of_learners(log, 100, np.random.default_rng(0))
    assert len(sample) == 120
    assert len(np.unique(sample.users)) == 4


def test_replay_gives_rows_in_order(log: AnswerLog) -> None:
    part = log.rows(log.users < 3)
    steps = list(replay(fit(log), part))
    assert [step.row for step in steps] == list(range(len(part)))
    assert [step.outcome for step in steps] == part.outcomes.tolist()
    first = steps[0].situation.encounter
    assert (first.memory.learner.answers, first.question.answers) == (0, 0)
    assert steps[29].situation.encounter.memory.learner.answers == 29


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([LoggedAnswer("u", "q", (), 1.0)], "learners"),
        ([LoggedAnswer(f"u{i}", "q", (), 1.0) for i in range(9)], "right and wrong"),
        ([], "learners"),
    ],
)
def test_logs_too_poor_to_fit_are_refused(answers: list[LoggedAnswer], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_student_model(build_log(answers), FitSettings(), "x", np.random.default_rng(0))


def guessing_log(rng: np.random.Generator, floor: float) -> AnswerLog:
    """Hard four-option questions; a learner who does not know hits with a chance of `floor`."""
    world = draw_world(rng)
    answers = simulate(replace(world, difficulty=world.difficulty + 1.5), range(150), rng, answers=40)
    lucky = (replace(one, outcome=max(one.outcome, float(rng.random() < floor)), guess=0.25) for one in answers)
    return build_log(lucky)


@pytest.mark.parametrize(("floor", "scales"), [(0.25, {0.5, 1.0}), (0.0, {0.0})])
def test_guessing_is_allowed_for_only_where_it_happens(floor: float, scales: set[float]) -> None:
    settings = FitSettings(priors=replace(PRIORS, dimensions=1), tuning=None, question_variances=(1.0,))
    rng = np.random.default_rng(3)
    assert choose_fit(guessing_log(rng, floor), settings, rng).guess_scale in scales
