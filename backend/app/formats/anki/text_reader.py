"""Flashcards as text, one a line: what Quizlet and Anki export, a term, a tab, a definition."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from app.domain.enums import QuestionType
from app.domain.question_draft import Location, QuestionDraft
from app.formats.anki.cloze import ClozeBlanks
from app.formats.anki.text_header import TextHeader, text_header
from app.formats.csv_records import Records
from app.formats.drafts import build_draft
from app.formats.reading import Event, Problem, ProblemCode, ReadOptions, Sample, Source, problem
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions
from app.utils.html import html_of, text_to_html

_SNIFFED_LINES = 200
_LEAST_PAIRS = 0.75
_LEAST_FIELDS = 2


class CardTextReader:
    name = "flashcards"
    title = "Flashcard text (Quizlet, Anki)"
    extensions: tuple[str, ...] = (".txt", ".tsv")

    def sniff(self, sample: Sample) -> float:
        lines = sample.text.split("\n")[:_SNIFFED_LINES]
        if text_header(lines).is_known:
            return 0.95
        filled = [line for line in lines if line.strip() and not line.startswith("#")]
        pairs = sum(line.count("\t") == 1 for line in filled)
        if not filled or pairs < _LEAST_PAIRS * len(filled) or looks_like_questions(filled[0].split("\t")):
            return 0.0
        return 0.5

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        head = source.sample.text.split("\n")[:_SNIFFED_LINES]
        header = text_header(head)
        delimiter = options.delimiter or header.separator or "\t"
        if not _has_quoted_fields(head, delimiter):
            yield from _events(_plain_rows(source.lines(), delimiter), header, source.name)
            return
        records = Records(source.lines(), delimiter, source.name)
        for event in _events(records, header, source.name):
            yield from records.problems
            records.problems.clear()
            yield event
        yield from records.problems


def _has_quoted_fields(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotation marks at the start of fields are those of the file, not of the texts in it."""
    if not any(line.startswith('"') or f'{delimiter}"' in line for line in lines):
        return False
    try:
        list(csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)  # only the sample is cut
    return True


def _plain_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Row(number, line.lstrip("\ufeff").split(delimiter), number)


def _events(rows: Iterable[Row], header: TextHeader, file: str) -> Iterator[Event]:
    filled = (row for row in rows if not row.cells[0].startswith("#"))
    first = list(islice(filled, _SNIFFED_LINES))
    widths = Counter(len(row.cells) for row in first if len(row.cells) >= _LEAST_FIELDS)
    width = max(widths, key=lambda each: (widths[each], each), default=_LEAST_FIELDS)
    for row in chain(first, filled):
        location = Location(file=file, line=row.line)
        if len(row.cells) == width:
            yield _card(row.cells, header, location)
        else:
            message = f"The line has {len(row.cells)} fields; the others have {width}."
            yield problem(ProblemCode.SYNTAX, message, location, text=" ".join(row.cells))


def _card(cells: Sequence[str], header: TextHeader, location: Location) -> QuestionDraft | Problem:
    special = {name: cells[index].strip() for name, index in header.columns.items() if index < len(cells)}
    places = set(header.columns.values())
    front, *others = [_html(cell, header) for index, cell in enumerate(cells) if index not in places] or [""]
    blanks = ClozeBlanks()
    stem = blanks.blanked("", front) if "{{c" in front else front
    is_cloze = blanks.can_be_typed(stem)
    fields: dict[str, object] = {
        "type": QuestionType.CLOZE if is_cloze else QuestionType.FLASHCARD,
        "stem": stem if is_cloze else front,
        "gaps": tuple(blanks.gaps) if is_cloze else (),
        "explanation": "<br>".join(html for html in others if html),
        "tags": (*header.tags, *special.get("tags", "").split()),
        "category": tuple(part.strip() for part in special.get("deck", header.deck).split("::") if part.strip()),
        "external_id": special.get("guid") or None,
    }
    return build_draft(fields, location)


def _html(cell: str, header: TextHeader) -> str:
    text = cell.strip()
    if header.is_html is None:
        return html_of(text)
    return text if header.is_html else text_to_html(text)
