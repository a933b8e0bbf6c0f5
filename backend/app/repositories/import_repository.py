from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import ColumnElement, delete, exists, func, select, true, update
from sqlalchemy.orm import Session

from app.domain.enums import Severity
from app.domain.permissions import Actor
from app.models import Assignment, ImportChunk, ImportJob, ImportRow, Question

_COPY_ROWS: Final = (
    "COPY import_rows (import_id, n, outcome, question_id, code, severity, message, column_name, location, text)"
    " FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class NewImportRow:
    import_id: UUID
    n: int
    outcome: str | None = None
    question_id: UUID | None = None
    code: str | None = None
    severity: str | None = None
    message: str = ""
    column_name: str | None = None
    location: dict[str, Any] | None = None
    text: str = ""


class ImportRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, actor: Actor, import_id: UUID, *, lock: bool = False) -> ImportJob | None:
        statement = select(ImportJob).where(ImportJob.id == import_id, _visible(actor))
        return self.session.scalar(statement.with_for_update() if lock else statement)

    def page(self, actor: Actor, *, before: UUID | None, limit: int) -> list[ImportJob]:
        """Latest first."""
        statement = select(ImportJob).where(_visible(actor)).order_by(ImportJob.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(ImportJob.id < before)
        return list(self.session.scalars(statement))

    def add_rows(self, rows: Sequence[NewImportRow]) -> None:
        driver = cast("psycopg.Connection[Any]", self.session.connection().connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(_COPY_ROWS) as copy:
            for row in rows:
                location = orjson.dumps(row.location or {}).decode()
                where = (row.import_id, row.n, row.outcome, row.question_id, row.code, row.severity)
                copy.write_row((*where, row.message, row.column_name, location, row.text[:120]))

    def rows(
        self, import_id: UUID, *, severity: Severity | None, outcome: str | None, after: int, limit: int
    ) -> list[ImportRow]:
        """In the order of the file."""
        statement = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.n > after)
        if severity is not None:
            statement = statement.where(ImportRow.severity == severity)
        if outcome is not None:
            statement = statement.where(ImportRow.outcome == outcome)
        return list(self.session.scalars(statement.order_by(ImportRow.n).limit(limit)))

    def clear_rows(self, import_id: UUID) -> None:
        """Forget what a dry run found; the real run writes its own rows."""
        self.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))

    def committed_chunks(self, import_id: UUID) -> dict[int, Counter[str]]:
        """The checkpoints: outcome counts by chunk number."""
        rows = self.session.execute(
            select(ImportChunk.number, ImportChunk.outcome).where(ImportChunk.import_id == import_id)
        )
        return {row.number: Counter(row.outcome) for row in rows}

    def add_chunk(self, import_id: UUID, number: int, outcome: Counter[str]) -> None:
        self.session.add(ImportChunk(import_id=import_id, number=number, outcome=dict(outcome)))
        self.session.flush()

    def finish(self, import_id: UUID, outcome: Counter[str], committed_at: datetime | None) -> None:
        values = {"outcome": dict(outcome), "committed_at": committed_at}
        self.session.execute(update(ImportJob).where(ImportJob.id == import_id).values(values))

    def used_questions(self, import_id: UUID) -> int:
        """How many questions of the import were shown to a student already."""
        shown = exists().where(Assignment.question_id == Question.id)
        statement = select(func.count()).select_from(Question).where(Question.import_id == import_id, shown)
        return self.session.scalar(statement) or 0

    def delete_questions(self, import_id: UUID, limit: int) -> int:
        """Remove up to `limit` questions that the import made."""
        some = select(Question.id).where(Question.import_id == import_id).limit(limit)
        return len(self.session.scalars(delete(Question).where(Question.id.in_(some)).returning(Question.id)).all())

    def numbers_with_stems(self, subject_id: UUID, stem_hashes: set[str]) -> dict[str, int]:
        """A question number for each of the stem hashes that the subject has already."""
        rows = self.session.execute(
            select(Question.stem_hash, Question.number).where(
                Question.subject_id == subject_id, Question.stem_hash.in_(stem_hashes)
            )
        )
        return {row.stem_hash: row.number for row in rows}


def _visible(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_admin else ImportJob.created_by == actor.user_id
