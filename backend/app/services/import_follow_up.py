"""What is asked for once the questions of an import are in the bank."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.jobs import JobKind
from app.domain.enums import ProposalKind, Role
from app.domain.permissions import Actor
from app.domain.question_filter import QuestionFilter
from app.models import ImportJob, User
from app.repositories.job_repository import JobRepository
from app.services.proposal_service import ProposalService


class ImportFollowUp:
    """Asking again is harmless: guesses repeat themselves, and proposals that wait are not asked for twice."""

    def __init__(self, session: Session, now: datetime, *, has_model: bool) -> None:
        self._session, self._now, self._has_model = session, now, has_model

    def ask(self, import_id: UUID, kinds: Collection[ProposalKind]) -> None:
        """Guesses of difficulties, and the wished proposals as far as there is a model to make them."""
        row = self._session.get(ImportJob, import_id)
        author = self._session.get(User, row.created_by) if row and row.created_by else None
        if row is None or row.committed_at is None or author is None:
            return
        arguments = {"import_id": str(import_id), "actor_id": str(author.id)}
        JobRepository(self._session).enqueue(JobKind.GUESS_DIFFICULTIES, owner_id=author.id, **arguments)
        possible = [kind for kind in kinds if self._has_model or kind is ProposalKind.METADATA]
        if possible:
            actor = Actor(author.id, Role(author.role), author.id)
            proposals = ProposalService(self._session, self._now, has_model=self._has_model)
            proposals.ask_for_all(actor, possible, QuestionFilter(import_id=import_id))
