"""Replies to steps: the first one from the values at hand, a repeated one from the stored rows."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.core.errors import IdempotencyKeyReusedError
from app.domain.behaviours import ShownState, fingerprint, hints_shown
from app.domain.enums import Behaviour
from app.domain.grading import grade
from app.domain.responses import Response
from app.models import Assignment
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import AssignmentWrite, StepRow
from app.schemas.practice import ShownQuestion, StepRead
from app.services.practice_view import (
    GradeShown,
    SentStep,
    ShownRow,
    StepEffects,
    StepReply,
    shown_question,
    step_read,
)
from app.services.question_cache import CachedQuestion, QuestionCache

FRESH: Final = ShownState()


class PracticeReplies:
    def __init__(self, session: Session, questions: QuestionCache) -> None:
        self.session, self.questions = session, questions
        self.practice = PracticeRepository(session)

    def first(self, reply: StepReply, question: CachedQuestion, following: AssignmentWrite | None) -> StepRead:
        shown = None if following is None else self._shown(following)
        return step_read(reply, question, shown)

    def repeat(self, user_id: UUID, row: StepRow, attempt_id: UUID, sent: SentStep) -> StepRead:
        """The reply that the step got when it was made.

        Raises:
            IdempotencyKeyReusedError: It is not the step that was sent now, or was made in another session.
        """
        stored = self.practice.step(user_id, attempt_id)
        if row.assignment_id is None or sent != _sent_before(stored):
            raise IdempotencyKeyReusedError("This client_key was used for another step.")
        assignment = self._assignment(user_id, stored["assignment_id"])
        question = self.questions.get(self.session, assignment.version_id)
        effects = StepEffects.from_json(stored["effects"])
        shown = None
        if stored["state"] is not None:
            feedback = _feedback(question, stored["response"], assignment.seed)
            shown = GradeShown(stored["state"], stored["fraction"], stored["mark"], tuple(feedback))
        reply = StepReply(attempt_id, stored["action"], row.session_id, row.length, shown, effects, assignment.seed)
        return step_read(reply, question, self._following(user_id, effects))

    def current(self, assignment: Assignment, behaviour: Behaviour) -> ShownQuestion:
        """An open question as it stands now."""
        state = ShownState.model_validate(assignment.state)
        hint_count = self.questions.get(self.session, assignment.version_id).content.hint_count
        return self._shown(assignment, state, hints_shown(behaviour, hint_count, state))

    def _following(self, user_id: UUID, effects: StepEffects) -> ShownQuestion | None:
        if effects.next_id is None:
            return None
        return self._shown(self._assignment(user_id, UUID(effects.next_id)))

    def _assignment(self, user_id: UUID, assignment_id: UUID) -> Assignment:
        assignment = self.practice.assignment(user_id, assignment_id)
        if assignment is None:
            raise LookupError(f"assignment {assignment_id} is gone although a step refers to it")
        return assignment

    def _shown(
        self, assignment: Assignment | AssignmentWrite, state: ShownState = FRESH, hints: int = 0
    ) -> ShownQuestion:
        question = self.questions.get(self.session, assignment.version_id)
        row = ShownRow(
            assignment_id=assignment.id,
            position=assignment.position,
            question_id=assignment.question_id,
            kind=assignment.kind,
            predicted=assignment.predicted,
            reason=assignment.reason,
            seed=assignment.seed,
            tries=state.tries,
            hints_taken=hints,
            turned=state.turned,
        )
        return shown_question(row, question)


def _sent_before(stored: RowMapping) -> SentStep:
    response = stored["response"]
    told = "" if response is None else fingerprint(Response.model_validate(response))
    return SentStep(stored["action"], stored["assignment_id"], told, stored["certainty"])


def _feedback(question: CachedQuestion, response: dict[str, object] | None, seed: int) -> Sequence[str]:
    if response is None:
        return ()
    return grade(question.content, question.key, Response.model_validate(response), seed=seed).feedback
