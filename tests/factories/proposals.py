"""Proposals as staff meet them."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.enums import ProposalKind, ProposalStatus
from app.models import Question, QuestionProposal

EXPLANATION: dict[str, Any] = {"explanation": "Because it is so."}


def make_proposal(session: Session, question: Question, **values: Any) -> QuestionProposal:
    """An open proposal of an explanation, unless other values are given."""
    defaults = {
        "subject_id": question.subject_id,
        "question_id": question.id,
        "kind": ProposalKind.EXPLANATION,
        "status": ProposalStatus.OPEN,
        "content_hash": question.content_hash,
        "payload": EXPLANATION,
    }
    proposal = QuestionProposal(**{**defaults, **values})
    session.add(proposal)
    session.flush()
    return proposal
