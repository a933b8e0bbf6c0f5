"""What keeps a question of each type from being used at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.enums import QuestionType
from app.domain.expressions import ExpressionError, variable_names
from app.domain.grading.geometry import is_sound
from app.domain.grading.texts import compiled_pattern
from app.domain.markup import gap_ids, visible_text
from app.domain.parametric import ParametricError, instantiate
from app.domain.question_draft import (
    Answer,
    Gap,
    MatchKind,
    Numeric,
    Option,
    Parametric,
    QuestionDraft,
    ToleranceKind,
    Unit,
)

LEAST_OPTIONS = 2
_TRIAL_SEEDS = range(8)


class ProblemCode(StrEnum):
    """Stable; clients translate by them."""

    EMPTY_STEM = "E_EMPTY_STEM"
    NO_CORRECT = "E_NO_CORRECT"
    NO_FULL_MARK = "E_NO_FULL_MARK"
    FEW_OPTIONS = "E_FEW_OPTIONS"
    DUPLICATE_OPTION = "E_DUP_OPTION"
    EMPTY_OPTION = "E_EMPTY_OPTION"
    BLANKS = "E_BLANKS"
    PATTERN = "E_PATTERN"
    NUMBER = "E_NUMBER"
    SHAPE = "E_SHAPE"
    EXPRESSION = "E_EXPRESSION"
    NO_SKILL = "E_NO_SKILL"
    NO_ALT = "E_NO_ALT"


class PublishProblem(NamedTuple):
    code: ProblemCode
    message: str


def structure_problems(draft: QuestionDraft) -> list[PublishProblem]:
    """Problems of the question itself: an empty stem, no key, too few or equal options, broken patterns."""
    return [*_stem(draft), *_CHECKS[draft.type](draft)]


def _stem(draft: QuestionDraft) -> Iterator[PublishProblem]:
    if not visible_text(draft.stem) and draft.hotspot is None:
        yield PublishProblem(ProblemCode.EMPTY_STEM, "The question has no text.")


def _nothing(_draft: QuestionDraft) -> Iterator[PublishProblem]:
    yield from ()


def _choice(draft: QuestionDraft) -> Iterator[PublishProblem]:
    yield from _options(draft.options)


def _options(options: Sequence[Option]) -> Iterator[PublishProblem]:
    yield from _texts([option.html for option in options])
    if not any(option.weight > 0 for option in options):
        yield PublishProblem(ProblemCode.NO_CORRECT, "No option is marked as right.")


def _texts(htmls: Sequence[str]) -> Iterator[PublishProblem]:
    texts = [visible_text(html) for html in htmls]
    if len(texts) < LEAST_OPTIONS:
        yield PublishProblem(ProblemCode.FEW_OPTIONS, f"At least {LEAST_OPTIONS} options are needed.")
    if not all(texts):
        yield PublishProblem(ProblemCode.EMPTY_OPTION, "An option is empty.")
    if len(set(texts)) < len(texts):
        yield PublishProblem(ProblemCode.DUPLICATE_OPTION, "Two options read the same.")


def _short_answer(draft: QuestionDraft) -> Iterator[PublishProblem]:
    yield from _answers(draft.answers)


def _answers(answers: Iterable[Answer]) -> Iterator[PublishProblem]:
    if not any(answer.weight > 0 and answer.value.strip() for answer in answers):
        yield PublishProblem(ProblemCode.NO_CORRECT, "No accepted answer is given.")
    for answer in answers:
        if answer.match is MatchKind.PATTERN and compiled_pattern(answer.value, case_sensitive=True) is None:
            yield PublishProblem(ProblemCode.PATTERN, f"{answer.value[:60]!r} is no pattern that RE2 understands.")


def _numerical(draft: QuestionDraft) -> Iterator[PublishProblem]:
    yield from _numbers(draft.numeric or Numeric())


def _numbers(numeric: Numeric) -> Iterator[PublishProblem]:
    if not any(answer.weight > 0 for answer in numeric.answers):
        yield PublishProblem(ProblemCode.NO_CORRECT, "No accepted number is given.")
    significant = (answer.tolerance for answer in numeric.answers if answer.kind is ToleranceKind.SIGNIFICANT)
    if any(digits < 1 or digits != int(digits) for digits in significant):
        yield PublishProblem(ProblemCode.NUMBER, "Significant digits are a whole number from 1.")
    yield from _units(numeric.units)
    if numeric.unit_required and not numeric.units:
        yield PublishProblem(ProblemCode.NUMBER, "A unit is required, but none is given.")


def _units(units: Iterable[Unit]) -> Iterator[PublishProblem]:
    if any(unit.multiplier == 0 for unit in units):
        yield PublishProblem(ProblemCode.NUMBER, "A unit needs a factor other than 0.")


def _matching(draft: QuestionDraft) -> Iterator[PublishProblem]:
    if not draft.pairs:
        yield PublishProblem(ProblemCode.NO_CORRECT, "No pair is given.")
    rights = {visible_text(html) for html in (*(pair.right for pair in draft.pairs), *draft.distractors)}
    if len(rights) < LEAST_OPTIONS:
        yield PublishProblem(ProblemCode.FEW_OPTIONS, "At least two different right sides are needed.")
    lefts = {visible_text(pair.left) for pair in draft.pairs}
    if len(lefts) < len(draft.pairs):
        yield PublishProblem(ProblemCode.DUPLICATE_OPTION, "Two left sides read the same.")
    if "" in lefts | rights:
        yield PublishProblem(ProblemCode.EMPTY_OPTION, "A side of a pair is empty.")


def _ordering(draft: QuestionDraft) -> Iterator[PublishProblem]:
    """Items may repeat, as lines of a poem do, but not all be the same."""
    texts = [visible_text(item.html) for item in draft.order]
    if len(set(texts)) < LEAST_OPTIONS:
        yield PublishProblem(ProblemCode.FEW_OPTIONS, "At least two different items are needed.")
    if not all(texts):
        yield PublishProblem(ProblemCode.EMPTY_OPTION, "An item is empty.")


def _cloze(draft: QuestionDraft) -> Iterator[PublishProblem]:
    ids, markers = [gap.id for gap in draft.gaps], gap_ids(draft.stem)
    if not ids or sorted(ids) != sorted(markers):
        yield PublishProblem(ProblemCode.BLANKS, "The blanks of the text and the list of blanks differ.")
    for place, gap in enumerate(draft.gaps, start=1):
        for found in _gap(gap):
            yield PublishProblem(found.code, f"Blank {place}: {found.message}")


def _gap(gap: Gap) -> Iterator[PublishProblem]:
    match gap.kind:
        case "text":
            return _answers(gap.answers)
        case "numeric":
            return _numbers(gap.numeric or Numeric())
        case "choice":
            return _options(gap.options)


def _hotspot(draft: QuestionDraft) -> Iterator[PublishProblem]:
    shapes = draft.hotspot.shapes if draft.hotspot else ()
    if not any(shape.correct for shape in shapes):
        yield PublishProblem(ProblemCode.NO_CORRECT, "No area of the image is marked as right.")
    if not all(is_sound(shape) for shape in shapes):
        yield PublishProblem(ProblemCode.SHAPE, "An area has the wrong number of coordinates or no extent.")


def _flashcard(draft: QuestionDraft) -> Iterator[PublishProblem]:
    if not draft.answers and not visible_text(draft.explanation):
        yield PublishProblem(ProblemCode.NO_CORRECT, "The card has no back.")


def _parametric(draft: QuestionDraft) -> Iterator[PublishProblem]:
    if draft.parametric is None:
        yield PublishProblem(ProblemCode.NO_CORRECT, "No expression is given.")
        return
    if (reason := _expression_problem(draft.parametric)) is not None:
        yield PublishProblem(ProblemCode.EXPRESSION, reason)
    yield from _units(draft.parametric.units)


def _expression_problem(parametric: Parametric) -> str | None:
    names = [variable.name for variable in parametric.variables]
    if len(set(names)) < len(names):
        return "Two variables have the same name."
    if any(not variable.values and variable.low > variable.high for variable in parametric.variables):
        return "A variable needs low <= high."
    try:
        unknown = variable_names(parametric.expression) - set(names)
        if unknown:
            return f"The expression names {', '.join(sorted(unknown))}, which is no variable."
        for seed in _TRIAL_SEEDS:
            instantiate(parametric, seed)
    except (ExpressionError, ParametricError) as error:
        return str(error)
    return None


_CHECKS: Final[Mapping[QuestionType, Callable[[QuestionDraft], Iterator[PublishProblem]]]] = {
    QuestionType.SINGLE_CHOICE: _choice,
    QuestionType.TRUE_FALSE: _choice,
    QuestionType.MULTIPLE_RESPONSE: _choice,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.NUMERICAL: _numerical,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.CLOZE: _cloze,
    QuestionType.HOTSPOT: _hotspot,
    QuestionType.ESSAY: _nothing,
    QuestionType.FLASHCARD: _flashcard,
    QuestionType.DESCRIPTION: _nothing,
    QuestionType.PARAMETRIC: _parametric,
}
