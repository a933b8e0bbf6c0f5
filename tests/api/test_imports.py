"""Imports as clients meet them; what they leave in the bank is tested in `integration`."""

import csv
import io
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.models import ImportJob, Job, Question, Subject
from app.services import import_runner, import_things
from tests.factories.imports import PATH, ReadingHere, Staff, csv_file, csv_row, csv_rows
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def teacher(client: TestClient, session: Session) -> Staff:
    return Staff(client, session, auth(client, make_user(session, role=Role.TEACHER)))


@pytest.fixture
def admin(client: TestClient, session: Session) -> Staff:
    return Staff(client, session, auth(client, make_user(session, role=Role.ADMIN)))


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_empty_file_is_refused(teacher: Staff, subject: Subject) -> None:
    reply = teacher.upload(subject, b"")
    assert (reply.status_code, reply.json()["detail"]) == (422, "The file is empty.")


def test_an_upload_answers_at_once_with_a_job(teacher: Staff, subject: Subject) -> None:
    reply = teacher.upload(subject, csv_file(*csv_rows(3)), "C:\\banks\\sums.csv", skill="Sums")
    body = reply.json()
    assert reply.status_code == 202
    assert (body["state"], body["filename"], body["job"]["status"]) == ("queued", "sums.csv", "queued")
    assert body["outcome"] == {"new": 0, "changed": 0, "identical": 0, "near_duplicate": 0, "error": 0}
    assert teacher.client.get(f"/api/v1/jobs/{body['job']['id']}", headers=teacher.headers).status_code == 200


def test_a_finished_import_tells_its_outcome(teacher: Staff, session: Session, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(3), csv_row(1), ",,A,x,y,z"), skill="Sums")
    assert (done["state"], done["format"], done["job"]["status"]) == ("committed", "csv", "succeeded")
    assert done["outcome"] == {"new": 3, "changed": 0, "identical": 1, "near_duplicate": 0, "error": 1}
    assert (done["job"]["progress_done"], done["job"]["progress_total"]) == (5, 5)
    assert session.scalars(select(Question.status).where(Question.subject_id == subject.id)).all() == ["published"] * 3
    made = teacher.client.get("/api/v1/questions", headers=teacher.headers, params={"import_id": done["id"]}).json()
    assert {item["status"] for item in made["items"]} == {"published"}
    assert len(made["items"]) == 3


def test_rows_come_in_pages_and_by_outcome(teacher: Staff, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(4), ",,A,x,y,z", csv_row(2)))
    first = teacher.get(f"/{done['id']}/rows", params={"limit": 4}).json()
    rest = teacher.get(f"/{done['id']}/rows", params={"limit": 4, "cursor": first["next_cursor"]}).json()
    assert [row["n"] for row in (*first["items"], *rest["items"])] == [1, 2, 3, 4, 5, 6]
    assert rest["next_cursor"] is None
    (error,) = teacher.rows(done["id"], outcome="error")
    assert (error["n"], error["code"], error["severity"], error["location"]["row"]) == (5, "E_EMPTY_STEM", "error", 5)
    assert error["location"]["line"] == 6
    (repeated,) = teacher.rows(done["id"], severity="warning")
    assert (repeated["outcome"], repeated["code"]) == ("identical", "W_DUP_ROW")
    assert repeated["question_id"] == teacher.rows(done["id"])[1]["question_id"]
    assert teacher.get(f"/{done['id']}/rows", params={"outcome": "odd"}).status_code == 422


def test_a_table_of_rows_can_jump_to_any_page(teacher: Staff, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(4), ",,A,x,y,z", csv_row(2), ",,A,x,y,z"), dry_run="true")
    whole = teacher.get(f"/{done['id']}/row-index", params={"limit": 3}).json()
    assert (whole["total"], whole["page_size"], whole["starts"]) == (7, 3, [0, 3, 6])
    assert [(each["code"], each["outcome"], each["count"]) for each in whole["counts"]] == [
        (None, "new", 4),
        ("E_EMPTY_STEM", "error", 2),
        ("W_DUP_ROW", "identical", 1),
    ]
    jumped = teacher.get(f"/{done['id']}/rows", params={"limit": 3, "after": whole["starts"][1]}).json()
    assert [row["n"] for row in jumped["items"]] == [4, 5, 6]
    errors = teacher.get(f"/{done['id']}/row-index", params={"limit": 1, "code": "E_EMPTY_STEM"}).json()
    assert (errors["total"], errors["starts"], errors["counts"]) == (2, [0, 5], whole["counts"])
    assert [row["n"] for row in teacher.rows(done["id"], code="E_EMPTY_STEM", after=5)] == [7]
    empty = teacher.get(f"/{done['id']}/row-index", params={"outcome": "changed"}).json()
    assert (empty["total"], empty["starts"]) == (0, [])


def test_a_dry_run_stores_nothing_and_becomes_real(teacher: Staff, session: Session, subject: Subject) -> None:
    content = csv_file(*csv_rows(3), ",,A,x,y,z")
    checked = teacher.imported(subject, content, dry_run="true")
    assert (checked["state"], checked["outcome"]["new"], count(session, Question)) == ("checked", 3, 0)
    assert [row["outcome"] for row in teacher.rows(checked["id"])] == ["new", "new", "new", "error"]
    assert teacher.post(f"/{checked['id']}/undo").json()["code"] == "import_state"
    committed = teacher.done(checked["id"], "commit")
    assert (committed["state"], committed["dry_run"], committed["outcome"]) == ("committed", False, checked["outcome"])
    assert count(session, Question) == 3
    again = teacher.post(f"/{checked['id']}/commit")
    assert (again.status_code, again.json()["job"]["id"]) == (202, committed["job"]["id"])


def test_the_table_of_a_dry_run_shows_what_would_change(teacher: Staff, subject: Subject) -> None:
    teacher.imported(subject, csv_file(csv_row(1, name="q1", tags="easy"), csv_row(2, name="q2")))
    changed = csv_file(csv_row(1, name="q1", answer="B", tags="easy;short"), csv_row(2, name="q2"))
    checked = teacher.imported(subject, changed, dry_run="true")
    assert checked["outcome"] == {"new": 0, "changed": 1, "identical": 1, "near_duplicate": 0, "error": 0}
    first, second = teacher.rows(checked["id"])
    assert first["changes"] == [
        {"field": "correct", "before": ["2"], "after": ["1"]},
        {"field": "tags", "before": ["easy"], "after": ["easy", "short"]},
    ]
    assert second["changes"] is None


def test_a_resend_with_the_same_key_is_the_same_import(teacher: Staff, session: Session, subject: Subject) -> None:
    key = {"Idempotency-Key": "import-key-1"}
    first = teacher.upload(subject, csv_file(*csv_rows(2)), headers=key)
    assert teacher.upload(subject, csv_file(*csv_rows(2)), headers=key).json() == first.json()
    other = teacher.upload(subject, csv_file(*csv_rows(3)), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert (count(session, ImportJob), count(session, Job)) == (1, 1)


def test_reports_as_json_and_as_a_table(teacher: Staff, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(2), ",,A,=cmd(),y,z"))
    reply = teacher.get(f"/{done['id']}/report")
    (entry,) = reply.json()["files"]
    assert (entry["file"], entry["format"], entry["count"]) == ("bank.csv", "csv", 2)
    assert [question["correct"] for question in entry["questions"]] == [["2"], ["3"]]
    assert [error["code"] for error in entry["errors"]] == ["E_EMPTY_STEM"]
    assert entry["outcome"] == {"new": 2, "changed": 0, "identical": 0, "near_duplicate": 0, "error": 1}
    assert reply.headers["content-disposition"].startswith("attachment")
    table = teacher.get(f"/{done['id']}/report.csv")
    lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(line["n"], line["outcome"], line["row"]) for line in lines] == [
        ("1", "new", "1"),
        ("2", "new", "2"),
        ("3", "error", "3"),
    ]


def test_no_cell_of_a_report_is_a_formula(teacher: Staff, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(',"=HYPERLINK(""x"")",A,1,2,3,,,'))
    table = teacher.get(f"/{done['id']}/report.csv").content.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(table))
    assert line["text"].startswith("'=HYPERLINK")


def test_no_report_before_the_end(teacher: Staff, subject: Subject) -> None:
    queued = teacher.upload(subject, csv_file(*csv_rows(1))).json()
    assert teacher.get(f"/{queued['id']}/report").json()["code"] == "import_state"


def test_columns_of_a_foreign_table(teacher: Staff, subject: Subject) -> None:
    table = b"Frage;Richtig;Erste;Zweite\nWie viel ist 1 + 1?;zwei;eins;zwei\n"
    columns = {"question": "Frage", "answer": "Richtig", "option_a": 2, "option_b": 3}
    done = teacher.imported(subject, table, "fragen.csv", columns=json.dumps(columns), dry_run="true")
    (question,) = teacher.get(f"/{done['id']}/report").json()["files"][0]["questions"]
    assert (question["options"], question["correct"]) == (["eins", "zwei"], ["zwei"])


@pytest.mark.parametrize(
    "form",
    [
        {"format": "no-such-format"},
        {"columns": "no json"},
        {"columns": json.dumps({"question": [1]})},
        {"unknown": "1"},
        {"skill": "x" * 201},
        {"subject_id": "none"},
    ],
)
def test_a_form_that_says_nonsense_is_refused(teacher: Staff, subject: Subject, form: dict[str, str]) -> None:
    reply = teacher.upload(subject, b"x", **form)
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")


def test_an_upload_needs_a_subject_that_takes_questions(teacher: Staff, session: Session, subject: Subject) -> None:
    archived = make_subject(session, archived_at=subject.created_at)
    assert teacher.upload(archived, b"x").json()["code"] == "import_state"
    assert teacher.upload(subject, b"x", subject_id=str(uuid4())).status_code == 404


def test_a_file_of_no_known_format_ends_with_a_reason(teacher: Staff, subject: Subject) -> None:
    done = teacher.imported(subject, b"\x00\x01\x02 nothing that anybody knows", "bank.bin")
    assert (done["state"], done["is_broken"], done["outcome"]["error"]) == ("committed", True, 1)
    assert teacher.rows(done["id"])[0]["code"] == "E_UNKNOWN_FORMAT"


def test_all_or_nothing_stores_nothing_beside_an_error(teacher: Staff, session: Session, subject: Subject) -> None:
    refused = teacher.imported(subject, csv_file(*csv_rows(3), ",,A,x,y,z"), all_or_nothing="true")
    assert (refused["state"], refused["outcome"]["new"], refused["outcome"]["error"]) == ("refused", 3, 1)
    assert count(session, Question) == 0
    assert teacher.post(f"/{refused['id']}/commit").json()["code"] == "import_state"
    taken = teacher.imported(subject, csv_file(*csv_rows(3)), all_or_nothing="true")
    assert (taken["state"], count(session, Question)) == ("committed", 3)


def test_a_queued_import_is_cancelled_and_gone_on_with(teacher: Staff, session: Session, subject: Subject) -> None:
    queued = teacher.upload(subject, csv_file(*csv_rows(2))).json()
    assert teacher.post(f"/{queued['id']}/cancel").json()["state"] == "cancelled"
    teacher.run_jobs()
    assert count(session, Question) == 0
    assert teacher.post(f"/{queued['id']}/cancel").json()["code"] == "import_state"
    assert teacher.done(queued["id"], "commit")["state"] == "committed"
    assert count(session, Question) == 2


def test_a_running_import_stops_before_its_next_chunk(
    teacher: Staff, session: Session, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_things, "CHUNK", 2)
    queued = teacher.upload(subject, csv_file(*csv_rows(5))).json()
    session.get_one(Job, UUID(queued["job"]["id"])).cancel_requested = True
    session.commit()
    teacher.run_jobs()
    stopped = teacher.read(queued["id"])
    assert (stopped["state"], stopped["outcome"]["new"], count(session, Question)) == ("cancelled", 2, 2)
    done = teacher.done(queued["id"], "commit")
    assert (done["state"], done["outcome"]["new"], count(session, Question)) == ("committed", 5, 5)


def test_what_a_stopped_import_stored_can_be_undone(
    teacher: Staff, session: Session, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_things, "CHUNK", 2)
    queued = teacher.upload(subject, csv_file(*csv_rows(5))).json()
    session.get_one(Job, UUID(queued["job"]["id"])).cancel_requested = True
    session.commit()
    teacher.run_jobs()
    assert teacher.done(queued["id"], "undo")["state"] == "undone"
    assert count(session, Question) == 0


def test_undoing_is_asked_for_once(teacher: Staff, session: Session, subject: Subject) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(3)))
    first, second = (teacher.post(f"/{done['id']}/undo").json() for _ in range(2))
    assert (first["state"], second["job"]["id"]) == ("undoing", first["job"]["id"])
    teacher.run_jobs()
    undone = teacher.read(done["id"])
    assert (undone["state"], count(session, Question)) == ("undone", 0)
    assert teacher.post(f"/{done['id']}/undo").status_code == 409
    assert teacher.post(f"/{done['id']}/commit").status_code == 409


def test_imports_of_somebody_else_do_not_exist(
    client: TestClient, session: Session, teacher: Staff, admin: Staff, subject: Subject
) -> None:
    done = teacher.imported(subject, csv_file(*csv_rows(1)))
    other = Staff(client, session, auth(client, make_user(session, role=Role.TEACHER)))
    for path in ("", "/rows", "/report", "/report.csv"):
        assert other.get(f"/{done['id']}{path}").status_code == 404
        assert admin.get(f"/{done['id']}{path}").status_code == 200
    for action in ("commit", "cancel", "undo"):
        assert other.post(f"/{done['id']}/{action}").status_code == 404
    assert other.get("").json()["items"] == []
    assert [item["id"] for item in admin.get("").json()["items"]] == [done["id"]]


def test_students_import_nothing(client: TestClient, session: Session, subject: Subject) -> None:
    student = Staff(client, session, auth(client, make_user(session)))
    assert student.upload(subject, b"x").status_code == 403
    for path in ("", "/template.csv", "/template.xlsx"):
        assert student.get(path).status_code == 403
    assert client.post(PATH, files={"file": b"x"}).status_code == 401


def test_a_list_takes_the_same_queries_however_long_it_is(teacher: Staff, session: Session, subject: Subject) -> None:
    for number in range(4):
        teacher.upload(subject, csv_file(*csv_rows(1, number)))
    page = teacher.get("", params={"limit": 3}).json()
    rest = teacher.get("", params={"limit": 3, "cursor": page["next_cursor"]}).json()
    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [3, 1, None]
    assert page["items"][0]["created_at"] >= page["items"][2]["created_at"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_as_it_is_written(teacher: Staff, subject: Subject, ending: str) -> None:
    template = teacher.get(f"/template.{ending}")
    assert template.headers["content-disposition"] == f"attachment; filename*=UTF-8''questions.{ending}"
    done = teacher.imported(subject, template.content, f"questions.{ending}", dry_run="true")
    assert (done["format"], done["outcome"]["new"], done["outcome"]["error"]) == (ending, 6, 0)


def test_formats_are_listed(teacher: Staff) -> None:
    reply = teacher.client.get("/api/v1/formats", headers=teacher.headers).json()
    formats = {item["name"]: item for item in reply["items"]}
    assert formats["gift"] == {
        "name": "gift",
        "title": "Moodle GIFT",
        "reads": True,
        "writes": True,
        "extensions": [".gift"],
    }
    assert formats["opentrivia"]["writes"] is False
