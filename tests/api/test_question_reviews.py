"""Questions read from papers wait until a member of staff has compared them with their page."""

import io
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType, Role
from app.domain.question_draft import QuestionDraft
from app.formats.drafts import weighted_options
from app.models import AuditEvent, Question, Subject
from app.services import import_runner
from tests.factories.imports import ReadingHere, Staff, json_file
from tests.factories.papers import pdf_file, rows
from tests.factories.questions import choice_draft
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/question-reviews"
PAPER = pdf_file(
    rows(
        """
1. Which planet is the largest?
A) Mars
B) Jupiter
C) Venus

2. Which gas do plants take in?
A) Oxygen
B) Carbon dioxide
C) Helium

3. Which metal is liquid at room temperature?
A) Iron
B) Mercury
C) Zinc

Answers: 1. B 2. B
"""
    )
)
WITH_KEY = {QuestionType.SINGLE_CHOICE, QuestionType.SHORT_ANSWER}
REGION: dict[str, JsonValue] = {"page": 1, "box": [0.1, 0.1, 0.9, 0.2]}


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def teacher(client: TestClient, session: Session) -> Staff:
    return Staff(client, session, auth(client, make_user(session, role=Role.TEACHER)))


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def imported(teacher: Staff, subject: Subject) -> dict[str, Any]:
    done = teacher.imported(subject, PAPER, "paper.pdf", skill="Nature")
    assert done["outcome"]["new"] == 3
    teacher.run_jobs()  # the pictures
    return done


def listed(teacher: Staff, **query: Any) -> list[dict[str, Any]]:
    reply = teacher.client.get(PATH, params=query, headers=teacher.headers)
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


def read(teacher: Staff, review_id: str) -> dict[str, Any]:
    reply = teacher.client.get(f"{PATH}/{review_id}", headers=teacher.headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def post(teacher: Staff, path: str, body: dict[str, Any] | None = None) -> Any:
    return teacher.client.post(PATH + path, json=body or {}, headers=teacher.headers)


def statuses(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Question.status).order_by(Question.number)))


def test_what_a_paper_asks_waits_for_a_look_and_is_not_published(
    teacher: Staff, session: Session, imported: dict[str, Any]
) -> None:
    assert statuses(session) == ["review"] * 3
    waiting = listed(teacher, import_id=imported["id"])
    assert [(item["stem"], item["page"], item["filename"]) for item in waiting] == [
        ("Which planet is the largest?", 1, "paper.pdf"),
        ("Which gas do plants take in?", 1, "paper.pdf"),
        ("Which metal is liquid at room temperature?", 1, "paper.pdf"),
    ]
    assert [(item["confidence"], item["is_key_missing"]) for item in waiting] == [(1, False), (1, False), (1, True)]
    assert listed(teacher, max_confidence=0.85) == []
    assert listed(teacher, subject_id=str(uuid4())) == listed(teacher, accepted=True) == []


def test_certainty_is_that_of_what_was_read_and_an_essay_lacks_no_key(teacher: Staff, subject: Subject) -> None:
    kinds: dict[QuestionType, list[str]] = {
        QuestionType.ESSAY: [],
        QuestionType.DESCRIPTION: [],
        QuestionType.SINGLE_CHOICE: ["Mars", "Jupiter"],
        QuestionType.SHORT_ANSWER: [],
    }
    questions = [
        QuestionDraft(
            type=kind,
            stem=f"{kind.value} {share}?",
            options=weighted_options(texts, set()),
            extensions={"reading": {"confidence": share, "stem_confidence": share, "regions": [REGION]}},
        )
        for kind, texts in kinds.items()
        for share in (1.0, 0.6)
    ]
    teacher.imported(subject, json_file(questions), "read.json")
    seen = [(item["type"], item["confidence"], item["is_key_missing"]) for item in listed(teacher)]
    assert seen == [(kind, share, kind in WITH_KEY) for kind in kinds for share in (1.0, 0.6)]
    assert [item["confidence"] for item in listed(teacher, max_confidence=0.85)] == [0.6] * len(kinds)
    keys = [read(teacher, item["id"])["fields"]["key"] for item in listed(teacher)]
    assert keys == [None] * 4 + [0] * 4


def test_a_review_shows_the_place_on_the_page(teacher: Staff, imported: dict[str, Any]) -> None:
    found = read(teacher, listed(teacher)[0]["id"])
    assert found["fields"] == {"stem": 1.0, "options": [1.0, 1.0, 1.0], "key": 1.0}
    assert (found["draft"]["stem"], found["are_crops_ready"]) == ("Which planet is the largest?", True)
    (crop,) = found["crops"]
    reply = teacher.client.get(crop["url"], headers=teacher.headers)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(reply.content)) as picture:
        left, top, right, bottom = crop["box"]
        assert picture.width / picture.height == pytest.approx((right - left) * 595 / ((bottom - top) * 842), rel=0.5)
        assert picture.convert("L").getextrema()[0] < 100  # there is something to read
    assert teacher.client.get(crop["url"][:-1] + "7", headers=teacher.headers).status_code == 404


def test_an_accepted_question_is_published_and_leaves_the_queue(
    teacher: Staff, session: Session, imported: dict[str, Any]
) -> None:
    first, *others = listed(teacher)
    for _ in range(2):
        accepted = post(teacher, f"/{first['id']}/accept")
        assert (accepted.status_code, accepted.json()["status"]) == (200, "published")
    assert [item["id"] for item in listed(teacher)] == [item["id"] for item in others]
    assert [item["id"] for item in listed(teacher, accepted=True)] == [first["id"]]
    assert statuses(session) == ["published", "review", "review"]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("question_review.%"))).all()
    assert actions == ["question_review.accepted"]


def test_a_question_without_a_key_is_accepted_once_it_has_one(
    teacher: Staff, session: Session, imported: dict[str, Any]
) -> None:
    last = listed(teacher)[2]
    refused = post(teacher, f"/{last['id']}/accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_publishable")
    found = read(teacher, last["id"])
    assert [each["code"] for each in found["problems"]] == ["E_NO_CORRECT"]
    draft = found["draft"]
    draft["options"][1]["weight"] = 1.0
    stale = post(teacher, f"/{last['id']}/accept", {"draft": draft, "revision": found["revision"] + 1})
    assert stale.json()["code"] == "stale_revision"
    accepted = post(teacher, f"/{last['id']}/accept", {"draft": draft, "revision": found["revision"]})
    assert (accepted.json()["status"], accepted.json()["draft"]["options"][1]["weight"]) == ("published", 1.0)
    assert statuses(session) == ["review", "review", "published"]


def test_a_question_may_be_accepted_as_a_draft(teacher: Staff, session: Session, imported: dict[str, Any]) -> None:
    last = listed(teacher)[2]
    assert post(teacher, f"/{last['id']}/accept", {"publish": False}).json()["status"] == "draft"
    assert len(listed(teacher)) == 2


def test_a_rejected_question_is_gone(teacher: Staff, session: Session, imported: dict[str, Any]) -> None:
    first = listed(teacher)[0]
    assert post(teacher, f"/{first['id']}/reject").status_code == 204
    assert statuses(session) == ["review", "review"]
    assert post(teacher, f"/{first['id']}/reject").status_code == 404
    second = listed(teacher)[0]
    post(teacher, f"/{second['id']}/accept")
    assert post(teacher, f"/{second['id']}/reject").json()["code"] == "question_shown"


def test_many_are_accepted_at_once(teacher: Staff, session: Session, imported: dict[str, Any]) -> None:
    ids = [item["id"] for item in listed(teacher)]
    unknown = str(uuid4())
    for outcome in ("done", "unchanged"):
        reply = post(teacher, "/accept", {"ids": [*ids, unknown]})
        assert [item["outcome"] for item in reply.json()["items"]] == [outcome, outcome, "refused", "not_found"]
    assert reply.json()["items"][2]["problems"][0]["code"] == "E_NO_CORRECT"
    assert statuses(session) == ["published", "published", "review"]


def test_pages_of_the_queue(teacher: Staff, imported: dict[str, Any]) -> None:
    first = teacher.client.get(PATH, params={"limit": 2}, headers=teacher.headers).json()
    more = {"limit": 2, "cursor": first["next_cursor"]}
    rest = teacher.client.get(PATH, params=more, headers=teacher.headers).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]


def test_undoing_the_import_empties_the_queue(teacher: Staff, imported: dict[str, Any]) -> None:
    assert teacher.done(imported["id"], "undo")["state"] == "undone"
    assert listed(teacher) == []


def test_nobody_but_staff_sees_the_queue(client: TestClient, session: Session, imported: dict[str, Any]) -> None:
    student = auth(client, make_user(session))
    for path in ("", f"/{uuid4()}", f"/{uuid4()}/crops/0"):
        assert client.get(PATH + path, headers=student).status_code == 403
        assert client.get(PATH + path).status_code == 401


def test_a_guess_is_reviewed_and_what_a_dry_run_reads_is_not(
    teacher: Staff, session: Session, subject: Subject
) -> None:
    teacher.imported(subject, PAPER, "paper.pdf", dry_run="true")
    assert listed(teacher) == []
    sure, guess = (
        choice_draft(extensions={"reading": {"confidence": confidence, "key_from": "bold"}})
        for confidence in (1.0, 0.6)
    )
    odd = choice_draft(extensions={"reading": {"confidence": "high", "regions": 7}})
    teacher.imported(subject, json_file([sure, guess, odd]), "questions.json", skill="Nature")
    assert statuses(session) == ["published", "review", "published"]
    (waiting,) = listed(teacher)
    found = read(teacher, waiting["id"])
    assert (waiting["confidence"], found["crops"], found["are_crops_ready"]) == (0.6, [], True)
