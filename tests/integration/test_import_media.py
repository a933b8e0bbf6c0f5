"""Pictures that come with questions."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.integrations.storage import LocalFileStore
from app.models import Media
from app.services import import_runner
from app.services.question_files import media_url
from tests.factories.imports import Desk, ReadingHere, moodle_file, png
from tests.factories.questions import current_version
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path) -> Desk:
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject_id)


def test_a_picture_is_stored_before_its_question(desk: Desk, session: Session) -> None:
    content = moodle_file(png())
    dry = desk.work(desk.add(content, "bank.xml", dry_run=True)).counts
    assert session.scalars(select(Media)).all() == []
    assert desk.outcome(content, "bank.xml") == dry == {"new": 1}
    (media,) = session.scalars(select(Media)).all()
    (question,) = desk.questions()
    assert media_url(media.id) in current_version(session, question).content["stem"]
    assert (question.status, desk.draft(question).media[0].sha256) == ("published", media.source_sha256)
    assert desk.outcome(content, "renamed.xml") == {"identical": 1}


def test_a_picture_may_be_named_by_its_address(desk: Desk, session: Session) -> None:
    desk.outcome(moodle_file(png()), "bank.xml")
    (media,) = session.scalars(select(Media)).all()
    content = f'stem,type,correct\n"Is it blue? <img src=""{media_url(media.id)}"" alt=""A map"">",true_false,true\n'
    assert desk.outcome(content.encode(), "more.csv") == {"new": 1}
    question = desk.questions()[-1]
    assert [ref.sha256 for ref in desk.draft(question).media] == [media.source_sha256]
    assert desk.outcome(content.encode(), "renamed.csv") == {"identical": 1}


def test_a_broken_picture_is_named_and_its_question_stays_a_draft(desk: Desk, session: Session) -> None:
    import_id = desk.add(moodle_file(png()[:40]), "bank.xml")
    desk.work(import_id)
    (row,) = desk.rows(import_id)
    assert (row.outcome, row.code, row.severity) == ("new", "W_MISSING_MEDIA", "warning")
    assert "broken" in row.message
    assert desk.questions()[0].status == "draft"
    assert session.scalars(select(Media)).all() == []


def test_a_picture_that_is_not_there_keeps_a_question_from_students(desk: Desk) -> None:
    without = moodle_file(png()).replace(b'<file name="map.png"', b'<file name="other.png"')
    import_id = desk.add(without, "bank.xml")
    desk.work(import_id)
    assert [row.code for row in desk.rows(import_id)] == ["W_MISSING_MEDIA"]
    assert [question.status for question in desk.questions()] == ["draft"]
