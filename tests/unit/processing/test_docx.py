"""Word documents: labels that stand in no text, looks that mark the key, tables, and files that are broken."""

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import RGBColor
from docx.text.font import Font
from docx.text.paragraph import Paragraph

from app.ai.processing.docx_processor import docx_parts
from app.domain.document_text import DocumentError, DocumentFault
from app.domain.question_draft import QuestionDraft
from app.formats.exam_text.reader import exam_events
from app.formats.reading import ReadOptions
from app.formats.report import correct_texts
from app.utils.html import plain_text
from tests.factories.papers import docx_file

QUESTIONS = [("Capital of France?", ["Rome", "Paris", "Bern"], 1), ("Capital of Italy?", ["Rome", "Oslo", "Wien"], 0)]
EXPECTED = [(stem, options, [options[right]]) for stem, options, right in QUESTIONS]
OPTION_LISTS = 10


def read(document: Document) -> list[tuple[str, list[str], list[str]]]:
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    events = exam_events(docx_parts(out), ReadOptions(), "paper.docx")
    drafts = [event for event in events if isinstance(event, QuestionDraft)]
    return [
        (plain_text(draft.stem), [plain_text(option.html) for option in draft.options], correct_texts(draft))
        for draft in drafts
    ]


def element(name: str, parent: BaseOxmlElement, value: object = None, **attributes: object) -> BaseOxmlElement:
    made: BaseOxmlElement = OxmlElement(f"w:{name}")
    for attribute, each in ({"val": value} if value is not None else {}).items() | attributes.items():
        made.set(qn(f"w:{attribute}"), str(each))
    parent.append(made)
    return made


def add_list(document: Document, number: int, *levels: tuple[str, str]) -> None:
    """List `number` with the format and the text of each of its levels."""
    numbering = document.part.numbering_part.element
    definition = OxmlElement("w:abstractNum")
    definition.set(qn("w:abstractNumId"), str(number))
    numbering.insert(0, definition)
    for depth, (form, text) in enumerate(levels):
        level = element("lvl", definition, ilvl=depth)
        for name, value in (("start", 1), ("numFmt", form), ("lvlText", text)):
            element(name, level, value)
    element("abstractNumId", element("num", numbering, numId=number), number)


def put_in_list(paragraph: Paragraph, number: int, level: int = 0) -> None:
    properties = element("numPr", paragraph._p.get_or_add_pPr())
    element("ilvl", properties, level)
    element("numId", properties, number)


def test_automatic_numbers_and_letters_are_labels() -> None:
    document = docx.Document()
    add_list(document, 90, ("decimal", "%1."), ("upperLetter", "%2."))
    for stem, options, _ in QUESTIONS:
        put_in_list(document.add_paragraph(stem), 90)
        for option in options:
            put_in_list(document.add_paragraph(option), 90, 1)
    document.add_paragraph("Answers: 1-B, 2-A")
    assert read(document) == EXPECTED


def test_lists_of_their_own_begin_anew() -> None:
    document = docx.Document()
    add_list(document, 90, ("decimal", "%1)"))
    for index, (stem, options, right) in enumerate(QUESTIONS):
        add_list(document, OPTION_LISTS + index, ("lowerLetter", "(%1)"))
        put_in_list(document.add_paragraph(stem), 90)
        for option in options:
            put_in_list(document.add_paragraph(option), OPTION_LISTS + index)
        document.add_paragraph(f"Answer: {'ABC'[right]}")
    assert read(document) == EXPECTED


def _bold(font: Font) -> None:
    font.bold = True


def _underlined(font: Font) -> None:
    font.underline = True


def _highlighted(font: Font) -> None:
    font.highlight_color = WD_COLOR_INDEX.YELLOW


def _red(font: Font) -> None:
    font.color.rgb = RGBColor(0xFF, 0, 0)


@pytest.mark.parametrize("mark", [_bold, _underlined, _highlighted, _red])
@pytest.mark.parametrize("stems_too", [False, True])
def test_the_look_of_options_is_the_key(mark: Callable[[Font], None], *, stems_too: bool) -> None:
    document = docx.Document()
    for number, (stem, options, right) in enumerate(QUESTIONS, start=1):
        run = document.add_paragraph().add_run(f"{number}. {stem}")
        if stems_too:
            mark(run.font)
        for index, option in enumerate(options):
            run = document.add_paragraph(f"{'abc'[index]}) ").add_run(option)
            if index == right:
                mark(run.font)
    assert read(document) == EXPECTED


def test_a_table_with_one_question_a_row() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=6)
    header = ["No", "Question", "A", "B", "C", "Answer"]
    rows = [[str(at), stem, *options, "ABC"[right]] for at, (stem, options, right) in enumerate(QUESTIONS, start=1)]
    for row in [header, *rows]:
        cells = table.rows[0].cells if row is header else table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    assert read(document) == EXPECTED


def test_options_and_key_in_tables_between_the_questions() -> None:
    document = docx.Document()
    for number, (stem, options, _) in enumerate(QUESTIONS, start=1):
        document.add_paragraph(f"{number}. {stem}")
        table = document.add_table(rows=2, cols=2)
        for index, option in enumerate(options):
            table.cell(index // 2, index % 2).text = f"{'ABC'[index]}. {option}"
    document.add_paragraph("Answer Key")
    key = document.add_table(rows=2, cols=2)
    for index, (_, _, right) in enumerate(QUESTIONS):
        key.cell(0, index).text, key.cell(1, index).text = str(index + 1), "ABC"[right]
    assert read(document) == EXPECTED


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04 broken", DocumentFault.DAMAGED),
        (docx_file("1. One?")[:900], DocumentFault.DAMAGED),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, DocumentFault.UNSUPPORTED),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), DocumentFault.ENCRYPTED),
    ],
)
def test_a_broken_file_is_told_so(data: bytes, fault: DocumentFault) -> None:
    with pytest.raises(DocumentError) as caught:
        list(docx_parts(io.BytesIO(data)))
    assert caught.value.fault is fault
