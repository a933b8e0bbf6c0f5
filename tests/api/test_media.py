import io
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.orm import Session

from app.domain.question_draft import Hotspot, MediaRef, QuestionDraft, Shape
from app.models import Subject
from app.services import picture_upload
from tests.factories.practice import Student
from tests.factories.questions import choice_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/media"


def png(color: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (color, 0, 0)).save(out, "PNG")
    return out.getvalue()


def upload(client: TestClient, headers: dict[str, str], data: bytes, name: str = "../../x.exe") -> Any:
    return client.post(PATH, headers=headers, files={"file": (name, data, "text/html")})


def test_a_picture_is_sent_as_nothing_else(client: TestClient, teacher: dict[str, str]) -> None:
    uploaded = upload(client, teacher, png())
    assert uploaded.status_code == 201
    media = uploaded.json()
    assert (media["mime"], media["width"], media["url"]) == ("image/png", 4, f"{PATH}/{media['id']}")
    reply = client.get(media["url"], headers=teacher)
    assert (reply.status_code, len(reply.content)) == (200, media["size"])
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in reply.headers["cache-control"]
    assert "x.exe" not in str(reply.headers)
    again = client.get(media["url"], headers={**teacher, "If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_students_see_the_pictures_of_what_they_were_asked(
    client: TestClient, session: Session, teacher: dict[str, str], student: Student
) -> None:
    shown, foreign = (upload(client, teacher, png(color)).json() for color in (1, 2))
    subject = make_subject(session)
    skill = make_skill(session, subject)
    draft = choice_draft(stem=f'<p>Which one? <img src="{shown["url"]}" alt="A map"></p>', skills=(skill.code,))
    other = choice_draft(stem=f'<p>And? <img src="{foreign["url"]}" alt="A map"></p>', skills=(skill.code,))
    asked, unasked = (create(client, teacher, session, each, subject) for each in (draft, other))
    for question in (asked, unasked):
        publish(client, teacher, question)
    assert client.get(shown["url"], headers=student.headers).status_code == 404
    student.start(subject, mode="fixed", question_ids=[asked["id"]])
    reply = client.get(shown["url"], headers=student.headers)
    assert reply.status_code == 200
    assert client.get(foreign["url"], headers=student.headers).status_code == 404
    somebody = auth(client, make_user(session))
    known = {**somebody, "If-None-Match": reply.headers["etag"]}
    assert client.get(shown["url"], headers=known).status_code == 404


def test_the_same_picture_is_the_same_media(client: TestClient, teacher: dict[str, str]) -> None:
    first, second, other = (upload(client, teacher, data).json() for data in (png(), png(), png(1)))
    assert first == second
    assert other["id"] != first["id"]


def test_access(client: TestClient, teacher: dict[str, str], student: Student) -> None:
    media = upload(client, teacher, png()).json()
    assert upload(client, student.headers, png()).status_code == 403
    assert client.get(media["url"]).status_code == 401
    for headers in (student.headers, teacher):
        assert client.get(f"{PATH}/{uuid4()}", headers=headers).status_code == 404
        assert client.get(f"{PATH}/..%2F..%2Fetc%2Fpasswd", headers=headers).status_code in {404, 422}


def test_other_files_are_refused(client: TestClient, teacher: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    refused = upload(client, teacher, b"<svg onload=alert(1)>", "a.png")
    assert (refused.status_code, refused.json()["code"]) == (422, "image_refused")
    monkeypatch.setattr(picture_upload, "MAX_IMAGE_BYTES", 10)
    assert upload(client, teacher, png()).status_code == 413


def create(
    client: TestClient,
    headers: dict[str, str],
    session: Session,
    draft: QuestionDraft,
    subject: Subject | None = None,
) -> dict[str, Any]:
    body = {"subject_id": str((subject or make_subject(session)).id), "draft": draft.model_dump(mode="json")}
    reply = client.post("/api/v1/questions", headers=headers, json=body)
    assert reply.status_code == 201, reply.text
    question: dict[str, Any] = reply.json()
    return question


def publish(client: TestClient, headers: dict[str, str], question: dict[str, Any]) -> None:
    wish = {"status": "published", "revision": question["revision"]}
    reply = client.post(f"/api/v1/questions/{question['id']}/status", headers=headers, json=wish)
    assert reply.status_code == 200, reply.text


def test_pictures_of_a_question_are_shown_by_opaque_address(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    media = upload(client, teacher, png()).json()
    draft = choice_draft(
        stem='<p>Which? <img src="the answer is B.png" alt="A map"></p>',
        explanation='<img src="the answer is B.png" alt="Again">',
        hotspot=Hotspot(image="the answer is B.png", shapes=(Shape(id="s", kind="rect", coords=(0, 0, 1, 1)),)),
        media=(MediaRef(name="the answer is B.png", sha256=media["sha256"]),),
    )
    question = create(client, teacher, session, draft)
    assert f'src="{media["url"]}"' in question["content"]["stem"]
    assert question["content"]["hotspot"]["image"] == media["url"]
    assert "answer is B" not in str(question["content"])
    read = QuestionDraft.model_validate(question["draft"])
    assert (read.media, read.hotspot) == (draft.media, draft.hotspot)
    assert 'src="the answer is B.png"' in read.stem
    assert 'src="the answer is B.png"' in read.explanation
    path = f"/api/v1/questions/{question['id']}"
    assert client.put(path, headers=teacher, json={"revision": 1, "draft": question["draft"]}).json() == question


def test_a_picture_may_be_referred_to_by_its_address(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    media = upload(client, teacher, png()).json()
    question = create(client, teacher, session, choice_draft(stem=f'<img src="{media["url"]}" alt="A map">'))
    assert media["url"] in question["content"]["stem"]
    assert [each["sha256"] for each in question["draft"]["media"]] == [media["sha256"]]


def test_an_address_of_nothing_is_missing(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    address = f"{PATH}/{uuid4()}"
    draft = choice_draft(stem=f'<img src="{address}" alt="A map">')
    body = {"subject_id": str(make_subject(session).id), "draft": draft.model_dump(mode="json")}
    reply = client.post("/api/v1/questions", headers=teacher, json=body)
    assert (reply.json()["code"], reply.json()["names"]) == ("missing_media", [address])
