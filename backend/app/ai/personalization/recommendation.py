"""What a student should do next, each with a reason and the gain to expect from it.

A gain is the expected rise of the chance of success on the questions concerned, in [0, 1].
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.learning_path import PathStep

FloatArray: TypeAlias = NDArray[np.float64]

MASTERED_SUCCESS: Final = 0.80
RIGHT_AFTER_FEEDBACK: Final = 0.90
"""A corrected question comes back when its recall falls to this, see `review_schedule`."""
STUCK_AFTER: Final = 3
WRONG_BELOW: Final = 0.5
EASIER_BY: Final = 0.5
ENCOURAGING: Final = 0.75
MOST_TARGETS: Final = 20


class RecommendationKind(StrEnum):
    """What to do; also the stable name of its template."""

    EASIER_SIMILAR = "easier_similar"
    READ_PASSAGE = "read_passage"
    NEXT_SKILL = "next_skill"
    DUE_REVIEWS = "due_reviews"
    MISTAKES = "mistakes"


RECOMMENDATION_TEMPLATES: Final[Mapping[RecommendationKind, str]] = {
    RecommendationKind.EASIER_SIMILAR: "Try a similar but easier question first: {success_percent} % likely to succeed",
    RecommendationKind.READ_PASSAGE: "Read the passages that explain this skill, then try again",
    RecommendationKind.NEXT_SKILL: "Learn this next; questions to mastery: about {count}",
    RecommendationKind.DUE_REVIEWS: "Questions to review before you forget them: {count}",
    RecommendationKind.MISTAKES: "Questions to retry that you got wrong: {count}",
}


@dataclass(frozen=True, slots=True)
class Rated:
    """A question or card with the chance of success now and after the recommended practice."""

    target: Hashable
    now: float
    after: float

    @property
    def gain(self) -> float:
        return max(0.0, self.after - self.now)


@dataclass(frozen=True, slots=True)
class StuckOn:
    """The skill a student is stuck on: success at the present level, an easier question if one was found, reading."""

    success: float
    easier: Rated | None = None
    passages: Sequence[Hashable] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What recommendations are made from.

    Attributes:
        path: The learning path, see `learning_path.plan_path`.
        due: Due cards: recall a week from now without a review (`now`) and with it (`after`).
        mistakes: Questions last answered wrong, with the predicted chance of success.
        stuck: Set when `is_stuck` says so.
    """

    path: Sequence[PathStep[Hashable]] = ()
    due: Sequence[Rated] = ()
    mistakes: Sequence[Rated] = ()
    stuck: StuckOn | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    kind: RecommendationKind
    targets: tuple[Hashable, ...]
    expected_gain: float
    parameters: Mapping[str, int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return RECOMMENDATION_TEMPLATES[self.kind].format_map(self.parameters)


def recommend(situation: Situation) -> list[Recommendation]:
    """Help for a stuck student first, then everything else by expected gain, the largest first."""
    rest = [*_next_skill(situation), *_due_reviews(situation), *_mistakes(situation)]
    return [*_unstick(situation), *sorted(rest, key=lambda each: -each.expected_gain)]


def mistake(target: Hashable, predicted: float) -> Rated:
    """A wrongly answered question; feedback and a retry bring it to the recall at which reviews start."""
    return Rated(target, predicted, RIGHT_AFTER_FEEDBACK)


def is_stuck(results: Sequence[float]) -> bool:
    """Whether the last answers on one skill, oldest first and scored in [0, 1], were wrong three times in a row."""
    last = results[-STUCK_AFTER:]
    return len(last) == STUCK_AFTER and all(score < WRONG_BELOW for score in last)


def easier_similar(
    similarity: FloatArray, difficulty: FloatArray, probability: FloatArray, current_difficulty: float
) -> int | None:
    """Position of the most similar question that is clearly easier, or None when none is.

    Args:
        similarity: To the question the student is stuck on, such as a cosine. Shape ``(n,)``.
        difficulty: Logits. Shape ``(n,)``.
        probability: Chance of success. Shape ``(n,)``. Questions with at least 0.75 are preferred; without any, the
            easiest one is taken.
        current_difficulty: Of the question the student is stuck on, logits.
    """
    easier = np.flatnonzero(difficulty <= current_difficulty - EASIER_BY)
    if easier.size == 0:
        return None
    encouraging = easier[probability[easier] >= ENCOURAGING]
    if encouraging.size:
        return int(encouraging[np.argmax(similarity[encouraging])])
    return int(easier[np.argmax(probability[easier])])


def _unstick(situation: Situation) -> list[Recommendation]:
    stuck, found = situation.stuck, []
    if stuck is not None and stuck.easier is not None:
        percent = round(100 * stuck.easier.after)
        found.append(
            Recommendation(
                RecommendationKind.EASIER_SIMILAR,
                (stuck.easier.target,),
                stuck.easier.gain,
                {"success_percent": percent},
            )
        )
    if stuck is not None and stuck.passages:
        gain = max(0.0, MASTERED_SUCCESS - stuck.success)
        found.append(Recommendation(RecommendationKind.READ_PASSAGE, tuple(stuck.passages), gain))
    return found


def _next_skill(situation: Situation) -> list[Recommendation]:
    step = next((step for step in situation.path if step.is_ready), None)
    if step is None:
        return []
    gain = max(0.0, MASTERED_SUCCESS - step.outlook.success)
    count = max(1, round(step.outlook.questions))
    return [Recommendation(RecommendationKind.NEXT_SKILL, (step.outlook.skill,), gain, {"count": count})]


def _due_reviews(situation: Situation) -> list[Recommendation]:
    return _batch(RecommendationKind.DUE_REVIEWS, situation.due)


def _mistakes(situation: Situation) -> list[Recommendation]:
    return _batch(RecommendationKind.MISTAKES, situation.mistakes)


def _batch(kind: RecommendationKind, rated: Sequence[Rated]) -> list[Recommendation]:
    best = sorted(rated, key=lambda each: -each.gain)[:MOST_TARGETS]
    if not best:
        return []
    gain = sum(each.gain for each in best) / len(best)
    return [Recommendation(kind, tuple(each.target for each in best), gain, {"count": len(rated)})]
