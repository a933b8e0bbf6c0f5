"""Reading a whole file into the bank, chunk by chunk; a second run goes on after the last checkpoint."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.domain.permissions import Actor
from app.formats.reading import Event, MediaFile, Reader, Source
from app.formats.registry import detect, reader_named
from app.repositories.import_repository import ImportRepository
from app.services.import_chunks import ChunkWriter, process_chunk
from app.services.import_judge import ChunkJudge, ImportWish, Numbered, SeenDrafts

CHUNK: Final = 500
AUTO: Final = "auto"

Progress = Callable[[int, str], None]
"""Called after each chunk with the number of things read so far and a sentence; may raise to stop there."""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run over one file. With `dry_run` nothing but the rows of its report is written."""

    import_id: UUID
    actor: Actor
    wish: ImportWish
    dry_run: bool


class ImportRunner:
    def __init__(self, sessions: sessionmaker[Session], now: datetime, progress: Progress = lambda *_: None) -> None:
        self._sessions, self._now, self._progress = sessions, now, progress

    def run(self, run: ImportRun, events: Iterable[Event]) -> Counter[str]:
        """Outcome counts of the whole file, those of earlier runs included."""
        with self._sessions() as session:
            done = ImportRepository(session).committed_chunks(run.import_id)
        seen, total = SeenDrafts(), Counter[str]()
        for number, chunk in enumerate(chunks(events)):
            if number in done:
                # Written by an earlier run: its drafts are in the bank and are recognised there.
                total += done[number]
            else:
                total += self._chunk(run, number, chunk, seen)
            self._progress(chunk[-1].n, _sentence(total))
        self._finish(run, total)
        return total

    def _chunk(self, run: ImportRun, number: int, chunk: list[Numbered], seen: SeenDrafts) -> Counter[str]:
        with self._sessions.begin() as session:
            judge = ChunkJudge(session, run.wish, seen)
            writer = None if run.dry_run else ChunkWriter(session, run.actor, run.wish, self._now)
            result = process_chunk(session, run.import_id, chunk, judge, writer)
            imports = ImportRepository(session)
            imports.add_rows(result.rows)
            if not run.dry_run:
                imports.add_chunk(run.import_id, number, result.outcome)
        return result.outcome

    def _finish(self, run: ImportRun, total: Counter[str]) -> None:
        with self._sessions.begin() as session:
            committed_at = None if run.dry_run else self._now
            ImportRepository(session).finish(run.import_id, total, committed_at)


def reader_for(source: Source, format_name: str) -> Reader:
    """Raises UnknownFormatError when the content fits no format, or the name none."""
    return detect(source) if format_name == AUTO else reader_named(format_name)


def chunks(events: Iterable[Event]) -> Iterator[list[Numbered]]:
    """The events in numbered pieces; media files are no rows of a report."""
    numbered = (Numbered(n, event) for n, event in enumerate(_rows(events), start=1))
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def _rows(events: Iterable[Event]) -> Iterator[Event]:
    return (event for event in events if not isinstance(event, MediaFile))


def _sentence(total: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in total.items() if count)
