"""Questions of a document of lines, tables and pictures, as the events of a format."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from app.domain.document_text import DocumentPart, PageFault, PageRead, PictureFile, TextLine, TextTable
from app.domain.enums import Severity
from app.domain.question_draft import Location, QuestionDraft
from app.formats.exam_text.blank_keys import take_blank_keys
from app.formats.exam_text.blocks import Block, numbered_blocks
from app.formats.exam_text.choice_keys import marking_style
from app.formats.exam_text.flow import flow_of
from app.formats.exam_text.key_section import KeyEntry, KeySection, key_sections
from app.formats.exam_text.question_drafts import Evidence, draft_events, location_of
from app.formats.exam_text.questions import ParsedQuestion, asked, parsed_questions
from app.formats.exam_text.tables import lines_of_table, question_rows
from app.formats.exam_text.unnumbered import unnumbered_blocks
from app.formats.reading import Event, MediaFile, Problem, ProblemCode, Progress, ReadOptions, Unsupported, problem
from app.formats.table_rows import Row
from app.formats.tables import table_events
from app.utils.text import excerpt

_LEAST_NUMBERED_SHARE = 0.5


def exam_events(parts: Iterable[DocumentPart], options: ReadOptions, file: str) -> Iterator[Event]:
    """Pages that could not be read, then the questions of tables, then those of the text with their pictures.

    The whole document is needed before the first question: its key may stand at the very end.
    """
    document = _Document()
    for part in parts:
        match part:
            case PageFault(page, message):
                yield problem(ProblemCode.SYNTAX, message, Location(file=file, page=page))
            case PageRead(number, total):
                yield Progress(number, total)
            case _:
                document.add(part)
    events = _events_of_document(document, options, file)
    first = next(events, None)
    if first is None:
        message = "No question was recognised in the document."
        yield problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file), text=flow_of(document.lines[:3]).plain)
        return
    shown = set[str]()
    for event in chain([first], events):
        if isinstance(event, QuestionDraft):
            for name in [ref.name for ref in event.media if ref.name in document.pictures and ref.name not in shown]:
                shown.add(name)
                yield _media(document.pictures[name], file)
        yield event


@dataclass(slots=True)
class _Document:
    """Lines with the tables that hold no questions among them, the other tables, and the pictures by name."""

    lines: list[TextLine] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)
    pictures: dict[str, PictureFile] = field(default_factory=dict)

    def add(self, part: TextLine | TextTable | PictureFile) -> None:
        match part:
            case TextLine():
                self.lines.append(part)
            case TextTable() if rows := question_rows(part):
                self.tables.append(rows)
            case TextTable():
                self.lines += lines_of_table(part)
            case PictureFile():
                self.pictures[part.name] = part


def _media(picture: PictureFile, file: str) -> MediaFile:
    place = Location(file=file, page=picture.page)
    return MediaFile(picture.name, lambda: io.BytesIO(picture.read()), picture.size, place)


def _events_of_document(document: _Document, options: ReadOptions, file: str) -> Iterator[Event]:
    for rows in document.tables:
        yield from table_events(rows, options, file)
    yield from _events_of_lines(document.lines, file)


def _events_of_lines(lines: Sequence[TextLine], file: str) -> Iterator[Event]:
    sections = _usable(key_sections(lines), lines)
    inside = {index for section in sections for index in range(section.first, section.end)}
    found = parsed_questions(_blocks([line for index, line in enumerate(lines) if index not in inside]))
    questions = found if sections else asked(found)
    take_blank_keys(questions)
    entries = _entries_by_question(questions, sections)
    style = marking_style(questions)
    for index, question in enumerate(questions):
        yield from _missing_before(questions, index, file)
        yield from _unused(question.block.skipped, file)
        yield from draft_events(question, Evidence(entries.get(index), style), file)
        yield from _unused(question.loose, file)


def _usable(sections: Sequence[KeySection], lines: Sequence[TextLine]) -> list[KeySection]:
    """Without letters that have no numbers, unless there are as many of them as questions above."""
    return [
        section
        for section in sections
        if not section.is_unnumbered or len(section.entries) == len(parsed_questions(_blocks(lines[: section.first])))
    ]


def _unused(lines: Sequence[TextLine], file: str) -> Iterator[Event]:
    if lines:
        yield Unsupported("text", location_of(lines, file), excerpt(flow_of(lines).plain))


def _blocks(lines: Sequence[TextLine]) -> list[Block]:
    """Questions by their numbers, or by their options when most of those have no number."""
    numbered, unnumbered = numbered_blocks(lines), unnumbered_blocks(lines)
    return unnumbered if len(numbered) < _LEAST_NUMBERED_SHARE * len(unnumbered) else numbered


def _missing_before(questions: Sequence[ParsedQuestion], index: int, file: str) -> Iterator[Event]:
    """A problem for a gap in the numbers, which nothing but a misread label explains."""
    if not index:
        return
    last, question = questions[index - 1].block, questions[index].block
    if last.run == question.run and last.number is not None and question.number is not None:
        for number in range(last.number + 1, question.number):
            message = f"Question {number} was not found between its neighbours."
            yield Problem(ProblemCode.SYNTAX, Severity.WARNING, message, location_of(questions[index - 1].lines, file))


def _entries_by_question(questions: Sequence[ParsedQuestion], sections: Sequence[KeySection]) -> dict[int, KeyEntry]:
    """Entries by the position of their question; where a number names several questions, by the run of numbers."""
    entries = _merged_entries(sections)
    if all(question.block.number is None for question in questions):
        return _entries_in_order(questions, entries)
    by_place = {(question.block.run, question.block.number): at for at, question in enumerate(questions)}
    times = Counter(question.block.number for question in questions)
    runs = sorted({question.block.run for question in questions})
    key_runs = sorted({run for run, _ in entries})
    run_of = dict(zip(key_runs, runs, strict=True)) if len(key_runs) == len(runs) else {}
    found: dict[int, KeyEntry] = {}
    for (run, number), entry in entries.items():
        place = by_place.get((run_of[run], number)) if run in run_of else None
        if place is None and times[number] == 1:
            place = next(at for at, question in enumerate(questions) if question.block.number == number)
        if place is not None:
            found[place] = entry
    return found


def _entries_in_order(
    questions: Sequence[ParsedQuestion], entries: Mapping[tuple[int, int], KeyEntry]
) -> dict[int, KeyEntry]:
    """Of questions without numbers: as they come, if all of them are answered."""
    is_complete = [*entries] == [(0, number) for number in range(1, len(questions) + 1)]
    return dict(enumerate(entries.values())) if is_complete else {}


def _merged_entries(sections: Sequence[KeySection]) -> dict[tuple[int, int], KeyEntry]:
    """Entries by run and number; each section that begins anew counts as further runs.

    What a key answers twice in different ways it does not answer.
    """
    merged: dict[tuple[int, int], KeyEntry] = {}
    disputed = set[tuple[int, int]]()
    base, last = 0, 0
    for section in sections:
        for entry in section.entries:
            if entry is section.entries[0] and entry.number <= last:
                base = 1 + max(run for run, _ in merged)
            place = base + entry.run, entry.number
            if place in merged and merged[place].letters != entry.letters:
                disputed.add(place)
            merged.setdefault(place, entry)
            last = entry.number
    return {place: entry for place, entry in merged.items() if place not in disputed}
