"""Building blocks that readers share: local ids, option weights, and a draft or the reason why there is none."""

from collections.abc import Collection, Mapping, Sequence
from string import ascii_lowercase

from pydantic import ValidationError

from app.domain.enums import QuestionType
from app.domain.question_draft import MAX_OPTIONS, Location, Option, QuestionDraft
from app.formats.reading import Problem, ProblemCode, problem

_TRUE_FALSE = (["true", "false"], ["false", "true"])
_CODE_OF_ERROR = {
    "string_unicode": ProblemCode.ENCODING,
    "string_too_long": ProblemCode.TOO_LARGE,
    "too_long": ProblemCode.TOO_LARGE,
    "finite_number": ProblemCode.NUMBER,
    "float_parsing": ProblemCode.NUMBER,
    "float_type": ProblemCode.NUMBER,
    "greater_than_equal": ProblemCode.NUMBER,
    "less_than_equal": ProblemCode.NUMBER,
    "greater_than": ProblemCode.NUMBER,
}


def local_id(index: int) -> str:
    """``a`` to ``z`` in file order, then ``a2`` and so on."""
    lap, letter = divmod(index, len(ascii_lowercase))
    return ascii_lowercase[letter] + (str(lap + 1) if lap else "")


def weighted_options(
    htmls: Sequence[str], correct: Collection[int], feedback: Sequence[str] = ()
) -> tuple[Option, ...]:
    """Options in file order, the right ones sharing the full mark.

    With several right ones each wrong choice cancels a right one, so that ticking everything earns nothing.
    """
    share = 1 / len(correct) if correct else 0.0
    wrong = -share if len(correct) > 1 else 0.0
    return tuple(
        Option(
            id=local_id(index),
            html=html,
            weight=share if index in correct else wrong,
            feedback=feedback[index] if index < len(feedback) else "",
        )
        for index, html in enumerate(htmls)
    )


def choice_type(texts: Sequence[str], correct: Collection[int]) -> QuestionType:
    if len(correct) > 1:
        return QuestionType.MULTIPLE_RESPONSE
    if [text.strip().casefold() for text in texts] in _TRUE_FALSE:
        return QuestionType.TRUE_FALSE
    return QuestionType.SINGLE_CHOICE


def build_draft(fields: Mapping[str, object], location: Location) -> QuestionDraft | Problem:
    """The draft, or the one problem that says which field is beyond its bounds; never an exception."""
    options = fields.get("options")
    if isinstance(options, Sequence) and len(options) > MAX_OPTIONS:
        return problem(ProblemCode.TOO_LARGE, f"More than {MAX_OPTIONS} options.", location, column="options")
    try:
        return QuestionDraft.model_validate({**fields, "location": location})
    except ValidationError as error:
        return problem_of(error, location)


def problem_of(error: ValidationError, location: Location) -> Problem:
    """Which part of a question is beyond its bounds."""
    first = error.errors(include_url=False, include_context=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    code = _CODE_OF_ERROR.get(first["type"], ProblemCode.SYNTAX)
    return problem(code, f"{path}: {first['msg']}", location, column=path, text=str(first["input"])[:1000])
