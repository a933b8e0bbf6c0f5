"""What a student is told after a step. A first reply and the reply to a resend are built here from the same values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from app.ai.personalization.mastery import MasteryChange
from app.ai.personalization.review_schedule import ReviewRating
from app.domain.enums import GradeState
from app.domain.grading import correct_response
from app.domain.grading.reveal import reveal
from app.domain.presentation import present
from app.domain.responses import Response
from app.repositories.practice_step_rows import CardRow
from app.schemas.practice import CardBack, ReasonRead, ReviewChange, SessionState, ShownQuestion, SkillChange, StepRead
from app.services.mastery_update import SkillMove
from app.services.question_cache import CachedQuestion

MasteryEffect = tuple[str, float, float, str, str, tuple[str, ...]]
"""Skill id, P(mastered) before and after, state before and after, causes of the changes in between."""
ReviewEffect = tuple[int, str, bool]
"""Rating, when the question is due again, whether its card has been suspended."""


@dataclass(frozen=True, slots=True)
class StepEffects:
    """What a step did beside its grade; stored with the attempt, so that a resend gets the same reply.

    `told` is false where grades wait for the end of the session, `reveal` allows the key, and so does `turned` of a
    card that lies with its back up. `session` is (status, answered, score, mark) after the step, `review` is set when
    the step was a review of the question, `rule` when a teacher's rule judged mastery.
    """

    finished: bool
    tries: int
    told: bool
    reveal: bool
    hint: int | None
    mastery: tuple[MasteryEffect, ...]
    session: tuple[str, int, float, float]
    next_id: str | None
    review: ReviewEffect | None = None
    turned: bool = False
    rule: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        values = dict(stored)
        values["mastery"] = tuple(tuple(change) for change in stored["mastery"])
        values["session"] = tuple(stored["session"])
        return cls(**values)


def mastery_effects(moves: Sequence[SkillMove]) -> tuple[MasteryEffect, ...]:
    return tuple(
        (
            str(move.skill_id),
            round(move.before, 4),
            round(move.after, 4),
            move.held_before.state.value,
            move.held_after.state.value,
            tuple(cause.value for cause in move.causes()),
        )
        for move in moves
    )


def review_effect(card: CardRow | None, rating: int | None) -> ReviewEffect | None:
    return None if card is None or rating is None else (rating, card.due.isoformat(), card.is_suspended)


SUSPENDED_TEXT: Final = (
    "You have forgotten this question many times, so it rests now. Learn it another way, or ask your teacher about it."
)


class SentStep(NamedTuple):
    """What makes a step the same when it is sent again; the time it took may have gone on."""

    action: str
    assignment_id: UUID | None
    fingerprint: str = ""
    certainty: int | None = None


class GradeShown(NamedTuple):
    state: str
    fraction: float
    mark: float
    feedback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A stored assignment as far as the student may see it."""

    assignment_id: UUID
    position: int
    question_id: UUID
    kind: str
    predicted: float
    reason: Mapping[str, Any]
    seed: int
    tries: int = 0
    hints_taken: int = 0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class StepReply:
    attempt_id: UUID
    action: str
    session_id: UUID
    length: int | None
    grade: GradeShown | None
    effects: StepEffects
    seed: int


def shown_question(row: ShownRow, question: CachedQuestion) -> ShownQuestion:
    hints = question.key.hints
    return ShownQuestion(
        assignment_id=row.assignment_id,
        position=row.position,
        question_id=row.question_id,
        question=present(question.content, question.key, row.seed),
        kind=row.kind,
        predicted=round(row.predicted, 4),
        reason=ReasonRead(**row.reason),
        tries=row.tries,
        hints_taken=list(hints[: row.hints_taken]),
        hints_left=max(0, len(hints) - row.hints_taken),
        back=_back(row, question) if row.turned else None,
    )


def _back(row: ShownRow, question: CachedQuestion) -> CardBack:
    lines = reveal(question.content, question.key, row.seed)
    return CardBack(answer_text=list(lines), explanation=question.key.explanation)


def step_read(reply: StepReply, question: CachedQuestion, following: ShownQuestion | None) -> StepRead:
    """Grade, feedback and mastery are told unless the behaviour hides them; the key only once it may be revealed."""
    effects, grade = reply.effects, reply.grade
    told = grade is not None and effects.told
    revealed = effects.turned or (effects.told and effects.reveal and effects.finished)
    status, answered, score, mark = effects.session
    return StepRead(
        attempt_id=reply.attempt_id,
        action=reply.action,
        state=GradeState(grade.state) if grade and told else None,
        fraction=grade.fraction if grade and told else None,
        mark=grade.mark if grade and told else None,
        finished=effects.finished,
        tries=effects.tries,
        feedback=list(grade.feedback) if grade and told else [],
        hint=None if effects.hint is None else question.key.hints[effects.hint],
        explanation=question.key.explanation if revealed else None,
        answer=_answer(question, reply.seed) if revealed else None,
        answer_text=list(reveal(question.content, question.key, reply.seed)) if revealed else [],
        mastery=[_skill_change(effect) for effect in effects.mastery if effects.told],
        review=_review_change(effects.review) if effects.review and effects.told else None,
        session=SessionState(
            id=reply.session_id,
            status=status,
            answered=answered,
            score=score if effects.told else None,
            mark=mark if effects.told else None,
            length=reply.length,
        ),
        next=following,
    )


def _answer(question: CachedQuestion, seed: int) -> Response | None:
    return correct_response(question.content, question.key, seed=seed)


def _skill_change(effect: MasteryEffect) -> SkillChange:
    skill, before, after, state_before, state_after, causes = effect
    return SkillChange(
        skill_id=UUID(skill),
        before=before,
        after=after,
        state_before=state_before,
        state_after=state_after,
        changes=list(causes),
        text=" ".join(MasteryChange(cause).text for cause in causes) or None,
    )


def _review_change(effect: ReviewEffect) -> ReviewChange:
    rating, due, is_suspended = effect
    return ReviewChange(
        rating=ReviewRating(rating).name.lower(),
        due=datetime.fromisoformat(due),
        is_suspended=is_suspended,
        text=SUSPENDED_TEXT if is_suspended else None,
    )
