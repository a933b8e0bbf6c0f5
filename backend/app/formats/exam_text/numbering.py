"""Which of the numbered lines of a document begin its questions."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.document_text import TextLine, TextOrigin
from app.formats.exam_text.option_labels import is_first_option
from app.formats.exam_text.question_labels import QuestionLabel, question_label

_LARGEST_GAP = 3
_DEEPER = 0.8
_WORD_BONUS = 3
_WEAK = ("alone", "roman")
_SHORTEST_ALONE = 3
_NESTED_LENGTH = 8
_LEAST_LISTED = 2
_USUAL_LISTS = 2
_LOOK_AHEAD = 200
_MISSED_WITHIN = 12  # lines
_LOOSE_LABEL = re.compile(r"\W{0,2}(?:Q\w{0,7}\s*)?([\dIl|Oo]{1,3})\s?[.,:;)\]]\s+(?=\S)")
_LOOKALIKES = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0"})
_DIRECTIVE = re.compile(
    r"answer (?:all|any|the|each|every)|each question|carr(?:y|ies)|\bmarks?\b|do not|don't|write (?:your|legibly|the)|"
    r"time allowed|calculators?|attempt|all questions|turn (?:over|the page)|mobile|phones?|pencils?|answer sheets?|"
    r"talking|read (?:each|all|every|the) (?:question|instruction)|compulsory|duration|minutes|invigilator|booklet",
    re.IGNORECASE,
)
_DIRECTIVE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Start:
    """A line that begins question `number`; numbering that starts anew begins another `run`."""

    line: int
    number: int
    end: int
    run: int
    is_guessed: bool = False
    is_worded: bool = False


def question_starts(lines: Sequence[TextLine]) -> list[Start]:
    """Lines that begin a question, without numbered instructions and numbered lists inside of questions."""
    families: dict[str, list[QuestionLabel]] = defaultdict(list)
    for index, line in enumerate(lines):
        if (label := question_label(line, index)) is not None:
            families[label.family].append(label)
    found = [(family, _walk(labels, lines)) for family, labels in families.items()]
    best = max(found, key=lambda each: (_is_strong(*each), _score(*each)), default=("", []))
    starts = best[1] if not best[0].startswith(_WEAK) or len(best[1]) >= _SHORTEST_ALONE else []
    return _without_instructions(_with_missed(starts, lines), lines)


def _is_strong(family: str, starts: Sequence[Start]) -> bool:
    """Numbers without a sign stand in tables, and Roman ones before sections and statements, as often as not."""
    return not family.startswith(_WEAK) and len(starts) > 1


def _score(family: str, starts: Sequence[Start]) -> int:
    """The longest run counts, for lists inside of questions are many and short."""
    lengths = [sum(start.run == run for start in starts) for run in {start.run for start in starts}]
    return max(lengths, default=0) + (_WORD_BONUS if family == "word" else 0)


def _walk(labels: Sequence[QuestionLabel], lines: Sequence[TextLine]) -> list[Start]:
    starts: list[Start] = []
    run, last = 0, 0
    skip_until = -1
    lists: list[int] = []
    for place, label in enumerate(labels):
        if place < skip_until:
            continue
        if not starts or last < label.number <= last + _LARGEST_GAP:
            if starts and label.number > last + 1 and _comes_soon(labels, place, last + 1):
                continue
        elif label.number == 1:
            if length := _nested_length(labels, place, starts, lines) or _usual_length(labels, place, last, lists):
                lists.append(length)
                skip_until = place + length
                continue
            run += 1
        else:
            continue
        starts.append(Start(label.line, label.number, label.end, run, is_worded=label.family == "word"))
        last = label.number
    return starts


def _comes_soon(labels: Sequence[QuestionLabel], place: int, number: int) -> bool:
    """Whether the number that is due still comes before the numbering starts anew."""
    for label in labels[place + 1 : place + _LOOK_AHEAD]:
        if label.number == 1:
            return False
        if label.number == number:
            return True
    return False


def _nested_length(
    labels: Sequence[QuestionLabel], place: int, starts: Sequence[Start], lines: Sequence[TextLine]
) -> int:
    """How many labels from `place` on number a list inside of the last question; 0 when they number questions."""
    length = _run_length(labels, place)
    after = labels[place + length].number if place + length < len(labels) else None
    is_deeper = labels[place].indent > lines[starts[-1].line].indent + _DEEPER
    goes_on = after == starts[-1].number + 1 and (length < starts[-1].number or length >= _LEAST_LISTED)
    inner = labels[place : place + length]
    has_options = [
        _has_options(lines, label.line, _next_line(labels, place + at, lines)) for at, label in enumerate(inner)
    ]
    lists_statements = length > 1 and has_options[-1] and not any(has_options[:-1])
    is_nested = length <= _NESTED_LENGTH and (is_deeper or goes_on or lists_statements)
    return length if is_nested else 0


def _usual_length(labels: Sequence[QuestionLabel], place: int, last: int, lists: Sequence[int]) -> int:
    """Length of a list that is as long as those of earlier questions were, also where question `last` + 1 follows."""
    length = _run_length(labels, place)
    return next((each for each in (length, last) if each <= length and lists.count(each) >= _USUAL_LISTS), 0)


def _run_length(labels: Sequence[QuestionLabel], place: int) -> int:
    """How many labels count on from 1."""
    length = 1
    while place + length < len(labels) and labels[place + length].number == length + 1:
        length += 1
    return length


def _next_line(labels: Sequence[QuestionLabel], place: int, lines: Sequence[TextLine]) -> int:
    return labels[place + 1].line if place + 1 < len(labels) else len(lines)


def _has_options(lines: Sequence[TextLine], first: int, end: int) -> bool:
    texts = (line.text for line in lines[first + 1 : min(end, first + _LOOK_AHEAD)])
    return any(is_first_option(text) for text in texts)


def _with_missed(starts: Sequence[Start], lines: Sequence[TextLine]) -> list[Start]:
    """With the starts whose label was misread, where exactly one number is missing between two others."""
    found: list[Start] = []
    for start in starts:
        last = found[-1] if found else None
        is_first = last is None or last.run != start.run
        due = 1 if is_first else last.number + 1 if last else 1
        after = last.line if last else max(-1, start.line - _MISSED_WITHIN)
        if start.number == due + 1 and (missed := _misread(lines, after, start, due)) is not None:
            found.append(missed)
        found.append(start)
    return found


def _misread(lines: Sequence[TextLine], after: int, start: Start, due: int) -> Start | None:
    fallback: Start | None = None
    for index in range(after + 1, start.line):
        if (label := _LOOSE_LABEL.match(lines[index].text)) is None:
            continue
        guess = Start(index, due, label.end(), start.run, is_guessed=True)
        is_recognised = lines[index].origin is TextOrigin.OCR
        if label[1].isdecimal() and int(label[1]) == due:
            return guess
        if is_recognised and label[1].translate(_LOOKALIKES) == str(due):
            return guess
        if is_recognised and label[1].isdecimal() and abs(lines[index].indent - lines[start.line].indent) < _DEEPER:
            fallback = guess
    return fallback


def _without_instructions(starts: Sequence[Start], lines: Sequence[TextLine]) -> list[Start]:
    """Without a first run of short orders like "Answer ALL questions", if other questions follow."""
    first = [start for start in starts if start.run == 0]
    rest = [start for start in starts if start.run > 0]
    if not rest or any(_has_options(lines, start.line, end) for start, end in _extents(first, rest[0].line)):
        return [*starts]
    orders = sum(_DIRECTIVE.search(lines[start.line].text) is not None for start in first)
    return rest if orders >= _DIRECTIVE_SHARE * len(first) else [*starts]


def _extents(starts: Sequence[Start], end: int) -> list[tuple[Start, int]]:
    ends = [start.line for start in starts[1:]] + [end]
    return list(zip(starts, ends, strict=True))
