from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, Role
from app.domain.question_draft import QuestionDraft
from app.models import Subject
from app.services import export_work, import_runner
from tests.factories.imports import ReadingHere, Staff, moodle_file, png
from tests.factories.questions import choice_draft, make_question, make_tag, text_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user
from tests.unit.domain.question_samples import sample_drafts

PATH = "/api/v1/exports"


@pytest.fixture(autouse=True)
def _small_pages_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)
    monkeypatch.setattr(export_work, "PAGE", 2)


@pytest.fixture
def teacher(client: TestClient, session: Session) -> Staff:
    return Staff(client, session, auth(client, make_user(session, role=Role.TEACHER)))


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session, code="History 2")


def export(teacher: Staff, subject: Subject, format_name: str) -> dict[str, Any]:
    """The export after its job has run."""
    body = {"subject_id": str(subject.id), "format": format_name}
    reply = teacher.client.post(PATH, json=body, headers=teacher.headers)
    assert reply.status_code == 202, reply.text
    teacher.run_jobs()
    done: dict[str, Any] = teacher.client.get(f"{PATH}/{reply.json()['id']}", headers=teacher.headers).json()
    return done


def download(teacher: Staff, export_id: str) -> bytes:
    reply = teacher.client.get(f"{PATH}/{export_id}/file", headers=teacher.headers)
    assert reply.status_code == 200, reply.text
    return reply.content


def test_our_own_format_loses_nothing(teacher: Staff, session: Session, subject: Subject) -> None:
    skill, tag = make_skill(session, subject, name="Dates"), make_tag(session, "exam")
    for draft in sample_drafts():
        make_question(session, subject, draft, skills=[skill], tags=[tag])
    done = export(teacher, subject, "json")
    assert (done["status"], done["filename"], done["loss_count"], done["losses"]) == (
        "succeeded",
        "History-2.json",
        0,
        [],
    )
    assert done["progress_done"] == done["progress_total"] == len(sample_drafts())
    content = download(teacher, done["id"])
    assert done["size"] == len(content)
    other = make_subject(session)
    imported = teacher.imported(other, content, "History-2.json")
    added = imported["outcome"]["new"] + imported["outcome"]["near_duplicate"]
    assert (added, imported["outcome"]["error"]) == (len(sample_drafts()), 0)
    again = download(teacher, export(teacher, other, "json")["id"])
    assert teacher.imported(other, again, "again.json")["outcome"]["identical"] == len(sample_drafts())


def test_what_a_format_cannot_carry_is_listed(teacher: Staff, session: Session, subject: Subject) -> None:
    make_question(session, subject, choice_draft())
    make_question(session, subject, text_draft("yes"))
    done = export(teacher, subject, "aiken")
    assert done["loss_count"] > 0
    assert done["losses"][-1]["position"] == 2


def test_pictures_leave_with_their_questions(teacher: Staff, session: Session, subject: Subject) -> None:
    teacher.imported(subject, moodle_file(png()), "map.xml")
    done = export(teacher, subject, "moodle_xml")
    content = download(teacher, done["id"])
    assert b'<file name="map.png"' in content
    imported = teacher.imported(make_subject(session), content, "map.xml")
    assert imported["outcome"] == {"new": 1, "changed": 0, "identical": 0, "near_duplicate": 0, "error": 0}


def test_retired_questions_stay_at_home(teacher: Staff, session: Session, subject: Subject) -> None:
    make_question(session, subject, choice_draft(stem="Old?"), status=QuestionStatus.RETIRED)
    make_question(session, subject, choice_draft(stem="Unfinished?"), status=QuestionStatus.DRAFT)
    content = download(teacher, export(teacher, subject, "json")["id"])
    assert b"Unfinished?" in content
    assert b"Old?" not in content


def test_a_download_is_an_attachment(teacher: Staff, session: Session, subject: Subject) -> None:
    make_question(session, subject, QuestionDraft.model_validate(choice_draft().model_dump()))
    done = export(teacher, subject, "csv")
    headers = teacher.client.get(f"{PATH}/{done['id']}/file", headers=teacher.headers).headers
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''History-2.csv"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-type"].startswith("text/csv")


def test_refusals(client: TestClient, session: Session, teacher: Staff, subject: Subject) -> None:
    body = {"subject_id": str(subject.id), "format": "opentrivia"}
    assert client.post(PATH, json=body, headers=teacher.headers).status_code == 422
    queued = client.post(PATH, json={**body, "format": "json"}, headers=teacher.headers).json()
    early = client.get(f"{PATH}/{queued['id']}/file", headers=teacher.headers)
    assert (early.status_code, early.json()["code"]) == (409, "export_state")
    other = Staff(client, session, auth(client, make_user(session, role=Role.TEACHER)))
    for path in ("", "/file"):
        assert client.get(f"{PATH}/{queued['id']}{path}", headers=other.headers).status_code == 404
    upload = teacher.upload(subject, b"x").json()
    assert client.get(f"{PATH}/{upload['job']['id']}", headers=teacher.headers).status_code == 404
