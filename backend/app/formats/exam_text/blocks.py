"""A document cut into its questions, with the headings and shared texts between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.document_text import TextLine, TextOrigin
from app.formats.exam_text.flow import flow_of
from app.formats.exam_text.lines import cut_line
from app.formats.exam_text.numbering import question_starts
from app.formats.exam_text.option_labels import is_first_option
from app.formats.exam_text.options import bank_labels
from app.formats.exam_text.question_labels import question_label
from app.formats.exam_text.truths import asks_for_truths

_SECTION = re.compile(
    r"[\W_]*(?:section|part|teil|abschnitt|chapter|sección|seccion|parte|partie|раздел|часть)\s+"
    r"(?:[A-Z]|[IVX]{1,4}|\d{1,2}|one|two|three|four|five)\b.{0,90}$",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"[\W_]*(?:multiple[\s-]choice|true\s*(?:/|or|and|-)\s*false|matching|short[\s-]answers?|free\s+response|essays?|"
    r"long[\s-]answers?|fill[\s-]in(?:\s+the\s+blanks?)?|problems|exercises|objective|subjective|answer sheet|"
    r"单项选择|多项选择|选择题|填空题|判断题|简答题)\b.{0,40}$",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"\W*(?:directions?|instructions?)\b|"
    r"\W*(?:read|study|refer to|consider|use|look at|examine)\s+(?:the|this|these)\s+"
    r"(?:\w+\s+){0,3}"
    r"(?:passage|text|information|paragraph|extract|poem|table|graph|figure|diagram|data|case|scenario|story)|"
    r"\W*(?:the following|this)\s+(?:\w+\s+)?(?:passage|information|text)\b|"
    r"\W*(?:for|in)?\s*(?:questions?|items?|q)\.?\s*(?:nos?\.?\s*)?\d{1,3}\s*(?:-|–|—|to|and|through)\s*\d{1,3}\b",
    re.IGNORECASE,
)
_MATCHING = re.compile(r"match", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:questions?|items?|q)\.?\s*(?:nos?\.?\s*)?\(?(\d{1,3})\s*(?:-|–|—|to|and|through)\s*(\d{1,3})", re.IGNORECASE
)
_LARGE = 1.15
_LARGE_RECOGNISED = 1.6  # recognised lines are as high as the letters that happen to be in them
_APART = 0.5
_LONGEST_HEADING = 100
_LEAST_PASSAGE = 120  # letters; what is shorter tells how to answer
_LEAST_RANGED_PASSAGE = 80


@dataclass(frozen=True, slots=True)
class Shared:
    """A text that several questions refer to."""

    lines: tuple[TextLine, ...]
    numbers: range | None


@dataclass(slots=True)
class Block:
    """One question: its lines without its label, and what stands above it.

    ``bank`` holds the answers that the rows of a matching exercise share, ``key`` a key that stands above the question,
    ``skipped`` lines before it that nothing was made of.
    """

    number: int | None
    run: int
    lines: list[TextLine]
    section: str = ""
    shared: Shared | None = None
    bank: tuple[TextLine, ...] = ()
    key: TextLine | None = None
    skipped: tuple[TextLine, ...] = ()
    is_guessed: bool = False
    is_worded: bool = False


@dataclass(slots=True)
class _Above:
    """The last heading, the last shared text, and the answers that stand between a heading and its questions."""

    section: str = ""
    shared: Shared | None = None
    bank: tuple[TextLine, ...] = ()


def numbered_blocks(lines: Sequence[TextLine]) -> list[Block]:
    starts = question_starts(lines)
    if not starts:
        return []
    blocks: list[Block] = []
    above = _Above()
    _take_between(lines[: starts[0].line], above)
    ends = [start.line for start in starts[1:]] + [len(lines)]
    for start, end in zip(starts, ends, strict=True):
        inside = [cut_line(lines[start.line], start.end), *lines[start.line + 1 : end]]
        length = _own_length(inside)
        shared = above.shared
        if shared and shared.numbers and start.number not in shared.numbers:
            shared = None
        block = Block(start.number, start.run, inside[:length], above.section, shared, above.bank)
        block.is_guessed, block.is_worded = start.is_guessed, start.is_worded
        blocks.append(block)
        _take_between(inside[length:], above)
    return blocks


def _own_length(lines: Sequence[TextLine]) -> int:
    """How many of the lines up to the next label belong to the question: up to a heading or a shared text."""
    has_options = False
    for index, line in enumerate(lines):
        has_options = has_options or is_first_option(line.text)
        if index == 0:
            continue
        if is_heading(line, lines[0].size) or (
            _SHARED.match(line.text) and (has_options or line.space_above >= _APART)
        ):
            return index
    return len(lines)


def is_heading(line: TextLine, usual_size: float = 1.0) -> bool:
    """Whether a line stands above others; ``usual_size`` is that of the text around it."""
    text = line.text.strip()
    if not text or len(text) > _LONGEST_HEADING or question_label(line, 0) or is_first_option(text):
        return False
    if line.is_heading or _SECTION.match(text) or asks_for_truths(text):
        return True
    least = _LARGE_RECOGNISED if line.origin is TextOrigin.OCR else _LARGE
    is_large = line.size >= least * max(1.0, usual_size)
    stands_out = line.space_above >= _APART or bool(line.spans) or text.isupper() or text[-1] == ":"
    return is_large or (stands_out and _KIND.match(text) is not None)


def _take_between(lines: Sequence[TextLine], above: _Above) -> None:
    """Headings and shared texts between two questions hold for those that follow."""
    texts: list[TextLine] = []
    for line in lines:
        if is_heading(line):
            above.section, above.shared, above.bank = " ".join(line.text.split()), None, ()
            texts.clear()
        else:
            texts.append(line)
    begin = next((index for index, line in enumerate(texts) if _SHARED.match(line.text)), None)
    if begin is not None:
        above.shared = _shared(texts[begin:])
    if asks_to_match(above.section) and bank_labels(flow_of(texts).text):
        above.bank = tuple(texts)


def asks_to_match(heading: str) -> bool:
    return _MATCHING.search(heading) is not None


def _shared(lines: Sequence[TextLine]) -> Shared | None:
    found = next((match for line in lines[:2] if (match := _RANGE.search(line.text))), None)
    numbers = range(int(found[1]), int(found[2]) + 1) if found else None
    letters = sum(len(line.text) for line in lines)
    least = _LEAST_RANGED_PASSAGE if numbers else _LEAST_PASSAGE
    return Shared(tuple(lines), numbers) if letters >= least or any(line.pictures for line in lines) else None
