"""Which question a student sees next: a window of the pool, scored, with the exact chance of the choice."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.due_cards import due_needs
from app.ai.personalization.difficulty_adapter.reasons import Reason, ReasonCode
from app.ai.personalization.difficulty_adapter.repetition import LATEST, repetition
from app.ai.personalization.difficulty_adapter.selection import (
    Candidates,
    Choice,
    choose,
    score_terms,
    shortlist_policy,
    working_aim,
)
from app.ai.personalization.difficulty_adapter.target import (
    HIGHEST_SUCCESS,
    LOWEST_SUCCESS,
    Target,
    shift_target,
)
from app.ai.personalization.review_queue import DEFAULT_DECAY
from app.ai.personalization.user_modeling.kalman_many import Candidates as Questions
from app.ai.personalization.user_modeling.kalman_many import predict_many
from app.ai.personalization.user_modeling.served_head import SkillColumns, served_inputs, skill_columns
from app.ai.personalization.user_modeling.state import LearnerState, SkillState
from app.core.config import PracticeSettings
from app.domain.enums import AssignmentKind
from app.services.practice_pool import IntArray, QuestionPool

FloatArray = NDArray[np.float64]

LEAST_WINDOW_OF_A_SKILL = 16
UNREADY_NEED = 0.3
READY_MASTERY = 0.5
JUST_SEEN = 50
"""Questions after which one that is due for review may come back even when it was put off."""
ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class SkillBelief:
    """A student's state on one skill with the chance that the skill is mastered."""

    state: SkillState
    mastery: float


@dataclass(frozen=True, slots=True)
class Learner:
    """Everything the choice knows about the student; `recent` are question ids (16 bytes each), latest first.

    `due` are review cards, see `difficulty_adapter.due_cards`, and `decay` is that of the student's forgetting curve.
    """

    state: LearnerState
    skills: Mapping[UUID, SkillBelief]
    recent: bytes = b""
    due: bytes = b""
    decay: float = DEFAULT_DECAY


@dataclass(frozen=True, slots=True)
class Wish:
    """What the session asks for: skills (none = all), target success, last results, and the seed of this slot."""

    skill_ids: Sequence[UUID]
    target_success: float
    results: Sequence[float]
    seed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A chosen question with all that is stored about how it was chosen."""

    question_id: UUID
    version_id: UUID
    kind: AssignmentKind
    propensity: float
    predicted: float
    difficulty: float
    item_answers: int
    guess: float
    model_version: int
    terms: Mapping[str, float]
    reason: Mapping[str, object]


class Chooser:
    """One choice for one student; arrays over skills have one more member for "no skill"."""

    def __init__(self, pool: QuestionPool, learner: Learner, settings: PracticeSettings) -> None:
        self.pool, self.learner, self.settings = pool, learner, settings
        self._means, self._variances, self._mastery = self._beliefs()
        self._columns = self._skill_columns()
        self._due = self._review_needs()
        self._latest = pool.topics.at(pool.places(learner.recent[: ID_BYTES * LATEST]))

    def next_question(self, wish: Wish) -> NextQuestion | None:
        """None when nothing is published within the wished skills."""
        scope = self._scope(wish.skill_ids)
        total = sum(self.pool.by_skill[skill].size for skill in scope)
        if total == 0:
            return None
        rng = Generator(PCG64(wish.seed))
        blocked = self._blocked(total)
        target = shift_target(Target(_within_range(wish.target_success)), wish.results)
        need = self._need(scope)
        window = self._window(scope, need, target.success, blocked)
        return self._draw(window, need, target, rng, (scope, blocked))

    def fixed(self, question_id: UUID, kind: AssignmentKind, code: ReasonCode) -> NextQuestion | None:
        """A question that the session prescribes; None when it is not published any more."""
        position = self.pool.position_of.get(question_id)
        if position is None:
            return None
        predicted = float(self.success(np.array([position]))[0])
        reason = Reason(code, {"success_percent": round(100 * predicted)})
        return self._described(position, kind, (1.0, predicted), {}, reason)

    def _beliefs(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        pool, prior = self.pool, self.pool.population.skill_variance
        none = len(pool.skill_ids)
        means, variances, mastery = np.zeros(none + 1), np.full(none + 1, prior), np.zeros(none + 1)
        for at, skill_id in enumerate(pool.skill_ids):
            belief = self.learner.skills.get(skill_id)
            if belief is not None:
                means[at], variances[at], mastery[at] = belief.state.mean, belief.state.variance, belief.mastery
        variances[none] = 0.0
        return means, variances, mastery

    def _scope(self, skill_ids: Sequence[UUID]) -> list[int]:
        if not skill_ids:
            return [at for at, members in enumerate(self.pool.by_skill) if members.size]
        wanted = set(skill_ids)
        return [at for at, known in enumerate(self.pool.skill_ids) if known in wanted and self.pool.by_skill[at].size]

    def _blocked(self, total: int) -> NDArray[np.bool_]:
        """Questions answered lately, but never more than half of the scope, so that small banks keep going.

        A due review is let in again. What tells the answer of a question just seen, or is answered by it, waits.
        """
        blocked = np.zeros(self.pool.size, dtype=bool)
        recent = self.pool.places(self.learner.recent)[: total // 2]
        blocked[recent] = True
        if self._due is not None:
            blocked[self._due > 0.0] = False
            blocked[recent[:JUST_SEEN]] = True
        if self.pool.apart:
            told = [other for place in recent[:JUST_SEEN].tolist() for other in self.pool.apart.get(place, ())]
            blocked[told[: total // 8]] = True
        return blocked

    def _review_needs(self) -> FloatArray | None:
        """How urgent a review of each question is; None when none is due."""
        if not self.learner.due:
            return None
        ids, urgency = due_needs(self.learner.due, self.learner.decay)
        places, is_known = self.pool.lookup(ids)
        needs = np.zeros(self.pool.size)
        needs[places[is_known]] = urgency[is_known]
        return needs

    def _need(self, scope: Sequence[int]) -> FloatArray:
        """How much each skill needs practice, in [0, 1]; little while a prerequisite is still weak."""
        need: FloatArray = 1.0 - self._mastery
        for skill in scope:
            if skill < len(self.pool.prerequisites):
                before = self.pool.prerequisites[skill]
                if any(self._mastery[prerequisite] < READY_MASTERY for prerequisite in before):
                    need[skill] *= UNREADY_NEED
        return need

    def _window(self, scope: Sequence[int], need: FloatArray, success: float, blocked: NDArray[np.bool_]) -> IntArray:
        """At most about `candidates` questions: of each needed skill those nearest to the wished difficulty."""
        size = self.settings.candidates
        most = max(1, size // LEAST_WINDOW_OF_A_SKILL)
        skills = scope if len(scope) <= most else sorted(scope, key=lambda skill: -need[skill])[:most]
        share = max(LEAST_WINDOW_OF_A_SKILL, size // len(skills))
        level = self.pool.population.intercept + self.learner.state.mean - math.log(success / (1 - success))
        parts = [self._nearest(skill, level + self._means[skill] - self.pool.offsets[skill], share) for skill in skills]
        window = _distinct(np.concatenate(parts))
        open_: IntArray = window[~blocked[window]]
        if open_.size:
            return self._under_cap(open_)
        everything: IntArray = np.unique(np.concatenate([self.pool.by_skill[skill] for skill in scope]))
        return everything[~blocked[everything]][:size]

    def _nearest(self, skill: int, level: float, share: int) -> IntArray:
        members = self.pool.by_skill[skill]
        if members.size <= share:
            return members
        # Questions answered lately drop out afterwards, so the slice is twice as wide as needed.
        width = min(members.size, 2 * share)
        at = int(self.pool.levels[skill].searchsorted(level))
        start = min(max(0, at - width // 2), members.size - width)
        return members[start : start + width]

    def _under_cap(self, window: IntArray) -> IntArray:
        """Without the questions that were shown to too many students, as long as a choice remains."""
        exposure = self.pool.exposure[window]
        cap = max(self.settings.exposure_cap, 2.0 * float(exposure.mean()))
        fresh = window[exposure <= cap]
        return fresh if fresh.size >= LEAST_WINDOW_OF_A_SKILL else window

    def success(self, positions: IntArray) -> FloatArray:
        """Predicted chance of success on the questions at these places of the pool."""
        pool, skills = self.pool, self.pool.skill_index[positions]
        count = pool.skill_count[positions]
        questions = Questions(
            skill_mean=self._means[skills].sum(axis=1) / count,
            skill_variance=np.where(skills == len(pool.skill_ids), 0.0, self._variances[skills]).sum(axis=1) / count**2,
            offset=pool.offsets[skills].sum(axis=1) / count,
            difficulty=pool.difficulty[positions],
            answers=pool.answers[positions],
            guess=pool.guess[positions],
        )
        predictions = predict_many(pool.population, self.learner.state, questions)
        if pool.head is None or self._columns is None:
            return predictions.probability
        return pool.head.probabilities(
            *served_inputs(self.learner.state, self._columns, skills, questions, predictions)
        )

    def _skill_columns(self) -> SkillColumns | None:
        """What the served head reads of each skill; None where the filter serves alone."""
        if self.pool.head is None:
            return None
        beliefs = [self.learner.skills.get(skill_id) for skill_id in self.pool.skill_ids]
        states = [None if belief is None else belief.state for belief in beliefs]
        return skill_columns(self.pool.head.logistic, self.pool.skill_texts, states)

    def _candidates(self, positions: IntArray, need: FloatArray) -> Candidates:
        pool, skills = self.pool, self.pool.skill_index[positions, 0]
        return Candidates(
            probability=self.success(positions),
            difficulty=pool.difficulty[positions],
            answers=pool.answers[positions],
            skill_need=need[skills],
            due=np.zeros(positions.size) if self._due is None else self._due[positions],
            exposure=np.minimum(1.0, pool.exposure[positions]),
            repetition=repetition(pool.topics.at(positions), self._latest),
        )

    def _draw(
        self,
        window: IntArray,
        need: FloatArray,
        target: Target,
        rng: Generator,
        eligible: tuple[Sequence[int], NDArray[np.bool_]],
    ) -> NextQuestion:
        """A calibration slot draws from everything eligible, an adaptive slot from the window; both count."""
        share = self.settings.calibration_share
        candidates = self._candidates(window, need)
        aim = Target(_within_range(working_aim(candidates.probability, target.success, share)))
        open_ = self._eligible(*eligible)
        if rng.random() < share:
            position = int(open_[int(rng.random() * open_.size)])
            lone = self._candidates(np.array([position]), need)
            choice = choose(lone, aim, rng, calibration_share=1.0)
            greedy = self._greedy_chance(candidates, aim, window, position)
        else:
            choice = choose(candidates, aim, rng, calibration_share=0.0)
            position, greedy = int(window[choice.index]), choice.propensity
        propensity = share / open_.size + (1.0 - share) * greedy
        # With these two the chance of the choice under either policy alone can be told from its propensity.
        policy = {"eligible": float(open_.size), "calibration_share": share}
        return self._from_choice(position, replace(choice, terms={**choice.terms, **policy}), propensity)

    def _eligible(self, scope: Sequence[int], blocked: NDArray[np.bool_]) -> IntArray:
        if len(scope) == sum(1 for members in self.pool.by_skill if members.size):
            return np.flatnonzero(~blocked)
        members: IntArray = np.unique(np.concatenate([self.pool.by_skill[skill] for skill in scope]))
        return members[~blocked[members]]

    def _greedy_chance(self, candidates: Candidates, aim: Target, window: IntArray, position: int) -> float:
        shortlist, chances = shortlist_policy(score_terms(candidates, aim.success).sum(axis=0))
        return float(chances[window[shortlist] == position].sum())

    def _from_choice(self, position: int, choice: Choice, propensity: float) -> NextQuestion:
        skill = int(self.pool.skill_index[position, 0])
        code, parameters = choice.reason_code, dict(choice.reason_parameters)
        if code is ReasonCode.UNNAMED_SKILL_NEED and skill < len(self.pool.skill_names):
            code, parameters = ReasonCode.SKILL_NEED, parameters | {"skill": self.pool.skill_names[skill]}
        reason = Reason(code, parameters)
        return self._described(position, choice.kind, (propensity, choice.predicted), choice.terms, reason)

    def _described(
        self,
        position: int,
        kind: AssignmentKind,
        chances: tuple[float, float],
        terms: Mapping[str, float],
        reason: Reason,
    ) -> NextQuestion:
        pool = self.pool
        return NextQuestion(
            question_id=pool.question_ids[position],
            version_id=pool.version_ids[position],
            kind=kind,
            propensity=min(1.0, chances[0]),
            predicted=chances[1],
            difficulty=float(pool.difficulty[position]),
            item_answers=int(pool.answers[position]),
            guess=float(pool.guess[position]),
            model_version=pool.model_version,
            terms={name: round(value, 5) for name, value in terms.items()},
            reason={"code": reason.code, "text": reason.text, "parameters": dict(reason.parameters)},
        )


def _within_range(success: float) -> float:
    return min(max(success, LOWEST_SUCCESS), HIGHEST_SUCCESS)


def _distinct(positions: IntArray) -> IntArray:
    """`np.unique` for a few hundred numbers, where its hashing costs more than a sort."""
    positions.sort()
    fresh = np.empty(positions.size, dtype=bool)
    fresh[0] = True
    np.not_equal(positions[1:], positions[:-1], out=fresh[1:])
    return positions[fresh]
