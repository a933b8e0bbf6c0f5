"""The right answer for people to read, once it may be shown."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from app.domain.enums import QuestionType
from app.domain.grading import drawn_key
from app.domain.grading.cloze import right_gap
from app.domain.grading.numerical import right_number
from app.domain.grading.texts import right_text
from app.domain.markup import gap_ids
from app.domain.parametric import ParametricError
from app.domain.question_draft import Answer, MatchKind, Numeric
from app.domain.question_parts import Choice, GapKey, QuestionContent, QuestionKey

_FULL = 1.0


def _texts(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.id: choice.html for choice in choices}


def _right_options(content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    """Every one that earns something; of single choice only the best."""
    weights = {option.id: key.options[option.id].weight for option in content.options}
    least = max(weights.values(), default=_FULL) if content.type is not QuestionType.MULTIPLE_RESPONSE else 0.0
    return tuple(option.html for option in content.options if weights[option.id] >= least and weights[option.id] > 0)


def _accepted_texts(answers: tuple[Answer, ...]) -> tuple[str, ...]:
    literal = [answer.value for answer in answers if answer.match is MatchKind.EXACT and answer.weight >= _FULL]
    example = right_text(answers)
    shown = literal or ([example] if example else [answer.value for answer in answers if answer.weight >= _FULL])
    return tuple(escape(text) for text in dict.fromkeys(shown))


def _accepted_answers(_content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    return _accepted_texts(key.answers)


def _number(content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    number = right_number(key.numeric or Numeric(), content.language)
    return (escape(number),) if number else ()


def _pairs(content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    rights = _texts(content.rights)
    return tuple(f"{left.html} → {rights[key.pairs[left.id]]}" for left in content.lefts)


def _blanks(content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    """One line for each blank in reading order."""
    keys = {gap.id: gap for gap in key.gaps}
    options = {option.id: option.html for gap in content.gaps for option in gap.options}
    return tuple(_blank(keys[gap_id], options, content.language) for gap_id in gap_ids(content.stem) if gap_id in keys)


def _blank(gap: GapKey, options: dict[str, str], language: str) -> str:
    text = right_gap(gap, language) or ""
    return options.get(text, "") if gap.kind == "choice" else escape(text)


def _items(content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    items = _texts(content.items)
    return tuple(items[item] for item in key.order)


def _labels(_content: QuestionContent, key: QuestionKey) -> tuple[str, ...]:
    return tuple(escape(shape.label) for shape in key.shapes if shape.correct and shape.label)


_READERS: Final[Mapping[QuestionType, Callable[[QuestionContent, QuestionKey], tuple[str, ...]]]] = {
    QuestionType.SINGLE_CHOICE: _right_options,
    QuestionType.TRUE_FALSE: _right_options,
    QuestionType.MULTIPLE_RESPONSE: _right_options,
    QuestionType.SHORT_ANSWER: _accepted_answers,
    QuestionType.FLASHCARD: _accepted_answers,
    QuestionType.NUMERICAL: _number,
    QuestionType.PARAMETRIC: _number,
    QuestionType.MATCHING: _pairs,
    QuestionType.ORDERING: _items,
    QuestionType.CLOZE: _blanks,
    QuestionType.HOTSPOT: _labels,
}


def reveal(content: QuestionContent, key: QuestionKey, seed: int | None = None) -> tuple[str, ...]:
    """HTML lines, one for each right option, accepted text, pair, item in order, blank or area; may be empty.

    Raises:
        ValueError: For a parametric question without a seed.
    """
    reader = _READERS.get(content.type)
    if reader is None:
        return ()
    try:
        return reader(content, drawn_key(content, key, seed))
    except ParametricError:
        return ()
