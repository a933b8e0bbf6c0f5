"""Questions of a document of lines, tables and pictures, as the events of a format."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from app.domain.document_text import DocumentPart, PageFault, PictureFile, TextLine, TextTable
from app.domain.enums import Severity
from app.domain.question_draft import Location
from app.formats.exam_text.blocks import Block, numbered_blocks
from app.formats.exam_text.choice_keys import marking_style
from app.formats.exam_text.flow import flow_of
from app.formats.exam_text.key_section import KeyEntry, KeySection, key_sections
from app.formats.exam_text.question_drafts import Evidence, draft_events, location_of
from app.formats.exam_text.questions import ParsedQuestion, parsed_questions
from app.formats.exam_text.tables import lines_of_table, question_rows
from app.formats.exam_text.unnumbered import unnumbered_blocks
from app.formats.reading import Event, MediaFile, Problem, ProblemCode, ReadOptions, Unsupported, problem
from app.formats.tables import table_events

_LEAST_NUMBERED_SHARE = 0.5


def exam_events(parts: Iterable[DocumentPart], options: ReadOptions, file: str) -> Iterator[Event]:
    """Pictures and unreadable pages as they come, then the questions of tables, then those of the text.

    The whole text is needed before the first question: its key may stand at the very end.
    """
    lines: list[TextLine] = []
    found_any = False
    for part in parts:
        match part:
            case TextLine():
                lines.append(part)
            case TextTable():
                if rows := question_rows(part):
                    found_any = True
                    yield from table_events(rows, options, file)
                else:
                    lines += lines_of_table(part)
            case PictureFile():
                yield _media(part, file)
            case PageFault(page, message):
                yield problem(ProblemCode.SYNTAX, message, Location(file=file, page=page))
    for event in _events_of_lines(lines, file):
        found_any = True
        yield event
    if not found_any:
        message = "No question was recognised in the document."
        yield problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file), text=flow_of(lines[:3]).plain)


def _media(picture: PictureFile, file: str) -> MediaFile:
    return MediaFile(
        picture.name, lambda: io.BytesIO(picture.read()), picture.size, Location(file=file, page=picture.page)
    )


def _events_of_lines(lines: Sequence[TextLine], file: str) -> Iterator[Event]:
    sections = key_sections(lines)
    inside = {index for section in sections for index in range(section.first, section.end)}
    questions = parsed_questions(_blocks([line for index, line in enumerate(lines) if index not in inside]))
    entries = _entries_by_question(questions, sections)
    style = marking_style(questions)
    for index, question in enumerate(questions):
        yield from _missing_before(questions, index, file)
        yield from draft_events(question, Evidence(entries.get(index), style), file)
        if question.loose:
            text = flow_of(question.loose).plain
            yield Unsupported("text", location_of(question.loose, file), text[:120])


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


def _merged_entries(sections: Sequence[KeySection]) -> dict[tuple[int, int], KeyEntry]:
    """Entries by run and number; each section that begins anew counts as further runs."""
    merged: dict[tuple[int, int], KeyEntry] = {}
    base, last = 0, 0
    for section in sections:
        for entry in section.entries:
            if entry is section.entries[0] and entry.number <= last:
                base = 1 + max(run for run, _ in merged)
            merged.setdefault((base + entry.run, entry.number), entry)
            last = entry.number
    return merged
