"""Drafts from questions that were taken apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from app.domain.document_text import Style, TextLine, TextOrigin
from app.domain.enums import QuestionType, Severity
from app.domain.question_draft import Location, MediaRef, Passage, QuestionDraft
from app.formats.columns import Column
from app.formats.drafts import build_draft, choice_type, weighted_options
from app.formats.exam_text.answer_lines import Remark
from app.formats.exam_text.choice_keys import ChoiceKey, choice_key
from app.formats.exam_text.flow import Flow, flow_of
from app.formats.exam_text.key_section import KeyEntry
from app.formats.exam_text.lines import least_confidence, regions
from app.formats.exam_text.questions import ParsedQuestion
from app.formats.exam_text.truths import asks_for_truths, truth_marker, truth_of
from app.formats.reading import Problem, ProblemCode, problem
from app.formats.simple_questions import FieldError, answer_fields, common_fields, guessed_type

_BLANK = re.compile(r"_{3,}|\.{6,}|…{2,}")
_LONE_LETTER = re.compile(r"\W*[A-Ha-h]\W*$")  # it names an option that was not found
_LONGEST_ANSWER = 80
_MOST_WORDS = 10
_GUESSED_CONFIDENCE = 0.6
_COLUMNS = {
    Remark.DIFFICULTY: Column.DIFFICULTY,
    Remark.POINTS: Column.POINTS,
    Remark.TAGS: Column.TAGS,
    Remark.CATEGORY: Column.CATEGORY,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the document says about a question outside of it."""

    entry: KeyEntry | None
    style: Style | None


@dataclass(slots=True)
class _Answered:
    """Fields of the answer, what they were taken from, and what is wrong with them."""

    fields: dict[str, object]
    source: str = ""
    problems: tuple[Problem, ...] = ()


def draft_events(question: ParsedQuestion, evidence: Evidence, file: str) -> list[QuestionDraft | Problem]:
    location = location_of(question.lines, file)
    answered = _answered(question, evidence, location)
    fields = _labelled(question) | answered.fields | _extras(question)
    fields["explanation"] = _explanation(question, evidence.entry, str(answered.fields.get("explanation", "")))
    fields["extensions"] = {"reading": _reading(question, answered.source)}
    return [*answered.problems, build_draft(fields, location)]


def location_of(lines: Sequence[TextLine], file: str) -> Location:
    found = regions(lines)
    page, box = found[0] if found else (None, None)
    return Location(file=file, line=lines[0].number if lines else None, page=page, box=box)


def _answered(question: ParsedQuestion, evidence: Evidence, location: Location) -> _Answered:
    if question.options:
        return _choice(question, choice_key(question, evidence.entry, evidence.style), location)
    if _is_true_false(question):
        return _true_false(question, evidence.entry)
    return _open(question, evidence.entry)


def _choice(question: ParsedQuestion, key: ChoiceKey | None, location: Location) -> _Answered:
    texts = [option.flow.plain for option in question.options]
    right = key.right if key else frozenset()
    is_marked = key is not None and key.source in set(Style)
    htmls = [option.flow.html(keep_emphasis=not is_marked) for option in question.options]
    fields: dict[str, object] = {"type": choice_type(texts, right), "options": weighted_options(htmls, right)}
    fields["stem"] = question.stem.html()
    problems = []
    if key and key.is_disputed:
        message = f"The document gives two different answers; the {key.source} was taken."
        problems.append(problem(ProblemCode.KEY_CONFLICT, message, location, text=question.stem.plain))
    if key is None and Remark.ANSWER in question.remarks:
        message = "The answer is none of the options."
        problems.append(Problem(ProblemCode.KEY_NOT_OPTION, Severity.WARNING, message, location))
    return _Answered(fields, key.source if key else "", tuple(problems))


def _is_true_false(question: ParsedQuestion) -> bool:
    return truth_marker(question.stem.plain) is not None or asks_for_truths(question.block.section)


def _true_false(question: ParsedQuestion, entry: KeyEntry | None) -> _Answered:
    told = entry.letters[0] if entry and entry.letters else entry.text.plain if entry else ""
    source = "answer list" if told else ""
    if not told and (lines := _answer_lines(question)):
        told, source = flow_of(lines).plain, "answer line"
    right = truth_of(told)
    stem = question.stem
    if marker := truth_marker(stem.text):
        stem = stem.cut(marker.end()) if marker.start() == 0 else stem.cut(0, marker.start())
    options = weighted_options(["True", "False"], () if right is None else (right,))
    return _Answered(
        {"type": QuestionType.TRUE_FALSE, "options": options, "stem": stem.html()}, source if right is not None else ""
    )


def _open(question: ParsedQuestion, entry: KeyEntry | None) -> _Answered:
    stem: dict[str, object] = {"stem": question.stem.html()}
    answer = entry.text if entry else Flow()  # letters alone name options that were not found
    source = "answer list"
    if not answer.text:
        answer, source = flow_of(_answer_lines(question)), "answer line"
    if not answer.text or _LONE_LETTER.match(answer.text):
        is_blank = _BLANK.search(question.stem.text) is not None
        return _Answered(stem | {"type": QuestionType.SHORT_ANSWER if is_blank else QuestionType.ESSAY})
    if not _is_short(answer):
        return _Answered(stem | {"type": QuestionType.ESSAY, "explanation": answer.html()}, source)
    return _Answered(stem | _short(answer.plain.rstrip(".")), source)


def _is_short(answer: Flow) -> bool:
    text = answer.plain
    return len(text) <= _LONGEST_ANSWER and len(text.split()) <= _MOST_WORDS and not answer.pictures


def _short(answer: str) -> dict[str, object]:
    cells = {Column.ANSWER: answer}
    kind = guessed_type(cells, ())
    if kind is QuestionType.TRUE_FALSE:
        return {"type": kind, "options": weighted_options(["True", "False"], (truth_of(answer) or 0,))}
    try:
        return {"type": kind} | answer_fields(kind, cells)
    except FieldError:
        return {"type": QuestionType.ESSAY, "explanation": Flow(answer).html()}


def _answer_lines(question: ParsedQuestion) -> list[TextLine]:
    return question.remarks.get(Remark.ANSWER) or question.remarks.get(Remark.SOLUTION) or []


def _labelled(question: ParsedQuestion) -> dict[str, object]:
    """Difficulty, points, tags and topic, as far as they can be understood."""
    fields: dict[str, object] = {}
    for remark, column in _COLUMNS.items():
        if lines := question.remarks.get(remark):
            try:
                fields |= common_fields({column: lines[0].text.strip()})
            except FieldError:
                continue
    fields.pop("stem", None)
    return fields | ({"points": question.points} if question.points is not None else {})


def _extras(question: ParsedQuestion) -> dict[str, object]:
    shared = question.block.shared
    fields: dict[str, object] = {}
    if shared is not None:
        place = f"lines {shared.lines[0].number}-{shared.lines[-1].number}"
        fields["passage"] = Passage(external_id=place, html=flow_of(shared.lines).html())
    if hint := question.remarks.get(Remark.HINT):
        fields["hints"] = (flow_of(hint).html(),)
    lines = [*question.lines, *(shared.lines if shared else ())]
    if names := dict.fromkeys(name for line in lines for name in line.pictures):
        fields["media"] = tuple(MediaRef(name=name) for name in names)
    return fields


def _explanation(question: ParsedQuestion, entry: KeyEntry | None, told: str) -> str:
    """Everything that is said about the answer besides the answer itself."""
    parts = [told]
    if question.options:
        parts += [entry.text.html()] if entry and entry.letters and entry.text.text else []
        parts += [flow_of(question.remarks.get(Remark.SOLUTION, ())).html()]
        parts += [flow_of(question.remarks.get(Remark.ANSWER, ())[1:]).html()]
    parts += [flow_of(question.remarks.get(Remark.EXPLANATION, ())).html()]
    return "<br>".join(part for part in parts if part)


def _reading(question: ParsedQuestion, key_source: str) -> dict[str, JsonValue]:
    """How the question was read, for people who check it: surely (1) or not, and where on which pages."""
    certainty = _GUESSED_CONFIDENCE if question.block.is_guessed else 1.0
    is_recognised = any(line.origin is TextOrigin.OCR for line in question.lines)
    return {
        "origin": (TextOrigin.OCR if is_recognised else TextOrigin.TEXT).value,
        "confidence": round(min(certainty, least_confidence(question.lines)), 3),
        "stem_confidence": round(min(certainty, question.confidence), 3),
        "option_confidence": [round(option.confidence, 3) for option in question.options],
        "key_from": key_source,
        "number": question.block.number,
        "section": question.block.section,
        "regions": [{"page": page, "box": [*box]} for page, box in regions(question.lines)],
    }
