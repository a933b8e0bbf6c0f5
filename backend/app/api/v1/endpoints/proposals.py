from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, ProposalRepositoryDep, ProposalServiceDep, Staff
from app.api.idempotency import IdempotencyDep
from app.repositories.proposal_repository import ProposalFilter
from app.schemas.base import Page
from app.schemas.proposal import (
    DraftsCreate,
    GradingsCreate,
    ProposalAccept,
    ProposalDismiss,
    ProposalQuery,
    ProposalRead,
    ProposalsCreate,
    ProposalsRequested,
)
from app.services.proposal_views import proposal_page, proposal_read

router = APIRouter(prefix="/proposals", tags=["proposals"], dependencies=[Staff])


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=ProposalsRequested)
def ask_for_proposals(
    body: ProposalsCreate, actor: ActorDep, proposals: ProposalServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Ask for explanations, hints, metadata and checks of questions; a job makes them, and they wait for a decision."""
    if body.filter is not None:
        wanted = body.filter.wanted()
        return idempotency.once(
            lambda: proposals.ask_for_all(actor, body.kinds, wanted), ProposalsRequested, HTTPStatus.ACCEPTED
        )
    ids = body.question_ids or []
    return idempotency.once(lambda: proposals.ask(actor, body.kinds, ids), ProposalsRequested, HTTPStatus.ACCEPTED)


@router.post("/drafts", status_code=HTTPStatus.ACCEPTED, response_model=ProposalsRequested)
def ask_for_drafts(
    body: DraftsCreate, actor: ActorDep, proposals: ProposalServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Draft questions from a passage. Each is solved again; one whose solution is not its key is rejected."""
    return idempotency.once(
        lambda: proposals.ask_for_drafts(actor, body.subject_id, body.passage, body.count),
        ProposalsRequested,
        HTTPStatus.ACCEPTED,
    )


@router.post("/essay-gradings", status_code=HTTPStatus.ACCEPTED, response_model=ProposalsRequested)
def ask_for_gradings(
    body: GradingsCreate, actor: ActorDep, proposals: ProposalServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Propose points for essays that wait for a grade, by their rubric. Two gradings are made, and how they agree."""
    return idempotency.once(
        lambda: proposals.ask_for_gradings(actor, body.attempt_ids), ProposalsRequested, HTTPStatus.ACCEPTED
    )


@router.get("")
def list_proposals(
    query: Annotated[ProposalQuery, Query()], actor: ActorDep, proposals: ProposalRepositoryDep
) -> Page[ProposalRead]:
    """The review queue, newest first."""
    wanted = ProposalFilter(query.subject_id, query.question_id, query.job_id, tuple(query.kind), tuple(query.status))
    return proposal_page(proposals.page(actor, wanted, before=query.cursor, limit=query.limit))


@router.get("/{proposal_id}")
def read_proposal(proposal_id: UUID, actor: ActorDep, proposals: ProposalServiceDep) -> ProposalRead:
    """One proposal."""
    return proposal_read(proposals.read(actor, proposal_id))


@router.post("/{proposal_id}/accept")
def accept_proposal(
    proposal_id: UUID, body: ProposalAccept, actor: ActorDep, proposals: ProposalServiceDep
) -> ProposalRead:
    """Apply a proposal, as it is or as edited. It becomes an ordinary edit of the question, or a new draft."""
    return proposal_read(proposals.accept(actor, proposal_id, body.payload))


@router.post("/{proposal_id}/dismiss")
def dismiss_proposal(
    proposal_id: UUID, body: ProposalDismiss, actor: ActorDep, proposals: ProposalServiceDep
) -> ProposalRead:
    """Put a proposal aside; the question stays as it is."""
    return proposal_read(proposals.dismiss(actor, proposal_id, body.reason))
