"""What is proposed for a question, and what becomes of the question when it is accepted."""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from app.domain.enums import BloomLevel, ProposalKind, QuestionType
from app.domain.question_draft import (
    MAX_ITEMS,
    Answer,
    Finite,
    Html,
    LocalId,
    Name,
    NumericAnswer,
    Plain,
    QuestionDraft,
    Value,
)

CHOICE_TYPES: Final = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE})
SOLVABLE_TYPES: Final = CHOICE_TYPES | {QuestionType.SHORT_ANSWER, QuestionType.NUMERICAL}
Fraction = Annotated[Finite, Field(ge=0, le=1)]
_WITHOUT_ANSWER: Final = frozenset({QuestionType.ESSAY, QuestionType.FLASHCARD, QuestionType.DESCRIPTION})


class StaleProposalError(ValueError):
    """The question has changed so that the proposal no longer fits it."""


class ProposedMetadata(Value):
    """`difficulty` in logits with its standard error; `extensions["bloom"]` and tags take what has no field."""

    skills: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    topic: Name = ""
    bloom: BloomLevel | None = None
    language: Annotated[str, Field(max_length=35)] = ""
    difficulty: Annotated[Finite, Field(ge=-6, le=6)] | None = None
    difficulty_error: Annotated[Finite, Field(gt=0)] | None = None

    def applied_to(self, draft: QuestionDraft) -> QuestionDraft:
        changes: dict[str, object] = {"skills": tuple(dict.fromkeys((*draft.skills, *self.skills)))[:20]}
        if self.topic and not draft.category:
            changes["category"] = (self.topic,)
        if self.bloom is not None:
            changes["extensions"] = {**draft.extensions, "bloom": self.bloom.value}
        if self.language and not draft.language:
            changes["language"] = self.language
        if self.difficulty is not None:
            changes["difficulty"] = self.difficulty
        return draft.model_copy(update=changes)


class ProposedExplanation(Value):
    explanation: Annotated[Html, Field(min_length=1)]

    def applied_to(self, draft: QuestionDraft) -> QuestionDraft:
        return draft.model_copy(update={"explanation": self.explanation})


class ProposedHints(Value):
    hints: Annotated[tuple[Html, ...], Field(min_length=1, max_length=10)]

    def applied_to(self, draft: QuestionDraft) -> QuestionDraft:
        return draft.model_copy(update={"hints": self.hints})


class ProposedRationale(Value):
    """Feedback by the id of the option."""

    feedback: Annotated[dict[LocalId, Html], Field(min_length=1, max_length=26)]

    def applied_to(self, draft: QuestionDraft) -> QuestionDraft:
        _refuse_unknown(self.feedback, draft)
        options = tuple(
            option.model_copy(update={"feedback": self.feedback.get(option.id, option.feedback)})
            for option in draft.options
        )
        return draft.model_copy(update={"options": options})


class ProposedKey(Value):
    """Another key: the right options by id, or one more accepted answer.

    `agreement` is the share of independent solutions that contradict the key in force.
    """

    options: Annotated[tuple[LocalId, ...], Field(max_length=26)] = ()
    answer: Plain = ""
    reason: Plain = ""
    agreement: Annotated[Finite, Field(ge=0, le=1)] = 1.0

    def applied_to(self, draft: QuestionDraft) -> QuestionDraft:
        if draft.type in CHOICE_TYPES:
            return self._with_options(draft)
        if draft.type is QuestionType.NUMERICAL:
            return self._with_number(draft)
        return draft.model_copy(update={"answers": (*draft.answers, Answer(value=self.answer))})

    def _with_options(self, draft: QuestionDraft) -> QuestionDraft:
        _refuse_unknown(self.options, draft)
        if not self.options or (draft.type is not QuestionType.MULTIPLE_RESPONSE and len(self.options) != 1):
            raise StaleProposalError("This key does not fit the type of the question.")
        weight = 1.0 / len(self.options)
        options = tuple(
            option.model_copy(update={"weight": weight if option.id in self.options else 0.0})
            for option in draft.options
        )
        return draft.model_copy(update={"options": options})

    def _with_number(self, draft: QuestionDraft) -> QuestionDraft:
        try:
            value = float(self.answer.replace(",", "."))
        except ValueError as error:
            raise StaleProposalError("This answer is no number.") from error
        if draft.numeric is None:
            raise StaleProposalError("The question has no numeric key any more.")
        answers = (*draft.numeric.answers, NumericAnswer(value=value))
        return draft.model_copy(update={"numeric": draft.numeric.model_copy(update={"answers": answers})})


class ProposedQuestion(Value):
    """`quote` is where in the passage the answer stands."""

    draft: QuestionDraft
    quote: Plain = ""


class CriterionGrade(Value):
    """Points for one criterion, the mean of the independent gradings."""

    criterion: Plain
    points: Annotated[Finite, Field(ge=0)]
    most: Annotated[Finite, Field(gt=0)]
    reason: Plain = ""


class ProposedGrade(Value):
    """A grade of an essay. `agreement` is 1 where two independent gradings gave the same points to every criterion."""

    criteria: Annotated[tuple[CriterionGrade, ...], Field(max_length=MAX_ITEMS)] = ()
    fraction: Fraction
    comment: Annotated[str, Field(max_length=500)] = ""
    agreement: Annotated[Finite, Field(ge=0, le=1)] = 1.0


Payload = (
    ProposedMetadata
    | ProposedExplanation
    | ProposedHints
    | ProposedRationale
    | ProposedKey
    | ProposedQuestion
    | ProposedGrade
)
Change = ProposedMetadata | ProposedExplanation | ProposedHints | ProposedRationale | ProposedKey

PAYLOADS: Final[dict[ProposalKind, type[Payload]]] = {
    ProposalKind.METADATA: ProposedMetadata,
    ProposalKind.EXPLANATION: ProposedExplanation,
    ProposalKind.HINTS: ProposedHints,
    ProposalKind.RATIONALE: ProposedRationale,
    ProposalKind.KEY_CHECK: ProposedKey,
    ProposalKind.DRAFT_QUESTION: ProposedQuestion,
    ProposalKind.ESSAY_GRADING: ProposedGrade,
}


def is_wanted(kind: ProposalKind, draft: QuestionDraft) -> bool:
    """Whether a proposal of this kind makes sense: what an author has written is not proposed anew."""
    match kind:
        case ProposalKind.METADATA:
            return draft.type is not QuestionType.DESCRIPTION
        case ProposalKind.EXPLANATION:
            return not draft.explanation and draft.type not in _WITHOUT_ANSWER
        case ProposalKind.HINTS:
            return not draft.hints and draft.type not in _WITHOUT_ANSWER
        case ProposalKind.RATIONALE:
            return draft.type in CHOICE_TYPES and any(
                option.weight <= 0 and not option.feedback for option in draft.options
            )
        case ProposalKind.KEY_CHECK:
            return draft.type in SOLVABLE_TYPES
    return False


def _refuse_unknown(ids: Iterable[str], draft: QuestionDraft) -> None:
    known = {option.id for option in draft.options}
    if not set(ids) <= known:
        raise StaleProposalError("The question has other options now.")
