"""One cut-out question taken apart: stem, options, remarks, and lines that belong to none of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.document_text import TextLine, TextOrigin
from app.formats.exam_text.answer_lines import Remark, without_remarks
from app.formats.exam_text.blocks import Block, asks_to_match
from app.formats.exam_text.flow import PARAGRAPH, WRAP, Flow, flow_of, joined, line_starts
from app.formats.exam_text.label_repairs import with_repaired_labels
from app.formats.exam_text.lines import least_confidence
from app.formats.exam_text.option_labels import OptionLabel
from app.formats.exam_text.options import bank_labels, find_options, option_style

_APART = 0.5
_SMALL = 0.85
_NEAR_BEGINNING = 12
_LINE_END = re.compile(f"[{WRAP}{PARAGRAPH}]")
_ASKING_SHARE = 0.5
_ASKING = re.compile(
    r"[?？]|_{3,}|…{2,}|\.{6,}|\b(?:true|false)\b|"
    r"^\W*(?:find|calculate|show|prove|explain|what|why|how|who|when|where|which|describe|determine|state|define|list|"
    r"give|compute|draw|sketch|derive|discuss|evaluate|write|outline|identify|compare|estimate|solve|name|complete|"
    r"choose|select|match|translate|simplify|factor|graph|convert|justify|analy[sz]e|summari[sz]e)\b",
    re.IGNORECASE,
)
_STAR_AT_END = re.compile(
    r"\s*(?:\*|✓|✔|√|✅|☑|[\[(]\s*(?:correct|right|true|richtig|correcta|correcto|correct[ea]|верно|✓|✔|√)"
    r"(?:\s+(?:answer|option|choice|one))?\s*[\])]|\[[xX]\]|(?:<[-=]+|←|⇐)\s*(?:correct|right|ans|answer)?"
    r"(?:\s+answer)?)\s*$",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\s*[\[(]\s*(?P<points>\d{1,3}(?:[.,]\d{1,2})?)\s*"
    r"(?:marks?|points?|pts?\.?|punkte?|puntos?|pontos?|punti|балл\w*|分)(?:\s+each)?\s*[\])]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedOption:
    flow: Flow
    is_starred: bool
    confidence: float


@dataclass(slots=True)
class ParsedQuestion:
    """`lines` are all that the question was read from; `loose` are those among them that nothing was made of."""

    block: Block
    stem: Flow
    lines: list[TextLine]
    confidence: float
    options: list[ParsedOption] = field(default_factory=list)
    option_style: str = ""
    points: float | None = None
    remarks: dict[Remark, list[TextLine]] = field(default_factory=dict)
    loose: list[TextLine] = field(default_factory=list)


def parsed_questions(blocks: Sequence[Block]) -> list[ParsedQuestion]:
    """All questions of a document, for its usual way to label options helps with the unclear ones."""
    remarked = [without_remarks(with_repaired_labels(block.lines)) for block in blocks]
    style = option_style([flow_of(each.lines).text for each in remarked])
    questions = []
    for block, each in zip(blocks, remarked, strict=True):
        question = _parsed(block, each.lines, style)
        question.remarks = each.remarks
        if block.key is not None:
            question.remarks.setdefault(Remark.ANSWER, [block.key])
        questions.append(question)
    _share_answers(questions)
    return questions


def _share_answers(questions: Sequence[ParsedQuestion]) -> None:
    """In a matching exercise the answers below its last row belong to all of them."""
    for at, last in enumerate(questions):
        following = questions[at + 1].block.section if at + 1 < len(questions) else None
        if not last.options or not asks_to_match(last.block.section) or following == last.block.section:
            continue
        rows = [each for each in questions[:at] if each.block.section == last.block.section]
        if rows and not any(each.options for each in rows):
            for row in rows:
                row.options, row.option_style = last.options, last.option_style


def asked(questions: Sequence[ParsedQuestion]) -> list[ParsedQuestion]:
    """The questions, or none if nothing but their numbers makes them look so: any list has numbers."""
    asking = sum(_asks(question) for question in questions)
    return [*questions] if asking >= _ASKING_SHARE * len(questions) else []


def _asks(question: ParsedQuestion) -> bool:
    is_told = bool(question.options or question.remarks or question.points is not None)
    return is_told or question.block.is_worded or _ASKING.search(question.stem.plain) is not None


def _parsed(block: Block, lines: Sequence[TextLine], style: str | None) -> ParsedQuestion:
    flow = flow_of(lines)
    labels = find_options(flow.text, style) if style else ()
    if not labels and block.bank:
        return _with_bank(block, lines)
    if not labels:
        stem, points = _without_points(flow.cut(0))
        return ParsedQuestion(block, stem, [*block.lines], least_confidence(lines), points=points)
    end = _end_of_options(lines, labels[-1])
    kept = flow_of(lines[:end])
    stem, points = _without_points(flow.cut(0, labels[0].start))
    above = [line for line, start in zip(lines, line_starts(lines), strict=True) if start < labels[0].start]
    return ParsedQuestion(
        block,
        stem,
        [*block.lines],
        least_confidence(above),
        _options(kept, lines[:end], labels),
        labels[0].style,
        points,
        loose=[*lines[end:]],
    )


def _with_bank(block: Block, lines: Sequence[TextLine]) -> ParsedQuestion:
    """A row of a matching exercise: all its rows choose from the same bank."""
    bank = flow_of(block.bank)
    labels = bank_labels(bank.text)
    stem, points = _without_points(flow_of(lines).cut(0))
    return ParsedQuestion(
        block,
        stem,
        [*block.lines],
        least_confidence(lines),
        _options(bank, block.bank, labels),
        labels[0].style,
        points,
    )


def _end_of_options(lines: Sequence[TextLine], last: OptionLabel) -> int:
    """The line after the last option: it ends where a gap, a whole paragraph or smaller letters follow."""
    starts = line_starts(lines)
    index = max(at for at, start in enumerate(starts) if start <= last.start)
    label_line = lines[index]
    for at in range(index + 1, len(lines)):
        line = lines[at]
        is_apart = line.space_above >= _APART and line.indent <= label_line.indent
        is_new = (
            lines[at - 1].is_paragraph
            and not line.pictures
            and bool(lines[at - 1].text[_offset(last, starts, index) :].strip())
        )
        is_note = line.size < _SMALL * label_line.size and line.origin is TextOrigin.TEXT
        if is_apart or is_new or is_note:
            return at
    return len(lines)


def _offset(last: OptionLabel, starts: Sequence[int], index: int) -> int:
    return last.end - starts[index]


def _options(flow: Flow, lines: Sequence[TextLine], labels: Sequence[OptionLabel]) -> list[ParsedOption]:
    ends = [label.start for label in labels[1:]] + [len(flow.text)]
    starts = line_starts(lines)
    options = []
    for label, end in zip(labels, ends, strict=True):
        text = flow.cut(label.end, end)
        star = _STAR_AT_END.search(text.text)
        touched = [
            line
            for line, start in zip(lines, starts, strict=True)
            if start < end and start + len(line.text) > label.start
        ]
        options.append(
            ParsedOption(
                text.cut(0, star.start()) if star else text,
                label.is_starred or star is not None,
                least_confidence(touched),
            )
        )
    return options


def _without_points(stem: Flow) -> tuple[Flow, float | None]:
    """The stem without ``[2 marks]`` near its beginning or at the end of it or of its first line."""
    found = [*_POINTS.finditer(stem.text)]
    if (
        found
        and found[0].start() <= _NEAR_BEGINNING
        and stem.text[: found[0].start()].strip(" []()\tCO0123456789") == ""
    ):
        return stem.cut(found[0].end()), _number(found[0])
    if len(found) > 1 and _LINE_END.search(found[0][0]):
        return joined(stem.cut(0, found[0].start()), stem.cut(found[0].end())), _number(found[0])
    if len(found) == 1 and found[0].end() == len(stem.text):
        return stem.cut(0, found[0].start()), _number(found[0])
    return stem, None


def _number(found: re.Match[str]) -> float:
    return float(found["points"].replace(",", "."))
