from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import (
    ActorDep,
    AnyUser,
    Cursor,
    Limit,
    MisconceptionServiceDep,
    Staff,
    SubjectRepositoryDep,
    SubjectServiceDep,
)
from app.api.idempotency import IdempotencyDep
from app.core.errors import NotFoundError
from app.models import Subject
from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.misconception import MisconceptionDrafts
from app.schemas.subject import SubjectCreate, SubjectRead, SubjectUpdate

router = APIRouter(prefix="/subjects", tags=["subjects"])

Archived = Annotated[bool, Query(description="Show archived ones too; of effect for staff only.")]


@router.post("", status_code=HTTPStatus.CREATED, response_model=SubjectRead, dependencies=[Staff])
def create_subject(
    body: SubjectCreate, actor: ActorDep, subjects: SubjectServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Create a subject."""
    return idempotency.once(lambda: subjects.create(actor, body), SubjectRead)


@router.get("", response_model=Page[SubjectRead], dependencies=[AnyUser])
def list_subjects(
    actor: ActorDep,
    subjects: SubjectRepositoryDep,
    *,
    archived: Archived = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Slice[Subject]:
    """Subjects by title."""
    return subjects.page(actor, archived=archived, cursor=cursor, limit=limit)


@router.get("/{subject_id}", response_model=SubjectRead, dependencies=[AnyUser])
def read_subject(subject_id: UUID, actor: ActorDep, subjects: SubjectRepositoryDep) -> Subject:
    """One subject."""
    subject = subjects.get(actor, subject_id)
    if subject is None:
        raise NotFoundError("No such subject.")
    return subject


@router.get("/{subject_id}/misconceptions", dependencies=[Staff])
def list_misconceptions(
    subject_id: UUID, actor: ActorDep, misconceptions: MisconceptionServiceDep, limit: Limit = 50
) -> MisconceptionDrafts:
    """Wrong options of one kind that students chose in several questions: drafts, those of most students first."""
    return MisconceptionDrafts(items=misconceptions.drafts(actor, subject_id, limit))


@router.patch("/{subject_id}", response_model=SubjectRead, dependencies=[Staff])
def update_subject(subject_id: UUID, body: SubjectUpdate, actor: ActorDep, subjects: SubjectServiceDep) -> Subject:
    """Change some members of a subject."""
    return subjects.update(actor, subject_id, body)


@router.post("/{subject_id}/archive", response_model=SubjectRead, dependencies=[Staff])
def archive_subject(subject_id: UUID, actor: ActorDep, subjects: SubjectServiceDep) -> Subject:
    """Hide a subject from students. Nothing is deleted; doing it again changes nothing."""
    return subjects.archive(actor, subject_id)


@router.post("/{subject_id}/restore", response_model=SubjectRead, dependencies=[Staff])
def restore_subject(subject_id: UUID, actor: ActorDep, subjects: SubjectServiceDep) -> Subject:
    """Show an archived subject again."""
    return subjects.restore(actor, subject_id)
