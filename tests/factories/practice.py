"""Practising over HTTP, as a client does it."""

from itertools import count
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from httpx import Response as HttpResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.grading import correct_response
from app.domain.question_parts import QuestionContent, QuestionKey
from app.models import Assignment, QuestionKeyRecord, QuestionVersion, Subject, User
from tests.factories.users import auth

_keys = count(1)


class Student:
    """A logged-in student with one practice session."""

    def __init__(self, client: TestClient, session: Session, user: User) -> None:
        self.client, self.session, self.user = client, session, user
        self.headers = auth(client, user)
        self.practice: dict[str, Any] = {}
        self.shown: dict[str, Any] | None = None

    def start(self, subject: Subject, **wish: Any) -> dict[str, Any]:
        reply = self.post("/api/v1/practice-sessions", {"subject_id": str(subject.id), **wish})
        assert reply.status_code == 201, reply.text
        self.practice = reply.json()
        self.shown = self.practice["current"]
        return self.practice

    def answer(self, *, right: bool = True, key: str | None = None, **changes: Any) -> dict[str, Any]:
        reply = self.send_answer({"response": self.response(right=right), "client_key": key, **changes})
        assert reply.status_code == 201, reply.text
        self.shown = reply.json()["next"] or self.shown
        return reply.json()

    def send_answer(self, body: dict[str, Any]) -> HttpResponse:
        return self.step("answers", body)

    def step(self, action: str, body: dict[str, Any]) -> HttpResponse:
        assert self.shown is not None
        values = {"assignment_id": self.shown["assignment_id"], "elapsed_ms": 4000, **body}
        values["client_key"] = values.get("client_key") or f"client-key-{next(_keys)}"
        return self.post(f"/api/v1/practice-sessions/{self.practice['id']}/{action}", values)

    def response(self, *, right: bool) -> dict[str, Any]:
        """A right or wrong answer to the open question, looked up behind the student's back."""
        assert self.shown is not None
        content, key, seed = self._question(UUID(self.shown["assignment_id"]))
        solved = correct_response(content, key, seed)
        assert solved is not None
        if right:
            return solved.model_dump(mode="json", exclude_none=True)
        if solved.choice is not None:
            return {"choice": next(option.id for option in content.options if option.id != solved.choice)}
        return {"text": "certainly not 4711"}

    def post(self, path: str, body: dict[str, Any] | None = None) -> HttpResponse:
        return self.client.post(path, json=body, headers=self.headers)

    def get(self, path: str) -> HttpResponse:
        return self.client.get(path, headers=self.headers)

    def _question(self, assignment_id: UUID) -> tuple[QuestionContent, QuestionKey, int]:
        row = self.session.execute(
            select(QuestionVersion.content, QuestionKeyRecord.key, Assignment.seed)
            .join(Assignment, Assignment.version_id == QuestionVersion.id)
            .join(QuestionKeyRecord, QuestionKeyRecord.version_id == QuestionVersion.id)
            .where(Assignment.id == assignment_id)
            .order_by(QuestionKeyRecord.number.desc())
        ).first()
        assert row is not None
        return QuestionContent.model_validate(row[0]), QuestionKey.model_validate(row[1]), row[2]
