"""PDFs with a text layer: reading order, what repeats from page to page, looks, tables, and files that are broken."""

import io
from collections.abc import Sequence

import pytest

from app.ai.processing.pdf_processor import pdf_parts
from app.domain.document_text import DocumentError, DocumentFault, DocumentLimits, PageRead, Style, TextLine
from app.domain.question_draft import QuestionDraft
from app.formats.exam_text.reader import exam_events
from app.formats.reading import ReadOptions
from app.formats.report import correct_texts
from app.utils.html import plain_text
from tests.factories.papers import PAGE, Text, pdf_file, rows

RIGHT_COLUMN = 320
HEADER = [Text("Final examination", 60, 40, 9), Text("Page 1 of 3", 480, 810, 9), Text("Confidential", 60, 810, 9)]


def lines(*pages: Sequence[Text]) -> list[str]:
    return [part.text for part in pdf_parts(io.BytesIO(pdf_file(*pages))) if isinstance(part, TextLine)]


def questions(*pages: Sequence[Text]) -> list[tuple[str, list[str], list[str]]]:
    events = exam_events(pdf_parts(io.BytesIO(pdf_file(*pages))), ReadOptions(), "paper.pdf")
    drafts = [event for event in events if isinstance(event, QuestionDraft)]
    return [
        (plain_text(draft.stem), [plain_text(option.html) for option in draft.options], correct_texts(draft))
        for draft in drafts
    ]


def asked(first: int, last: int) -> str:
    listed = "A. the first of them\nB. the second of them\nC. the third of them"
    return "\n\n".join(
        f"{number}. Which of these is right in case {number}?\n{listed}" for number in range(first, last)
    )


EXPECTED = [
    (f"Which of these is right in case {number}?", ["the first of them", "the second of them", "the third of them"])
    for number in range(1, 9)
]


@pytest.mark.parametrize("header", [[], HEADER])
def test_columns_are_read_one_after_the_other(header: list[Text]) -> None:
    page = [*header, *rows(asked(1, 5)), *rows(asked(5, 9), RIGHT_COLUMN)]
    assert [each[:2] for each in questions(page)] == EXPECTED


def test_a_key_beside_the_last_questions_is_a_column() -> None:
    key = "Answer Key\n" + "\n".join(f"{number}. {'ABC'[number % 3]}" for number in range(1, 9))
    found = questions(rows(asked(1, 5)), [*rows(asked(5, 9)), *rows(key, RIGHT_COLUMN)])
    assert [each[2] for each in found] == [[EXPECTED[0][1][number % 3]] for number in range(1, 9)]


def test_what_repeats_on_every_page_belongs_to_none_of_the_questions() -> None:
    found = questions([*HEADER, *rows(asked(1, 5)), *rows(asked(5, 7), RIGHT_COLUMN)], [*HEADER, *rows(asked(7, 9))])
    assert [each[:2] for each in found] == EXPECTED


def test_a_row_of_numbers_at_the_edge_is_no_page_number() -> None:
    numbers = [Text(str(number), 60 + 30 * number, 60) for number in range(1, 11)]
    letters = [Text("ABCD"[number % 4], 60 + 30 * number, 76) for number in range(1, 11)]
    assert lines([*numbers, *letters])[0].split() == [str(number) for number in range(1, 11)]


def test_options_in_a_grid_come_in_the_order_of_their_letters() -> None:
    (found,) = questions(rows("1. Which city lies on the Seine?\nA. Rome\tC. Paris\nB. Bern\tD. Oslo"))
    assert found[1] == ["Rome", "Bern", "Paris", "Oslo"]


def test_bold_options_are_the_key_and_each_line_knows_its_place() -> None:
    text = "\n\n".join(f"{number}. Which of these?\nA. one\n**B. two**\nC. three" for number in (1, 2, 3))
    parts = [part for part in pdf_parts(io.BytesIO(pdf_file(rows(text)))) if isinstance(part, TextLine)]
    bold = [part for part in parts if any(span.style is Style.BOLD for span in part.spans)]
    assert {part.text for part in bold} == {"B. two"}
    assert [each[2] for each in questions(rows(text))] == [["two"]] * 3
    left, top, right, bottom = parts[0].box or (0, 0, 0, 0)
    assert left == pytest.approx(60 / PAGE[0], abs=0.01)
    assert top < 70 / PAGE[1] < bottom < top + 0.03
    assert left < right


def test_pages_are_counted_as_they_are_read() -> None:
    parts = list(pdf_parts(io.BytesIO(pdf_file(rows("One"), rows("Two")))))
    assert [part for part in parts if isinstance(part, PageRead)] == [PageRead(1, 2), PageRead(2, 2)]


def locked(pdf: bytes) -> bytes:
    """With a password that nobody knows."""
    secret = b"<" + b"00" * 32 + b">"
    entry = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >> /ID [<00> <00>] " % (secret, secret)
    return pdf.replace(b"/Root 1 0 R", entry + b"/Root 1 0 R")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (locked(pdf_file(rows("1. One?"))), DocumentFault.ENCRYPTED),
        (b"", DocumentFault.DAMAGED),
        (b"%PDF-1.4\n", DocumentFault.DAMAGED),
        (pdf_file(rows("1. One?"))[:300], DocumentFault.DAMAGED),
    ],
)
def test_a_broken_file_is_told_so(data: bytes, fault: DocumentFault) -> None:
    with pytest.raises(DocumentError) as caught:
        list(pdf_parts(io.BytesIO(data)))
    assert caught.value.fault is fault


def test_a_file_of_too_many_pages_is_refused() -> None:
    with pytest.raises(DocumentError, match="more than 2 pages"):
        list(pdf_parts(io.BytesIO(pdf_file(*[rows("One")] * 3)), DocumentLimits(pages=2)))
