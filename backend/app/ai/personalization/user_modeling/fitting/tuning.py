"""Hyper-parameters of the filter, found on training learners only.

References:
    Nelder, J., Mead, R. (1965). A simplex method for function minimization.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from app.ai.personalization.user_modeling.answer_log import AnswerLog, FloatArray
from app.ai.personalization.user_modeling.fitting.filtering import filter_loss
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.state import Population

STATIC = ("user_variance", "skill_variance", "user_drift", "skill_drift")
TIMED = ("skill_shrink_per_day", "skill_growth_per_day")
START_RATE = 0.002
LOWEST, HIGHEST = 1e-6, 5.0


@dataclass(frozen=True, slots=True)
class TuningSettings:
    """`answers` bounds the sample that each of at most `evaluations` trials streams."""

    answers: int = 12_000
    evaluations: int = 90


def tune_population(
    parameters: Parameters, held_out: AnswerLog, settings: TuningSettings, rng: np.random.Generator
) -> Population:
    """Filter constants of least log loss on learners that `parameters` were not fitted on.

    Forgetting is tuned only where the log has times. The start is kept when no trial beats it.
    """
    sample = sample_of_learners(held_out, settings.answers, rng)
    names = (*STATIC, *TIMED) if sample.has_times else STATIC
    start = parameters.population

    def loss(logs: FloatArray) -> float:
        return filter_loss(replace(parameters, population=_with(start, names, logs)), sample)

    begin = np.log([max(getattr(start, name), START_RATE) for name in names])
    options = {"maxfev": settings.evaluations, "xatol": 0.05, "fatol": 1e-5, "initial_simplex": _simplex(begin)}
    best = minimize(loss, begin, method="Nelder-Mead", options=options)
    found = _with(start, names, best.x)
    return found if best.fun < filter_loss(parameters, sample) else start


def sample_of_learners(log: AnswerLog, answers: int, rng: np.random.Generator) -> AnswerLog:
    """Whole learners in random order until they have at least so many answers together."""
    counts = np.bincount(log.users, minlength=len(log.user_ids))
    order = rng.permutation(len(counts))
    taken = int(np.searchsorted(np.cumsum(counts[order]), answers)) + 1
    return log.rows(np.isin(log.users, order[:taken]))


def _with(population: Population, names: Sequence[str], logs: FloatArray) -> Population:
    values = np.clip(np.exp(logs), LOWEST, HIGHEST).tolist()
    return replace(population, **dict(zip(names, values, strict=True)))


def _simplex(begin: FloatArray) -> FloatArray:
    """Start plus one corner per unknown, each doubled or so: rates are known only to their order of magnitude."""
    return np.vstack([begin, begin + 0.8 * np.eye(len(begin))])
