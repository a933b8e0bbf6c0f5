"""Inputs of the heads for every training answer, made as in service: by parameters the learner had no part in.

Difficulties fitted on a learner's own answers would tell the head the results it is to predict, so learners are split
into folds and each fold is streamed with parameters fitted on the others (cross-fitting).

References:
    Chernozhukov, V. et al. (2018). Double/debiased machine learning for treatment and structural parameters.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

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
Task = TypeVar("Task")
Result = TypeVar("Result")


class Runner(Protocol):
    """Applies a function to tasks, in this process like `map` or in others, keeping their order."""

    def __call__(self, function: Callable[[Task], Result], tasks: Iterable[Task], /) -> Iterable[Result]: ...


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """`inputs` has shape (n, inputs); rows and `tallies` in the order of the log."""

    inputs: Matrix
    tallies: Sequence[Sequence[SkillTally]]
    outcomes: NDArray[np.float64]
    users: NDArray[np.int64]

    def rows(self, chosen: NDArray[np.bool_]) -> "TrainingRows":
        tallies = [self.tallies[row] for row in np.flatnonzero(chosen).tolist()]
        return TrainingRows(self.inputs[chosen], tallies, self.outcomes[chosen], self.users[chosen])


def context_of(parameters: Parameters, log: AnswerLog) -> ContextEffects:
    """Context effects from the residuals of a pass over the log."""
    scalar = parameters.without_factors()
    return fit_context(_residuals(scalar, replay(scalar, log)))


def cross_fitted_rows(
    log: AnswerLog, fit: ParameterFit, folds: int, rng: np.random.Generator, run: Runner = map
) -> TrainingRows:
    """Inputs of every answer from parameters and context effects of the other folds' learners.

    `run` may be the `map` of a process pool; `fit` must then be picklable.
    """
    of_row = folds_by_learner(log, folds, rng)
    inputs = np.empty((len(log), len(INPUT_NAMES)), dtype=np.float32)
    tallies: list[list[SkillTally]] = [[] for _ in range(len(log))]
    tasks = [_Fold(fit, log.rows(of_row != fold), log.rows(of_row == fold)) for fold in range(folds)]
    for fold, (fold_inputs, fold_tallies) in enumerate(run(_fold_rows, tasks)):
        held_out = np.flatnonzero(of_row == fold)
        inputs[held_out] = fold_inputs
        for row, tally in zip(held_out.tolist(), fold_tallies, strict=True):
            tallies[row] = tally
    return TrainingRows(inputs, tallies, log.outcomes, log.users)


@dataclass(frozen=True, slots=True)
class _Fold:
    fit: ParameterFit
    others: AnswerLog
    held_out: AnswerLog


def _fold_rows(fold: _Fold) -> tuple[Matrix, list[list[SkillTally]]]:
    parameters = fold.fit(fold.others)
    effects = context_of(parameters, fold.others)
    inputs = np.empty((len(fold.held_out), len(INPUT_NAMES)), dtype=np.float32)
    tallies: list[list[SkillTally]] = []
    for step in replay(parameters, fold.held_out):
        inputs[step.row] = inputs_of(parameters, effects, step.situation, step.now)
        tallies.append(skill_tallies(step.situation))
    return inputs, tallies


def _residuals(parameters: Parameters, steps: Iterator[Step]) -> Iterator[tuple[Sequence[Key], float, float]]:
    for step in steps:
        chance = step.situation.prediction.probability
        yield context_keys(parameters, step.situation), step.outcome - chance, chance * (1.0 - chance)
