"""Writing one chunk of an import: its questions, its rows and its checkpoint are one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.domain.enums import QuestionStatus, Severity
from app.domain.permissions import Actor
from app.formats.reading import Problem, ProblemCode, problem
from app.repositories.import_repository import NewImportRow
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_rows import NewQuestion
from app.repositories.subject_repository import SubjectRepository
from app.repositories.tag_repository import TagRepository
from app.services.import_judge import ChunkJudge, ImportWish, Judged, Numbered, RowOutcome
from app.services.import_rows import import_rows, unsupported_rows
from app.services.question_drafts import DraftPreparer, KnownFiles, file_ids, tag_names
from app.services.question_forms import form_of
from app.services.question_service import Edit, QuestionService
from app.services.skill_service import SkillService


class ChunkWriter:
    """Writes a judged chunk, its rows and its checkpoint; the caller's transaction makes them one."""

    def __init__(self, session: Session, actor: Actor, wish: ImportWish, now: datetime) -> None:
        self._session, self._actor, self._wish, self._now = session, actor, wish, now
        self._subjects, self._skills = SubjectRepository(session), SkillService(session, now)
        self._questions = QuestionService(session, now)

    def write(self, import_id: UUID, judged: Sequence[Judged], files: KnownFiles) -> dict[int, UUID | None]:
        """Question id by row number. Holds the lock of the subject from here to the end of the transaction."""
        self._subjects.lock(self._wish.subject_id)
        new = [each for each in judged if each.outcome is RowOutcome.NEW]
        rows = {each.n: row for each, row in zip(new, self._rows(import_id, new, files), strict=True)}
        BulkWriter(self._session).write(list(rows.values()))
        if any(row.status == QuestionStatus.PUBLISHED for row in rows.values()):
            self._subjects.bump_content(self._wish.subject_id)
        ids: dict[int, UUID | None] = {each.n: each.known.id if each.known else None for each in judged}
        return ids | {n: row.id for n, row in rows.items()}

    def change(self, judged: Judged) -> Problem | None:
        """Store the new text of a known question; what stands against it becomes a problem of the row."""
        if judged.known is None:
            return None
        try:
            with self._session.begin_nested():
                self._skills.ensure(self._wish.subject_id, judged.draft.skills)
                self._questions.update(self._actor, judged.known.id, Edit(judged.draft))
        except AppError as error:
            return problem(ProblemCode.SYNTAX, error.detail, judged.draft.location, text=judged.draft.stem)
        return None

    def _rows(self, import_id: UUID, new: Sequence[Judged], files: KnownFiles) -> list[NewQuestion]:
        skills = self._skills.ensure(self._wish.subject_id, {name for each in new for name in each.draft.skills})
        tags = TagRepository(self._session).ensure({name for each in new for name in tag_names(each.draft)})
        return [
            NewQuestion(
                subject_id=self._wish.subject_id,
                status=each.draft.status.value,
                form=form_of(each.draft, file_ids(each.draft, files)),
                namespace=self._wish.namespace,
                skill_ids=tuple(skills[name].id for name in each.draft.skills),
                tag_ids=tuple(tags[name] for name in tag_names(each.draft)),
                import_id=import_id,
                created_by=self._actor.user_id,
                published_at=self._now if each.draft.status is QuestionStatus.PUBLISHED else None,
            )
            for each in new
        ]


@dataclass(frozen=True, slots=True)
class ChunkResult:
    outcome: Counter[str]
    rows: list[NewImportRow]


def process_chunk(
    session: Session, import_id: UUID, chunk: Sequence[Numbered], judge: ChunkJudge, writer: ChunkWriter | None
) -> ChunkResult:
    """Judge a chunk and, with a writer, store it. Without one nothing is changed, and the outcome is the same."""
    judged, conflicts = judge.judge(chunk)
    problems = [(each.n, each.event) for each in chunk if isinstance(each.event, Problem)] + conflicts
    ids: dict[int, UUID | None] = {each.n: each.known.id if each.known else None for each in judged}
    if writer is not None:
        files = DraftPreparer(session).find_files([each.draft for each in judged])
        ids = writer.write(import_id, judged, files)
        changed = [each for each in judged if each.outcome is RowOutcome.CHANGED]
        problems += [(each.n, found) for each in changed if (found := writer.change(each)) is not None]
    outcome = Counter(each.outcome.value for each in judged)
    outcome[RowOutcome.ERROR.value] += sum(found.severity is Severity.ERROR for _, found in problems)
    rows = import_rows(import_id, judged, problems, ids) + unsupported_rows(import_id, chunk)
    return ChunkResult(outcome, rows)
