"""Exams whose time is up are handed in although their student is gone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import JobStatus, PracticeMode, Role, UserStatus
from app.models import AnswerDraft, Assignment, Job, PracticeSession, User
from app.repositories.exam_repository import ExamRepository
from app.repositories.job_repository import JobRepository
from app.schemas.practice import ExamCreate, SessionCreate
from app.services.practice_caches import PracticeCaches
from app.services.practice_service import PracticeService
from app.tasks import practice_tasks  # noqa: F401  # registers the handler
from app.tasks.runtime import execute
from app.utils.ids import new_id
from tests.conftest import make_settings
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

pytestmark = pytest.mark.own_database
AGO = timedelta(minutes=11)


@pytest.fixture
def own(own_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    resources = Resources.open(make_settings(own_database_url, tmp_path_factory.mktemp("files")))
    yield resources
    resources.close()


def start_exam(resources: Resources, session: Session, minutes: int) -> UUID:
    """An exam of one student that began eleven minutes ago, with a saved draft."""
    started_at, subject, user = utc_now() - AGO, make_subject(session), make_user(session)
    ids = make_questions(session, subject, 2, [make_skill(session, subject)])
    session.commit()
    caches = PracticeCaches.open(resources)
    practice = PracticeService(session, caches.pools, caches.questions, resources.settings.practice)
    claims = AccessClaims(user.id, Role.STUDENT, user.token_version, new_id())
    test = ExamCreate(time_limit_minutes=minutes)
    wish = SessionCreate(subject_id=subject.id, mode=PracticeMode.EXAM, question_ids=ids, test=test)
    started = practice.start(claims, wish, None, started_at)
    assert started.current is not None
    option = started.current.question.options[0].id
    ExamRepository(session).save_draft(user.id, started.current.assignment_id, {"choice": option}, started_at)
    session.commit()
    caches.close()
    return started.id


def run_job(resources: Resources) -> Job:
    with resources.sessions.begin() as session:
        job_id = JobRepository(session).enqueue(JobKind.FINISH_EXAMS).id
    execute(job_id, resources)
    with resources.sessions() as session:
        return session.get_one(Job, job_id)


def test_only_what_is_overdue_is_handed_in_with_its_drafts(own: Resources) -> None:
    with own.sessions() as session:
        overdue, running = start_exam(own, session, 10), start_exam(own, session, 20)
    jobs = [run_job(own) for _ in range(2)]
    assert [(job.status, job.result["finished"]) for job in jobs] == [
        (JobStatus.SUCCEEDED, 1),
        (JobStatus.SUCCEEDED, 0),
    ]
    with own.sessions() as session:
        states = {practice.id: practice.status for practice in session.scalars(select(PracticeSession))}
        answered = session.scalars(select(Assignment.session_id).where(Assignment.state["tries"].astext == "1")).all()
        drafts = session.scalars(select(AnswerDraft.assignment_id)).all()
    assert states == {overdue: "finished", running: "active"}
    assert (answered, len(drafts)) == ([overdue], 1)


def test_the_exam_of_somebody_who_is_suspended_waits(own: Resources) -> None:
    with own.sessions() as session:
        start_exam(own, session, 10)
        session.execute(update(User).values(status=UserStatus.SUSPENDED.value))
        session.commit()
    assert run_job(own).result == {"finished": 0}
