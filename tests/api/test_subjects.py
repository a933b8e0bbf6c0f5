import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Subject
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/subjects"


@pytest.fixture
def student(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session))


def test_a_teacher_creates_and_changes_a_subject(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    created = client.post(PATH, headers=teacher, json={"code": "algebra", "title": "Algebra"})
    assert created.status_code == 201
    path = f"{PATH}/{created.json()['id']}"
    changed = client.patch(path, headers=teacher, json={"title": "Algebra I"})
    assert changed.json() == client.get(path, headers=teacher).json()
    assert (changed.json()["title"], changed.json()["code"]) == ("Algebra I", "algebra")
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "subject"))
    assert set(actions) == {"subject.created", "subject.updated"}


def test_a_resent_creation_is_the_same_subject(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    headers = {**teacher, "Idempotency-Key": "subject-key-1"}
    first, second = (client.post(PATH, headers=headers, json={"code": "one", "title": "One"}) for _ in range(2))
    assert first.json() == second.json()
    assert session.scalar(select(func.count()).select_from(Subject).where(Subject.code == "one")) == 1


def test_a_code_is_used_once(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    make_subject(session, code="taken")
    other = make_subject(session)
    created = client.post(PATH, headers=teacher, json={"code": "taken", "title": "T"})
    renamed = client.patch(f"{PATH}/{other.id}", headers=teacher, json={"code": "taken"})
    assert [(reply.status_code, reply.json()["code"]) for reply in (created, renamed)] == [(409, "duplicate_code")] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"code": "x y", "title": "T"},
        {"code": "x", "title": ""},
        {"code": "x", "title": "a\u0000b"},
        {"code": "x", "title": "T", "content_revision": 5},
        {"code": "x", "title": "T", "language": "<en>"},
    ],
)
def test_a_malformed_subject_is_refused(client: TestClient, teacher: dict[str, str], body: dict[str, object]) -> None:
    assert client.post(PATH, headers=teacher, json=body).status_code == 422


def test_students_read_but_do_not_change(client: TestClient, session: Session, student: dict[str, str]) -> None:
    path = f"{PATH}/{make_subject(session).id}"
    assert client.get(path, headers=student).status_code == 200
    replies = [
        client.post(PATH, headers=student, json={"code": "x", "title": "X"}),
        client.patch(path, headers=student, json={"title": "X"}),
        client.post(f"{path}/archive", headers=student),
        client.post(f"{path}/restore", headers=student),
    ]
    assert {reply.status_code for reply in replies} == {403}
    assert client.get(path).status_code == 401


def test_an_archived_subject_is_gone_for_students_only(
    client: TestClient, session: Session, teacher: dict[str, str], student: dict[str, str]
) -> None:
    subject = make_subject(session)
    path = f"{PATH}/{subject.id}"
    assert client.post(f"{path}/archive", headers=teacher).json()["archived_at"]
    assert client.get(path, headers=student).status_code == 404
    assert client.get(path, headers=teacher).status_code == 200
    hidden, shown = (
        {row["id"] for row in client.get(f"{PATH}?archived=true&limit=100", headers=who).json()["items"]}
        for who in (student, teacher)
    )
    assert str(subject.id) in shown - hidden
    assert client.post(f"{path}/restore", headers=teacher).json()["archived_at"] is None
    session.expire_all()
    assert session.get_one(Subject, subject.id).content_revision == 2


def test_pages_hold_every_subject_once(client: TestClient, session: Session, student: dict[str, str]) -> None:
    expected = {str(make_subject(session, title="Same title").id) for _ in range(5)}
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(PATH, headers=student, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert len(found) == len(set(found))
    assert expected <= set(found)


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "%ff"])
def test_a_foreign_cursor_is_refused(client: TestClient, student: dict[str, str], cursor: str) -> None:
    reply = client.get(PATH, headers=student, params={"cursor": cursor})
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_cursor")
