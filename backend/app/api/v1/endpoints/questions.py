from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.deps import (
    ActorDep,
    ColdStartServiceDep,
    Cursor,
    Limit,
    QuestionCheckingDep,
    QuestionRepositoryDep,
    QuestionSearchDep,
    QuestionServiceDep,
    QuestionStatusServiceDep,
    Staff,
)
from app.api.idempotency import IdempotencyDep
from app.domain.grading.trial import Trial
from app.domain.question_parts import QuestionContent
from app.models import QuestionVersion
from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.question import (
    BulkResult,
    BulkUpdate,
    DifficultyRead,
    DraftTry,
    QuestionCheck,
    QuestionCheckCreate,
    QuestionCount,
    QuestionCreate,
    QuestionQuery,
    QuestionRead,
    QuestionStatusUpdate,
    QuestionSummary,
    QuestionTry,
    QuestionUpdate,
    QuestionWish,
    TrialRead,
    VersionRead,
    VersionSummary,
)
from app.services.cold_start_service import difficulty_read
from app.services.question_checking import CheckedDraft
from app.services.question_service import Edit
from app.services.question_views import question_page, question_read, version_read

Seed = Annotated[int, Query(ge=0, le=2**31 - 1, description="Draws the order of options and the variables.")]

router = APIRouter(prefix="/questions", tags=["questions"], dependencies=[Staff])


@router.post("", status_code=HTTPStatus.CREATED, response_model=QuestionRead)
def create_question(
    body: QuestionCreate, actor: ActorDep, questions: QuestionServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Create a question. HTML is reduced to the allowed subset; a question the subject has already is refused."""
    return idempotency.once(lambda: question_read(questions.create(actor, body.subject_id, body.draft)), QuestionRead)


@router.get("")
def list_questions(
    query: Annotated[QuestionQuery, Query()], actor: ActorDep, questions: QuestionSearchDep
) -> Page[QuestionSummary]:
    """Questions of the bank, narrowed by all filters given."""
    return question_page(questions.page(actor, query.wanted(), query.sort, cursor=query.cursor, limit=query.limit))


@router.get("/count")
def count_questions(
    query: Annotated[QuestionWish, Query()], actor: ActorDep, questions: QuestionSearchDep
) -> QuestionCount:
    """How many questions fit the filters, by status."""
    statuses = questions.count(actor, query.wanted())
    return QuestionCount(total=sum(statuses.values()), statuses=statuses)


@router.post("/check", response_model=QuestionCheck)
def check_question(body: QuestionCheckCreate, actor: ActorDep, checking: QuestionCheckingDep) -> CheckedDraft:
    """Look at a draft before it is saved: as students would see it, and what is missing. Nothing is stored."""
    return checking.check(actor, body.subject_id, body.draft, body.seed)


@router.post("/check/try", response_model=TrialRead)
def try_draft(body: DraftTry, actor: ActorDep, checking: QuestionCheckingDep) -> Trial:
    """Grade an answer to a draft as a student's would be, and tell its key. Nothing is stored."""
    return checking.try_response(actor, body)


@router.post("/bulk")
def change_questions(body: BulkUpdate, actor: ActorDep, questions: QuestionStatusServiceDep) -> BulkResult:
    """Publish, retire, tag or assign up to 500 questions; the reply says what became of each."""
    return BulkResult(items=questions.change_many(actor, body))


@router.get("/{question_id}")
def read_question(question_id: UUID, actor: ActorDep, questions: QuestionServiceDep) -> QuestionRead:
    """One question with its key."""
    return question_read(questions.read(actor, question_id))


@router.get("/{question_id}/difficulty")
def read_difficulty(question_id: UUID, actor: ActorDep, questions: ColdStartServiceDep) -> DifficultyRead:
    """How hard a question is, how sure that is, and what it rests on."""
    return difficulty_read(questions.read(actor, question_id))


@router.put("/{question_id}")
def update_question(
    question_id: UUID, body: QuestionUpdate, actor: ActorDep, questions: QuestionServiceDep
) -> QuestionRead:
    """Change a question. Once a student has seen its version, the change makes a new version."""
    return question_read(questions.update(actor, question_id, Edit(body.draft, body.revision)))


@router.delete("/{question_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_question(question_id: UUID, actor: ActorDep, questions: QuestionServiceDep) -> None:
    """Delete a draft that no student has seen. Other questions are retired."""
    questions.delete(actor, question_id)


@router.post("/{question_id}/status")
def set_question_status(
    question_id: UUID, body: QuestionStatusUpdate, actor: ActorDep, questions: QuestionStatusServiceDep
) -> QuestionRead:
    """Move a question on. `not_publishable` lists in `problems` what is missing."""
    return question_read(questions.set_status(actor, question_id, body))


@router.get("/{question_id}/preview")
def preview_question(
    question_id: UUID, actor: ActorDep, questions: QuestionServiceDep, seed: Seed = 0
) -> QuestionContent:
    """What a student sees before answering: options in an order of their own, variables filled in."""
    return questions.preview(actor, question_id, seed)


@router.post("/{question_id}/try", response_model=TrialRead)
def try_question(question_id: UUID, body: QuestionTry, actor: ActorDep, questions: QuestionServiceDep) -> Trial:
    """Grade an answer as a student's would be, and tell the key. Nothing is stored."""
    return questions.try_response(actor, question_id, body.response, body.seed)


@router.get("/{question_id}/versions", response_model=Page[VersionSummary])
def list_versions(
    question_id: UUID,
    actor: ActorDep,
    questions: QuestionRepositoryDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Slice[QuestionVersion]:
    """Versions of a question, latest first."""
    return questions.versions(actor, question_id, cursor=cursor, limit=limit)


@router.get("/{question_id}/versions/{number}")
def read_version(
    question_id: UUID, number: Annotated[int, Path(ge=1, le=2**31 - 1)], actor: ActorDep, questions: QuestionServiceDep
) -> VersionRead:
    """One version with the key now in force for it."""
    return version_read(questions.read(actor, question_id, number))
