"""Taking an import back: its questions go, the questions that it changed get their earlier version again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.core.errors import ConflictError, NotFoundError
from app.domain.permissions import Actor
from app.models import ImportJob, Question
from app.repositories.import_repository import ImportRepository
from app.repositories.import_undo_repository import ImportUndoRepository
from app.repositories.question_links import skill_links, tag_links
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.subject_repository import SubjectRepository
from app.repositories.tag_repository import TagRepository
from app.services.import_chunks import set_text
from app.services.import_things import CHUNK
from app.services.question_forms import draft_of, form_of

Change = Mapping[str, Any]


class ImportShownError(ConflictError):
    code = "import_shown"


@dataclass(frozen=True, slots=True)
class UndoResult:
    """`kept` were shown to a student, or edited by somebody, before their turn came."""

    deleted: int
    restored: int
    kept: int


def added_versions(session: Session, import_id: UUID) -> dict[UUID, Change]:
    """What an import changed, by question."""
    imports = ImportRepository(session)
    changes = {n: change for n, change in imports.changes(import_id).items() if change["version"] is not None}
    return {question_id: changes[n] for n, question_id in imports.question_ids(import_id, changes).items()}


def refuse_shown(session: Session, import_id: UUID) -> None:
    changed = [(question_id, change["version"]) for question_id, change in added_versions(session, import_id).items()]
    shown = ImportUndoRepository(session).count_shown(import_id, changed)
    if shown:
        raise ImportShownError(
            f"{shown} questions of this import were shown to students already. Retire them instead.",
            extra={"shown": shown},
        )


class ImportUndo:
    """Safe to start again at any point; each piece is a transaction of its own.

    `settle` is called once the questions are hidden and waits until no cache of practice offers them any more.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        now: datetime,
        progress: Callable[[int, int, str], None] = lambda *_: None,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        self._sessions, self._now, self._progress, self._settle = sessions, now, progress, settle

    def undo(self, actor: Actor, import_id: UUID) -> UndoResult:
        total, changes = self._hide(import_id)
        restored = self._restore(actor, changes)
        deleted = self._delete(import_id, total)
        with self._sessions.begin() as session:
            left = ImportUndoRepository(session).count_made(import_id)
            _row(session, import_id).undone_at = self._now
        return UndoResult(deleted, restored, left + len(changes) - restored)

    def _hide(self, import_id: UUID) -> tuple[int, dict[UUID, Change]]:
        """First of all no student may get one of the questions any more."""
        with self._sessions.begin() as session:
            subject_id, undo = _row(session, import_id).subject_id, ImportUndoRepository(session)
            SubjectRepository(session).lock(subject_id)
            retired = undo.retire_published(import_id)
            if retired:
                SubjectRepository(session).bump_content(subject_id)
            found = undo.count_made(import_id), added_versions(session, import_id)
        if retired:
            self._settle()
        return found

    def _delete(self, import_id: UUID, total: int) -> int:
        deleted = 0
        while piece := self._delete_piece(import_id):
            deleted += piece
            self._progress(deleted, total, f"{deleted} deleted")
        return deleted

    def _delete_piece(self, import_id: UUID) -> int:
        with self._sessions.begin() as session:
            return ImportUndoRepository(session).delete_unseen(import_id, CHUNK)

    def _restore(self, actor: Actor, changes: Mapping[UUID, Change]) -> int:
        restored = 0
        for question_id, change in changes.items():
            with self._sessions.begin() as session:
                restored += _Restorer(session, actor, self._now).restore(question_id, change)
        return restored


class _Restorer:
    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._questions, self._subjects = QuestionRepository(session), SubjectRepository(session)

    def restore(self, question_id: UUID, change: Change) -> bool:
        """Whether the question has its earlier text again; not if somebody saw or edited the later one."""
        subjects = self._questions.subjects_of(self._actor, [question_id])
        if question_id not in subjects:
            return False
        self._subjects.lock(subjects[question_id])
        self._questions.lock([question_id])
        later = self._questions.full(self._actor, question_id)
        earlier = self._questions.full(self._actor, question_id, change["version"] - 1)
        if later is None or earlier is None or not self._may_go(later, earlier, change["version"]):
            return False
        self._put_back(later, earlier, change)
        return True

    def _may_go(self, later: FullQuestion, earlier: FullQuestion, version: int) -> bool:
        if later.question.version != version or not ImportUndoRepository(self._session).lock_unseen(later.version.id):
            return False
        content_hash = form_of(draft_of(earlier), {}).content_hash
        same = self._questions.with_content(later.question.subject_id, [content_hash])
        return all(question.id == later.question.id for question in same.values())

    def _put_back(self, later: FullQuestion, earlier: FullQuestion, change: Change) -> None:
        question: Question = later.question
        form = form_of(draft_of(earlier), {})
        self._session.delete(later.version)
        question.version = earlier.version.number
        set_text(question, form, self._now)
        self._session.flush()
        self._questions.set_prior(question.id, form.difficulty)
        skill_links(self._session).replace(question.id, [UUID(skill_id) for skill_id in change["skill_ids"]])
        tags = TagRepository(self._session).ensure(change["tags"])
        tag_links(self._session).replace(question.id, list(tags.values()))
        self._subjects.bump_content(question.subject_id)


def _row(session: Session, import_id: UUID) -> ImportJob:
    row = session.get(ImportJob, import_id)
    if row is None:
        raise NotFoundError("No such import.")
    return row
