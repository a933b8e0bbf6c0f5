"""Questions without numbers: each ends with its options, so the next begins after them."""

import re
from collections.abc import Sequence

from app.domain.document_text import TextLine
from app.formats.exam_text.answer_lines import is_remark
from app.formats.exam_text.blocks import Block, is_heading
from app.formats.exam_text.option_labels import LINE_START, OptionLabel, option_labels

_APART = 0.4
_LEAST = 2
_LABEL_LENGTH = 16
_FORM = re.compile(
    r"\W*(?:(?:full|first|last|student'?s?)\s+)?(?:name|date|class|score|student|teacher|grade|nombre|fecha|nom|datum|klasse)"
    r"\s*(?:[:：]|_{2,}|\.{3,})",
    re.IGNORECASE,
)
_LONE_KEY = re.compile(r"[A-Ha-h][.)]?$")

LineLabels = tuple[OptionLabel, ...]


def unnumbered_blocks(lines: Sequence[TextLine]) -> list[Block]:
    """Stretches of lines that end with a row of options and the remarks below them."""
    labels = [_labels_of(line) for line in lines]
    blocks: list[Block] = []
    begin, index, section = 0, 0, ""
    while index < len(lines):
        end = _end_of_row(labels, lines, index)
        if end is None:
            index += 1
            continue
        heading = max((at for at in range(begin, index) if is_heading(lines[at])), default=None)
        if heading is not None:
            begin, section = heading + 1, " ".join(lines[heading].text.split())
        begin = _after_form(lines, begin, index)
        if begin < index:
            end = _with_remarks(lines, end)
            blocks.append(_block(lines[begin:end], index - begin, section))
        begin = index = end
    return blocks


def _after_form(lines: Sequence[TextLine], begin: int, end: int) -> int:
    """The line after what asks for name and date, and everything above that."""
    return next((at + 1 for at in range(end - 1, begin - 1, -1) if _FORM.match(lines[at].text)), begin)


def _block(lines: Sequence[TextLine], options: int, section: str) -> Block:
    """A lone letter above the question is its key; before it stands what belongs to no question."""
    keys = [at for at in range(options - 1) if _LONE_KEY.match(lines[at].text.strip())]
    if not keys:
        return Block(None, 0, [*lines], section)
    begin = keys[-1]
    return Block(None, 0, [*lines[begin + 1 :]], section, key=lines[begin], skipped=tuple(lines[:begin]))


def _labels_of(line: TextLine) -> LineLabels:
    return tuple(label for label in option_labels(line.text[:_LABEL_LENGTH]) if label.rank == LINE_START)


def _end_of_row(labels: Sequence[LineLabels], lines: Sequence[TextLine], first: int) -> int | None:
    """The line after a row of options that begins at a line; None when none begins there."""
    opening = next((label for label in labels[first] if label.index == 0 and _is_strong(label)), None)
    if opening is None:
        return None
    count, end, last = 1, first + 1, first
    while end < len(lines):
        if (found := next((label for label in labels[end] if _is_next(label, opening, count)), None)) is not None:
            count = count + 1 if opening.style == "bullet" else found.index + 1
            last = end
        elif any(_is_strong(label) for label in labels[end]):
            end = last + 1  # lines between two rows are the next question
            break
        elif not _goes_on(lines, end):
            break
        end += 1
    return end if count >= _LEAST else None


def _is_strong(label: OptionLabel) -> bool:
    """Numbered lists, and words like "A", begin lines of any text."""
    return not label.style.startswith(("digit", "letter"))


def _is_next(label: OptionLabel, opening: OptionLabel, count: int) -> bool:
    """Whether a label follows the others, one of which may have been spoilt or be written in another case."""
    if opening.style == "bullet":
        return label.style == "bullet"
    is_alike = label.style == "letter" or label.style.casefold() == opening.style.casefold()
    return is_alike and (label.index == count or (label.index == count + 1 and count >= _LEAST))


def _goes_on(lines: Sequence[TextLine], at: int) -> bool:
    """Whether a line without a label goes on with the option above it."""
    line = lines[at]
    return not (lines[at - 1].is_paragraph or line.space_above >= _APART or is_heading(line) or is_remark(line))


def _with_remarks(lines: Sequence[TextLine], end: int) -> int:
    """After the remarks that follow the options, each up to a gap or the end of its paragraph."""
    while end < len(lines) and is_remark(lines[end]):
        end += 1
        while end < len(lines) and not lines[end - 1].is_paragraph and lines[end].space_above < _APART:
            end += 1
    return end
