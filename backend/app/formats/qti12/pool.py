"""Question pools of Blackboard before it used QTI."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Option, Pair
from app.formats.drafts import local_id, weighted_options
from app.formats.items import UncarriedError
from app.formats.qti12.texts import ItemTexts
from app.formats.xml_reading import Element, child, children, local_name, text_of
from app.utils.html import html_of, plain_text, text_to_html

ROOT = "POOL"
KINDS = frozenset(
    f"QUESTION_{kind}"
    for kind in ("TRUEFALSE", "MULTIPLECHOICE", "MULTIPLEANSWER", "FILLINBLANK", "ESSAY", "MATCH", "ORDER", "NUMERIC",
                 "CALCULATED", "OPINIONSCALE", "FILEUPLOAD", "HOTSPOT", "JUMBLEDSENTENCE", "EITHEROR", "SHORTRESPONSE",
                 "FILLINBLANKPLUS", "QUIZBOWL")
)  # fmt: skip

_PREFIX = "QUESTION_"

Fields = dict[str, object]


class _Part(NamedTuple):
    ident: str
    html: str


def pool_fields(question: Element, texts: ItemTexts) -> Fields:
    """Raises `UncarriedError` for a type that has no counterpart here."""
    kind = local_name(question).removeprefix(_PREFIX)
    if (read := _READ.get(kind)) is None:
        raise UncarriedError(kind.lower())
    graded = child(question, "GRADABLE")
    feedback = {
        "correct": _html(child(graded, "FEEDBACK_WHEN_CORRECT"), texts),
        "incorrect": _html(child(graded, "FEEDBACK_WHEN_INCORRECT"), texts),
    }
    fields: Fields = {
        "stem": _body_html(child(question, "BODY"), texts),
        "external_id": question.get("id"),
        "category": _category(question),
        "feedback": {name: html for name, html in feedback.items() if html},
    }
    return fields | read(question, texts)


def _category(question: Element) -> tuple[str, ...]:
    title = child(question.getparent(), "TITLE")
    name = (title.get("value") or "").strip() if title is not None else ""
    return (name,) if name else ()


def _body_html(element: Element | None, texts: ItemTexts) -> str:
    """HTML of a ``<TEXT>`` with its flags; without them it may be either."""
    text = text_of(element, "TEXT")
    flag = child(element, "FLAGS", "ISHTML")
    if flag is None:
        return texts.linked(html_of(text))
    return texts.linked(text if flag.get("value") == "true" else text_to_html(text))


def _html(element: Element | None, texts: ItemTexts) -> str:
    return texts.linked(html_of(text_of(element)))


def _parts(question: Element, name: str, texts: ItemTexts) -> list[_Part]:
    return [_Part(part.get("id") or "", _body_html(part, texts)) for part in children(question, name)]


def _right(question: Element) -> list[tuple[str, str]]:
    """Ids of right answers, each with the choice that it goes with in a matching question."""
    graded = child(question, "GRADABLE")
    listed = children(graded, "CORRECTANSWER") if graded is not None else ()
    return [(each.get("answer_id") or "", each.get("choice_id") or "") for each in listed]


def _options(question: Element, texts: ItemTexts) -> tuple[Option, ...]:
    answers = _parts(question, "ANSWER", texts)
    idents = {ident for ident, _ in _right(question)}
    right = {index for index, answer in enumerate(answers) if answer.ident in idents}
    return weighted_options([answer.html for answer in answers], right)


def _single_choice(question: Element, texts: ItemTexts) -> Fields:
    return {"type": QuestionType.SINGLE_CHOICE, "options": _options(question, texts)}


def _multiple_response(question: Element, texts: ItemTexts) -> Fields:
    return {"type": QuestionType.MULTIPLE_RESPONSE, "options": _options(question, texts)}


def _true_false(question: Element, texts: ItemTexts) -> Fields:
    options = (
        option.model_copy(update={"html": plain_text(option.html).capitalize()}) for option in _options(question, texts)
    )
    return {"type": QuestionType.TRUE_FALSE, "options": tuple(options)}


def _short_answer(question: Element, texts: ItemTexts) -> Fields:
    answers = tuple(Answer(value=plain_text(part.html)) for part in _parts(question, "ANSWER", texts) if part.html)
    return {"type": QuestionType.SHORT_ANSWER, "answers": answers}


def _essay(question: Element, texts: ItemTexts) -> Fields:
    """The answer of an essay is a sample that is shown afterwards."""
    samples = [part.html for part in _parts(question, "ANSWER", texts)]
    return {"type": QuestionType.ESSAY, "explanation": samples[0] if samples else ""}


def _matching(question: Element, texts: ItemTexts) -> Fields:
    """Pools differ in which side they call answers; the left one is the side that no pair uses twice."""
    answers, choices = (_parts(question, name, texts) for name in ("ANSWER", "CHOICE"))
    pairs = _right(question)
    if max(Counter(answer for answer, _ in pairs).values(), default=0) > 1:
        answers, choices, pairs = choices, answers, [(choice, answer) for answer, choice in pairs]
    rights = {part.ident: part.html for part in choices}
    right_of = {left: rights.get(right, "") for left, right in pairs}
    made = tuple(
        Pair(id=local_id(index), left=part.html, right=right_of.get(part.ident, ""))
        for index, part in enumerate(answers)
    )
    used = set(right_of.values())
    distractors = tuple(html for html in dict.fromkeys(rights.values()) if html and html not in used)
    return {"type": QuestionType.MATCHING, "pairs": made, "distractors": distractors}


_READ: Mapping[str, Callable[[Element, ItemTexts], Fields]] = {
    "TRUEFALSE": _true_false,
    "MULTIPLECHOICE": _single_choice,
    "MULTIPLEANSWER": _multiple_response,
    "FILLINBLANK": _short_answer,
    "ESSAY": _essay,
    "MATCH": _matching,
}
