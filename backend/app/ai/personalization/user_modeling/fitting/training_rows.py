"""Inputs of the heads for every training answer, made as in service: by parameters the learner had no part in.

Difficulties fitted on a learner's own answers would tell the head the results it is to predict, so learners are split
into folds and each fold is streamed with parameters fitted on the others (cross-fitting).

References:
    Chernozhukov, V. et al. (2018). Double/debiased machine learning for treatment and structural parameters.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.answer_log import AnswerLog, folds_by_learner
from app.ai.personalization.user_modeling.context import ContextEffects, Key, context_keys, fit_context
from app.ai.personalization.user_modeling.fitting.replay import Step, replay
from app.ai.personalization.user_modeling.heads import SkillTally, skill_tallies
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.student_model import INPUT_NAMES, inputs_of

Matrix: TypeAlias = NDArray[np.float32]
ParameterFit: TypeAlias = Callable[[AnswerLog], Parameters]


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """`inputs` has shape (n, inputs); rows and `tallies` in the order of the log."""

    inputs: Matrix
    tallies: Sequence[Sequence[SkillTally]]
    outcomes: NDArray[np.float64]
    users: NDArray[np.int64]


def context_of(parameters: Parameters, log: AnswerLog) -> ContextEffects:
    """Context effects from the residuals of a pass over the log."""
    return fit_context(_residuals(parameters, replay(parameters, log)))


def cross_fitted_rows(log: AnswerLog, fit: ParameterFit, folds: int, rng: np.random.Generator) -> TrainingRows:
    """Inputs of every answer from parameters and context effects of the other folds' learners."""
    of_row = folds_by_learner(log, folds, rng)
    inputs = np.empty((len(log), len(INPUT_NAMES)), dtype=np.float32)
    tallies: list[list[SkillTally]] = [[] for _ in range(len(log))]
    for fold in range(folds):
        others = log.rows(of_row != fold)
        parameters = fit(others)
        effects = context_of(parameters, others)
        held_out = np.flatnonzero(of_row == fold)
        for step in replay(parameters, log.rows(held_out)):
            row = int(held_out[step.row])
            inputs[row] = inputs_of(parameters, effects, step.situation, step.now)
            tallies[row] = skill_tallies(step.situation)
    return TrainingRows(inputs, tallies, log.outcomes, log.users)


def _residuals(parameters: Parameters, steps: Iterator[Step]) -> Iterator[tuple[Sequence[Key], float, float]]:
    for step in steps:
        chance = step.situation.prediction.probability
        yield context_keys(parameters, step.situation), step.outcome - chance, chance * (1.0 - chance)
