"""Question files, and imports of them over HTTP."""

import base64
import io
import json
import subprocess
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response as HttpResponse
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.core.resources import Resources
from app.domain.enums import JobStatus
from app.domain.permissions import Actor
from app.domain.question_draft import QuestionDraft
from app.formats.reading import Source
from app.integrations.storage import FileStore
from app.models import ImportRow, Job, Question, Subject
from app.repositories.import_repository import ImportRepository, ImportResult
from app.repositories.question_repository import QuestionRepository
from app.schemas.import_job import ImportOptions
from app.services.import_child import EventWriter
from app.services.import_reading import FileReading
from app.services.import_runner import ImportTools, Progress
from app.services.import_seen import SeenDrafts
from app.services.import_service import UploadedFile, new_import
from app.services.import_work import ImportWork
from app.services.question_forms import draft_of
from app.tasks import question_processing  # noqa: F401  # it registers the handlers
from app.tasks.runtime import execute

PATH = "/api/v1/imports"
HEADER = "id,question,answer,option_a,option_b,option_c,explanation,tags,skills"


def csv_file(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode()


def csv_row(number: int, *, answer: str = "A", name: str = "", **cells: str) -> str:
    """A whole question; `cells` are an explanation, tags or skills."""
    more = (cells.get(column, "") for column in ("explanation", "tags", "skills"))
    return ",".join((name, f"What is {number} + 1?", answer, str(number + 1), str(number), "none", *more))


def csv_rows(count: int, first: int = 1) -> list[str]:
    return [csv_row(number) for number in range(first, first + count)]


def json_file(drafts: Sequence[QuestionDraft]) -> bytes:
    return json.dumps([draft.model_dump(mode="json") for draft in drafts]).encode()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def moodle_file(picture: bytes) -> bytes:
    """One Moodle question that shows a picture."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="truefalse"><name><text>Map</text></name>
<questiontext format="html"><text><![CDATA[<p>Is it red? <img src="@@PLUGINFILE@@/map.png" alt="A map"></p>]]></text>
<file name="map.png" path="/" encoding="base64">{base64.b64encode(picture).decode()}</file></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>
</question></quiz>""".encode()


class ReadingHere(FileReading):
    """Reads in this process, where the start of another one would only cost time."""

    def _start(self) -> subprocess.Popen[bytes]:
        EventWriter(self._output).write(Source(self._request.name, self._input), self._request)
        return subprocess.Popen(["true"])  # noqa: S607  # a process that comes to its end


class Staff:
    """A member of staff who imports files; jobs are run at once, in this process."""

    def __init__(self, client: TestClient, session: Session, headers: dict[str, str]) -> None:
        self.client, self.session, self.headers = client, session, headers

    def upload(self, subject: Subject, content: bytes, name: str = "bank.csv", **form: Any) -> HttpResponse:
        headers = {**self.headers, **form.pop("headers", {})}
        files = {"file": (name, content, "text/csv")}
        data = {"subject_id": str(subject.id), "publish": "true", **form}
        return self.client.post(PATH, headers=headers, files=files, data=data)

    def imported(self, subject: Subject, content: bytes, name: str = "bank.csv", **form: Any) -> dict[str, Any]:
        """The import after its job has run."""
        reply = self.upload(subject, content, name, **form)
        assert reply.status_code == 202, reply.text
        self.run_jobs()
        return self.read(reply.json()["id"])

    def read(self, import_id: str) -> dict[str, Any]:
        reply = self.get(f"/{import_id}")
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def rows(self, import_id: str, **query: Any) -> list[dict[str, Any]]:
        reply = self.get(f"/{import_id}/rows", params=query)
        assert reply.status_code == 200, reply.text
        items: list[dict[str, Any]] = reply.json()["items"]
        return items

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self.client.get(PATH + path, headers=self.headers, **options)

    def post(self, path: str) -> HttpResponse:
        return self.client.post(PATH + path, headers=self.headers)

    def done(self, import_id: str, action: str) -> dict[str, Any]:
        """The import after an action on it and the job that it asked for."""
        reply = self.post(f"/{import_id}/{action}")
        assert reply.status_code == 202, reply.text
        self.run_jobs()
        return self.read(import_id)

    def run_jobs(self) -> None:
        app = self.client.app
        assert isinstance(app, FastAPI)
        resources: Resources = app.state.resources
        self.session.expire_all()
        for job_id in self.session.scalars(select(Job.id).where(Job.status == JobStatus.QUEUED)).all():
            execute(job_id, resources)
        self.session.expire_all()


class Desk:
    """Runs imports into one subject as a worker does, without a job around them."""

    def __init__(self, sessions: sessionmaker[Session], store: FileStore, actor: Actor, subject_id: UUID) -> None:
        self.sessions, self.store, self.actor, self.subject_id = sessions, store, actor, subject_id
        self.progress: Progress = lambda *_: None

    def add(self, content: bytes, name: str = "bank.json", *, dry_run: bool = False, **options: Any) -> UUID:
        stored = self.store.put([content], len(content))
        wish = ImportOptions.model_validate({"skill": "Sums", "publish": True, **options})
        row = new_import(self.actor, self.subject_id, UploadedFile(name, stored.sha256), wish, dry_run=dry_run)
        with self.sessions.begin() as session:
            session.add(row)
        return row.id

    def work(self, import_id: UUID, seen: SeenDrafts | None = None) -> ImportResult:
        return ImportWork(ImportTools(self.sessions, self.store, utc_now(), self.progress), seen).work(import_id)

    def outcome(self, content: bytes, name: str = "bank.json", **options: Any) -> dict[str, int]:
        return dict(self.work(self.add(content, name, **options)).counts)

    def rows(self, import_id: UUID) -> list[ImportRow]:
        with self.sessions() as session:
            return ImportRepository(session).rows_after(import_id, 0, 100_000)

    def questions(self) -> list[Question]:
        """In the order in which they were made."""
        with self.sessions() as session:
            mine = select(Question).where(Question.subject_id == self.subject_id)
            return list(session.scalars(mine.order_by(Question.number)))

    def draft(self, question: Question, version: int | None = None) -> QuestionDraft:
        with self.sessions() as session:
            full = QuestionRepository(session).full(self.actor, question.id, version)
            assert full is not None
            return draft_of(full)
