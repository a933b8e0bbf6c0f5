"""What comes next in a session: by its list, from the mistakes, or chosen for the student."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.difficulty_adapter.reasons import ReasonCode
from app.ai.personalization.difficulty_adapter.selection import POLICY_VERSION
from app.ai.personalization.review_schedule import settings_of
from app.ai.personalization.user_modeling.state import LearnerState
from app.core.config import PracticeSettings
from app.domain.behaviours import ShownState
from app.domain.enums import TESTS, AssignmentKind, PracticeMode
from app.repositories.exam_repository import ExamRepository, GivenRow
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import AssignmentWrite, StepRows
from app.repositories.review_repository import ReviewRepository, ReviewScope
from app.services.exam_chooser import ExamChooser, exam_terms, item_bank
from app.services.exam_plan import ExamPlan
from app.services.learner_update import skill_state
from app.services.practice_chooser import Chooser, Learner, NextQuestion, SkillBelief, Wish
from app.services.practice_pool import QuestionPool
from app.utils.ids import new_id

MISTAKE_EVERY: Final = 4
"""In the mixed mode every fourth slot repeats a mistake, if there is one."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What the session asks for; `position` is the slot to fill, counted from 0, `results` the latest last.

    `latest` is what the present step makes of its question, which is not stored yet.
    """

    user_id: UUID
    session_id: UUID
    subject_id: UUID
    mode: PracticeMode
    skill_ids: Sequence[UUID]
    question_ids: Sequence[UUID]
    target_success: float
    length: int | None
    seed: int
    position: int
    results: Sequence[float]
    latest: tuple[UUID, ShownState] | None = None


class PracticePlanner:
    def __init__(self, session: Session, settings: PracticeSettings) -> None:
        self.practice, self.settings = PracticeRepository(session), settings
        self.reviews, self.exams = ReviewRepository(session), ExamRepository(session)

    def paper(self, plan: SessionPlan, pool: QuestionPool, rows: StepRows, now: datetime) -> list[AssignmentWrite]:
        """All questions of an exam by list at once, for its student may answer them in any order."""
        chooser = Chooser(pool, learner_of(rows), self.settings)
        found: list[AssignmentWrite] = []
        for question_id in plan.question_ids:
            chosen = chooser.fixed(question_id, AssignmentKind.EXAM, ReasonCode.PRESCRIBED)
            if chosen is not None:
                items = item_bank(pool, np.array([pool.position_of[question_id]]))
                chosen = replace(chosen, terms=exam_terms(items, 0))
                found.append(assignment_of(replace(plan, position=len(found)), chosen, now))
        return found

    def following(self, plan: SessionPlan, pool: QuestionPool, rows: StepRows, now: datetime) -> AssignmentWrite | None:
        """The next question to show, or None when the session has reached its end."""
        if plan.length is not None and plan.position >= plan.length:
            return None
        chooser = Chooser(pool, learner_of(rows), self.settings)
        chosen = self._choose(plan, chooser, now)
        return None if chosen is None else assignment_of(plan, chosen, now)

    def _choose(self, plan: SessionPlan, chooser: Chooser, now: datetime) -> NextQuestion | None:
        if plan.mode in TESTS:
            return self._tested(plan, chooser)
        if plan.mode is PracticeMode.FIXED:
            return self._from_list(plan, chooser)
        if plan.mode is PracticeMode.MISTAKES:
            return self._mistake(plan, chooser)
        if plan.mode is PracticeMode.REVIEW:
            return self._review(plan, chooser, now)
        if plan.mode is PracticeMode.MIXED and plan.position % MISTAKE_EVERY == MISTAKE_EVERY - 1:
            mistake = self._mistake(plan, chooser)
            if mistake is not None:
                return mistake
        wish = Wish(plan.skill_ids, plan.target_success, plan.results, (plan.seed, plan.position))
        return chooser.next_question(wish)

    def _tested(self, plan: SessionPlan, chooser: Chooser) -> NextQuestion | None:
        stored = self.exams.plan(plan.user_id, plan.session_id)
        if stored is None or plan.question_ids:
            return None
        given = with_latest(self.exams.given(plan.user_id, plan.session_id), plan.latest)
        tests = ExamChooser(ExamPlan.from_json(stored), chooser, plan.skill_ids)
        return tests.next_question(given, (plan.seed, plan.position))

    def _from_list(self, plan: SessionPlan, chooser: Chooser) -> NextQuestion | None:
        """The first question of the rest of the list that is still published."""
        shown = self.practice.shown_questions(plan.user_id, plan.session_id)
        for question_id in plan.question_ids:
            if question_id in shown:
                continue
            chosen = chooser.fixed(question_id, AssignmentKind.FIXED, ReasonCode.PRESCRIBED)
            if chosen is not None:
                return chosen
        return None

    def _mistake(self, plan: SessionPlan, chooser: Chooser) -> NextQuestion | None:
        mistakes = self.practice.mistakes(plan.user_id, plan.session_id, plan.subject_id, plan.skill_ids)
        return _first_published(chooser, mistakes, AssignmentKind.MISTAKES, ReasonCode.MISTAKE)

    def _review(self, plan: SessionPlan, chooser: Chooser, now: datetime) -> NextQuestion | None:
        """The due card that is most nearly forgotten; one that was put off does not come back in this session."""
        scope = ReviewScope(plan.user_id, plan.subject_id, plan.skill_ids)
        due = self.reviews.next_due(scope, plan.session_id, now)
        return _first_published(chooser, due, AssignmentKind.REVIEW, ReasonCode.REVIEW_DUE)


def _first_published(
    chooser: Chooser, question_ids: Sequence[UUID], kind: AssignmentKind, code: ReasonCode
) -> NextQuestion | None:
    for question_id in question_ids:
        chosen = chooser.fixed(question_id, kind, code)
        if chosen is not None:
            return chosen
    return None


def with_latest(given: Sequence[GivenRow], latest: tuple[UUID, ShownState] | None) -> list[GivenRow]:
    """The questions of a test with the present step taken in."""
    if latest is None:
        return list(given)
    assignment_id, state = latest
    present = state.model_dump(mode="json")
    return [row._replace(state=present) if row.assignment_id == assignment_id else row for row in given]


def learner_of(rows: StepRows) -> Learner:
    beliefs = {row.skill_id: SkillBelief(skill_state(row), row.mastery) for row in rows.skills}
    return Learner(LearnerState(*rows.learner), beliefs, rows.recent, rows.due, settings_of(rows.memory).decay)


def assignment_of(plan: SessionPlan, chosen: NextQuestion, now: datetime) -> AssignmentWrite:
    return AssignmentWrite(
        user_id=plan.user_id,
        id=new_id(),
        session_id=plan.session_id,
        position=plan.position,
        question_id=chosen.question_id,
        version_id=chosen.version_id,
        kind=chosen.kind.value,
        propensity=chosen.propensity,
        predicted=chosen.predicted,
        difficulty=chosen.difficulty,
        item_answers=chosen.item_answers,
        guess=chosen.guess,
        policy_version=POLICY_VERSION,
        model_version=chosen.model_version,
        terms=chosen.terms,
        reason=chosen.reason,
        # The view of the question (order of options, drawn variables) follows from this number.
        seed=(plan.seed + 7919 * plan.position) % 2**31,
        shown_at=now,
    )
