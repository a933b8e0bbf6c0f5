import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from app.domain.enums import QuestionType, Severity
from app.domain.question_draft import Option, QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import Limits, ProblemCode, ReadOptions, Source, WriteOptions
from app.formats.registry import detect
from app.formats.spreadsheets import XlsxReader, XlsxWriter
from app.formats.spreadsheets.cell_scan import column_letters, place_of
from app.formats.spreadsheets.cell_text import CellValue, cell_text
from app.formats.spreadsheets.writer import xlsx_template
from tests.unit.formats.package_files import drafts, events_of, problems, unsupported, workbook, zipped

HEADER = ("Question", "A", "B", "C", "D", "Answer")
RIVER = ("Longest river?", "Nile", "Rhine", "", "", "A")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1969.0, "1969"),
        (0.25, "0.25"),
        (True, "True"),
        ("007", "007"),
        (date(2024, 1, 1), "2024-01-01"),
        (datetime(2024, 1, 1, 8, 30), "2024-01-01 08:30"),  # noqa: DTZ001 - cells know no time zone
        (time(8, 30, 5), "08:30:05"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_cells_read_as_people_see_them(value: CellValue, text: str) -> None:
    assert cell_text(value) == text


def test_places_of_cells() -> None:
    assert place_of("A1") == (0, 0)
    assert place_of("XFD1048576") == (1_048_575, 16_383)
    assert place_of("1A") > (10**9, 10**9)
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_typed_cells_and_rows_as_the_program_numbers_them() -> None:
    events = events_of(
        workbook((), HEADER, ("Year?", 1968, 1969, "", "", "B"), ("Is 7 prime?", True, False, "", "", "A"))
    )
    year, prime = drafts(events)
    assert [option.html for option in year.options] == ["1968", "1969"]
    assert prime.type is QuestionType.TRUE_FALSE
    assert [draft.location.row for draft in (year, prime)] == [3, 4]
    assert not problems(events)


def test_a_table_may_stand_anywhere_on_the_sheet() -> None:
    padded = [("", "", *row) for row in (HEADER, RIVER)]
    (draft,) = drafts(events_of(workbook(("Bank of Mr. Smith",), (), *padded)))
    assert [option.html for option in draft.options if option.weight > 0] == ["Nile"]
    assert draft.location.row == 4


def test_formula_without_result() -> None:
    rows = [("Half?", 0.25, "=1/2", "", "", "B"), ("=A1", "x", "y", "", "", "A"), ("Sum?", "x", "y", "", "", "=B1")]
    events = events_of(workbook(HEADER, *rows))
    (half,) = drafts(events)
    assert [option.html for option in half.options] == ["0.25", "=1/2"]
    found = [(each.location.row, each.column, each.severity) for each in problems(events)]
    assert (2, "C", Severity.WARNING) in found
    assert (3, "A", Severity.ERROR) in found
    assert (4, "F", Severity.WARNING) in found  # the row itself is refused: its key is no option
    assert (4, "answer", Severity.ERROR) in found


def test_failed_formula_is_no_empty_cell() -> None:
    events = events_of(workbook(HEADER, ("What?", "#N/A", "y", "", "", "B")))
    assert [(each.location.row, each.column, each.text) for each in problems(events)] == [(2, "B", "#N/A")]


def test_other_sheets_are_named() -> None:
    events = events_of(workbook(HEADER, RIVER, others={"Help": ["Fill in the first sheet."]}))
    assert len(drafts(events)) == 1
    assert [(each.kind, each.location.member) for each in unsupported(events)] == [("sheet", "Help")]


def test_a_sheet_by_name() -> None:
    data = workbook(HEADER, RIVER, title="One", others={"Two": HEADER})
    assert drafts(events_of(data, options=ReadOptions(sheet="Two"))) == []
    (found,) = problems(events_of(data, options=ReadOptions(sheet="Three")))
    assert "One, Two" in found.message


def test_foreign_headers_by_mapping() -> None:
    data = workbook(("Frage", "Antwort"), ("2+2?", 4))
    (draft,) = drafts(events_of(data, options=ReadOptions(columns={"question": "Frage", "answer": "Antwort"})))
    assert draft.numeric is not None


def test_difficulty_in_words() -> None:
    (draft,) = drafts(events_of(workbook((*HEADER, "Difficulty"), (*RIVER, "Very easy"))))
    assert draft.difficulty == -2


def test_kahoot() -> None:
    header = (
        "", "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters",
        "Answer 3 - max 75 characters", "Time limit (sec) – 5, 10, 20 or 30 secs", "Correct answer(s) - choose one",
    )  # fmt: skip
    rows = [(1, "Prime?", 2, 4, 5, 20, "1,3"), (2, "Even?", 2, 3, None, 20, 1), (3, None, None, None, None, None, None)]
    data = workbook(("", "Quiz template"), (), header, *rows)
    assert detect(Source.of_bytes("quiz.xlsx", data)).name == "kahoot"
    events = events_of(data)
    prime, even = drafts(events)
    assert prime.type is QuestionType.MULTIPLE_RESPONSE
    assert [option.html for option in prime.options if option.weight > 0] == ["2", "5"]
    assert [option.html for option in even.options if option.weight > 0] == ["2"]
    assert not problems(events)


def test_the_template_reads_without_a_problem() -> None:
    events = events_of(xlsx_template())
    assert len(drafts(events)) == 6
    assert not problems(events)


def test_texts_that_spreadsheets_take_for_something_else() -> None:
    texts = ["=1+1", "#N/A", "007", "_x0041_", "a\x0bb", "TRUE", "@x"]
    options = tuple(Option(id=str(index), html=text, weight=float(not index)) for index, text in enumerate(texts))
    draft = QuestionDraft(type=QuestionType.SINGLE_CHOICE, stem="-1 &lt; ?", options=options)
    out = io.BytesIO()
    assert XlsxWriter().write([draft], out, WriteOptions()) == []
    (again,) = drafts(list(XlsxReader().read(Source.of_bytes("f", out.getvalue()), ReadOptions())))
    assert [option.html for option in again.options] == texts


def test_a_text_longer_than_a_cell_is_a_loss() -> None:
    out = io.BytesIO()
    (loss,) = XlsxWriter().write([QuestionDraft(type=QuestionType.ESSAY, stem="x" * 40_000)], out, WriteOptions())
    assert loss.field == "question"


def test_far_away_cells_are_refused_before_they_fill_the_memory() -> None:
    data = _with_cell(workbook(HEADER, RIVER), "XFD1048576")
    (found,) = problems(events_of(data))
    assert found.code is ProblemCode.TOO_LARGE


def test_too_many_rows() -> None:
    rows = [RIVER] * 200
    (found,) = problems(events_of(workbook(HEADER, *rows), options=ReadOptions(limits=Limits(rows=10))))
    assert found.code is ProblemCode.TOO_LARGE


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_cut_workbook_is_one_typed_error(keep: float) -> None:
    data = workbook(HEADER, RIVER)
    source = Source.of_bytes("x.xlsx", data[: int(len(data) * keep)])
    (found,) = checked_events(XlsxReader(), source)
    assert found.code is ProblemCode.SYNTAX  # type: ignore[union-attr]  # it is a problem, or the code would be missing


def test_a_damaged_sheet_is_an_error_with_its_place() -> None:
    members = _members(workbook(HEADER, RIVER))
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"][:-40]
    (found,) = problems(events_of(zipped(members)))
    assert (found.code, found.location.member) == (ProblemCode.XML, "Sheet")


@pytest.mark.parametrize(
    ("stream", "code"), [("EncryptedPackage", ProblemCode.ENCRYPTED), ("Workbook", ProblemCode.UNKNOWN_FORMAT)]
)
def test_old_and_protected_files_are_told_apart(stream: str, code: ProblemCode) -> None:
    magic = struct.pack("<Q", 0xE11AB1A1E011CFD0)
    (found,) = problems(events_of(magic + bytes(600) + stream.encode("utf-16-le") + bytes(600), "x.xls"))
    assert found.code is code


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with_cell(data: bytes, place: str) -> bytes:
    members = _members(data)
    cell = f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>'.encode()
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</row></sheetData>", cell + b"</row></sheetData>")
    return zipped(members)
