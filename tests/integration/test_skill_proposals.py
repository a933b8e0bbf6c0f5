"""Groups of a bank without skills, and what staff make of them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.models import Skill, Subject
from app.services.skill_grouping import SkillGrouping
from tests.factories.questions import make_question, text_draft
from tests.factories.semantic import run_index, tools_of
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/skill-proposals"


@pytest.fixture
def subject(session: Session, sessions: sessionmaker[Session]) -> Subject:
    """Twelve questions about triangles and rivers, none with a skill, and one that has one."""
    subject = make_subject(session)
    for number in range(6):
        make_question(session, subject, text_draft("x", stem=f"after triangle angle side case {number}"), skills=[])
        make_question(session, subject, text_draft("x", stem=f"against river bank bridge place {number}"), skills=[])
    make_question(session, subject, text_draft("x", stem="triangle angle side with skill"))
    session.commit()
    tools = tools_of()
    run_index(sessions, tools)
    SkillGrouping(sessions, tools).run(subject.id)
    return subject


@pytest.fixture
def teacher(client: TestClient, session: Session) -> dict[str, str]:
    teacher = make_user(session, role=Role.TEACHER)
    session.commit()
    return auth(client, teacher)


def proposals(client: TestClient, teacher: dict[str, str], subject: Subject, **params: Any) -> list[dict[str, Any]]:
    reply = client.get(PATH, headers=teacher, params={"subject_id": str(subject.id), **params})
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


def test_questions_without_a_skill_are_grouped_and_named(
    client: TestClient, teacher: dict[str, str], subject: Subject
) -> None:
    found = proposals(client, teacher, subject)
    assert sorted(each["questions"] for each in found) == [6, 6]
    names = sorted(sorted(each["terms"][:3]) for each in found)
    assert [each[0] for each in names] == ["angle", "bank"]
    assert all(len(each["examples"]) == 5 for each in found)


def test_nothing_is_a_skill_before_it_is_accepted(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    before = len(session.scalars(select(Skill).where(Skill.subject_id == subject.id)).all())
    first, second = proposals(client, teacher, subject)
    reply = client.post(f"{PATH}/{first['id']}/accept", headers=teacher, json={"name": "A name of mine"})
    assert (reply.status_code, reply.json()["status"]) == (200, "accepted"), reply.text
    skills = session.scalars(select(Skill).where(Skill.subject_id == subject.id)).all()
    assert len(skills) == before + 1
    skill = next(each for each in skills if each.name == "A name of mine")
    assert reply.json()["skill_id"] == str(skill.id)
    again = client.post(f"{PATH}/{first['id']}/accept", headers=teacher, json={})
    assert again.json()["code"] == "proposal_decided"
    assert client.post(f"{PATH}/{second['id']}/dismiss", headers=teacher).json()["status"] == "dismissed"
    assert proposals(client, teacher, subject) == []
    assert len(proposals(client, teacher, subject, status="accepted")) == 1


def test_a_new_look_replaces_open_proposals_only(
    client: TestClient, session: Session, sessions: sessionmaker[Session], teacher: dict[str, str], subject: Subject
) -> None:
    first = proposals(client, teacher, subject)[0]
    client.post(f"{PATH}/{first['id']}/accept", headers=teacher, json={})
    SkillGrouping(sessions, tools_of()).run(subject.id)
    assert len(proposals(client, teacher, subject, status="accepted")) == 1
