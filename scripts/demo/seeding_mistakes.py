"""Wrong answers such as students give, so that the history of the demo can be looked at closely."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from numpy.random import Generator

from app.domain.enums import GradeState, QuestionType
from app.domain.grading import drawn_key, grade
from app.domain.numbers import format_number
from app.domain.question_draft import Answer, Numeric
from app.domain.question_parts import GapKey, QuestionContent, QuestionKey
from app.domain.responses import Rating, Response
from app.services.question_cache import CachedQuestion

Thing = TypeVar("Thing")

_TRIES: Final = 200
_WRONG: Final = frozenset({GradeState.WRONG, GradeState.PARTIAL})
_SLIP_CHANCE: Final = 0.6
_PART_RIGHT: Final = 0.5
_FLIP: Final = 0.35
_BEYOND: Final = 40.0  # pixels; within the margin of the pictures


class Mistakes:
    """Wrong responses to the questions of one bank; where parts earn credit they may be partly right."""

    def __init__(self, questions: Iterable[CachedQuestion], rng: Generator) -> None:
        self._rng = rng
        self._texts = sorted({answer.value for question in questions for answer in question.key.answers})
        self._makers: Mapping[QuestionType, Callable[[QuestionContent, QuestionKey], Response]] = {
            QuestionType.SINGLE_CHOICE: self._choice,
            QuestionType.TRUE_FALSE: self._choice,
            QuestionType.MULTIPLE_RESPONSE: self._choices,
            QuestionType.SHORT_ANSWER: lambda _, key: Response(text=self._text(key.answers)),
            QuestionType.NUMERICAL: lambda _, key: Response(text=self._number(key.numeric)),
            QuestionType.PARAMETRIC: lambda _, key: Response(text=self._number(key.numeric)),
            QuestionType.MATCHING: self._pairs,
            QuestionType.ORDERING: self._order,
            QuestionType.CLOZE: self._gaps,
            QuestionType.HOTSPOT: self._points,
            QuestionType.FLASHCARD: lambda _content, _key: Response(rating=Rating.AGAIN),
        }

    def response(self, question: CachedQuestion, seed: int) -> Response:
        """Raises RuntimeError when no wrong answer turns up, which would be a fault of the question."""
        content, key = question.content, drawn_key(question.content, question.key, seed)
        for _ in range(_TRIES):
            response = self._makers[content.type](content, key)
            if grade(content, question.key, response, seed=seed).state in _WRONG:
                return response
        raise RuntimeError(f"no wrong answer found for: {content.stem[:80]}")

    def _choice(self, content: QuestionContent, _key: QuestionKey) -> Response:
        return Response(choice=self._one([option.id for option in content.options]))

    def _choices(self, _content: QuestionContent, key: QuestionKey) -> Response:
        chosen = (option for option, given in key.options.items() if (given.weight > 0) != self._happens(_FLIP))
        return Response(choices=tuple(chosen))

    def _pairs(self, content: QuestionContent, key: QuestionKey) -> Response:
        rights = [right.id for right in content.rights]
        return Response(
            pairs={
                left: right if self._happens(_PART_RIGHT) else self._one(rights) for left, right in key.pairs.items()
            }
        )

    def _order(self, _content: QuestionContent, key: QuestionKey) -> Response:
        return Response(order=tuple(key.order[place] for place in self._rng.permutation(len(key.order))))

    def _gaps(self, _content: QuestionContent, key: QuestionKey) -> Response:
        return Response(gaps={gap.id: self._gap(gap) for gap in key.gaps})

    def _gap(self, gap: GapKey) -> str:
        if gap.kind == "choice":
            return self._one(list(gap.options))
        is_right = self._happens(_PART_RIGHT)
        if gap.kind == "text":
            return gap.answers[0].value if is_right else self._text(gap.answers)
        right = gap.numeric.answers[0].value if gap.numeric else 0.0
        return format_number(right) if is_right else self._number(gap.numeric)

    def _points(self, content: QuestionContent, key: QuestionKey) -> Response:
        """Left of and above the far edge of the areas, where the picture surely is."""
        x, y = (max(shape.coords[axis] for shape in key.shapes) + _BEYOND for axis in (0, 1))
        count = content.hotspot.max_points if content.hotspot else 1
        return Response(points=tuple((self._pixel(x), self._pixel(y)) for _ in range(count)))

    def _text(self, answers: Sequence[Answer]) -> str:
        """A formula with one digit wrong, or a word that belongs to another question."""
        right = answers[0].value
        digits = [place for place, sign in enumerate(right) if sign.isdecimal()]
        if not digits:
            return self._one([text for text in self._texts if not any(sign.isdecimal() for sign in text)])
        place = digits[int(self._rng.integers(len(digits)))]
        return f"{right[:place]}{self._rng.integers(10)}{right[place + 1 :]}"

    def _number(self, numeric: Numeric | None) -> str:
        """A slip that the author foresaw, or a number near or far from the right one."""
        answers = numeric.answers if numeric else ()
        slips = [answer.value for answer in answers if answer.weight <= 0]
        if slips and self._happens(_SLIP_CHANCE):
            return format_number(self._one(slips))
        right = next((answer.value for answer in answers if answer.weight > 0), 0.0)
        near = [right - 2, right - 1, right + 1, right + 2, right + 10, -right, 2 * right, right / 2, 10 * right]
        return format_number(round(self._one(near), 4))

    def _pixel(self, most: float) -> float:
        return round(float(self._rng.uniform(4, most)), 1)

    def _happens(self, chance: float) -> bool:
        return bool(self._rng.random() < chance)

    def _one(self, things: Sequence[Thing]) -> Thing:
        return things[int(self._rng.integers(len(things)))]
