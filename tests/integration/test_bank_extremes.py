"""Questions of absurd size: refused with a reason, or indexed like others; the rest of their file is not harmed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.text_embeddings.embedder import TextEmbedder
from app.ai.embeddings.text_embeddings.lexical import LexicalEmbedder
from app.ai.vector_db.client import ChromaClient
from app.domain.enums import Role
from app.domain.question_draft import MAX_HTML
from app.integrations.storage import LocalFileStore
from app.models import SearchDocument
from app.services import import_runner
from tests.factories.imports import Desk, ReadingHere
from tests.factories.questions import choice_draft, make_question, text_draft
from tests.factories.semantic import index_at, real_embedder, run_index, tools_of
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, auth, make_user

MANY, LONG = 10_000, MAX_HTML + 1
OPTIONS = [{"id": f"o{number}", "html": f"Option {number}", "weight": float(number == 0)} for number in range(MANY)]
SCRIPTS = ("слово", "日本語", "हिन्दी", "עברית", "ΑΒΓ", "١٢٣", "naïve", "😀", "𝔐𝔞𝔱𝔥")


def write(client: TestClient, session: Session, change: dict[str, Any]) -> httpx2.Response:
    teacher, subject = auth(client, make_user(session, role=Role.TEACHER)), make_subject(session)
    draft = {**choice_draft().model_dump(mode="json"), **change}
    return client.post("/api/v1/questions", headers=teacher, json={"subject_id": str(subject.id), "draft": draft})


@pytest.mark.parametrize("change", [{"options": OPTIONS[: MANY // 4]}, {"stem": "x" * LONG}])
def test_an_author_is_told_that_it_is_too_much(client: TestClient, session: Session, change: dict[str, Any]) -> None:
    reply = write(client, session, change)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_input")
    assert next(iter(change)) in reply.json()["errors"][0]["at"]


def test_more_than_that_is_not_even_read(client: TestClient, session: Session) -> None:
    reply = write(client, session, {"options": OPTIONS})
    assert (reply.status_code, reply.json()["code"]) == (400, "too_many_members")


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)
    actor, subject = actor_of(make_user(session, role=Role.ADMIN)), make_subject(session)
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject.id)


def in_json(stem: str, options: int) -> bytes:
    good = choice_draft(stem="Is this one fine?").model_dump(mode="json")
    return json.dumps([good, {**good, "stem": stem, "options": OPTIONS[:options]}]).encode()


def in_gift(stem: str, options: int) -> bytes:
    wrong = "".join(f" ~Option {number}" for number in range(1, options))
    return f"Is this one fine? {{=yes ~no}}\n\n{stem} {{=Option 0{wrong}}}\n".encode()


def in_short_gift(stem: str, options: int) -> bytes:
    """All of the excess stands in an answer."""
    return f"Is this one fine? {{=yes ~no}}\n\nWhich word? {{={stem * options}}}\n".encode()


@pytest.mark.parametrize("written", [in_json, in_gift, in_short_gift])
@pytest.mark.parametrize(("stem", "options"), [("Which one?", MANY), ("word " * (LONG // 4), 3)])
def test_a_file_loses_no_other_question(
    desk: Desk, written: Callable[[str, int], bytes], stem: str, options: int
) -> None:
    import_id = desk.add(written(stem, options), "bank")
    assert desk.work(import_id).counts == {"new": 1, "error": 1}
    (row,) = [row for row in desk.rows(import_id) if row.outcome == "error"]
    assert row.code == "E_TOO_LARGE"
    assert [desk.draft(question).stem for question in desk.questions()] == ["Is this one fine?"]


def test_what_is_stored_already_is_indexed_whatever_its_size(
    session: Session, sessions: sessionmaker[Session], chroma: ChromaClient
) -> None:
    """Rows of another version, or of a restored backup, are not asked how large they are."""
    tools, subject = tools_of(index=index_at(chroma)), make_subject(session)
    questions = [make_question(session, subject, text_draft("x", stem=f"{number} {SCRIPTS}")) for number in range(3)]
    session.commit()
    run_index(sessions, tools)
    texts = (" ".join(str(each["html"]) for each in OPTIONS), "", "z" * LONG)
    for question, text in zip(questions, texts, strict=True):
        values = {"public_text": text, "options_text": text, "embedded_revision": 0, "indexed_revision": 0}
        session.execute(update(SearchDocument).where(SearchDocument.question_id == question.id).values(values))
    session.commit()
    assert run_index(sessions, tools).indexed == len(questions)
    assert tools.index is not None
    tools.index.collections.drop(tools.questions)


@pytest.mark.parametrize("make", [LexicalEmbedder, real_embedder])
def test_any_text_is_embedded(make: Callable[[], TextEmbedder]) -> None:
    texts = ["", " ", "?", "word " * (LONG // 5), "z" * LONG, " ".join(SCRIPTS), "".join(SCRIPTS), "\ufffd\u200b"]
    embedder = make()
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    assert np.array_equal(embedder.embed(texts[-2:-1])[0], vectors[-2])
