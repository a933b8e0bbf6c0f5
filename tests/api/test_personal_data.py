"""Everything about a user can be taken away by them and erased; what that is follows from the tables."""

import json
import re
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType, Role
from app.domain.question_draft import QuestionDraft
from app.models import AuditEvent, QuestionReport, User
from app.models.base import Base
from app.repositories.personal_data_repository import mentions, owned_tables
from tests.factories.practice import Student
from tests.factories.questions import make_question, make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import PASSWORD, auth, make_user

DATA = "/api/v1/users/me/data"
# What differs between two students who do the same: ids, times, keys, and what they answered.
PASSING = r'[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.]+\+00:00|client-key-\d+|"response":\{[^}]*\}'
ERASE = "/api/v1/users/me/erase"


def practised(client: TestClient, session: Session, email: str) -> Student:
    subject = make_subject(session)
    make_questions(session, subject, 6, [make_skill(session, subject)])
    student = Student(client, session, make_user(session, email=email))
    session.commit()
    student.start(subject)
    question = student.shown["question_id"]
    for right in (True, False, True):
        student.answer(right=right)
    reply = student.post(f"/api/v1/questions/{question}/reports", {"reason": "typo", "comment": "Two spaces."})
    assert reply.status_code == 201, reply.text
    return student


@pytest.fixture
def student(client: TestClient, session: Session) -> Student:
    return practised(client, session, "ada@example.org")


@pytest.fixture
def other(client: TestClient, session: Session) -> Student:
    return practised(client, session, "grace@example.org")


def rows_about(session: Session, user_id: UUID) -> dict[str, int]:
    """How many rows of each table belong to a user."""
    session.expire_all()
    return {
        table.name: session.scalar(select(func.count()).where(owner == user_id)) or 0
        for table, owner in owned_tables().items()
    }


def test_no_table_that_refers_to_users_is_forgotten(session: Session) -> None:
    """Held against the database, not against the models that the code reads."""
    reader = inspect(session.connection())
    known = {(table.name, owner.name) for table, owner in owned_tables().items()} | {
        (table.name, c.name) for table, c in mentions()
    }
    referring = {
        (name, column)
        for name in reader.get_table_names()
        for key in reader.get_foreign_keys(name)
        for column, target in zip(key["constrained_columns"], key["referred_columns"], strict=True)
        if target == "user_id" or (key["referred_table"] == "users" and target == "id")
    }
    assert referring - known == set()
    assert {name for name, _ in known} <= set(Base.metadata.tables)


def test_the_file_holds_everything_of_its_owner_and_nothing_of_others(student: Student, other: Student) -> None:
    reply = student.get(DATA)
    assert reply.headers["content-disposition"].startswith("attachment")
    tables = json.loads(reply.content)
    counts = {name: len(rows) for name, rows in tables.items() if name != "users"}
    assert counts == rows_about(student.session, student.user.id)
    assert counts["attempts"] == counts["attempt_grades"] == 3
    assert [row["email"] for row in tables["users"]] == ["ada@example.org"]
    assert str(other.user.id) not in reply.text


def test_the_file_holds_no_secrets(student: Student) -> None:
    file = student.get(DATA).text
    assert student.user.password_hash not in file
    assert "hash" not in file.replace("stem_hash", "")


@pytest.mark.parametrize("wish", [{"mode": "fixed", "behaviour": "deferred"}, {"mode": "exam"}])
def test_the_file_tells_no_grade_before_its_question_is_finished(
    client: TestClient, session: Session, wish: dict[str, str]
) -> None:
    subject = make_subject(session)
    questions = [str(each) for each in make_questions(session, subject, 3, [make_skill(session, subject)])]
    files = []
    for right in (True, False):
        student = Student(client, session, make_user(session, email="ada@example.org", name="Ada"))
        session.commit()
        student.start(subject, question_ids=questions, **wish)
        student.answer(right=right)
        files.append(re.sub(PASSING, "", student.get(DATA).text))
        assert student.post(ERASE, {"password": PASSWORD}).status_code == 204
    assert '"action":"answer"' in files[0]
    assert files[0] == files[1]


def test_erasing_leaves_no_row_and_touches_nobody_else(student: Student, other: Student, session: Session) -> None:
    erased, kept = student.user.id, other.user.id
    before = rows_about(session, kept)
    assert student.post(ERASE, {"password": PASSWORD}).status_code == 204
    assert set(rows_about(session, erased).values()) == {0}
    assert session.get(User, erased) is None
    assert named_in(session, str(erased), "ada@example.org") == set()
    assert rows_about(session, kept) == before
    assert student.get("/api/v1/users/me").status_code == 401
    trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "user.erased")).all()
    assert [event.object_id for event in trail] == [str(erased)]


def test_the_wrong_password_erases_nothing(student: Student, session: Session) -> None:
    reply = student.post(ERASE, {"password": "not mine"})
    assert (reply.status_code, reply.json()["code"]) == (403, "wrong_password")
    assert rows_about(session, student.user.id)["attempts"] == 3


def test_what_staff_did_for_others_stays_without_their_name(
    client: TestClient, session: Session, student: Student
) -> None:
    teacher = make_user(session, role=Role.TEACHER)
    report = session.scalars(select(QuestionReport)).one()
    report.resolved_by = teacher.id
    session.commit()
    reply = client.post(ERASE, json={"password": PASSWORD}, headers=auth(client, teacher))
    assert reply.status_code == 204
    session.expire_all()
    assert session.scalars(select(QuestionReport)).one().resolved_by is None


def test_every_name_beside_others_rows_can_be_taken_out() -> None:
    """Erasing somebody empties these columns, so none may insist on a person."""
    assert [(table.name, column.name) for table, column in mentions() if not column.nullable] == []


def named_in(session: Session, *words: str) -> set[str]:
    """Tables with a row that holds one of the words anywhere; the audit trail is to keep ids."""
    session.expire_all()
    held = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    return {
        name
        for name in set(Base.metadata.tables) - {AuditEvent.__tablename__}
        if session.scalar(text(f"SELECT count(*) FROM {name} t WHERE t::text LIKE ANY(:held)"), {"held": held})  # noqa: S608
    }


def keyed(headers: dict[str, str], key: str) -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}


def test_replies_to_an_administrator_forget_the_erased_and_make_nobody_anew(
    client: TestClient, session: Session
) -> None:
    admin = auth(client, make_user(session, role=Role.ADMIN))
    session.commit()
    forms = [{"email": f"{name}@example.org", "name": name, "password": PASSWORD} for name in ("ada", "xada")]
    made = [client.post("/api/v1/users", json=form, headers=keyed(admin, "key-of-" + form["email"])) for form in forms]
    assert [reply.status_code for reply in made] == [201, 201]
    ada = session.get_one(User, UUID(made[0].json()["id"]))
    words = (str(ada.id), '"ada@example.org"')
    assert client.post(ERASE, json={"password": PASSWORD}, headers=auth(client, ada)).status_code == 204
    assert named_in(session, *words) == set()
    again = [client.post("/api/v1/users", json=form, headers=keyed(admin, "key-of-" + form["email"])) for form in forms]
    assert [reply.status_code for reply in again] == [410, 201]
    assert again[0].json()["code"] == "erased"
    assert again[1].json() == made[1].json()


def test_the_comment_of_a_grade_is_forgotten_with_its_student(client: TestClient, session: Session) -> None:
    subject = make_subject(session)
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?", explanation="Scattering.")
    make_question(session, subject, draft, skills=[make_skill(session, subject)])
    student = Student(client, session, make_user(session))
    teacher = keyed(auth(client, make_user(session, role=Role.TEACHER)), "grade-0001")
    session.commit()
    student.start(subject, length=1)
    student.send_answer({"response": {"text": "Because."}})
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    path, body = f"/api/v1/essays/{essay['id']}/grade", {"fraction": 0.5, "comment": "Ada, look at the violet."}
    assert client.post(path, json=body, headers=teacher).status_code == 201
    words = (body["comment"], str(student.user.id))
    assert student.post(ERASE, {"password": PASSWORD}).status_code == 204
    assert named_in(session, *words) == set()
    assert client.post(path, json=body, headers=teacher).status_code == 410


def test_the_work_of_an_erased_teacher_does_not_name_them(client: TestClient, session: Session) -> None:
    teacher = make_user(session, role=Role.TEACHER)
    subject = make_subject(session)
    headers = auth(client, teacher)
    session.commit()
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?").model_dump(mode="json")
    made = client.post("/api/v1/questions", json={"subject_id": str(subject.id), "draft": draft}, headers=headers)
    assert made.status_code == 201
    wish = {"subject_id": str(subject.id), "format": "gift"}
    assert client.post("/api/v1/exports", json=wish, headers=headers).status_code == 202
    words = (str(teacher.id), teacher.email)
    assert {"question_versions", "question_keys", "jobs"} <= named_in(session, *words)
    assert client.post(ERASE, json={"password": PASSWORD}, headers=headers).status_code == 204
    assert named_in(session, *words) == set()


def test_the_last_administrator_stays(client: TestClient, session: Session) -> None:
    admin = make_user(session, role=Role.ADMIN)
    session.commit()
    reply = client.post(ERASE, json={"password": PASSWORD}, headers=auth(client, admin))
    assert (reply.status_code, reply.json()["code"]) == (409, "last_admin")
