"""The prediction heads on the inputs that an answer loads anyway, for many candidate questions of one learner at once.

What `StudentModel` reads beyond them (the last two answers, a hidden profile, the learner's history with each question)
would have to be loaded for every candidate; the heads are fitted anew without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.features import NEUTRAL_RESULT, NEVER_STEPS
from app.ai.personalization.user_modeling.heads import NEURAL_SHARE, LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.kalman import PROBIT_SCALE
from app.ai.personalization.user_modeling.kalman_many import Candidates, Predictions
from app.ai.personalization.user_modeling.state import LearnerState, SkillState

FloatArray: TypeAlias = NDArray[np.float64]

SERVED_NAMES: tuple[str, ...] = (
    "scaled_logit",
    "difficulty",
    "question_deviation",
    "user_mean",
    "skill_mean",
    "user_variance",
    "skill_variance",
    "question_answers",
    "skill_tries",
    "skill_wins",
    "skill_losses",
    "skill_rate",
    "skill_is_new",
    "user_tries",
    "user_wins",
    "user_losses",
    "user_rate",
    "residual_fast",
    "residual_mid",
    "residual_slow",
    "skill_residual",
    "skill_last_result",
    "skill_count",
    "skill_steps",
)
"""A part of `features.FEATURE_NAMES`, with the same meaning."""
NO_SKILL = (0.0, 0.0, 0.0, 0.0, -1.0, 0.0)


@dataclass(frozen=True, slots=True)
class SkillColumns:
    """A learner's skills side by side, and last a place for "no skill". Every array has shape (k + 1,).

    `last_step` is -1 for a skill without answers; `slope` is what the logistic head adds for the skill.
    """

    answers: FloatArray
    wins: FloatArray
    residual: FloatArray
    last_result: FloatArray
    last_step: FloatArray
    slope: FloatArray


@dataclass(frozen=True, slots=True)
class ServedHead:
    """Fitted on `SERVED_NAMES`; without the perceptrons the logistic regression serves alone."""

    standardiser: Standardiser
    logistic: LogisticHead
    neural: NeuralHead | None = None

    def probabilities(self, inputs: FloatArray | NDArray[np.float32], slopes: FloatArray) -> FloatArray:
        """Chance of a right answer. Shape (n,) for inputs of shape (n, len(SERVED_NAMES)) and slopes of shape (n,)."""
        scores = self.standardiser.apply(inputs)
        logits = self.logistic.linear(scores) + slopes
        if self.neural is not None:
            logits = NEURAL_SHARE * self.neural.logits(scores) + (1.0 - NEURAL_SHARE) * logits
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def skill_columns(head: LogisticHead, skill_ids: Sequence[str], states: Sequence[SkillState | None]) -> SkillColumns:
    """A skill whose state is None is one the learner has not met."""
    rows = [_skill_row(head, skill_id, state) for skill_id, state in zip(skill_ids, states, strict=True)]
    return SkillColumns(*np.array([*rows, NO_SKILL]).T)


def _skill_row(head: LogisticHead, skill_id: str, state: SkillState | None) -> tuple[float, ...]:
    if state is None or state.answers == 0:
        return (0.0, 0.0, 0.0, NEUTRAL_RESULT, -1.0, head.skill_slope(skill_id, 0.0, 0.0))
    result = NEUTRAL_RESULT if state.last_result is None else state.last_result
    slope = head.skill_slope(skill_id, state.answers, state.wins)
    return (state.answers, state.wins, state.residual, result, state.last_step, slope)


def served_inputs(
    learner: LearnerState,
    columns: SkillColumns,
    members: NDArray[np.intp],
    questions: Candidates,
    predictions: Predictions,
) -> tuple[FloatArray, FloatArray]:
    """Inputs of shape (n, len(SERVED_NAMES)) and slopes of shape (n,).

    `members` of shape (n, m) holds the places of each question's skills, filled up with the place of "no skill".
    """
    none = len(columns.answers) - 1
    is_skill = members != none
    skills = is_skill.sum(axis=1)
    share = 1.0 / np.maximum(skills, 1)
    own = (
        np.stack((columns.answers, columns.wins, columns.residual, columns.last_result, columns.slope), axis=1)[
            members
        ].sum(axis=1)
        * share[:, None]
    )
    tries, wins = own[:, 0], own[:, 1]
    latest = columns.last_step[members].max(axis=1)
    steps = np.where(latest < 0.0, NEVER_STEPS, np.log1p(np.maximum(0.0, learner.answers - latest)))
    inputs = np.empty((len(members), len(SERVED_NAMES)))
    values = (
        predictions.eta / np.sqrt(1.0 + PROBIT_SCALE * predictions.variance),
        questions.offset + questions.difficulty,
        questions.difficulty,
        learner.mean,
        questions.skill_mean,
        learner.variance,
        questions.skill_variance,
        np.log1p(questions.answers),
        np.log1p(tries),
        np.log1p(wins),
        np.log1p(np.maximum(0.0, tries - wins)),
        (wins + 1.0) / (tries + 2.0),
        (is_skill & (columns.answers == 0.0)[members]).any(axis=1),
        *_user_inputs(learner),
        own[:, 2],
        np.where(skills == 0, NEUTRAL_RESULT, own[:, 3]),
        skills,
        steps,
    )
    for column, value in enumerate(values):
        inputs[:, column] = value
    return inputs, own[:, 4]


def _user_inputs(learner: LearnerState) -> tuple[float, ...]:
    losses = max(0.0, learner.answers - learner.wins)
    return (
        float(np.log1p(learner.answers)),
        float(np.log1p(learner.wins)),
        float(np.log1p(losses)),
        (learner.wins + 2.0) / (learner.answers + 4.0),
        learner.residual_fast,
        learner.residual_mid,
        learner.residual_slow,
    )
