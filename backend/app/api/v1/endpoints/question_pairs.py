from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, QuestionPairServiceDep, Staff
from app.api.idempotency import IdempotencyDep
from app.schemas.base import Page
from app.schemas.job import JobRead
from app.schemas.question_pair import PairQuery, PairRead, PairRetire
from app.services.question_pair_views import pair_page, pair_read

router = APIRouter(tags=["question pairs"], dependencies=[Staff])


@router.post("/subjects/{subject_id}/duplicate-scans", status_code=HTTPStatus.ACCEPTED, response_model=JobRead)
def scan_duplicates(
    subject_id: UUID, actor: ActorDep, pairs: QuestionPairServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Look through a subject for near duplicates, contradicting keys, and questions that give others away."""
    return idempotency.once(lambda: pairs.scan(actor, subject_id), JobRead, HTTPStatus.ACCEPTED)


@router.get("/question-pairs")
def list_pairs(query: Annotated[PairQuery, Query()], actor: ActorDep, pairs: QuestionPairServiceDep) -> Page[PairRead]:
    """Pairs of questions that a scan has found, in the order they were found."""
    return pair_page(pairs.page(actor, query))


@router.post("/question-pairs/{pair_id}/dismiss")
def dismiss_pair(pair_id: UUID, actor: ActorDep, pairs: QuestionPairServiceDep) -> PairRead:
    """Keep both questions. Later scans do not bring the pair up again."""
    return pair_read(pairs.dismiss(actor, pair_id))


@router.post("/question-pairs/{pair_id}/retire")
def retire_question_of_pair(
    pair_id: UUID, body: PairRetire, actor: ActorDep, pairs: QuestionPairServiceDep
) -> PairRead:
    """Retire one of the two; the other takes over its skills."""
    return pair_read(pairs.retire(actor, pair_id, body.question_id))
