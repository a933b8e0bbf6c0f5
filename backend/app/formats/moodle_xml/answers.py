"""Type and key of the Moodle questions that have a list of answers."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, MatchKind, Numeric, NumericAnswer, Option, OrderItem, Pair, Unit
from app.formats.drafts import local_id, weighted_options
from app.formats.items import ItemError
from app.formats.moodle_xml.amounts import with_match_attributes, with_tolerance_attributes
from app.formats.moodle_xml.texts import QuestionTexts, raw_text
from app.formats.numbers import NumberError, number_of
from app.formats.reading import ProblemCode
from app.formats.weights import unrounded
from app.formats.xml_reading import Element, child, children, text_of
from app.utils.html import html_of

Fields = dict[str, object]

CATCH_ALL = "*"
FALSE_WORDS = frozenset({"0", "false", "no", ""})
# Moodle's names for "no part of the order counts", as written by several versions of its ordering type.
ALL_OR_NOTHING = frozenset({"ALL_OR_NOTHING", "-1"})
_UNIT_GRADED = frozenset({"1", "2"})
_WILDCARD = re.compile(r"(?<!\\)\*")
_SIGNIFICANT_DIGITS = 15


def is_true(element: Element, name: str, *, default: bool) -> bool:
    if child(element, name) is None:
        return default
    return text_of(element, name).casefold() not in FALSE_WORDS


@lru_cache(maxsize=1024)
def fraction_of(percent: str) -> float:
    return unrounded(number(percent or "0") / 100)


def number(text: str) -> float:
    """Raises `ItemError` for what is no number."""
    try:
        return number_of(text)
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error


def _fraction(answer: Element) -> float:
    return fraction_of(answer.get("fraction") or text_of(answer, "fraction"))


def _feedback(answer: Element, texts: QuestionTexts) -> str:
    return texts.html(child(answer, "feedback"))


def _options(question: Element, texts: QuestionTexts) -> Iterator[Option]:
    for index, answer in enumerate(children(question, "answer")):
        html, feedback = texts.html(answer), _feedback(answer, texts)
        yield Option(id=local_id(index), html=html, weight=_fraction(answer), feedback=feedback)


def multiple_choice(question: Element, texts: QuestionTexts) -> Fields:
    is_single = is_true(question, "single", default=True)
    kind = QuestionType.SINGLE_CHOICE if is_single else QuestionType.MULTIPLE_RESPONSE
    return {"type": kind, "options": tuple(_options(question, texts))}


def multiple_response(question: Element, texts: QuestionTexts) -> Fields:
    """Of a type whose answers are right or wrong and share the mark."""
    options = [*_options(question, texts)]
    right = {index for index, option in enumerate(options) if option.weight > 0}
    shared = weighted_options([option.html for option in options], right, [option.feedback for option in options])
    return {"type": QuestionType.MULTIPLE_RESPONSE, "options": shared}


def true_false(question: Element, texts: QuestionTexts) -> Fields:
    options = tuple(
        Option(
            id=local_id(index),
            html=raw_text(answer).capitalize(),
            weight=_fraction(answer),
            feedback=_feedback(answer, texts),
        )
        for index, answer in enumerate(children(question, "answer"))
    )
    return {"type": QuestionType.TRUE_FALSE, "options": options}


def text_answer(value: str, weight: float, feedback: str, *, case_sensitive: bool) -> Answer:
    r"""An accepted text as Moodle matches it: ``*`` stands for any run, ``\*`` for itself."""
    is_wildcard = _WILDCARD.search(value) is not None
    return Answer(
        value=value if is_wildcard else value.replace("\\*", "*"),
        match=MatchKind.WILDCARD if is_wildcard else MatchKind.EXACT,
        case_sensitive=case_sensitive,
        weight=weight,
        feedback=feedback,
    )


def short_answer(question: Element, texts: QuestionTexts) -> Fields:
    case_sensitive = is_true(question, "usecase", default=False)
    answers = [
        text_answer(raw_text(answer), _fraction(answer), _feedback(answer, texts), case_sensitive=case_sensitive)
        for answer in children(question, "answer")
    ]
    attributes = [_attributes(answer) for answer in children(question, "answer")]
    matched = map(with_match_attributes, answers, attributes)
    return {"type": QuestionType.SHORT_ANSWER, "answers": tuple(matched)}


def _attributes(element: Element | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()} if element is not None else {}


def numerical(question: Element, texts: QuestionTexts) -> Fields:
    numbers: list[NumericAnswer] = []
    fields: Fields = {"type": QuestionType.NUMERICAL}
    for answer in children(question, "answer"):
        text, feedback = raw_text(answer), _feedback(answer, texts)
        if text == CATCH_ALL:
            fields["feedback"] = {"incorrect": feedback} if feedback else {}
            continue
        tolerance = abs(number(text_of(answer, "tolerance") or "0"))
        read = NumericAnswer(value=number(text), tolerance=tolerance, weight=_fraction(answer), feedback=feedback)
        numbers.append(with_tolerance_attributes(read, _attributes(child(answer, "tolerance"))))
    required = text_of(question, "unitgradingtype") in _UNIT_GRADED
    units = units_of(question)
    fields["numeric"] = Numeric(answers=tuple(numbers), units=units, unit_required=required and bool(units))
    return fields


def units_of(question: Element) -> tuple[Unit, ...]:
    """Moodle multiplies the right answer by the multiplier, we divide by multiplying what is answered."""
    listed = child(question, "units")
    return tuple(
        Unit(name=text_of(unit, "unit_name"), multiplier=inverse(number(text_of(unit, "multiplier") or "1")))
        for unit in (children(listed, "unit") if listed is not None else ())
        if text_of(unit, "unit_name")
    )


def inverse(multiplier: float) -> float:
    if multiplier == 0:
        raise ItemError(ProblemCode.NUMBER, "The multiplier of a unit is 0.")
    return float(f"{1 / multiplier:.{_SIGNIFICANT_DIGITS}g}")


def matching(question: Element, texts: QuestionTexts) -> Fields:
    pairs: list[Pair] = []
    distractors: list[str] = []
    for part in children(question, "subquestion"):
        left, right = texts.html(part), html_of(raw_text(child(part, "answer")))
        if left:
            pairs.append(Pair(id=local_id(len(pairs)), left=left, right=right, feedback=_feedback(part, texts)))
        elif right:
            distractors.append(right)
    return {"type": QuestionType.MATCHING, "pairs": tuple(pairs), "distractors": tuple(distractors)}


def ordering(question: Element, texts: QuestionTexts) -> Fields:
    """The answers stand in the right order."""
    items = tuple(
        OrderItem(id=local_id(index), html=texts.html(answer))
        for index, answer in enumerate(children(question, "answer"))
    )
    has_parts = text_of(question, "gradingtype") not in ALL_OR_NOTHING
    return {"type": QuestionType.ORDERING, "order": items, "partial_order": has_parts}


def essay(_question: Element, _texts: QuestionTexts) -> Fields:
    return {"type": QuestionType.ESSAY}


def description(_question: Element, _texts: QuestionTexts) -> Fields:
    return {"type": QuestionType.DESCRIPTION}


READ_ANSWERS: Mapping[str, Callable[[Element, QuestionTexts], Fields]] = {
    "multichoice": multiple_choice,
    "oumultiresponse": multiple_response,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "match": matching,
    "ordering": ordering,
    "essay": essay,
    "description": description,
}
