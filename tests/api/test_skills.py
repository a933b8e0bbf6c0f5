from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.models import Skill, Subject
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def student(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session))


def _prerequisites(skill: Skill) -> str:
    return f"/api/v1/skills/{skill.id}/prerequisites"


def test_skills_are_created_at_the_end_with_their_prerequisites(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    first = make_skill(session, subject, position=7)
    body = {"code": "next", "name": "Next", "prerequisite_ids": [str(first.id)]}
    created = client.post(f"/api/v1/subjects/{subject.id}/skills", headers=teacher, json=body)
    assert (created.status_code, created.json()["position"]) == (201, 8)
    graph = client.get(f"/api/v1/subjects/{subject.id}/skill-graph", headers=teacher).json()
    assert [node["code"] for node in graph["nodes"]] == [first.code, "next"]
    assert graph["edges"] == [{"prerequisite_id": str(first.id), "skill_id": created.json()["id"]}]


def test_a_circle_is_refused_and_named(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    counting = make_skill(session, subject, name="Counting")
    adding = make_skill(session, subject, name="Adding", after=(counting,))
    multiplying = make_skill(session, subject, name="Multiplying", after=(adding,))
    reply = client.post(_prerequisites(counting), headers=teacher, json={"prerequisite_id": str(multiplying.id)})
    assert (reply.status_code, reply.json()["code"]) == (409, "prerequisite_cycle")
    cycle = [member["name"] for member in reply.json()["cycle"]]
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"Counting", "Adding", "Multiplying"}
    assert " → ".join(cycle) in reply.json()["detail"]
    itself = client.post(_prerequisites(adding), headers=teacher, json={"prerequisite_id": str(adding.id)})
    assert itself.json()["code"] == "prerequisite_cycle"


def test_prerequisites_are_added_replaced_and_removed(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    one, two, three = (make_skill(session, subject) for _ in range(3))
    path = _prerequisites(three)

    def edges(reply: object) -> set[str]:
        return {edge["prerequisite_id"] for edge in reply.json()["edges"]}  # type: ignore[attr-defined]  # a response

    for _ in range(2):
        assert edges(client.post(path, headers=teacher, json={"prerequisite_id": str(one.id)})) == {str(one.id)}
    replaced = client.put(path, headers=teacher, json={"prerequisite_ids": [str(two.id), str(two.id)]})
    assert edges(replaced) == {str(two.id)}
    for _ in range(2):
        assert edges(client.delete(f"{path}/{two.id}", headers=teacher)) == set()
    session.expire_all()
    assert session.get_one(Subject, subject.id).content_revision == 3


def test_prerequisites_stay_within_the_subject(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    skill = make_skill(session, make_subject(session))
    foreign = make_skill(session, make_subject(session))
    for other in (foreign.id, uuid4()):
        reply = client.post(_prerequisites(skill), headers=teacher, json={"prerequisite_id": str(other)})
        assert reply.status_code == 404


@pytest.mark.parametrize("changes", [{"code": "taken"}, {"name": "Taken Name"}, {"name": "TAKEN name"}])
def test_code_and_name_are_unique_in_the_subject(
    client: TestClient, session: Session, teacher: dict[str, str], changes: dict[str, str]
) -> None:
    subject = make_subject(session)
    make_skill(session, subject, code="taken", name="Taken name")
    other = make_skill(session, subject)
    reply = client.patch(f"/api/v1/skills/{other.id}", headers=teacher, json=changes)
    assert (reply.status_code, reply.json()["code"]) == (409, "duplicate_code")
    free = make_skill(session, make_subject(session))
    assert client.patch(f"/api/v1/skills/{free.id}", headers=teacher, json=changes).status_code == 200


def test_skills_are_reordered_as_a_whole(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    ids = [str(make_skill(session, subject).id) for _ in range(3)]
    path = f"/api/v1/subjects/{subject.id}/skills"
    reply = client.put(f"{path}/order", headers=teacher, json={"skill_ids": ids[::-1]})
    assert [skill["position"] for skill in reply.json()] == [0, 1, 2]
    assert [skill["id"] for skill in client.get(path, headers=teacher).json()["items"]] == ids[::-1]
    for wrong in (ids[:2], [*ids, ids[0]], [*ids[:2], str(uuid4())]):
        assert client.put(f"{path}/order", headers=teacher, json={"skill_ids": wrong}).status_code == 422


def test_an_archived_skill_leaves_the_students_view(
    client: TestClient, session: Session, teacher: dict[str, str], student: dict[str, str]
) -> None:
    subject = make_subject(session)
    base = make_skill(session, subject)
    top = make_skill(session, subject, after=(base,))
    assert client.post(f"/api/v1/skills/{base.id}/archive", headers=teacher).json()["archived_at"]
    assert client.get(f"/api/v1/skills/{base.id}", headers=student).status_code == 404
    graph = client.get(f"/api/v1/subjects/{subject.id}/skill-graph", headers=student).json()
    assert (graph["edges"], [node["id"] for node in graph["nodes"]]) == ([], [str(top.id)])
    assert client.post(f"/api/v1/skills/{base.id}/restore", headers=teacher).json()["archived_at"] is None
    graph = client.get(f"/api/v1/subjects/{subject.id}/skill-graph", headers=student).json()
    assert len(graph["edges"]) == 1


def test_skills_of_an_archived_subject_are_gone_for_students(
    client: TestClient, session: Session, teacher: dict[str, str], student: dict[str, str]
) -> None:
    subject = make_subject(session)
    skill = make_skill(session, subject)
    client.post(f"/api/v1/subjects/{subject.id}/archive", headers=teacher)
    assert client.get(f"/api/v1/skills/{skill.id}", headers=student).status_code == 404
    assert client.get(f"/api/v1/subjects/{subject.id}/skills", headers=student).json()["items"] == []
    assert client.get(f"/api/v1/subjects/{subject.id}/skill-graph", headers=student).status_code == 404


def test_students_do_not_change_skills(client: TestClient, session: Session, student: dict[str, str]) -> None:
    subject = make_subject(session)
    skill = make_skill(session, subject)
    path = f"/api/v1/skills/{skill.id}"
    replies = [
        client.post(f"/api/v1/subjects/{subject.id}/skills", headers=student, json={"code": "x", "name": "X"}),
        client.put(f"/api/v1/subjects/{subject.id}/skills/order", headers=student, json={"skill_ids": []}),
        client.patch(path, headers=student, json={"name": "X"}),
        client.post(f"{path}/archive", headers=student),
        client.post(f"{path}/restore", headers=student),
        client.post(f"{path}/prerequisites", headers=student, json={"prerequisite_id": str(skill.id)}),
        client.put(f"{path}/prerequisites", headers=student, json={"prerequisite_ids": []}),
        client.delete(f"{path}/prerequisites/{skill.id}", headers=student),
    ]
    assert {reply.status_code for reply in replies} == {403}
