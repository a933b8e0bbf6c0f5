"""A log of answers in the database, written at once as practice would have left it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.review_fit import LoggedReview
from app.ai.personalization.review_schedule import ReviewRating
from app.models import (
    Assignment,
    Attempt,
    PracticeSession,
    Question,
    Skill,
    Subject,
)
from app.repositories.copying import copy_rows
from app.services.learner_replay import replay_items, replay_learner
from app.services.model_training import HELD_OUT_OF, is_held_out
from app.utils.ids import new_id
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
QUESTIONS, SKILLS = 24, 3


class School:
    """Students who answered the questions of one subject; `difficulty` is what is true of them, in logits."""

    def __init__(self, session: Session, seed: int = 3) -> None:
        self.session, self.rng = session, np.random.default_rng(seed)
        self.subject: Subject = make_subject(session)
        self.skills: list[Skill] = [make_skill(session, self.subject) for _ in range(SKILLS)]
        self.questions: list[Question] = [
            make_question(session, self.subject, choice_draft("yes", ("no",)), skills=[self.skills[number % SKILLS]])
            for number in range(QUESTIONS)
        ]
        self.difficulty = self.rng.normal(-0.8, 1.2, QUESTIONS)
        session.flush()

    def teach(self, students: int, answers: int) -> list[UUID]:
        """So many new students, each with so many answers; every derived row follows from the log."""
        users = [self._student(answers, number) for number in range(students)]
        for user_id in users:
            replay_learner(self.session, user_id)
        replay_items(self.session)
        return users

    def remember(self, log: Sequence[LoggedReview]) -> UUID:
        """A new student with these reviews, each card a question of its own; every derived row follows from the log."""
        user, sitting = make_user(self.session), new_id()
        ids = {"user_id": user.id, "session_id": sitting}
        questions = {each.card: new_id() for each in log}
        copy_rows(self.session, PracticeSession, [_session_row(user.id, sitting, self.subject.id)])
        shown, attempts = [], []
        for position, (card, rating, at) in enumerate(log):
            row = _assignment_row(ids, position, self.questions[0], at) | {"question_id": questions[card]}
            shown.append(row)
            outcome = float(rating is not ReviewRating.AGAIN)
            attempts.append(_attempt_row(user.id, row, outcome, at) | {"rating": rating.value})
        copy_rows(self.session, Assignment, shown)
        copy_rows(self.session, Attempt, attempts)
        replay_learner(self.session, user.id)
        replay_items(self.session)
        return user.id

    def _student(self, answers: int, number: int) -> UUID:
        user = make_user(self.session, id=_id_of_student(number))
        ability, clock = self.rng.normal(0.0, 1.0), START
        sitting = new_id()
        ids = {"user_id": user.id, "session_id": sitting}
        copy_rows(self.session, PracticeSession, [_session_row(user.id, sitting, self.subject.id)])
        shown, attempts = [], []
        for position in range(answers):
            question = int(self.rng.integers(QUESTIONS))
            right = self.rng.random() < 1.0 / (1.0 + np.exp(self.difficulty[question] - ability))
            clock += timedelta(seconds=40)
            shown.append(_assignment_row(ids, position, self.questions[question], clock))
            attempts.append(_attempt_row(user.id, shown[-1], float(right), clock))
        copy_rows(self.session, Assignment, shown)
        copy_rows(self.session, Attempt, attempts)
        return user.id


def _id_of_student(number: int) -> UUID:
    """Every fifth student is held out of fits, which an id decides."""
    while is_held_out(user_id := new_id()) != (number % HELD_OUT_OF == 0):
        pass
    return user_id


def _session_row(user_id: UUID, session_id: UUID, subject_id: UUID) -> dict[str, object]:
    return {
        "user_id": user_id,
        "id": session_id,
        "subject_id": subject_id,
        "mode": "adaptive",
        "behaviour": "immediate",
        "status": "finished",
        "skill_ids": [],
        "question_ids": [],
        "target_success": 0.75,
        "seed": 1,
        "shown": 0,
        "answered": 0,
        "score": 0.0,
        "mark": 0.0,
        "recent": [],
    }


def _assignment_row(ids: dict[str, UUID], position: int, question: Question, at: datetime) -> dict[str, object]:
    return {
        **ids,
        "id": new_id(),
        "position": position,
        "question_id": question.id,
        "version_id": new_id(),
        "kind": "adaptive",
        "propensity": 0.1,
        "predicted": 0.5,
        "difficulty": 0.0,
        "item_answers": 0,
        "guess": 0.0,
        "policy_version": "test",
        "model_version": 0,
        "terms": {},
        "reason": {},
        "seed": 1,
        "state": {},
        "shown_at": at,
    }


def _attempt_row(user_id: UUID, shown: dict[str, object], outcome: float, at: datetime) -> dict[str, object]:
    return {
        "user_id": user_id,
        "id": new_id(),
        "assignment_id": shown["id"],
        "question_id": shown["question_id"],
        "client_key": str(new_id()),
        "action": "answer",
        "elapsed_ms": 4_000,
        "evidence": outcome,
        "weight": 1.0,
        "effects": {},
        "answered_at": at,
    }
