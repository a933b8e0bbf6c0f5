"""What the prediction heads remember of a learner besides the Kalman states; O(1) per answer."""

from dataclasses import dataclass

from app.ai.personalization.user_modeling.factors import FactorState, new_factors
from app.ai.personalization.user_modeling.state import LearnerState, Population, SkillState, new_learner

REMEMBERED_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the caller knows it, its skills sorted; `guess` is the chance of a lucky hit, 0 for open questions.

    Two questions have the same skills exactly when their `skill_ids` are equal.
    """

    question_id: str
    skill_ids: tuple[str, ...]
    guess: float = 0.0


@dataclass(frozen=True, slots=True)
class QuestionState:
    """One learner's dealings with one question."""

    answers: int = 0
    wins: float = 0.0
    last_result: float | None = None


@dataclass(frozen=True, slots=True)
class RecentAnswer:
    """`difficulty` in logits, `gap` the log of 1 + seconds since the answer before, -1 when unknown.

    `run` counts the answers just before it with the same set of skills.
    """

    question_id: str
    skill_ids: tuple[str, ...]
    outcome: float
    residual: float
    difficulty: float
    gap: float = -1.0
    run: int = 0


@dataclass(frozen=True, slots=True)
class LearnerMemory:
    """State per learner; `recent` holds the last answers, newest first."""

    learner: LearnerState
    factors: FactorState
    recent: tuple[RecentAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Encounter:
    """All states a prediction reads: `skills` in the order of the question's `skill_ids`."""

    memory: LearnerMemory
    skills: tuple[SkillState, ...]
    question: QuestionState


def new_memory(population: Population, dimensions: int) -> LearnerMemory:
    return LearnerMemory(new_learner(population), new_factors(population, dimensions))
