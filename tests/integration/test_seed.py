"""The demo as a first start makes it: by the script, in a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, create_engine, func, select, update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.core.config import PracticeSettings
from app.core.security import AccessClaims
from app.domain.emails import canonical_email
from app.domain.enums import QuestionType, Role
from app.domain.grading import grade
from app.domain.passwords import password_weakness
from app.domain.responses import Response
from app.models import (
    Assignment,
    Attempt,
    AttemptGrade,
    ItemParameter,
    LearnerSkillState,
    LearnerStateRecord,
    Media,
    PracticeSession,
    Question,
    Skill,
    SkillPrerequisite,
    Subject,
    User,
)
from app.models.base import Base
from app.repositories.pool_repository import PoolRepository
from app.schemas.practice import AnswerCreate, SessionCreate
from app.services.practice_pool import PoolCache
from app.services.practice_service import PracticeService
from app.services.question_cache import QuestionCache
from app.utils.ids import new_id
from tests.conftest import ROOT, SECRET, create_database, drop_database
from tests.factories.derived_tables import changes, drift, replay_all, snapshot
from tests.factories.users import make_user

# What two runs of the same session cannot have in common.
OWN = {"id", "user_id", "session_id", "assignment_id", "attempt_id", "client_key", "effects"}


@dataclass(frozen=True)
class Demo:
    url: URL
    files: Path
    printed: str

    @property
    def logins(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(self.printed.strip().splitlines()[-1])["logins"]
        return found

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return run_script(self.url, self.files, *arguments, **variables)


def run_script(url: URL, files: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    settings = {
        "APP_DATABASE__URL": url.render_as_string(hide_password=False),
        "APP_FILES__DIRECTORY": str(files),
        "APP_SECRET_KEY": SECRET,
        "APP_ENVIRONMENT": "test",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "seed_data.py"), *arguments],
        env={**os.environ, **settings, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture(scope="module")
def demo(server_url: URL, worker: str, _pristine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    name, files = f"studium_demo_{worker}", tmp_path_factory.mktemp("demo-files")
    url = create_database(server_url, name, _pristine)
    done = run_script(url, files)
    assert done.returncode == 0, done.stderr
    yield Demo(url, files, done.stdout)
    drop_database(server_url, name)


@pytest.fixture
def connection(demo: Demo) -> Iterator[Connection]:
    """The session and the client of a test see the demo; what they change is rolled back."""
    engine = create_engine(demo.url)
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()
    engine.dispose()


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def first_subject(session: Session) -> UUID:
    return session.scalars(select(Subject.id)).one()


def test_the_course_is_complete_and_published(session: Session, demo: Demo) -> None:
    assert count(session, Skill) == 14
    assert count(session, SkillPrerequisite) == 21
    assert set(session.scalars(select(Question.status))) == {"published"}
    assert set(session.scalars(select(Question.type))) == {kind.value for kind in QuestionType}
    for media in session.scalars(select(Media)):
        assert (demo.files / media.sha256[:2] / media.sha256[2:4] / media.sha256).stat().st_size == media.size


def test_the_passwords_obey_the_rules(demo: Demo) -> None:
    assert [login["role"] for login in demo.logins] == ["student", "teacher", "admin"]
    for login in demo.logins:
        assert canonical_email(login["email"]) == login["email"]
        assert password_weakness(login["password"], email=login["email"], role=Role(login["role"])) is None


def test_a_second_run_changes_nothing(demo: Demo, session: Session) -> None:
    before = sizes(session)
    again = demo.run()
    assert again.returncode == 0
    assert "nothing was changed" in again.stdout
    assert json.loads(again.stdout.splitlines()[-1])["logins"] == demo.logins
    assert sizes(session) == before


def sizes(session: Session) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_production_gets_no_demo_logins(demo: Demo) -> None:
    mail = {"APP_MAIL__HOST": "mail.example.org", "APP_WEB__PUBLIC_URL": "https://example.org"}
    refused = demo.run(APP_ENVIRONMENT="production", APP_WEB__SECURE_COOKIES="true", **mail)
    assert refused.returncode == 1
    assert "--force" in refused.stderr


def test_thirty_students_practised_for_three_weeks(session: Session) -> None:
    assert count(session, LearnerStateRecord) == 30
    assert 3_000 < count(session, Attempt) < 4_500
    first, last = session.execute(select(func.min(Attempt.answered_at), func.max(Attempt.answered_at))).one()
    assert timedelta(days=17) < last - first <= timedelta(days=21)
    shares = dict(session.execute(select(AttemptGrade.state, func.count()).group_by(AttemptGrade.state)).all())
    assert set(shares) == {"right", "partial", "wrong"}
    assert 0.6 < shares["right"] / sum(shares.values()) < 0.85


def test_nobody_knows_the_passwords_of_the_simulated_students(session: Session) -> None:
    others = select(User.password_hash).where(User.role == "student", User.email != "student@demo.example")
    assert len(set(session.scalars(others))) == 1


def test_every_stored_grade_is_what_grading_says(session: Session) -> None:
    questions = QuestionCache()
    rows = session.execute(
        select(Attempt.response, Assignment.version_id, Assignment.seed, AttemptGrade)
        .join(Assignment, (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id))
        .join(AttemptGrade, (AttemptGrade.user_id == Attempt.user_id) & (AttemptGrade.attempt_id == Attempt.id))
    ).all()
    for response, version_id, seed, stored in rows:
        question = questions.get(session, version_id)
        graded = grade(question.content, question.key, Response.model_validate(response), seed=seed)
        assert (graded.state, graded.fraction, graded.parts) == (stored.state, stored.fraction, stored.parts)
        assert stored.key_id == question.key_id


def test_the_derived_rows_equal_their_replay(session: Session) -> None:
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_the_difficulties_follow_the_answers(session: Session) -> None:
    moved = session.execute(
        select(ItemParameter.difficulty - ItemParameter.prior, ItemParameter.answers).where(ItemParameter.answers > 0)
    ).all()
    assert len(moved) > 250
    assert all(change != 0 for change, _ in moved)
    assert sum(answers for _, answers in moved) == count(session, Attempt)


def test_a_seeded_session_equals_the_same_session_practised_live(session: Session) -> None:
    """Every session of one student is practised again through the service, by a new student at the same times."""
    session.execute(update(ItemParameter).values(difficulty=ItemParameter.prior, answers=0))
    seeded = session.scalars(select(User).where(User.email == "student@demo.example")).one()
    live = make_user(session)
    practise_again(session, seeded.id, live)
    for table, order in (
        (PracticeSession, PracticeSession.started_at),
        (Assignment, Assignment.id),
        (Attempt, Attempt.id),
        (AttemptGrade, AttemptGrade.attempt_id),
        (LearnerStateRecord, LearnerStateRecord.user_id),
        (LearnerSkillState, LearnerSkillState.skill_id),
    ):
        rows = [rows_of(session, table, user_id, order) for user_id in (seeded.id, live.id)]
        differences = [change for pair in zip(*rows, strict=True) for change in changes(*pair)]
        assert differences == [], table.__tablename__


def practise_again(session: Session, user_id: UUID, live: User) -> None:
    claims = AccessClaims(live.id, Role.STUDENT, live.token_version, new_id())
    pools, questions = PoolCache(PoolRepository(session).read, refresh_s=0), QuestionCache()
    service = PracticeService(session, pools, questions, PracticeSettings())
    own = PracticeSession.user_id == user_id
    for seeded in session.scalars(select(PracticeSession).where(own).order_by(PracticeSession.id)).all():
        wish = SessionCreate(subject_id=seeded.subject_id, mode="fixed", question_ids=seeded.question_ids)
        started = service.start(claims, wish, None, seeded.started_at)
        session.execute(update(PracticeSession).where(PracticeSession.id == started.id).values(seed=seeded.seed))
        session.execute(update(Assignment).where(Assignment.session_id == started.id).values(seed=seeded.seed % 2**31))
        assert started.current is not None
        shown = started.current.assignment_id
        for attempt in attempts_of(session, seeded):
            body = AnswerCreate(
                assignment_id=shown,
                client_key=str(new_id()),
                elapsed_ms=attempt.elapsed_ms,
                response=Response.model_validate(attempt.response),
            )
            reply = service.steps.answer(claims, started.id, body, attempt.answered_at)
            shown = reply.next.assignment_id if reply.next else shown


def attempts_of(session: Session, practice: PracticeSession) -> list[Attempt]:
    in_session = (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id)
    statement = select(Attempt).join(Assignment, in_session).where(Assignment.session_id == practice.id)
    return list(session.scalars(statement.order_by(Attempt.id)))


def rows_of(session: Session, table: type[Base], user_id: UUID, order: Any) -> list[dict[str, object]]:
    statement = select(table.__table__).where(table.__table__.c.user_id == user_id).order_by(order)
    return [comparable(dict(row)) for row in session.execute(statement).mappings()]


def comparable(row: dict[str, Any]) -> dict[str, object]:
    """Without the ids, but with what the effects say beside them."""
    effects = row.get("effects")
    kept = {name: value for name, value in row.items() if name not in OWN}
    return kept if effects is None else kept | {"effects": effects | {"next_id": effects["next_id"] is not None}}


def test_the_demo_student_finds_a_history_and_goes_on(demo: Demo, client: TestClient, session: Session) -> None:
    headers = log_in(client, demo.logins[0])
    subject_id = first_subject(session)
    progress = client.get(f"/api/v1/progress?subject_id={subject_id}", headers=headers).json()
    assert progress["answers"] > 50
    assert sum(skill["answers"] > 0 for skill in progress["skills"]) >= 5
    sessions = client.get("/api/v1/practice-sessions?limit=5", headers=headers).json()["items"]
    assert [each["status"] for each in sessions] == ["finished"] * 5
    assert sorted((each["started_at"] for each in sessions), reverse=True) == [each["started_at"] for each in sessions]
    summary = client.get(f"/api/v1/practice-sessions/{sessions[0]['id']}/summary", headers=headers).json()
    assert len(summary["questions"]) == sessions[0]["answered"]
    started = client.post("/api/v1/practice-sessions", json={"subject_id": str(subject_id)}, headers=headers)
    assert started.json()["current"]["question"]["stem"]


@pytest.mark.parametrize("role", list(Role))
def test_every_login_works(demo: Demo, client: TestClient, role: Role) -> None:
    login = next(login for login in demo.logins if login["role"] == role)
    me = client.get("/api/v1/users/me", headers=log_in(client, login)).json()
    assert me["role"] == role


def log_in(client: TestClient, login: dict[str, str]) -> dict[str, str]:
    reply = client.post("/api/v1/auth/login", json={"email": login["email"], "password": login["password"]})
    assert reply.status_code == 200, reply.text
    return {"Authorization": f"Bearer {reply.json()['access_token']}"}
