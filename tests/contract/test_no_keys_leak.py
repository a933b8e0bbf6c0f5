"""A student practises questions of every type; until a question is finished, nothing sent holds anything of its key."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session

from app.domain.enums import Behaviour, QuestionType
from app.domain.question_draft import Criterion, QuestionDraft
from app.domain.question_parts import OptionKey, QuestionContent, QuestionKey
from app.models import Subject
from scripts.launcher.checks import some_response
from tests.contract.operations import operations
from tests.factories.practice import Student
from tests.factories.questions import make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user
from tests.unit.domain.question_samples import sample_drafts

CANARY = "canary"
NUMBER = 739173917
TOLD = "told after a wrong try"
HINTS = ("first hint", "second hint")
KEY_MEMBERS = {*QuestionKey.model_fields, *OptionKey.model_fields} - QuestionContent.model_fields.keys()
PUT_OFF = {Behaviour.DEFERRED, Behaviour.EXAM}
WITH_HINTS = {Behaviour.IMMEDIATE, Behaviour.ADAPTIVE, Behaviour.INTERACTIVE}


def with_canaries(value: Any) -> Any:
    """The canary in every text and number that gives an answer away; what an option says is told to who chooses it."""
    if isinstance(value, list):
        return [with_canaries(member) for member in value]
    if not isinstance(value, dict):
        return value
    is_option = "html" in value
    singing = {
        "feedback": TOLD if is_option else CANARY,
        "label": CANARY,
        "explanation": CANARY,
        "expression": f"{value.get('expression')} + {NUMBER}000",
    }
    changed = {name: singing[name] for name, member in value.items() if name in singing and isinstance(member, str)}
    if "value" in value:
        changed["value"] = CANARY if isinstance(value["value"], str) else NUMBER + 0.5
    return {name: changed.get(name, with_canaries(member)) for name, member in value.items()}


def drafts() -> Iterator[QuestionDraft]:
    extra = {
        "hints": HINTS,
        "feedback": {"correct": CANARY, "partial": TOLD, "incorrect": TOLD},
        "rubric": [Criterion(id="r", text=CANARY, points=1).model_dump()],
        "extensions": {"key": CANARY},
        "explanation": CANARY,
    }
    for draft in [*sample_drafts(), QuestionDraft(type=QuestionType.ESSAY, stem="Write.")]:
        if draft.type is QuestionType.DESCRIPTION:  # has no answer, so it is never asked
            continue
        yield QuestionDraft.model_validate(with_canaries(draft.model_dump(mode="json")) | extra)


def leaks(reply: Response, *told: str) -> list[str]:
    """What of a key stands in a reply; `told` are the hints that were asked for."""
    secrets = {CANARY, str(NUMBER), TOLD, *HINTS} - set(told)
    return sorted(secret for secret in secrets if secret in reply.text) + key_members(reply.json())


def key_members(value: Any, *, is_shown: bool = False) -> list[str]:
    if isinstance(value, list):
        return [found for member in value for found in key_members(member, is_shown=is_shown)]
    if not isinstance(value, dict):
        return []
    found = sorted(KEY_MEMBERS & value.keys()) if is_shown else []
    for name, member in value.items():
        found += key_members(member, is_shown=is_shown or name == "question")
    return found


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    session.commit()
    return subject


@pytest.fixture
def questions(session: Session, subject: Subject) -> list[UUID]:
    skill = make_skill(session, subject)
    made = [make_question(session, subject, draft, skills=[skill]).id for draft in drafts()]
    session.commit()
    return made


@pytest.fixture
def student(client: TestClient, session: Session) -> Student:
    user = make_user(session)
    session.commit()
    return Student(client, session, user)


def begin(student: Student, subject: Subject, questions: list[UUID], behaviour: Behaviour) -> None:
    wish = {"mode": "fixed", "question_ids": [str(question) for question in questions], "behaviour": behaviour.value}
    student.start(subject, **wish)


def test_every_type_is_practised_and_sings() -> None:
    assert {draft.type for draft in drafts()} == set(QuestionType) - {QuestionType.DESCRIPTION}
    assert all(CANARY in draft.model_dump_json() for draft in drafts())


@pytest.mark.parametrize("behaviour", Behaviour)
def test_practice_tells_nothing_too_early(
    student: Student, subject: Subject, questions: list[UUID], behaviour: Behaviour
) -> None:
    begin(student, subject, questions, behaviour)
    path = f"/api/v1/practice-sessions/{student.practice['id']}"
    for _ in questions:
        told = take_a_hint(student, behaviour)
        for reply in (student.get(path), student.send_answer({"response": {"choices": []}, "certainty": 1})):
            assert leaks(reply, *told) == []
        try_until_finished(student, behaviour, told)
    finished = student.post(f"{path}/finish")
    assert leaks(finished) == []
    assert CANARY in student.get(f"{path}/summary").text


def take_a_hint(student: Student, behaviour: Behaviour) -> tuple[str, ...]:
    reply = student.step("hints", {})
    assert reply.status_code == (201 if behaviour in WITH_HINTS else 409)
    assert leaks(reply, HINTS[0]) == []
    return HINTS[:1] if behaviour in WITH_HINTS else ()


def try_until_finished(student: Student, behaviour: Behaviour, told: tuple[str, ...]) -> None:
    """Some answer, then the right one; a deferred answer moves on although nothing is told."""
    assert student.shown is not None
    reply = student.send_answer({"response": first_response(student), "certainty": 1})
    assert reply.status_code == 201, reply.text
    if behaviour in PUT_OFF:
        assert leaks(reply) == []
    elif not reply.json()["finished"]:
        may_be_told = (*told, TOLD, *HINTS) if behaviour is Behaviour.INTERACTIVE else (*told, TOLD)
        assert leaks(reply, *may_be_told) == []
        reply = student.send_answer({"response": student.response(right=True), "certainty": 1})
        assert reply.json()["finished"]
        assert CANARY in reply.text
    student.shown = reply.json()["next"]


def first_response(student: Student) -> dict[str, Any]:
    """Well-formed, right only by chance; no pair is matched right, because that would rightly earn its feedback."""
    question = (student.shown or {})["question"]
    if question["type"] != QuestionType.MATCHING:
        return some_response(question)
    right = student.response(right=True)["pairs"]
    others = {left: [each["id"] for each in question["rights"] if each["id"] != right[left]] for left in right}
    return {"pairs": {left: wrong[0] for left, wrong in others.items()}}


def test_putting_questions_aside_tells_nothing(student: Student, subject: Subject, questions: list[UUID]) -> None:
    begin(student, subject, questions, Behaviour.IMMEDIATE)
    for reason in ["not_now", "too_easy"] * (len(questions) // 2):
        reply = student.step("skips", {"reason": reason})
        assert reply.status_code == 201
        assert leaks(reply) == []
        student.shown = reply.json()["next"]


def test_no_other_page_tells_anything(
    app: FastAPI, student: Student, subject: Subject, questions: list[UUID], session: Session
) -> None:
    begin(student, subject, questions, Behaviour.IMMEDIATE)
    shown = student.shown or {}
    ids = {
        "subject_id": str(subject.id),
        "session_id": student.practice["id"],
        "question_id": shown["question_id"],
        "assignment_id": shown["assignment_id"],
        "user_id": str(student.user.id),
    }
    pages = [operation for operation in operations(app) if operation.method == "GET" and operation.described]
    replies = {page.name: page.send(student.client, student.headers, ids) for page in pages}
    assert sum(reply.status_code == 200 for reply in replies.values()) > 10
    assert {name: leaks(reply) for name, reply in replies.items() if leaks(reply)} == {}
