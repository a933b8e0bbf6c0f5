from app.models import QuestionProposal
from app.repositories.keyset import Slice
from app.repositories.proposal_repository import ListedProposal
from app.schemas.base import Page
from app.schemas.proposal import ProposalRead
from app.utils.text import excerpt

STEM_LENGTH = 300
_COLUMNS = (
    "id", "subject_id", "question_id", "kind", "status", "payload", "origin", "note", "attempt_id", "job_id",
    "requested_by", "decided_by", "decided_at", "created_at",
)  # fmt: skip


def proposal_read(listed: ListedProposal) -> ProposalRead:
    row: QuestionProposal = listed.proposal
    values = {name: getattr(row, name) for name in _COLUMNS}
    stem = excerpt(listed.stem, STEM_LENGTH)
    return ProposalRead.model_validate(
        {**values, "question_number": listed.number, "question_stem": stem, "is_stale": listed.is_stale}
    )


def proposal_page(found: Slice[ListedProposal]) -> Page[ProposalRead]:
    return Page[ProposalRead](items=[proposal_read(each) for each in found.items], next_cursor=found.next_cursor)
