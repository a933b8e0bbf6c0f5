"""Vectors of a filter are kept for a while, and never show what the filter does not leave any more."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import QuestionStatus, Role
from app.domain.permissions import Actor
from app.domain.search import SearchFilter, Seen
from app.models import Question, Subject
from app.repositories.search_repository import FilteredVectors
from app.services.filtered_vectors import LARGEST, FilteredVectorsCache
from app.services.search_arms import VectorsArm
from app.services.semantic_tools import SemanticTools
from app.utils.ids import new_id
from tests.factories.questions import choice_draft, make_question
from tests.factories.semantic import run_index, tools_of
from tests.factories.subjects import make_subject

STEM = "Which planet is red?"


@pytest.fixture
def tools() -> SemanticTools:
    return tools_of()


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def questions(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools
) -> list[Question]:
    """Two published ones and a draft."""
    statuses = (QuestionStatus.PUBLISHED, QuestionStatus.PUBLISHED, QuestionStatus.DRAFT)
    made = [
        make_question(session, subject, choice_draft(stem=f"{STEM} ({place})"), status=status)
        for place, status in enumerate(statuses)
    ]
    session.commit()
    run_index(sessions, tools)
    return made


def an_actor(role: Role) -> Actor:
    return Actor(new_id(), role, new_id())


def test_the_second_search_needs_no_vectors_of_the_database_and_knows_what_changed(
    session: Session, sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools, questions: list[Question]
) -> None:
    teacher, wanted = an_actor(Role.TEACHER), SearchFilter(subject_ids=(subject.id,))
    arm, vector = VectorsArm(sessions, teacher, tools), tools.embed_query(STEM)
    first = arm.find(vector, wanted)
    assert set(first.ids) == {question.id for question in questions}
    assert arm.ask(vector, wanted).is_whole
    assert arm.find(vector, wanted).similarities == pytest.approx(first.similarities)
    assert arm.find(vector, replace(wanted, without=first.ids[0])).ids == first.ids[1:]
    session.delete(questions[0])
    session.commit()
    assert set(arm.find(vector, wanted).ids) == {question.id for question in questions[1:]}


def test_students_are_not_shown_what_was_kept_for_staff(
    sessions: sessionmaker[Session], subject: Subject, tools: SemanticTools, questions: list[Question]
) -> None:
    wanted, vector = SearchFilter(subject_ids=(subject.id,)), tools.embed_query(STEM)
    for _ in range(2):
        assert len(VectorsArm(sessions, an_actor(Role.TEACHER), tools).find(vector, wanted).ids) == 3
        seen = VectorsArm(sessions, an_actor(Role.STUDENT), tools).find(vector, wanted).ids
        assert set(seen) == {question.id for question in questions[:2]}


def test_what_somebody_has_seen_is_kept_for_them_alone() -> None:
    cache, kept = FilteredVectorsCache(), FilteredVectors(bytes(16), bytes(8))
    one, other, wanted = an_actor(Role.STUDENT), an_actor(Role.STUDENT), SearchFilter(seen=Seen.UNSEEN)
    cache.put("e", one, wanted, kept)
    assert (cache.get("e", one, wanted), cache.get("e", other, wanted)) == (kept, None)
    assert cache.get("another", one, wanted) is None


def test_a_set_that_is_too_large_is_not_kept() -> None:
    cache, actor, wanted = FilteredVectorsCache(), an_actor(Role.TEACHER), SearchFilter(difficulty_min=1.0)
    cache.put("e", actor, wanted, FilteredVectors(bytes(16 * (LARGEST + 1)), b""))
    assert cache.get("e", actor, wanted) is None
