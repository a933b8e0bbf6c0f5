"""The whole fit: from an answer log to a model that serves."""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog, folds_by_learner
from app.ai.personalization.user_modeling.fitting.abilities import AbilityPriors, fit_abilities
from app.ai.personalization.user_modeling.fitting.heads import (
    Examples,
    NeuralSettings,
    fit_logistic,
    fit_neural,
    fit_standardiser,
)
from app.ai.personalization.user_modeling.fitting.training_rows import (
    Runner,
    TrainingRows,
    context_of,
    cross_fitted_rows,
)
from app.ai.personalization.user_modeling.fitting.tuning import TuningSettings, filter_loss, tune_population
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.state import Population
from app.ai.personalization.user_modeling.student_model import StudentModel

TUNING_FOLDS = 5
GUESS_SCALES = (0.0, 0.5, 1.0)
MIN_GUESS_GAIN = 1e-4
"""Log loss that a chance of guessing must save on held-out learners to be kept."""


@dataclass(frozen=True, slots=True)
class FitSettings:
    """`neural` None leaves the logistic head alone; `tuning` None keeps the given population constants."""

    population: Population = field(default_factory=Population)
    priors: AbilityPriors = field(default_factory=AbilityPriors)
    tuning: TuningSettings | None = field(default_factory=TuningSettings)
    neural: NeuralSettings | None = field(default_factory=NeuralSettings)
    folds: int = 4


def fit_student_model(
    log: AnswerLog, settings: FitSettings, version: str, rng: np.random.Generator, run: Runner = map
) -> StudentModel:
    """Fit everything on a log of training learners.

    `run` spreads the independent parts, as the `map` of a process pool does. The matrices are small: one thread of
    linear algebra per process is fastest.

    Raises:
        ValueError: If the log is empty, has fewer learners than folds, or only right or only wrong answers.
    """
    _check(log, settings)
    seed = int(rng.integers(2**31))
    population, guess_scale = _tuned(log, settings, rng)

    fit = partial(_fitted, population=population, priors=settings.priors, given=(guess_scale, seed))
    rows = cross_fitted_rows(log, fit, settings.folds, rng, run)
    parameters = fit(log)
    standardiser, logistic, neural = _heads(rows, settings, rng, run)
    return StudentModel(version, parameters, context_of(parameters, log), standardiser, logistic, neural)


def _check(log: AnswerLog, settings: FitSettings) -> None:
    if len(np.unique(log.users)) < max(settings.folds, TUNING_FOLDS):
        raise ValueError("The student model needs more learners than folds.")
    if log.outcomes.min() == log.outcomes.max():
        raise ValueError("The student model needs right and wrong answers.")


def _tuned(log: AnswerLog, settings: FitSettings, rng: np.random.Generator) -> tuple[Population, float]:
    """Population constants and part of the chance of guessing in use, both judged on held-out learners."""
    held_out = folds_by_learner(log, TUNING_FOLDS, rng) == 0
    train, test = log.rows(~held_out), log.rows(held_out)
    scale, parameters = _guessing(train, test, settings, int(rng.integers(2**31)))
    if settings.tuning is None:
        return settings.population, scale
    return tune_population(parameters, test, settings.tuning, rng), scale


def _guessing(train: AnswerLog, test: AnswerLog, settings: FitSettings, seed: int) -> tuple[float, Parameters]:
    def candidate(scale: float) -> tuple[float, float, Parameters]:
        parameters = _fitted(train, settings.population, settings.priors, (scale, seed))
        return filter_loss(parameters, test) + (MIN_GUESS_GAIN if scale else 0.0), scale, parameters

    scales = GUESS_SCALES if train.guesses.any() else GUESS_SCALES[:1]
    _, scale, parameters = min(map(candidate, scales), key=lambda tried: tried[0])
    return scale, parameters


def _fitted(log: AnswerLog, population: Population, priors: AbilityPriors, given: tuple[float, int]) -> Parameters:
    guess_scale, seed = given
    scaled = replace(log, guesses=guess_scale * log.guesses)
    parameters = fit_abilities(scaled, population, priors, np.random.default_rng(seed))
    return replace(parameters, guess_scale=guess_scale)


def _heads(
    rows: TrainingRows, settings: FitSettings, rng: np.random.Generator, run: Runner
) -> tuple[Standardiser, LogisticHead, NeuralHead | None]:
    """Partial credit is rounded at random, so that labels have the mean of the outcomes."""
    labels = rng.random(len(rows.outcomes)) < rows.outcomes
    standardiser = fit_standardiser(rows)
    examples = Examples(standardiser.apply(rows.inputs).astype(np.float32), labels)
    logistic = fit_logistic(rows, examples)
    neural = None if settings.neural is None else fit_neural(rows, examples, settings.neural, rng, run)
    return standardiser, logistic, neural
