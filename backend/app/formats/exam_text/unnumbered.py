"""Questions without numbers: each ends with its options, so the next begins after them."""

from collections.abc import Iterator, Sequence

from app.domain.document_text import TextLine
from app.formats.exam_text.answer_lines import is_remark
from app.formats.exam_text.blocks import Block, is_heading
from app.formats.exam_text.labels import LINE_START, OptionLabel, option_labels

_APART = 0.4
_LEAST = 2
_WEAK_STYLES = ("digit", "letter")  # numbered lists and words like "A" begin lines of any text


def unnumbered_blocks(lines: Sequence[TextLine]) -> list[Block]:
    """Stretches of lines that end with a row of options and the remarks below them."""
    labels = [_label_of(line) for line in lines]
    blocks: list[Block] = []
    begin, section = 0, ""
    for first, end in _rows_of_options(labels, lines):
        for index in range(begin, first):
            if is_heading(lines[index]):
                begin, section = index + 1, " ".join(lines[index].text.split())
        if begin < first:
            after = _with_remarks(lines, end)
            blocks.append(Block(None, 0, [*lines[begin:after]], section))
            begin = after
    return blocks


def _label_of(line: TextLine) -> OptionLabel | None:
    found = (label for label in option_labels(line.text[:16]) if label.rank == LINE_START)
    return next((label for label in found if not label.style.startswith(_WEAK_STYLES)), None)


def _rows_of_options(labels: Sequence[OptionLabel | None], lines: Sequence[TextLine]) -> Iterator[tuple[int, int]]:
    """From the line of the first option to before the line after the last one."""
    index = 0
    while index < len(labels):
        first = labels[index]
        end, count, next_index = index + 1, 1, 1
        if first is None or first.index != 0:
            index += 1
            continue
        while end < len(lines) and (follows := _follows(labels[end], first, next_index, lines, end)):
            count += follows > 0 and labels[end] is not None
            next_index += labels[end] is not None
            end += 1
        if count >= _LEAST:
            yield index, end
        index = end


def _follows(label: OptionLabel | None, first: OptionLabel, due: int, lines: Sequence[TextLine], at: int) -> bool:
    """Whether a line is the next option or goes on with the last one."""
    if label is not None:
        return label.style == first.style and label.index == (0 if first.style == "bullet" else due)
    line = lines[at]
    return not lines[at - 1].is_paragraph and line.space_above < _APART and not is_heading(line) and not is_remark(line)


def _with_remarks(lines: Sequence[TextLine], end: int) -> int:
    """After the remarks that follow the options, each up to a gap or the end of its paragraph."""
    while end < len(lines) and is_remark(lines[end]):
        end += 1
        while end < len(lines) and not lines[end - 1].is_paragraph and lines[end].space_above < _APART:
            end += 1
    return end
