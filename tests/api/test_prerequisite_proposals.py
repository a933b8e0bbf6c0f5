"""Orders of skills that answers suggest."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.models import LearnerSkillState, Skill, Subject
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def skills(session: Session, subject: Subject) -> list[Skill]:
    """Forty students: all have the first skill, half the second, a quarter the third."""
    skills = [make_skill(session, subject) for _ in range(3)]
    for number in range(40):
        user = make_user(session)
        for skill, everybody in zip(skills, (1, 2, 4), strict=True):
            mastery = 0.95 if number % everybody == 0 else 0.2
            if number == 1:
                mastery = 0.2
            session.add(LearnerSkillState(user_id=user.id, skill_id=skill.id, mean=0, variance=0.2, mastery=mastery))
    session.commit()
    return skills


def pairs(reply: dict[str, list[dict[str, str]]]) -> set[tuple[str, str]]:
    return {(item["prerequisite_id"], item["skill_id"]) for item in reply["items"]}


def test_a_proposal_is_accepted_or_never_comes_again(
    client: TestClient, subject: Subject, skills: list[Skill], teacher: dict[str, str]
) -> None:
    first, second, third = (str(skill.id) for skill in skills)
    path = f"/api/v1/subjects/{subject.id}/prerequisite-proposals"
    shown = client.get(path, headers=teacher).json()
    assert pairs(shown) == {(first, second), (second, third)}
    assert all(item["given_later"] > 0.9 > item["given_earlier"] and item["students"] == 40 for item in shown["items"])
    assert "of those who have" in shown["items"][0]["text"]
    body = {"prerequisite_id": first, "skill_id": second}
    graphs = [client.post(f"{path}/accept", json=body, headers=teacher).json() for _ in range(2)]
    assert graphs[0] == graphs[1]
    assert {"prerequisite_id": first, "skill_id": second} in graphs[0]["edges"]
    assert pairs(client.get(path, headers=teacher).json()) == {(second, third)}
    dismissed = {"prerequisite_id": second, "skill_id": third}
    for _ in range(2):
        assert pairs(client.post(f"{path}/dismiss", json=dismissed, headers=teacher).json()) == set()


def test_nothing_is_proposed_that_closes_a_circle(
    client: TestClient, subject: Subject, skills: list[Skill], teacher: dict[str, str]
) -> None:
    first, second, third = (str(skill.id) for skill in skills)
    path = f"/api/v1/subjects/{subject.id}/prerequisite-proposals"
    client.post(f"{path}/accept", json={"prerequisite_id": third, "skill_id": second}, headers=teacher)
    assert pairs(client.get(path, headers=teacher).json()) == {(first, second)}
    refused = client.post(f"{path}/accept", json={"prerequisite_id": second, "skill_id": third}, headers=teacher)
    assert (refused.status_code, refused.json()["code"]) == (409, "prerequisite_cycle")


def test_without_answers_nothing_is_proposed(
    client: TestClient, session: Session, subject: Subject, teacher: dict[str, str]
) -> None:
    make_skill(session, subject)
    session.commit()
    path = f"/api/v1/subjects/{subject.id}/prerequisite-proposals"
    assert client.get(path, headers=teacher).json() == {"items": []}
