"""Writing all questions of a subject into one file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.core.errors import NotFoundError
from app.domain.permissions import Actor
from app.domain.question_draft import MediaRef, QuestionDraft
from app.formats.reading import WriteOptions, Writer
from app.formats.registry import writer_named
from app.integrations.storage import FileMissingError, FileStore, chunks_of
from app.repositories.media_repository import MediaRepository
from app.repositories.question_export_repository import QuestionExportRepository
from app.repositories.question_repository import QuestionRepository
from app.repositories.subject_repository import SubjectRepository
from app.services.export_service import SHOWN_LOSSES
from app.services.question_forms import draft_of

PAGE: Final = 200
MAX_BYTES: Final = 4 * 1024 * 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class ExportWork:
    """Reads the questions page by page while the format writes them; no transaction spans two pages."""

    def __init__(
        self, sessions: sessionmaker[Session], store: FileStore, progress: Callable[[int, int, str], None]
    ) -> None:
        self._sessions, self._store, self._progress = sessions, store, progress

    def work(self, actor: Actor, subject_id: UUID, format_name: str) -> dict[str, Any]:
        """What `ExportRead` and the download need of the file."""
        writer = writer_named(format_name)
        with self._sessions() as session:
            subject = SubjectRepository(session).get(actor, subject_id)
            total = QuestionExportRepository(session).count(subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        with TemporaryFile() as out:
            options = WriteOptions(title=subject.title, media=self._open)
            losses = writer.write(self._drafts(actor, subject_id, total), out, options)
            out.seek(0)
            stored = self._store.put(chunks_of(out), MAX_BYTES)
        return {
            "sha256": stored.sha256,
            "size": stored.size,
            "mime": writer.mime,
            "filename": file_name(subject.code, writer),
            "loss_count": len(losses),
            "losses": [asdict(loss) for loss in losses[:SHOWN_LOSSES]],
        }

    def _drafts(self, actor: Actor, subject_id: UUID, total: int) -> Iterator[QuestionDraft]:
        done, page = 0, [(0, subject_id)]
        while page:
            with self._sessions() as session:
                page = QuestionExportRepository(session).ids_after(subject_id, page[-1][0], PAGE)
                full = QuestionRepository(session).full_many(actor, [question_id for _, question_id in page])
            yield from (draft_of(full[question_id]) for _, question_id in page if question_id in full)
            done += len(page)
            self._progress(done, max(done, total), "")

    def _open(self, ref: MediaRef) -> BinaryIO | None:
        if ref.sha256 is None:
            return None
        with self._sessions() as session:
            media = MediaRepository(session).by_source([ref.sha256]).get(ref.sha256)
        try:
            return self._store.open(media.sha256) if media is not None else None
        except FileMissingError:
            return None


def file_name(code: str, writer: Writer) -> str:
    return f"{_UNSAFE.sub('-', code).strip('-') or 'questions'}{writer.extension}"
