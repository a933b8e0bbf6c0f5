from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.domain.enums import AssignmentKind, Behaviour, PracticeMode, QuestionStatus
from app.models import Assignment, ItemParameter, PracticeSession, Question, QuestionKeyRecord, QuestionVersion, Subject
from tests.factories.questions import current_key, current_version, make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

PATH = "/api/v1/questions"


def show(session: Session, question: Question) -> None:
    """As if a student had been shown the current version."""
    student = make_user(session)
    sitting = PracticeSession(
        user_id=student.id,
        subject_id=question.subject_id,
        mode=PracticeMode.ADAPTIVE,
        behaviour=Behaviour.IMMEDIATE,
        target_success=0.75,
        seed=1,
    )
    session.add(sitting)
    session.flush()
    session.add(
        Assignment(
            user_id=student.id,
            session_id=sitting.id,
            position=1,
            question_id=question.id,
            version_id=current_version(session, question).id,
            kind=AssignmentKind.ADAPTIVE,
            propensity=1.0,
            predicted=0.5,
            difficulty=0.0,
            policy_version="test",
            seed=1,
        )
    )
    current_version(session, question).first_shown_at = utc_now()
    session.flush()


def edit(client: TestClient, headers: dict[str, str], question: Question, **changes: Any) -> dict[str, Any]:
    path = f"{PATH}/{question.id}"
    read = client.get(path, headers=headers).json()
    body = {"revision": read["revision"], "draft": {**read["draft"], **changes}}
    reply = client.put(path, headers=headers, json=body)
    assert reply.status_code == 200, reply.text
    edited: dict[str, Any] = reply.json()
    return edited


def test_an_edit_after_a_student_saw_it_makes_a_new_version(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    old = current_version(session, question)
    old_key = current_key(session, question).id
    show(session, question)
    assert edit(client, teacher, question, stem="Second?")["version"] == 2
    assert edit(client, teacher, question, stem="Third?")["version"] == 2
    session.expire_all()
    assert session.get_one(QuestionVersion, old.id).content["stem"] != "Third?"
    assert session.get_one(QuestionKeyRecord, old_key).version_id == old.id
    listed = client.get(f"{PATH}/{question.id}/versions", headers=teacher).json()["items"]
    assert [each["number"] for each in listed] == [2, 1]
    stems = [client.get(f"{PATH}/{question.id}/versions/{n}", headers=teacher).json()["draft"]["stem"] for n in (1, 2)]
    assert stems == [old.content["stem"], "Third?"]


def test_option_ids_survive_an_edit(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    question = make_question(session, make_subject(session))
    before = {option["id"] for option in current_version(session, question).content["options"]}
    after = edit(client, teacher, question, stem="Other words?")["content"]["options"]
    assert {option["id"] for option in after} == before


def test_a_replaced_version_gets_a_new_key(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    question = make_question(session, make_subject(session))
    before = current_key(session, question).id
    edit(client, teacher, question, explanation="Because.")
    session.expire_all()
    assert current_key(session, question).id != before


@pytest.mark.parametrize(
    "changes",
    [{"title": "New"}, {"tags": ["new"]}, {"difficulty": 3}, {"category": ["a", "b"]}, {"extensions": {"x": [1]}}],
)
def test_what_no_student_sees_makes_no_version(
    client: TestClient, session: Session, teacher: dict[str, str], changes: dict[str, Any]
) -> None:
    question = make_question(session, make_subject(session))
    show(session, question)
    edited = edit(client, teacher, question, **changes)
    assert (edited["version"], edited["revision"]) == (1, 2)
    assert edited["draft"].items() >= changes.items()


def test_a_prior_moves_the_difficulty_only_before_the_first_answer(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    fresh, answered = (make_question(session, make_subject(session)) for _ in range(2))
    session.get_one(ItemParameter, answered.id).answers = 10
    session.flush()
    assert edit(client, teacher, fresh, difficulty=2)["difficulty"] == 2
    assert edit(client, teacher, answered, difficulty=2)["difficulty"] == 0
    session.expire_all()
    assert session.get_one(ItemParameter, answered.id).prior == 2


def test_the_pool_is_told_of_every_change_that_students_can_notice(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    draft = make_question(session, subject, status=QuestionStatus.DRAFT)
    published = make_question(session, subject)
    skill = make_skill(session, subject)

    def revision() -> int:
        session.expire_all()
        return session.get_one(Subject, subject.id).content_revision

    edit(client, teacher, draft, stem="Not shown yet?")
    assert revision() == 0
    edit(client, teacher, published, stem="Shown?")
    assert revision() == 1
    bulk = {"action": "add_skill", "skill_id": str(skill.id), "ids": [str(draft.id)]}
    client.post(f"{PATH}/bulk", headers=teacher, json=bulk)
    assert revision() == 1
    client.post(f"{PATH}/bulk", headers=teacher, json={**bulk, "ids": [str(published.id)]})
    assert revision() == 2
    client.post(f"{PATH}/bulk", headers=teacher, json={"action": "publish", "ids": [str(draft.id)]})
    assert revision() == 3


def test_a_draft_that_was_shown_once_is_not_deleted(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session), status=QuestionStatus.DRAFT)
    show(session, question)
    assert client.delete(f"{PATH}/{question.id}", headers=teacher).json()["code"] == "question_shown"
    assert session.scalar(select(Question.id).where(Question.id == question.id)) == question.id


def test_versions_of_nothing(client: TestClient, teacher: dict[str, str], session: Session) -> None:
    question = make_question(session, make_subject(session))
    assert client.get(f"{PATH}/{question.id}/versions/2", headers=teacher).status_code == 404
    assert client.get(f"{PATH}/{question.id}/versions/{2**31}", headers=teacher).status_code == 422
