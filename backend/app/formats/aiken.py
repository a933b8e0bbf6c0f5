"""Aiken: a line or more of question, lettered options, ``ANSWER: B``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import BinaryIO

from app.domain.enums import QuestionType
from app.domain.question_draft import Location, QuestionDraft
from app.formats.drafts import build_draft, choice_type, weighted_options
from app.formats.losses import losses_of
from app.formats.reading import (
    Event,
    Loss,
    Problem,
    ProblemCode,
    ReadOptions,
    Sample,
    Source,
    WriteOptions,
    problem,
)
from app.utils.html import looks_like_html, plain_text, text_of, text_to_html

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(.*\S)\s*")
_ANSWER = re.compile(r"\s*ANSWER\s*:(.*)", re.IGNORECASE)
_OPTION_LINES = re.compile(r"^[ \t]*[A-Z][.)][ \t]+\S", re.MULTILINE)
_ANSWER_LINES = re.compile(r"^[ \t]*ANSWER[ \t]*:[ \t]*[A-Z]\b", re.MULTILINE)
_LETTERS = re.compile(r"\b[A-Z]\b", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None


class AikenReader:
    name = "aiken"
    title = "Aiken text"
    extensions: tuple[str, ...] = (".aiken",)

    def sniff(self, sample: Sample) -> float:
        answers = len(_ANSWER_LINES.findall(sample.text))
        return 0.9 if answers and len(_OPTION_LINES.findall(sample.text)) >= 2 * answers else 0.0

    def read(self, source: Source, _options: ReadOptions) -> Iterator[Event]:
        for block in _blocks(source.lines()):
            yield _question(block, Location(file=source.name, line=block.line))


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    """Blocks end with their answer, or where a question begins although the answer has not come."""
    block: _Block | None = None
    is_after_blank = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            is_after_blank = True
            continue
        if block is not None and block.options and is_after_blank and not _continues(line):
            yield block
            block = None
        is_after_blank = False
        block = block or _Block(number)
        _add_line(block, line)
        if block.key is not None:
            yield block
            block = None
    if block is not None:
        yield block


def _continues(line: str) -> bool:
    return _OPTION.fullmatch(line) is not None or _ANSWER.fullmatch(line) is not None


def _add_line(block: _Block, line: str) -> None:
    if (answer := _ANSWER.fullmatch(line)) is not None:
        block.key = answer[1].strip()
    elif (option := _OPTION.fullmatch(line)) is not None and (block.stem or block.options):
        block.options.append((option[1], option[2]))
    elif block.options:
        letter, text = block.options[-1]
        block.options[-1] = (letter, f"{text}\n{line.strip()}")
    else:
        block.stem.append(line.strip())


def _question(block: _Block, location: Location) -> QuestionDraft | Problem:
    letters = [letter for letter, _ in block.options]
    texts = [text for _, text in block.options]
    named = [letter.upper() for letter in _LETTERS.findall(block.key or "")]
    if any(letter not in letters for letter in named) or (block.key and not named):
        message = f"The answer {block.key!r} is none of the options."
        return problem(ProblemCode.KEY_NOT_OPTION, message, location, text=" ".join(block.stem))
    correct = {letters.index(letter) for letter in named}
    fields = {
        "type": choice_type(texts, correct),
        "stem": text_to_html("\n".join(block.stem)),
        "options": weighted_options([text_to_html(text) for text in texts], correct),
    }
    return build_draft(fields, location)


class AikenWriter:
    """Writes what has options and one right answer; the format knows nothing else."""

    name = "aiken"
    title = "Aiken text"
    extension = ".txt"
    mime = "text/plain"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        for position, draft in enumerate(drafts, start=1):
            if draft.type not in {QuestionType.SINGLE_CHOICE, QuestionType.TRUE_FALSE}:
                losses.append(Loss(position, "type", f"Aiken cannot hold a question of type {draft.type}."))
                continue
            lines = _lines(draft)
            read_back = [_question(block, draft.location) for block in _blocks(lines)]
            losses += losses_of(position, draft, read_back[0] if len(read_back) == 1 else None)
            out.write(("\n".join(lines) + "\n\n").encode())
        return losses


def _lines(draft: QuestionDraft) -> list[str]:
    lettered = [*zip(ascii_uppercase, draft.options, strict=False)]
    options = [f"{letter}) {_text(option.html)}" for letter, option in lettered]
    right = [letter for letter, option in lettered if option.weight == 1]
    return "\n".join([_text(draft.stem), *options, f"ANSWER: {', '.join(right)}"]).split("\n")


def _text(html: str) -> str:
    """The text with its line breaks, but on one line where a line of it would look like something else."""
    text = text_of(html)
    is_risky = looks_like_html(text) or any(not line.strip() or _continues(line) for line in text.split("\n"))
    return plain_text(html) if is_risky else text
