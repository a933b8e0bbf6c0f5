"""What is asked for after an import, and what becomes of it."""

import dataclasses

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.config import GeminiSettings, LlmSettings
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import ProposalKind, Role
from app.models import ItemParameter, Job, Question, QuestionProposal
from tests.factories.imports import Staff, csv_file, csv_row
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

EASY_AND_HARD = csv_file(
    "easy,Is it so?,A,yes,no,none,,,",
    '"hard","Compare the assumptions of both authors and infer which of them would not have agreed with the judgement '
    'that the court of appeal gave in the year after",A,yes,no,none,,,',
)


@pytest.fixture
def staff(client: TestClient, session: Session) -> Staff:
    return Staff(client, session, auth(client, make_user(session, role=Role.ADMIN)))


def difficulties(session: Session) -> dict[str, tuple[float, float]]:
    rows = session.execute(
        select(Question.external_id, ItemParameter.difficulty, ItemParameter.prior).join(
            ItemParameter, ItemParameter.id == Question.id
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def test_questions_without_a_stated_difficulty_get_a_first_guess(staff: Staff, session: Session) -> None:
    staff.imported(make_subject(session), EASY_AND_HARD)
    staff.run_jobs()
    found = difficulties(session)
    assert found["easy"][0] < 0 < found["hard"][0]
    assert all(difficulty == prior for difficulty, prior in found.values())
    (job,) = session.scalars(select(Job).where(Job.kind == JobKind.GUESS_DIFFICULTIES))
    assert job.result == {"questions": 2}


def test_a_question_that_has_been_answered_keeps_what_its_answers_say(staff: Staff, session: Session) -> None:
    staff.imported(make_subject(session), EASY_AND_HARD)
    session.execute(text("UPDATE item_parameters SET difficulty = 1.5, answers = 3"))
    staff.run_jobs()
    assert {difficulty for difficulty, _ in difficulties(session).values()} == {1.5}


def test_a_dry_run_asks_for_nothing(staff: Staff, session: Session) -> None:
    staff.imported(make_subject(session), EASY_AND_HARD, dry_run="true")
    assert session.scalars(select(Job.kind).where(Job.kind == JobKind.GUESS_DIFFICULTIES)).all() == []


@pytest.mark.parametrize("has_model", [False, True])
def test_the_wished_proposals_are_asked_for_as_far_as_there_is_a_model(
    staff: Staff, session: Session, app: FastAPI, *, has_model: bool
) -> None:
    model = GeminiSettings(api_key=SecretStr("a-key" if has_model else ""))
    wish = LlmSettings(gemini=model, propose_after_import=(ProposalKind.METADATA, ProposalKind.EXPLANATION))
    opened: Resources = app.state.resources
    app.state.resources = dataclasses.replace(opened, settings=opened.settings.model_copy(update={"llm": wish}))
    staff.imported(make_subject(session), csv_file(csv_row(1), csv_row(2)))
    asked = session.scalars(select(QuestionProposal.kind).order_by(QuestionProposal.kind)).all()
    assert asked == (["explanation"] * 2 if has_model else []) + ["metadata"] * 2
