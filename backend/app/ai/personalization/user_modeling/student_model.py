"""The fitted model of all learners: one probability of success for a learner and a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from app.ai.personalization.user_modeling.answer_log import FloatArray
from app.ai.personalization.user_modeling.context import CONTEXT_NAMES, ContextEffects, context_keys
from app.ai.personalization.user_modeling.features import FEATURE_NAMES, extract
from app.ai.personalization.user_modeling.heads import (
    NEURAL_SHARE,
    LogisticHead,
    NeuralHead,
    Standardiser,
    skill_tallies,
)
from app.ai.personalization.user_modeling.history import Encounter, LearnerMemory, Question, new_memory
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.situation import Situation, assess, observe
from app.ai.personalization.user_modeling.state import Evidence, SkillState, new_skill

INPUT_NAMES: tuple[str, ...] = (*FEATURE_NAMES, *CONTEXT_NAMES)


@dataclass(frozen=True, slots=True)
class Reason:
    """How far one input moved the logistic head's logit from that of an average situation."""

    name: str
    contribution: float


@dataclass(frozen=True, slots=True)
class StudentModel:
    """Parameters, context effects and heads fitted together; without a neural head the logistic one serves alone.

    Learners' factors belong to one version: after a refit they are rebuilt by replaying the answers.
    """

    version: str
    parameters: Parameters
    effects: ContextEffects
    standardiser: Standardiser
    logistic: LogisticHead
    neural: NeuralHead | None = None

    def new_memory(self) -> LearnerMemory:
        return new_memory(self.parameters.population, self.parameters.dimensions)

    def new_skill(self) -> SkillState:
        return new_skill(self.parameters.population)

    def assess(self, encounter: Encounter, question: Question, now: datetime | None) -> Situation:
        """The filters' prediction; errors as for `kalman.predict`."""
        return assess(self.parameters, encounter, question, now)

    def observe(self, situation: Situation, evidence: Evidence) -> Encounter:
        """All states after the answer; errors as for `kalman.update`."""
        return observe(self.parameters, situation, evidence)

    def probabilities(self, situations: Sequence[Situation], now: datetime | None) -> FloatArray:
        """Chance of a right answer in each situation. Shape (n,)."""
        scores = self._scores(situations, now)
        logits = self.logistic.logits(scores, [skill_tallies(situation) for situation in situations])
        if self.neural is not None:
            logits = NEURAL_SHARE * self.neural.logits(scores) + (1.0 - NEURAL_SHARE) * logits
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))

    def reasons(self, situation: Situation, now: datetime | None) -> list[Reason]:
        """What the logistic head rests its prediction on, the strongest first."""
        shares = self.logistic.contributions(self._scores([situation], now)[0])
        reasons = [Reason(name, share) for name, share in zip(INPUT_NAMES, shares.tolist(), strict=True)]
        return sorted(reasons, key=lambda reason: -abs(reason.contribution))

    def _scores(self, situations: Sequence[Situation], now: datetime | None) -> FloatArray:
        rows = [self.inputs(situation, now) for situation in situations]
        return self.standardiser.apply(np.array(rows, dtype=np.float64).reshape(-1, len(INPUT_NAMES)))

    def inputs(self, situation: Situation, now: datetime | None) -> list[float]:
        """Values in the order of `INPUT_NAMES`."""
        return inputs_of(self.parameters, self.effects, situation, now)


def inputs_of(
    parameters: Parameters, effects: ContextEffects, situation: Situation, now: datetime | None
) -> list[float]:
    return [*extract(situation, now), *effects.values(context_keys(parameters, situation))]
