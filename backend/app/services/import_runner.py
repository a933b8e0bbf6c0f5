"""Reading a whole file into the bank, chunk by chunk; a second run goes on after the last checkpoint."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.core.errors import InvalidInputError, TooLargeError
from app.domain.permissions import Actor
from app.formats.reading import ProblemCode, ReadOptions, problem
from app.integrations.storage import FileStore
from app.repositories.import_repository import ImportRepository, ImportResult
from app.repositories.subject_repository import SubjectRepository
from app.services.import_bank import BankPlace, EmptyBank, SubjectBank
from app.services.import_chunks import ChunkWriter, outcome_counts, process_chunk
from app.services.import_events import ReadDraft, ReadEvent, ReadMedia
from app.services.import_judge import ChunkJudge, ImportWish, Judged
from app.services.import_reading import FileReading
from app.services.import_report import ReportWriter
from app.services.import_seen import SeenDrafts
from app.services.import_things import Chunk, Thing, chunks
from app.services.media_service import MediaService

Progress = Callable[[int, int, str], None]
"""Called with the things done, their number (0 = unknown yet) and a sentence; may raise to stop there."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run over one file. With `dry_run` nothing but the rows of its report is written."""

    import_id: UUID
    actor: Actor
    wish: ImportWish
    filename: str
    format: str
    reading: ReadOptions
    dry_run: bool


@dataclass(frozen=True, slots=True)
class ImportTools:
    sessions: sessionmaker[Session]
    store: FileStore
    now: datetime
    progress: Progress = lambda *_: None


class ImportRunner:
    def __init__(self, tools: ImportTools, run: ImportRun, seen: SeenDrafts | None = None) -> None:
        self._tools, self._run, self._seen = tools, run, seen or SeenDrafts()
        self._unusable: dict[str, str] = {}
        self._reached = (0, 0, "Reading the file")
        self._reading: FileReading | None = None

    def run(self, stream: BinaryIO, report_file: BinaryIO) -> ImportResult:
        """What became of the whole file, the chunks that earlier runs have stored included."""
        run, report = self._run, ReportWriter(report_file)
        done, counts = self._chunks_done(), Counter[str]()
        with FileReading(run.filename, stream, run.format, run.reading, self._tell) as reading:
            self._reading = reading
            for chunk in chunks(reading):
                counts += self._chunk(chunk, done.get(chunk.number), report)
                self._reached = (chunk.last, reading.total, _sentence(counts))
                self._tell()
            report.close(reading.format)
            return ImportResult(counts, reading.format, is_broken=reading.is_broken)

    def _tell(self) -> None:
        """How many things are done; of a paper, which gives them all at its end, how many pages until then."""
        pages = self._reading.pages if self._reading and not self._reached[0] else None
        reached = (pages.done, pages.total, "Reading pages") if pages else self._reached
        self._tools.progress(*reached)

    def _chunks_done(self) -> dict[int, Counter[str]]:
        """A dry run starts anew; it costs little, and what its chunks would have left stands nowhere."""
        with self._tools.sessions.begin() as session:
            imports = ImportRepository(session)
            if self._run.dry_run:
                imports.forget_results(self._run.import_id)
            return imports.chunk_counts(self._run.import_id)

    def _chunk(self, chunk: Chunk, done: Counter[str] | None, report: ReportWriter) -> Counter[str]:
        if done is not None:
            self._seen.add_all(each.event for each in chunk.things if isinstance(each.event, ReadDraft))
            report.add(chunk.things, ())
            return done
        if not self._run.dry_run:
            self._keep(chunk.media)
        things = [_with_unusable(each, self._unusable) for each in chunk.things] if self._unusable else chunk.things
        counts, judged = self._store(chunk.number, things)
        report.add(things, judged)
        return counts

    def _keep(self, media: Sequence[ReadMedia]) -> None:
        """Store the files, each in a transaction of its own, before the questions that refer to them."""
        for each in media:
            try:
                with self._tools.sessions.begin() as session:
                    MediaService(session, self._tools.store).keep(io.BytesIO(each.content()), self._run.actor.user_id)
            except (InvalidInputError, TooLargeError) as error:
                self._unusable[each.note.name] = error.detail

    def _store(self, number: int, things: Sequence[Thing]) -> tuple[Counter[str], list[Judged]]:
        run, now = self._run, self._tools.now
        with self._tools.sessions.begin() as session:
            imports = ImportRepository(session)
            place = BankPlace(run.wish.subject_id, run.wish.namespace, run.import_id)
            bank = SubjectBank(session, run.actor, place)
            writer = None
            if not run.dry_run:
                # From here on nobody else changes the subject's questions, so the judgement still holds when written.
                SubjectRepository(session).lock(run.wish.subject_id)
                writer = ChunkWriter(session, run.actor, run.wish, now)
            with imports.planned_anew():
                judged = ChunkJudge(bank, run.wish, self._seen).judge(things)
            record, rows = process_chunk(run.import_id, things, judged, writer)
            imports.add_rows(rows)
            imports.add_chunk(run.import_id, number, record)
        return record.counts, judged


def compare_within(
    events: Iterable[ReadEvent], wish: ImportWish, seen: SeenDrafts, report: ReportWriter
) -> Counter[str]:
    """A dry run without a database: the outcome in an empty bank."""
    counts = Counter[str]()
    for chunk in chunks(events):
        judged = ChunkJudge(EmptyBank(), wish, seen).judge(chunk.things)
        counts += outcome_counts(chunk.things, judged)
        report.add(chunk.things, judged)
    return counts


def _with_unusable(thing: Thing, unusable: Mapping[str, str]) -> Thing:
    """With a warning for each file of the question that was refused."""
    if not isinstance(thing.event, ReadDraft):
        return thing
    names = [ref.name for ref in thing.event.draft.media if ref.name in unusable]
    found = [problem(ProblemCode.MISSING_MEDIA, unusable[name], thing.location, text=name) for name in names]
    return replace(thing, warnings=(*thing.warnings, *found)) if found else thing


def _sentence(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count)
