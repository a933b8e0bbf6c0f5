"""One question as an element of Moodle XML."""

import re
from collections.abc import Callable, Mapping

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import Numeric, Pair, QuestionDraft, Unit
from app.formats.moodle_xml.amounts import match_attributes, pattern_of, percent, tolerance_attributes
from app.formats.moodle_xml.answers import CATCH_ALL, inverse
from app.formats.moodle_xml.cloze_writer import embedded
from app.formats.moodle_xml.markup import FileWriter
from app.formats.moodle_xml.reader import FEEDBACK_PARTS, READ_PARTS, SETTINGS, TEXT_SETTINGS
from app.formats.tolerances import half_width
from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element
from app.utils.html import text_of

_TYPE_NAMES = {
    QuestionType.SINGLE_CHOICE: "multichoice",
    QuestionType.MULTIPLE_RESPONSE: "multichoice",
    QuestionType.TRUE_FALSE: "truefalse",
    QuestionType.SHORT_ANSWER: "shortanswer",
    QuestionType.NUMERICAL: "numerical",
    QuestionType.MATCHING: "matching",
    QuestionType.ORDERING: "ordering",
    QuestionType.CLOZE: "cloze",
    QuestionType.ESSAY: "essay",
    QuestionType.DESCRIPTION: "description",
}
WRITTEN_TYPES = frozenset(_TYPE_NAMES)

_PENALTY_DIGITS = 7
_SETTING = re.compile("[a-z]{1,40}")


def question_element(draft: QuestionDraft, files: FileWriter) -> Element:
    made = element("question", {"type": _TYPE_NAMES[draft.type]})
    add(add(made, "name"), "text", draft.title)
    stem = embedded(draft) if draft.type is QuestionType.CLOZE else draft.stem
    files.add_html(made, "questiontext", stem)
    files.add_html(made, "generalfeedback", draft.explanation)
    if draft.type is not QuestionType.CLOZE:
        add(made, "defaultgrade", format_number(draft.points))
    add(made, "penalty", format_number(round(draft.penalty, _PENALTY_DIGITS)))
    add(made, "hidden", "0")
    add(made, "idnumber", draft.external_id or "")
    add(made, "shuffleanswers", "true" if draft.shuffle else "false")
    _add_settings(made, draft, files)
    _add_feedback(made, draft, files)
    if (add_answers := _ANSWERS.get(draft.type)) is not None:
        add_answers(made, draft, files)
    for hint in draft.hints:
        files.add_html(made, "hint", hint)
    _add_tags(made, draft)
    return made


def _add_settings(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    settings = draft.extensions.get(SETTINGS)
    for name, value in settings.items() if isinstance(settings, Mapping) else ():
        if isinstance(value, str) and name in TEXT_SETTINGS:
            files.add_html(made, name, value)
        elif isinstance(value, str) and _SETTING.fullmatch(name) and name not in READ_PARTS:
            add(made, name, value)


def _add_feedback(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    for name, part in FEEDBACK_PARTS.items():
        is_catch_all = draft.type is QuestionType.NUMERICAL and name == "incorrect"
        html = next((text for key, text in draft.feedback.items() if key == name), "")
        if html and not is_catch_all:
            files.add_html(made, part, html)


def _add_tags(made: Element, draft: QuestionDraft) -> None:
    if draft.tags:
        listed = add(made, "tags")
        for tag in draft.tags:
            add(add(listed, "tag"), "text", tag)


def _answer(made: Element, weight: float, feedback: str, files: FileWriter) -> Element:
    answer = add(made, "answer", attributes={"fraction": percent(weight)})
    if feedback:
        files.add_html(answer, "feedback", feedback)
    return answer


def _choice(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    add(made, "single", "true" if draft.type is QuestionType.SINGLE_CHOICE else "false")
    for option in draft.options:
        answer = _answer(made, option.weight, option.feedback, files)
        answer.set("format", "html")
        files.fill(answer, option.html)


def _true_false(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    for option in draft.options:
        answer = _answer(made, option.weight, option.feedback, files)
        answer.set("format", "moodle_auto_format")
        add(answer, "text", option.html.lower())


def _short_answer(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    add(made, "usecase", "1" if any(answer.case_sensitive for answer in draft.answers) else "0")
    for accepted in draft.answers:
        answer = _answer(made, accepted.weight, accepted.feedback, files)
        answer.set("format", "moodle_auto_format")
        add(answer, "text", pattern_of(accepted))
        for name, value in match_attributes(accepted).items():
            answer.set(name, value)


def _numerical(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    numeric = draft.numeric or Numeric()
    for accepted in numeric.answers:
        answer = _answer(made, accepted.weight, accepted.feedback, files)
        answer.set("format", "moodle_auto_format")
        add(answer, "text", format_number(accepted.value))
        add(answer, "tolerance", format_number(half_width(accepted)), tolerance_attributes(accepted))
    if draft.feedback.get("incorrect"):
        add(_answer(made, 0.0, draft.feedback["incorrect"], files), "text", CATCH_ALL)
    add(made, "unitgradingtype", "1" if numeric.unit_required else "0")
    _add_units(made, numeric.units)


def _add_units(made: Element, units: tuple[Unit, ...]) -> None:
    listed = add(made, "units") if units else made
    for unit in units:
        each = add(listed, "unit")
        add(each, "multiplier", format_number(inverse(unit.multiplier) if unit.multiplier else 0.0))
        add(each, "unit_name", unit.name)


def _matching(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    for pair in (*draft.pairs, *(Pair(id="a", left="", right=html) for html in draft.distractors)):
        part = files.add_html(made, "subquestion", pair.left)
        add(add(part, "answer"), "text", text_of(pair.right))
        if pair.feedback:
            files.add_html(part, "feedback", pair.feedback)


def _ordering(made: Element, draft: QuestionDraft, files: FileWriter) -> None:
    add(made, "layouttype", "VERTICAL")
    add(made, "selecttype", "ALL")
    add(made, "gradingtype", "ABSOLUTE_POSITION" if draft.partial_order else "ALL_OR_NOTHING")
    for place, item in enumerate(draft.order, start=1):
        files.fill(add(made, "answer", attributes={"fraction": str(place), "format": "html"}), item.html)


_ANSWERS: Mapping[QuestionType, Callable[[Element, QuestionDraft, FileWriter], None]] = {
    QuestionType.SINGLE_CHOICE: _choice,
    QuestionType.MULTIPLE_RESPONSE: _choice,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.NUMERICAL: _numerical,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
}
