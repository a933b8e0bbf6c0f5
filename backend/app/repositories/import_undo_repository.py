from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import Question, QuestionVersion

RETIRED_AT_ONCE: Final = 10_000
_PIECE: Final = 1000


class ImportUndoRepository:
    """The questions that an import made or changed, seen from what students have met of them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def count_shown(self, import_id: UUID, changed: Sequence[tuple[UUID, int]]) -> int:
        """How many of the questions it made, and of the versions (question id, number) it added, students have met."""
        new = select(func.count()).select_from(Question).where(Question.import_id == import_id, _is_shown())
        shown = self.session.scalar(new) or 0
        for begin in range(0, len(changed), _PIECE):
            added = tuple_(QuestionVersion.question_id, QuestionVersion.number).in_(changed[begin : begin + _PIECE])
            met = select(func.count()).select_from(QuestionVersion).where(added, _is_met())
            shown += self.session.scalar(met) or 0
        return shown

    def retire_published(self, import_id: UUID) -> int:
        """In pieces: all of a large import at once takes longer than a statement may."""
        retired = 0
        while piece := self._retire_some(import_id):
            retired += piece
        return retired

    def _retire_some(self, import_id: UUID) -> int:
        published = Question.import_id == import_id, Question.status == QuestionStatus.PUBLISHED
        some = select(Question.id).where(*published).limit(RETIRED_AT_ONCE)
        statement = (
            update(Question)
            .where(Question.id.in_(some))
            .values(status=QuestionStatus.RETIRED, revision=Question.revision + 1)
            .returning(Question.id)
        )
        return len(self.session.execute(statement, execution_options={"synchronize_session": False}).all())

    def delete_unseen(self, import_id: UUID, limit: int) -> int:
        """Remove up to `limit` questions that the import made and no student has met."""
        some = select(Question.id).where(Question.import_id == import_id, ~_is_shown()).limit(limit)
        ids = set(self.session.scalars(some))
        # Locked, a version cannot be shown any more; what was shown until then is left out.
        versions = select(QuestionVersion.question_id, QuestionVersion.first_shown_at).with_for_update()
        locked = self.session.execute(versions.where(QuestionVersion.question_id.in_(ids)))
        ids -= {row.question_id for row in locked if row.first_shown_at is not None}
        statement = delete(Question).where(Question.id.in_(ids)).returning(Question.id)
        return len(self.session.execute(statement, execution_options={"synchronize_session": False}).all())

    def count_made(self, import_id: UUID) -> int:
        statement = select(func.count()).select_from(Question).where(Question.import_id == import_id)
        return self.session.scalar(statement) or 0

    def lock_unseen(self, version_id: UUID) -> bool:
        """Whether no student has met the version; from here on none will."""
        statement = select(QuestionVersion.first_shown_at).where(QuestionVersion.id == version_id).with_for_update()
        return self.session.scalar(statement) is None


def _is_met() -> ColumnElement[bool]:
    return QuestionVersion.first_shown_at.is_not(None)


def _is_shown() -> ColumnElement[bool]:
    return exists().where(QuestionVersion.question_id == Question.id, _is_met())
