"""The part of a GIFT question between braces."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, MatchKind, Numeric, NumericAnswer, Option, Pair
from app.formats.drafts import local_id
from app.formats.gift.markup import formatted, restored
from app.formats.numbers import NumberError, numeric_answer
from app.formats.reading import ProblemCode

Fields = dict[str, object]

_ITEM = re.compile(r"\s*(=~|=|~)\s*(?:%\s*(-?\d+(?:[.,]\d+)?)\s*%)?([^=~]*)")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_ARROW = "->"
_RIGHT_PARTS = 2


class GiftError(Exception):
    """What makes a single question unreadable."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Item:
    """One answer: ``mark`` is ``=`` or ``~``; no weight is written for most."""

    mark: str
    weight: float | None
    text: str
    feedback: str

    @property
    def fraction(self) -> float:
        if self.weight is not None:
            return self.weight
        return 1.0 if self.mark == "=" else 0.0


def looks_like_answers(text: str) -> bool:
    return text.lstrip()[:1] in {"", "=", "~", "#"} or _TRUTH.fullmatch(text) is not None


def answer_fields(text: str, text_format: str) -> Fields:
    """Type and key from protected text, decided in the order in which Moodle decides.

    Raises:
        GiftError: When the text fits no type of question.
    """
    answers, _, general = text.partition("####")
    fields = _key_fields(answers.strip(), text_format)
    if general.strip():
        fields["explanation"] = formatted(general, text_format).html
    return fields


def _key_fields(text: str, text_format: str) -> Fields:
    if not text:
        return {"type": QuestionType.ESSAY}
    if text.startswith("#"):
        return _numerical(text[1:], text_format)
    if "~" in text:
        return _multiple_choice([*_items(text, keeps_lone_feedback=True)], text_format)
    if "=" in text and _ARROW in text:
        return _matching([*_items(text)], text_format)
    if (truth := _TRUTH.fullmatch(text)) is not None:
        return _true_false(truth, text_format)
    return _short_answer(text, text_format)


def _items(text: str, *, keeps_lone_feedback: bool = False) -> Iterator[_Item]:
    for match in _ITEM.finditer(text):
        mark, weight, rest = match.groups()
        answer, _, feedback = rest.partition("#")
        if keeps_lone_feedback and not answer.strip() and feedback.strip():
            answer, feedback = rest, ""  # a colour like #00ff00, which nobody escapes
        if answer.strip() or feedback.strip():
            yield _Item(mark.strip("=") or "=", _fraction(weight), answer.strip(), feedback.strip())


def _fraction(percent: str | None) -> float | None:
    if percent is None:
        return None
    return max(-1.0, min(1.0, float(percent.replace(",", ".")) / 100))


def _multiple_choice(items: Sequence[_Item], text_format: str) -> Fields:
    is_single = any(item.mark == "=" for item in items)
    options = tuple(
        Option(
            id=local_id(index),
            html=formatted(item.text, text_format).html,
            weight=item.fraction,
            feedback=formatted(item.feedback, text_format).html,
        )
        for index, item in enumerate(items)
    )
    return {
        "type": QuestionType.SINGLE_CHOICE if is_single else QuestionType.MULTIPLE_RESPONSE,
        "options": options,
    }


def _matching(items: Sequence[_Item], text_format: str) -> Fields:
    pairs: list[Pair] = []
    distractors: list[str] = []
    for item in items:
        left, arrow, right = item.text.partition(_ARROW)
        if not arrow:
            raise GiftError(ProblemCode.SYNTAX, f"Without -> this is no pair: {restored(item.text)[:60]!r}.")
        right_html = formatted(right, text_format).html
        if not left.strip():
            distractors.append(right_html)
            continue
        pairs.append(
            Pair(
                id=local_id(len(pairs)),
                left=formatted(left, text_format).html,
                right=right_html,
                feedback=formatted(item.feedback, text_format).html,
            )
        )
    return {"type": QuestionType.MATCHING, "pairs": tuple(pairs), "distractors": tuple(distractors)}


def _true_false(truth: re.Match[str], text_format: str) -> Fields:
    """A first feedback is for the wrong choice, a second one for the right choice."""
    parts = [*(truth[2] or "").split("#", 1), ""]
    wrong, right = (formatted(part, text_format).html for part in parts[:_RIGHT_PARTS])
    is_true = truth[1][0] in "tT"
    options = (
        Option(id="a", html="True", weight=float(is_true), feedback=right if is_true else wrong),
        Option(id="b", html="False", weight=float(not is_true), feedback=wrong if is_true else right),
    )
    return {"type": QuestionType.TRUE_FALSE, "options": options}


def _short_answer(text: str, text_format: str) -> Fields:
    items = _items(text if text.startswith("=") else f"={text}")
    return {"type": QuestionType.SHORT_ANSWER, "answers": tuple(_answer(item, text_format) for item in items)}


def _answer(item: _Item, text_format: str) -> Answer:
    value = formatted(item.text, text_format).plain
    return Answer(
        value=value,
        match=MatchKind.WILDCARD if "*" in value else MatchKind.EXACT,
        weight=item.fraction,
        feedback=formatted(item.feedback, text_format).html,
    )


def _numerical(text: str, text_format: str) -> Fields:
    text = text.strip()
    items = [*_items(text if text[:1] in {"=", "~"} else f"={text}")]
    fields: Fields = {"type": QuestionType.NUMERICAL}
    numbers = [item for item in items if item.text not in {"", "*"}]
    fields["numeric"] = Numeric(answers=tuple(_number(item, text_format) for item in numbers))
    rest = [item.feedback for item in items if item.text in {"", "*"}]
    if rest:
        fields["feedback"] = {"incorrect": formatted(rest[0], text_format).html}
    return fields


def _number(item: _Item, text_format: str) -> NumericAnswer:
    try:
        answer = numeric_answer(restored(item.text))
    except NumberError as error:
        raise GiftError(ProblemCode.NUMBER, str(error)) from error
    feedback = formatted(item.feedback, text_format).html
    return answer.model_copy(update={"weight": item.fraction, "feedback": feedback})
