"""The whole fit: from an answer log to a model that serves."""

from dataclasses import dataclass, field, replace

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog, folds_by_learner
from app.ai.personalization.user_modeling.fitting.abilities import AbilityPriors, fit_abilities
from app.ai.personalization.user_modeling.fitting.filtering import filter_loss
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
from app.ai.personalization.user_modeling.fitting.tuning import TuningSettings, tune_population
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.state import Population
from app.ai.personalization.user_modeling.student_model import StudentModel

TUNING_FOLDS = 5
GUESS_SCALES = (0.0, 0.5, 1.0)
MIN_GUESS_GAIN = 1e-4
"""Log loss that a chance of guessing must save on held-out learners to be kept."""


@dataclass(frozen=True, slots=True)
class AbilityFit:
    """`fit_abilities` with all its settings; `guess_scale` is the part of the chance of guessing taken as real."""

    population: Population
    priors: AbilityPriors
    guess_scale: float
    seed: int

    def __call__(self, log: AnswerLog) -> Parameters:
        scaled = replace(log, guesses=self.guess_scale * log.guesses)
        parameters = fit_abilities(scaled, self.population, self.priors, np.random.default_rng(self.seed))
        return replace(parameters, guess_scale=self.guess_scale)


@dataclass(frozen=True, slots=True)
class FitSettings:
    """`neural` None leaves the logistic head alone; `tuning` None keeps the given population constants.

    `question_variances` are tried in place of the one among the priors.
    """

    population: Population = field(default_factory=Population)
    priors: AbilityPriors = field(default_factory=AbilityPriors)
    tuning: TuningSettings | None = field(default_factory=TuningSettings)
    neural: NeuralSettings | None = field(default_factory=NeuralSettings)
    question_variances: tuple[float, ...] = (1.0, 2.0)
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
    check_log(log, settings)
    fit = choose_fit(log, settings, rng, run)
    rows = cross_fitted_rows(log, fit, settings.folds, rng, run)
    parameters = fit(log)
    standardiser, logistic, neural = fit_heads(rows, settings, rng, run)
    return StudentModel(version, parameters, context_of(parameters, log), standardiser, logistic, neural)


def check_log(log: AnswerLog, settings: FitSettings) -> None:
    """Raises ValueError for a log that `fit_student_model` refuses."""
    if len(np.unique(log.users)) < max(settings.folds, TUNING_FOLDS):
        raise ValueError("The student model needs more learners than folds.")
    if log.outcomes.min() == log.outcomes.max():
        raise ValueError("The student model needs right and wrong answers.")


def choose_fit(log: AnswerLog, settings: FitSettings, rng: np.random.Generator, run: Runner = map) -> AbilityFit:
    """Spread of the difficulties, part of the chance of guessing and filter constants, judged on held-out learners."""
    held_out = folds_by_learner(log, TUNING_FOLDS, rng) == 0
    train, test = log.rows(~held_out), log.rows(held_out)
    seed = int(rng.integers(2**31))
    trials = [_Trial(fit, train, test) for fit in _candidates(settings, seed, has_guesses=bool(train.guesses.any()))]
    tried = list(run(_try, trials))
    best = min(range(len(trials)), key=lambda index: tried[index][0])
    chosen = trials[best].fit
    if settings.tuning is None:
        return chosen
    return replace(chosen, population=tune_population(tried[best][1], test, settings.tuning, rng))


def _candidates(settings: FitSettings, seed: int, *, has_guesses: bool) -> list[AbilityFit]:
    return [
        AbilityFit(settings.population, replace(settings.priors, question=variance), scale, seed)
        for variance in settings.question_variances
        for scale in (GUESS_SCALES if has_guesses else GUESS_SCALES[:1])
    ]


@dataclass(frozen=True, slots=True)
class _Trial:
    fit: AbilityFit
    train: AnswerLog
    test: AnswerLog


def _try(trial: _Trial) -> tuple[float, Parameters]:
    parameters = trial.fit(trial.train)
    handicap = MIN_GUESS_GAIN if trial.fit.guess_scale else 0.0
    return filter_loss(parameters, trial.test) + handicap, parameters


def fit_heads(
    rows: TrainingRows, settings: FitSettings, rng: np.random.Generator, run: Runner = map
) -> tuple[Standardiser, LogisticHead, NeuralHead | None]:
    """Partial credit is rounded at random, so that labels have the mean of the outcomes."""
    labels = rng.random(len(rows.outcomes)) < rows.outcomes
    standardiser = fit_standardiser(rows)
    examples = Examples(standardiser.apply(rows.inputs).astype(np.float32), labels)
    logistic = fit_logistic(rows, examples)
    neural = None if settings.neural is None else fit_neural(rows, examples, settings.neural, rng, run)
    return standardiser, logistic, neural
