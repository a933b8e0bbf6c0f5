"""Two people at the same question at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.core.errors import AppError
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.models import Question, Subject
from app.services.question_service import Edit, QuestionService
from tests.conftest import migrate
from tests.factories.questions import make_question, text_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import actor_of, make_user

pytestmark = pytest.mark.own_database


@dataclass(frozen=True)
class Bank:
    sessions: sessionmaker[Session]
    actor: Actor
    subject: Subject


@pytest.fixture
def bank(empty_database_url: URL) -> Iterator[Bank]:
    migrate(empty_database_url)
    engine = create_engine(empty_database_url)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as session:
        bank = Bank(sessions, actor_of(make_user(session, role=Role.TEACHER)), make_subject(session))
    yield bank
    engine.dispose()


def at_once(bank: Bank, acts: Sequence[Callable[[QuestionService], object]]) -> list[str]:
    """The outcome of each act, all begun in open transactions: done, or the code of the refusal."""
    outcomes: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[QuestionService], object]) -> None:
        try:
            with bank.sessions.begin() as session:
                session.connection()
                start.wait(timeout=10)
                act(QuestionService(session, utc_now()))
            outcomes.append("done")
        except AppError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def test_the_same_question_is_created_once(bank: Bank) -> None:
    draft = text_draft("Paris")
    outcomes = at_once(bank, [lambda service: service.create(bank.actor, bank.subject.id, draft)] * 4)
    assert outcomes == ["done", "duplicate_question", "duplicate_question", "duplicate_question"]
    with bank.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_one_of_two_edits_of_a_revision_wins(bank: Bank) -> None:
    with bank.sessions.begin() as session:
        skill = make_skill(session, bank.subject)
        question = make_question(session, bank.subject, skills=[skill])
    edits = [Edit(text_draft(word, skills=(skill.name,)), revision=1) for word in ("one", "two")]
    acts = [partial(_update, bank.actor, question.id, edit) for edit in edits]
    assert at_once(bank, acts) == ["done", "stale_revision"]


def _update(actor: Actor, question_id: UUID, edit: Edit, service: QuestionService) -> None:
    service.update(actor, question_id, edit)
