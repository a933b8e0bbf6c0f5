"""What strangers put in stays harmless, and what answers a question stays out of what students see."""

import io
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import Criterion, QuestionDraft
from tests.factories.subjects import make_subject
from tests.unit.domain.question_samples import sample_drafts

PATH = "/api/v1/questions"
CANARY = "canary-7391"
HTML_MEMBERS = {"stem", "html", "left", "right", "feedback", "explanation", "hints", "distractors"}
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/x.png' alt=x>",
    "<svg onload=alert(1)><circle/></svg>",
    "<a href='javascript:alert(1)'>x</a><a href='data:text/html,x'>y</a><a href=' jAvA&#115;cript:alert(1)'>z</a>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "<form action=https://evil.example><input name=password autofocus onfocus=alert(1)></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>--><base href='https://evil.example/'><meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=https://evil.example/a.css><video src=//evil.example/v onloadstart=alert(1)></video>",
    "<a href=x ping=https://evil.example target=_blank>x</a><b id=location name=location>clobber</b>",
)
FORBIDDEN_TAGS = {
    "script", "svg", "iframe", "object", "embed", "form", "input", "style", "link", "meta", "base", "noscript",
    "mglyph",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"src", "href", "alt", "title", "rel", "width", "height"}


class Judge(HTMLParser):
    """Collects everything that a browser could act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.findings.append(tag)
        for name, value in attrs:
            target = (value or "").strip().lower()
            if name not in ALLOWED_ATTRIBUTES or (name == "src" and not is_ours(target)):
                self.findings.append(f"{tag} {name}={value}")
            if name == "href" and ":" in target and not target.startswith(("http:", "https:", "mailto:")):
                self.findings.append(f"{tag} {name}={value}")


def is_ours(target: str) -> bool:
    return target in {"", "x"} or target.startswith("/api/v1/media/")


def findings(value: Any) -> list[str]:
    judge = Judge()
    for html in strings(value):
        judge.feed(html)
    return judge.findings


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for member in members for text in strings(member)]


def filled(value: Any, html: str, *, is_html: bool = False) -> Any:
    """The same JSON with `html` put into every member that holds HTML."""
    if isinstance(value, dict):
        return {name: filled(member, html, is_html=is_html or name in HTML_MEMBERS) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(member, html, is_html=is_html) for member in value]
    return f"{value} {html}" if isinstance(value, str) and is_html else value


@pytest.fixture
def picture(client: TestClient, teacher: dict[str, str]) -> str:
    """SHA-256 of an uploaded file."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    sha256: str = client.post("/api/v1/media", headers=teacher, files={"file": out.getvalue()}).json()["sha256"]
    return sha256


def everything(draft: QuestionDraft) -> QuestionDraft:
    """With every member that a key can have."""
    return draft.model_copy(
        update={
            "hints": ("hint",),
            "explanation": "explanation",
            "feedback": {"correct": "c", "partial": "p", "incorrect": "i"},
            "rubric": (Criterion(id="r", text="criterion", points=1),),
            "skills": (),
        }
    )


def created(
    client: TestClient, headers: dict[str, str], session: Session, draft: dict[str, Any], sha256: str
) -> dict[str, Any]:
    media = [{"name": name, "sha256": sha256, "alt": "a"} for name in ("x", "body.png")]
    body = {"subject_id": str(make_subject(session).id), "draft": {**draft, "media": media}}
    reply = client.post(PATH, headers=headers, json=body)
    assert reply.status_code == 201, reply.text
    question: dict[str, Any] = reply.json()
    return question


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_judge_sees_each_attack(attack: str) -> None:
    assert findings(attack)


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_attacks_in_every_html_field_come_out_clean(
    client: TestClient, session: Session, teacher: dict[str, str], picture: str, draft: QuestionDraft
) -> None:
    hostile = filled(everything(draft).model_dump(mode="json"), " ".join(ATTACKS))
    question = created(client, teacher, session, hostile, picture)
    assert findings(question["content"]) == []
    assert findings({**question["draft"], "media": [], "hotspot": None}) == []


def secret(value: Any) -> Any:
    """The canary in every text that belongs to the key alone."""
    if isinstance(value, list):
        return [secret(member) for member in value]
    if not isinstance(value, dict):
        return value
    known = {"feedback": CANARY, "explanation": CANARY, "value": CANARY, "hints": [CANARY], "label": CANARY}
    fits = {name for name, member in value.items() if name in known and isinstance(member, type(known[name]))}
    return {name: known[name] if name in fits else secret(member) for name, member in value.items()}


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_what_students_see_holds_nothing_of_the_key(
    client: TestClient, session: Session, teacher: dict[str, str], picture: str, draft: QuestionDraft
) -> None:
    hiding = secret(everything(draft).model_dump(mode="json"))
    hiding["feedback"] = {"correct": CANARY, "incorrect": CANARY}
    hiding["rubric"] = [{"id": "r", "text": CANARY, "points": 1}]
    hiding |= {"title": CANARY, "extensions": {"key": CANARY}, "category": [CANARY], "external_id": CANARY}
    question = created(client, teacher, session, hiding, picture)
    assert CANARY in str(question["draft"])
    assert CANARY not in str(question["content"])
    assert "weight" not in str(question["content"])
    if draft.type is QuestionType.PARAMETRIC and draft.parametric:
        assert draft.parametric.expression not in str(question["content"])
