from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, insert, literal, select, text, true
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.domain.permissions import Actor
from app.models import ImportChunk, ImportJob, ImportRow, Job, Question
from app.repositories.copying import copy_rows
from app.repositories.keyset import Slice

BLOCK: Final = 2_000


class NewImportRow(TypedDict):
    import_id: UUID
    n: int
    outcome: str | None
    question_id: UUID | None
    code: str | None
    severity: str | None
    message: str
    column_name: str | None
    location: dict[str, Any]
    text: str


class KnownQuestion(NamedTuple):
    """As much of a question of the bank as an import needs to recognise it."""

    id: UUID
    number: int
    status: str
    revision: int
    content_hash: str
    external_id: str | None


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """What a checkpoint says of its chunk.

    `questions` and `revisions` are the number of rows with a question and the sum of their revisions then: while a
    later sum over the same rows is equal, none of them was edited or deleted. `changed` is by row number.
    """

    counts: Counter[str]
    questions: int = 0
    revisions: int = 0
    changed: Mapping[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file; `is_broken` says that it could not be read to its end."""

    counts: Counter[str]
    format: str
    is_broken: bool = False

    @property
    def is_unreadable(self) -> bool:
        return self.is_broken and set(self.counts) <= {"error"}


class ImportRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    @contextmanager
    def planned_anew(self) -> Iterator[None]:
        """Within it, statements are planned for their values, in this transaction.

        A plan that was kept while the bank was nearly empty reads all of it, until somebody analyses the table. Not for
        writing: it would plan each check of a foreign key again, too.
        """
        self.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        yield
        self.session.execute(text("SET LOCAL plan_cache_mode = auto"))

    def get(self, actor: Actor, import_id: UUID) -> ImportJob | None:
        return self.session.scalar(select(ImportJob).where(ImportJob.id == import_id, _visible(actor)))

    def lock(self, actor: Actor, import_id: UUID) -> ImportJob | None:
        statement = select(ImportJob).where(ImportJob.id == import_id, _visible(actor)).with_for_update()
        return self.session.scalar(statement.execution_options(populate_existing=True))

    def page(self, actor: Actor, *, before: UUID | None, limit: int) -> Slice[ImportJob]:
        """Latest first; ids are time-ordered, so they are the cursor too."""
        statement = select(ImportJob).where(_visible(actor)).order_by(ImportJob.id.desc()).limit(limit + 1)
        if before is not None:
            statement = statement.where(ImportJob.id < before)
        rows = self.session.scalars(statement).all()
        return Slice(list(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else None)

    def jobs_of(self, imports: Collection[ImportJob]) -> dict[UUID, Job]:
        """The latest work on each import; work that ended long ago is not kept."""
        ids = [row.job_id for row in imports if row.job_id]
        return {job.id: job for job in self.session.scalars(select(Job).where(Job.id.in_(ids)))} if ids else {}

    def add_rows(self, rows: Sequence[NewImportRow]) -> None:
        copy_rows(self.session, ImportRow, rows)

    def rows_after(self, import_id: UUID, after: int, limit: int) -> list[ImportRow]:
        statement = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.n > after)
        return list(self.session.scalars(statement.order_by(ImportRow.n).limit(limit)))

    def forget_results(self, import_id: UUID) -> None:
        """Delete what a dry run found; the next run writes its own."""
        self.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        self.session.execute(delete(ImportChunk).where(ImportChunk.import_id == import_id))

    def add_chunk(self, import_id: UUID, number: int, record: ChunkRecord) -> None:
        changed = {str(n): change for n, change in record.changed.items()}
        counts = {name: count for name, count in sorted(record.counts.items()) if count}
        outcome = {"counts": counts, "questions": record.questions, "revisions": record.revisions, "changed": changed}
        self.session.add(ImportChunk(import_id=import_id, number=number, outcome=outcome))
        self.session.flush()

    def chunk_counts(self, import_id: UUID) -> dict[int, Counter[str]]:
        """Outcome counts of the chunks that are done, by chunk number."""
        counts = ImportChunk.outcome["counts"]
        rows = self.session.execute(select(ImportChunk.number, counts).where(ImportChunk.import_id == import_id))
        return {number: Counter(found) for number, found in rows}

    def counts_so_far(self, import_ids: Collection[UUID]) -> dict[UUID, Counter[str]]:
        """Outcome counts of imports that have not ended, from the chunks that are done."""
        if not import_ids:
            return {}
        statement = select(ImportChunk.import_id, ImportChunk.outcome["counts"])
        found: dict[UUID, Counter[str]] = {}
        for import_id, counts in self.session.execute(statement.where(ImportChunk.import_id.in_(import_ids))):
            found[import_id] = found.get(import_id, Counter()) + Counter(counts)
        return found

    def changes(self, import_id: UUID, numbers: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
        """What was changed, by row number; of all chunks or of those with the given numbers."""
        statement = select(ImportChunk.outcome["changed"]).where(ImportChunk.import_id == import_id)
        if numbers is not None:
            statement = statement.where(ImportChunk.number.in_(numbers))
        return {int(n): change for changed in self.session.scalars(statement) for n, change in changed.items()}

    def question_ids(self, import_id: UUID, numbers: Collection[int]) -> dict[int, UUID]:
        """The question of each of the given rows."""
        statement = select(ImportRow.n, ImportRow.question_id).where(
            ImportRow.import_id == import_id, ImportRow.n.in_(numbers), ImportRow.question_id.is_not(None)
        )
        return {n: question_id for n, question_id in self.session.execute(statement) if question_id is not None}

    def finish(
        self, row: ImportJob, result: ImportResult, report_sha256: str | None, committed_at: datetime | None
    ) -> None:
        row.format, row.committed_at = result.format, committed_at
        row.outcome = {"counts": dict(result.counts), "is_broken": result.is_broken, "report": report_sha256}
        self.session.flush()

    def find_repeat(self, row: ImportJob, since: datetime) -> ImportJob | None:
        """The latest import of the same file into the same subject in the same way."""
        statement = (
            select(ImportJob)
            .where(
                ImportJob.subject_id == row.subject_id,
                ImportJob.sha256 == row.sha256,
                ImportJob.filename == row.filename,
                ImportJob.options == row.options,
                ImportJob.id != row.id,
                ImportJob.committed_at >= since,
                ImportJob.undone_at.is_(None),
            )
            .order_by(ImportJob.committed_at.desc())
            .limit(1)
        )
        return self.session.scalar(statement)

    def totals_then(self, import_id: UUID) -> tuple[int, int]:
        """Rows with a question and the sum of their questions' revisions, when they were stored."""
        outcome = ImportChunk.outcome
        rows = func.coalesce(func.sum(outcome["questions"].as_integer()), 0)
        revisions = func.coalesce(func.sum(outcome["revisions"].as_integer()), 0)
        row = self.session.execute(select(rows, revisions).where(ImportChunk.import_id == import_id)).one()
        return row[0], row[1]

    def totals_now(self, import_id: UUID) -> tuple[int, int]:
        statement = (
            select(func.count(), func.coalesce(func.sum(Question.revision), 0))
            .select_from(ImportRow)
            .join(Question, Question.id == ImportRow.question_id)
            .where(ImportRow.import_id == import_id)
        )
        row = self.session.execute(statement).one()
        return row[0], row[1]

    def copy_rows(self, earlier_id: UUID, import_id: UUID) -> None:
        """The rows of an import of the same file, whose questions are all there by now."""
        columns = [column for column in ImportRow.__table__.columns if column.name not in {"import_id", "outcome"}]
        known = case((ImportRow.outcome == "error", "error"), (ImportRow.outcome.is_not(None), "identical"))
        source = select(literal(import_id), known, *columns).where(ImportRow.import_id == earlier_id)
        names = ["import_id", "outcome", *(column.name for column in columns)]
        self.session.execute(insert(ImportRow).from_select(names, source))

    def known_by_content(self, subject_id: UUID, content_hashes: Collection[str]) -> dict[str, KnownQuestion]:
        found = self._known(Question.subject_id == subject_id, Question.content_hash.in_(content_hashes))
        return {question.content_hash: question for question in found}

    def known_by_name(self, subject_id: UUID, namespace: str, names: Collection[str]) -> dict[str, KnownQuestion]:
        if not names:
            return {}
        within = (Question.subject_id == subject_id, Question.namespace == namespace)
        found = self._known(*within, Question.external_id.in_(names))
        return {question.external_id or "": question for question in found}

    def stems_after(self, subject_id: UUID, number: int, *, but_of: UUID) -> Iterator[Sequence[tuple[int, str]]]:
        """Number and stem of the questions in use with higher numbers, without those of one import."""
        statement = (
            select(Question.number, Question.stem_text)
            .where(
                Question.subject_id == subject_id,
                Question.number > number,
                Question.status != QuestionStatus.RETIRED,
                Question.import_id.is_distinct_from(but_of),
            )
            .order_by(Question.number)
            .execution_options(yield_per=BLOCK)
        )
        for rows in self.session.execute(statement).partitions():
            yield [(row.number, row.stem_text) for row in rows]

    def ids_of_numbers(self, subject_id: UUID, numbers: Collection[int]) -> list[UUID]:
        mine = (Question.subject_id == subject_id, Question.number.in_(numbers))
        return list(self.session.scalars(select(Question.id).where(*mine)))

    def _known(self, *conditions: ColumnElement[bool]) -> list[KnownQuestion]:
        columns = [getattr(Question, name) for name in KnownQuestion._fields]
        return [KnownQuestion(*row) for row in self.session.execute(select(*columns).where(*conditions))]


def _visible(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_admin else ImportJob.created_by == actor.user_id
