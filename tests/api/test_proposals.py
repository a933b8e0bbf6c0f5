from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.resources import Resources
from app.domain.enums import ProposalKind, ProposalStatus, QuestionStatus, QuestionType, Role
from app.domain.question_draft import Numeric, NumericAnswer, QuestionDraft
from app.models import AuditEvent, Job, LlmUsage, Question, QuestionProposal
from app.tasks import question_processing  # noqa: F401  # it registers the handlers
from app.tasks.runtime import execute
from tests.factories.language_models import with_llm
from tests.factories.proposals import make_proposal
from tests.factories.questions import choice_draft, current_key, current_version, make_question, text_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user
from tests.standins.llm import LlmStandIn, Scenario

PATH = "/api/v1/proposals"


@pytest.fixture
def staff(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session, role=Role.TEACHER))


@pytest.fixture
def server(app: FastAPI) -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        app.state.resources = with_llm(app.state.resources, running)
        yield running


def run(app: FastAPI, session: Session, job_id: str) -> Job:
    resources: Resources = app.state.resources
    session.commit()
    job = session.get_one(Job, job_id)
    execute(job.id, resources)
    session.refresh(job)
    return job


def accept(client: TestClient, staff: dict[str, str], proposal: QuestionProposal, **body: Any) -> Any:
    return client.post(f"{PATH}/{proposal.id}/accept", headers=staff, json=body)


def key_of(session: Session, question: Question) -> dict[str, Any]:
    session.refresh(question)
    return current_key(session, question).key


def test_from_asking_to_the_question_that_students_read(
    client: TestClient, app: FastAPI, session: Session, staff: dict[str, str], server: LlmStandIn
) -> None:
    server.answerer = lambda _: {"explanation": "It follows."}
    question = make_question(session, make_subject(session))
    body = {"kinds": ["explanation"], "question_ids": [str(question.id)]}
    headers = {**staff, "Idempotency-Key": "explain-all-of-it"}
    asked = client.post(PATH, headers=headers, json=body)
    assert (asked.status_code, asked.json()["asked"]) == (202, 1)
    assert client.post(PATH, headers=headers, json=body).json() == asked.json()
    job = run(app, session, asked.json()["job"]["id"])
    assert (job.status, job.result) == ("succeeded", {"open": 1})
    (listed,) = client.get(f"{PATH}?status=open", headers=staff).json()["items"]
    assert (listed["question_number"], listed["question_stem"]) == (question.number, question.stem_text)
    accepted = client.post(f"{PATH}/{listed['id']}/accept", headers=staff, json={}).json()
    assert accepted["status"] == "accepted"
    assert key_of(session, question)["explanation"] == "It follows."
    assert question.revision == 2
    again = client.post(f"{PATH}/{listed['id']}/accept", headers=staff, json={})
    assert (again.status_code, again.json()) == (200, accepted)
    session.refresh(question)
    assert question.revision == 2
    (usage,) = session.scalars(select(LlmUsage))
    assert (usage.flow, usage.outcome) == ("explanation", "succeeded")
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["proposals.requested", "question.updated", "proposal.accepted"]


def test_a_version_that_students_have_seen_is_kept(client: TestClient, session: Session, staff: dict[str, str]) -> None:
    question = make_question(session, make_subject(session))
    current_version(session, question).first_shown_at = question.created_at
    session.flush()
    assert accept(client, staff, make_proposal(session, question)).status_code == 200
    session.refresh(question)
    assert question.version == 2


def test_an_edited_proposal_is_what_is_applied(client: TestClient, session: Session, staff: dict[str, str]) -> None:
    question = make_question(session, make_subject(session))
    proposal = make_proposal(session, question)
    bad = accept(client, staff, proposal, payload={"explanations": "x"})
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid_input")
    reply = accept(client, staff, proposal, payload={"explanation": "Mine. <script>alert(1)</script>"})
    assert reply.json()["payload"]["explanation"].startswith("Mine.")
    assert key_of(session, question)["explanation"] == "Mine. "


def test_a_proposal_for_what_the_question_no_longer_asks_is_refused(
    client: TestClient, session: Session, staff: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    proposal = make_proposal(session, question, content_hash="another")
    listed = client.get(f"{PATH}/{proposal.id}", headers=staff).json()
    assert listed["is_stale"] is True
    reply = accept(client, staff, proposal)
    assert (reply.status_code, reply.json()["code"]) == (409, "proposal_stale")
    assert client.post(f"{PATH}/{proposal.id}/dismiss", headers=staff, json={"reason": "Old."}).status_code == 200


def test_a_dismissed_proposal_changes_nothing_and_stays_so(
    client: TestClient, session: Session, staff: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    proposal = make_proposal(session, question)
    for _ in range(2):
        reply = client.post(f"{PATH}/{proposal.id}/dismiss", headers=staff, json={"reason": "No."})
        assert (reply.json()["status"], reply.json()["note"]) == ("dismissed", "No.")
    refused = accept(client, staff, proposal)
    assert (refused.status_code, refused.json()["code"]) == (409, "proposal_state")
    session.refresh(question)
    assert question.revision == 1
    assert session.scalars(select(AuditEvent.action)).all() == ["proposal.dismissed"]


def test_a_key_is_changed_only_by_whoever_accepts(client: TestClient, session: Session, staff: dict[str, str]) -> None:
    subject = make_subject(session)
    question = make_question(session, subject)
    right, wrong, *_ = (option["id"] for option in current_version(session, question).content["options"])
    payload = {"options": [wrong], "answer": "", "reason": "", "agreement": 1.0}
    proposal = make_proposal(session, question, kind=ProposalKind.KEY_CHECK, payload=payload)
    assert key_of(session, question)["options"][right]["weight"] == 1.0
    assert accept(client, staff, proposal).status_code == 200
    weights = {each: entry["weight"] for each, entry in key_of(session, question)["options"].items()}
    assert (weights[right], weights[wrong]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("draft", "answer", "status"),
    [
        (text_draft("Hamlet"), "Amleth", 200),
        (
            QuestionDraft(type=QuestionType.NUMERICAL, stem="Pi?", numeric=Numeric(answers=(NumericAnswer(value=3),))),
            "3,14",
            200,
        ),
        (
            QuestionDraft(type=QuestionType.NUMERICAL, stem="Pi?", numeric=Numeric(answers=(NumericAnswer(value=3),))),
            "about three",
            409,
        ),
        (choice_draft(), "none of them", 409),
    ],
)
def test_a_further_answer_is_added_to_the_key(
    client: TestClient, session: Session, staff: dict[str, str], draft: QuestionDraft, answer: str, status: int
) -> None:
    question = make_question(session, make_subject(session), draft)
    payload = {"options": [], "answer": answer, "reason": "", "agreement": 1.0}
    proposal = make_proposal(session, question, kind=ProposalKind.KEY_CHECK, payload=payload)
    assert accept(client, staff, proposal).status_code == status
    key = key_of(session, question)
    answers = [each["value"] for each in (*key["answers"], *(key["numeric"] or {"answers": []})["answers"])]
    assert (answer in answers or 3.14 in answers) is (status == 200)


def test_metadata_becomes_skills_topic_and_a_first_difficulty(
    client: TestClient, session: Session, staff: dict[str, str]
) -> None:
    subject = make_subject(session)
    make_skill(session, subject, name="Capitals")
    question = make_question(session, subject, skills=[])
    payload = {
        "skills": ["Capitals"], "topic": "Austria", "bloom": "apply", "language": "de", "difficulty": -0.7,
        "difficulty_error": 0.8,
    }  # fmt: skip
    proposal = make_proposal(session, question, kind=ProposalKind.METADATA, payload=payload)
    assert accept(client, staff, proposal).status_code == 200
    read = client.get(f"/api/v1/questions/{question.id}", headers=staff).json()
    assert [skill["name"] for skill in read["skills"]] == ["Capitals"]
    assert (read["draft"]["category"], read["draft"]["language"], read["difficulty"]) == (["Austria"], "de", -0.7)
    assert read["draft"]["extensions"] == {"bloom": "apply"}


def test_a_drafted_question_becomes_a_draft(client: TestClient, session: Session, staff: dict[str, str]) -> None:
    subject = make_subject(session)
    payload = {"draft": choice_draft(status=QuestionStatus.DRAFT).model_dump(mode="json"), "quote": "Here."}
    row = {"subject_id": subject.id, "kind": ProposalKind.DRAFT_QUESTION, "status": ProposalStatus.OPEN}
    proposal = QuestionProposal(**row, payload=payload)
    session.add(proposal)
    session.flush()
    reply = accept(client, staff, proposal).json()
    question = session.get_one(Question, reply["question_id"])
    assert (question.status, question.subject_id, reply["is_stale"]) == ("draft", subject.id, False)


def test_many_are_asked_for_by_a_filter(
    client: TestClient, session: Session, staff: dict[str, str], server: LlmStandIn
) -> None:
    subject, other = make_subject(session), make_subject(session)
    for _ in range(3):
        make_question(session, subject)
    make_question(session, other)
    body = {"kinds": ["hints", "key_check"], "filter": {"subject_id": str(subject.id)}}
    reply = client.post(PATH, headers=staff, json=body).json()
    assert (reply["asked"], reply["questions"]) == (6, 3)
    page = client.get(f"{PATH}?subject_id={subject.id}&limit=4&kind=hints&kind=key_check", headers=staff).json()
    rest = client.get(f"{PATH}?limit=4&cursor={page['next_cursor']}", headers=staff).json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (4, 2, None)
    assert client.get(f"{PATH}?status=accepted", headers=staff).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"kinds": ["explanation"]},
        {"kinds": [], "question_ids": [str(uuid4())]},
        {"kinds": ["draft_question"], "question_ids": [str(uuid4())]},
        {"kinds": ["explanation"], "question_ids": [str(uuid4())], "filter": {}},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(client: TestClient, staff: dict[str, str], body: dict[str, Any]) -> None:
    assert client.post(PATH, headers=staff, json=body).status_code == 422


def test_without_a_model_only_metadata_can_be_asked_for(
    client: TestClient, session: Session, staff: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    body = {"kinds": ["explanation"], "question_ids": [str(question.id)]}
    refused = client.post(PATH, headers=staff, json=body)
    assert (refused.status_code, refused.json()["code"]) == (503, "llm_not_configured")
    allowed = client.post(PATH, headers=staff, json={**body, "kinds": ["metadata"]})
    assert (allowed.status_code, allowed.json()["asked"]) == (202, 1)
    drafts = {"subject_id": str(question.subject_id), "passage": "word " * 20}
    assert client.post(f"{PATH}/drafts", headers=staff, json=drafts).status_code == 503


def test_a_passage_is_bounded_and_its_subject_known(
    client: TestClient, staff: dict[str, str], session: Session, server: LlmStandIn
) -> None:
    long = {"subject_id": str(make_subject(session).id), "passage": "x" * 100_000}
    assert client.post(f"{PATH}/drafts", headers=staff, json=long).status_code == 422
    lost = {"subject_id": str(uuid4()), "passage": "word " * 20}
    assert client.post(f"{PATH}/drafts", headers=staff, json=lost).status_code == 404


def test_a_job_waits_for_a_provider_that_is_away_and_can_be_seen(
    client: TestClient, app: FastAPI, session: Session, staff: dict[str, str], server: LlmStandIn
) -> None:
    question = make_question(session, make_subject(session))
    body = {"kinds": ["explanation"], "question_ids": [str(question.id)]}
    job_id = client.post(PATH, headers=staff, json=body).json()["job"]["id"]
    server.scenario = Scenario.RATE_LIMITED_LONG
    job = run(app, session, job_id)
    assert (job.status, job.attempts) == ("queued", 1)
    assert "does not answer now" in (job.error or "")
    assert (job.run_after - job.created_at).total_seconds() > 500
    shown = client.get(f"/api/v1/jobs/{job_id}", headers=staff).json()
    assert shown["error"] == job.error


def test_students_see_no_proposals(client: TestClient, session: Session) -> None:
    proposal = make_proposal(session, make_question(session, make_subject(session)))
    student = auth(client, make_user(session))
    assert client.get(PATH, headers=student).status_code == 403
    assert client.get(f"{PATH}/{proposal.id}", headers=student).status_code == 403
