"""Question files and papers of any size, the same for the same seed."""

import ctypes
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it has no type information

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Numeric, NumericAnswer, QuestionDraft
from app.formats.drafts import weighted_options
from app.formats.reading import WriteOptions
from app.formats.registry import writer_named

SEED: Final = 20_260_301
VOCABULARY: Final = 6_000
SYLLABLES: Final = (
    "ba",
    "cor",
    "dal",
    "en",
    "fi",
    "gar",
    "hel",
    "in",
    "ju",
    "ka",
    "lor",
    "mi",
    "nor",
    "ol",
    "pra",
    "ri",
)
PAGE: Final = (595.0, 842.0)
QUESTIONS_A_PAGE: Final = 7


def drafts(count: int, seed: int = SEED) -> Iterator[QuestionDraft]:
    """Seven in ten are single choice, the others of the types that every format carries."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(VOCABULARY)]
    for number in range(count):
        yield _draft(rng, words, number)


def _draft(rng: random.Random, words: list[str], number: int) -> QuestionDraft:
    stem = " ".join(rng.choices(words, k=rng.randint(8, 18))).capitalize() + f" {number}?"
    kind = rng.random()
    fields: dict[str, object] = {"stem": stem, "explanation": " ".join(rng.choices(words, k=12)), "skills": ("bench",)}
    if kind < 0.7:  # noqa: PLR2004
        options = weighted_options(_options(rng, words), {rng.randrange(4)})
        return QuestionDraft.model_validate({**fields, "type": QuestionType.SINGLE_CHOICE, "options": options})
    if kind < 0.8:  # noqa: PLR2004
        options = weighted_options(["True", "False"], {rng.randrange(2)})
        return QuestionDraft.model_validate({**fields, "type": QuestionType.TRUE_FALSE, "options": options})
    if kind < 0.9:  # noqa: PLR2004
        answers = (Answer(value=rng.choice(words)),)
        return QuestionDraft.model_validate({**fields, "type": QuestionType.SHORT_ANSWER, "answers": answers})
    numeric = Numeric(answers=(NumericAnswer(value=rng.randint(1, 10_000), tolerance=0.5),))
    return QuestionDraft.model_validate({**fields, "type": QuestionType.NUMERICAL, "numeric": numeric})


def _options(rng: random.Random, words: list[str]) -> list[str]:
    return [f"{' '.join(rng.choices(words, k=3))} {letter}" for letter in "abcd"]


def write_file(folder: Path, format_name: str, count: int) -> Path:
    """A file of the format with as many questions; `jsonl` is one draft a line."""
    path = folder / f"bank-{format_name}-{count}"
    with path.open("wb") as out:
        if format_name == "jsonl":
            out.writelines(draft.model_dump_json(exclude_defaults=True).encode() + b"\n" for draft in drafts(count))
        else:
            writer_named(format_name).write(drafts(count), out, WriteOptions(title="Benchmark"))
    return path


def write_paper(folder: Path, pages: int) -> Path:
    """A PDF with a text layer: choice questions with four options, and a list of answers at the end."""
    document = pdfium.PdfDocument.new()
    font = pdfium_c.FPDFText_LoadStandardFont(document, b"Helvetica")
    rng, number, key = random.Random(SEED), 0, []  # noqa: S311  # no secret
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(VOCABULARY)]
    for _ in range(pages):
        page, top = document.new_page(*PAGE), 60.0
        for _ in range(QUESTIONS_A_PAGE):
            number += 1
            key.append(f"{number}. {rng.choice('ABCD')}")
            lines = [f"{number}. {' '.join(rng.choices(words, k=10)).capitalize()}?"]
            lines += [f"{letter}) {' '.join(rng.choices(words, k=3))}" for letter in "ABCD"]
            top = _write_lines(document, page, font, lines, top) + 18
        page.gen_content()
    page = document.new_page(*PAGE)
    rows = [" ".join(key[at : at + 10]) for at in range(0, len(key), 10)]
    _write_lines(document, page, font, ["Answers:", *rows[:45]], 60.0)
    page.gen_content()
    path = folder / f"paper-{pages}.pdf"
    document.save(path)
    return path


def _write_lines(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, font: object, lines: list[str], top: float
) -> float:
    """The place of the next line."""
    for line in lines:
        shown = pdfium_c.FPDFPageObj_CreateTextObj(document, font, 10.0)
        letters = ctypes.create_string_buffer((line + "\0").encode("utf-16-le"))
        pdfium_c.FPDFText_SetText(shown, ctypes.cast(letters, pdfium_c.FPDF_WIDESTRING))
        pdfium_c.FPDFPageObj_Transform(shown, 1, 0, 0, 1, 60.0, PAGE[1] - top)
        pdfium_c.FPDFPage_InsertObject(page, shown)
        top += 15
    return top


def write_scan(folder: Path, paper: Path) -> Path:
    """The first page of a paper as a picture with 200 dots an inch."""
    with pdfium.PdfDocument(paper) as document:
        picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    path = folder / "scan.png"
    path.write_bytes(out.getvalue())
    return path
