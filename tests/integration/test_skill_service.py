import threading
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.models import SkillPrerequisite
from app.services.skill_service import CyclicPrerequisitesError, SkillService
from tests.conftest import migrate
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import actor_of, make_user


@pytest.mark.own_database
def test_two_edits_at_once_do_not_close_a_circle(empty_database_url: URL) -> None:
    migrate(empty_database_url)
    engine = create_engine(empty_database_url)
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        subject = make_subject(session)
        first, second = make_skill(session, subject).id, make_skill(session, subject).id
        actor = actor_of(make_user(session, role=Role.TEACHER))
    outcomes = _at_once(sessions, actor, [(first, second), (second, first)])
    with sessions() as session:
        edges = session.scalar(select(func.count()).select_from(SkillPrerequisite))
    engine.dispose()
    assert sorted(outcomes) == ["added", "refused"]
    assert edges == 1


def _at_once(sessions: sessionmaker[Session], actor: Actor, edges: list[tuple[UUID, UUID]]) -> list[str]:
    """Both transactions are open before either edits, and neither commits before both have tried."""
    outcomes: list[str] = []
    start = threading.Barrier(len(edges))

    def add(skill_id: UUID, prerequisite_id: UUID) -> None:
        try:
            with sessions.begin() as session:
                session.connection()
                start.wait(timeout=10)
                SkillService(session, utc_now()).add_prerequisite(actor, skill_id, prerequisite_id)
            outcomes.append("added")
        except CyclicPrerequisitesError:
            outcomes.append("refused")

    threads = [threading.Thread(target=add, args=edge) for edge in edges]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_named_skills_are_found_or_made(session: Session) -> None:
    subject = make_subject(session)
    known = make_skill(session, subject, code="frac", name="Fractions")
    names = ["frac", "FRACTIONS", "Größe & Maß", "größe  maß"]
    made = SkillService(session, utc_now()).ensure(subject.id, names)
    assert made["frac"] is made["FRACTIONS"] is known
    codes = [made[name].code for name in names[2:]]
    assert codes == ["gr-e-ma", "gr-e-ma-2"]
