"""Pages without text, read by the real programs."""

import io
import shutil

import pytest
from PIL import Image

from app.ai.processing import page_ocr
from app.ai.processing.image_processor import image_lines
from app.ai.processing.ocr_engines import OcrEngine, Rapid, Tesseract
from app.ai.processing.page_ocr import recognised
from app.ai.processing.ruled_grids import without_grids
from app.domain.document_text import DocumentError, DocumentLimits
from app.domain.question_draft import QuestionDraft
from app.formats.exam_text.reader import exam_events
from app.formats.reading import ReadOptions
from app.formats.report import correct_texts
from tests.factories.papers import Text, pdf_file, picture_file, pictures_of, rows, worn

PROGRAM = shutil.which("tesseract")
needs_tesseract = pytest.mark.skipif(PROGRAM is None, reason="Tesseract is not installed")
PAPER = """
1. Which of these rivers flows through the city of Paris?
A. the Thames
B. the Seine
C. the Danube

2. Which of these mountains is the highest one in Africa?
A. Kilimanjaro
B. Mont Blanc
C. Mount Elbrus

Answers: 1. B 2. A
"""
RIGHT = [["the Seine"], ["Kilimanjaro"]]


def page() -> Image.Image:
    return pictures_of(pdf_file(rows(PAPER)))[0]


def answers(picture: Image.Image) -> list[list[str]]:
    lines = image_lines(io.BytesIO(picture_file(picture)))
    events = exam_events(lines, ReadOptions(), "page.png")
    return [correct_texts(event) for event in events if isinstance(event, QuestionDraft)]


@needs_tesseract
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_read_whichever_way_it_lies(turns: int) -> None:
    assert answers(page().rotate(90 * turns, expand=True)) == RIGHT


@needs_tesseract
@pytest.mark.parametrize("angle", [-2.5, 2.5])
def test_a_page_is_read_askew_in_the_shade_and_grainy(angle: float) -> None:
    assert answers(worn(page(), angle=angle, shade=0.4)) == RIGHT


def test_without_tesseract_the_models_of_the_package_read_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_ocr, "engines", lambda: [Rapid()])
    assert answers(page()) == RIGHT


def test_lines_of_rapid_are_found_upright_or_on_their_side() -> None:
    assert Rapid().quarter_turns(page().rotate(90, expand=True)) == (1, 3)
    assert Rapid().quarter_turns(page()) == (2,)


@needs_tesseract
def test_an_engine_that_is_unsure_gives_way_to_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class Guessing(Tesseract):
        name = "guessing"

        def _read(self, page: Image.Image, layout: str) -> list[page_ocr.Word]:
            return [page_ocr.replace(word, confidence=0.3) for word in super()._read(page, layout)]

    sure = Tesseract(PROGRAM or "")
    engines: list[OcrEngine] = [Guessing(PROGRAM or ""), sure]
    monkeypatch.setattr(page_ocr, "engines", lambda: engines)
    assert recognised(page()).engine == sure.name


def test_large_letters_are_no_table() -> None:
    (large,) = pictures_of(pdf_file([Text("Hill billed", 40, 200, size=90), Text("till idle", 40, 320, size=90)]))
    grey = large.resize((large.width * 2, large.height * 2))
    assert without_grids(grey)[1] == []


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0broken", picture_file(page())[:2000]])
def test_a_broken_picture_is_told_so(data: bytes) -> None:
    with pytest.raises(DocumentError):
        list(image_lines(io.BytesIO(data)))


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(DocumentError, match="million pixels"):
        list(image_lines(io.BytesIO(picture_file(page())), DocumentLimits(pixels=1_000_000)))


@needs_tesseract
def test_labels_below_each_other_are_no_column_of_their_own() -> None:
    options = "A. {}1\nB. {}2\nC. {}3\nD. {}4"
    asked = "\n\n".join(
        f"{number}. What is the symbol of this?\n{options.format(*['Au'] * 4)}" for number in range(1, 8)
    )
    (grainy,) = pictures_of(pdf_file(rows(asked, pitch=15)))
    found = image_lines(io.BytesIO(picture_file(worn(grainy, grain=8, shade=0.25))))
    drafts = [event for event in exam_events(found, ReadOptions(), "page.png") if isinstance(event, QuestionDraft)]
    assert [len(draft.options) for draft in drafts] == [4] * 7
