"""What a model is asked to answer about questions; lengths are checked when the answer is read."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.domain.enums import BloomLevel

Sentence = Annotated[str, Field(min_length=1, max_length=2_000)]
Letter = Annotated[str, Field(min_length=1, max_length=3)]
Share = Annotated[float, Field(ge=0, le=1)]


class ModelAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Explanation(ModelAnswer):
    explanation: Annotated[str, Field(min_length=1, max_length=6_000)]


class Hints(ModelAnswer):
    hints: Annotated[list[Sentence], Field(min_length=1, max_length=5)]


class OptionRationale(ModelAnswer):
    letter: Letter
    feedback: Sentence


class Rationales(ModelAnswer):
    options: Annotated[list[OptionRationale], Field(min_length=1, max_length=26)]


class Metadata(ModelAnswer):
    skills: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)]
    topic: Annotated[str, Field(max_length=200)]
    bloom: BloomLevel
    language: Annotated[str, Field(max_length=35, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")]
    difficulty: Share


class Solution(ModelAnswer):
    letters: Annotated[list[Letter], Field(max_length=26)]
    text: Annotated[str, Field(max_length=4_000)]
    reason: Annotated[str, Field(max_length=4_000)]
    confidence: Share


class DraftedQuestion(ModelAnswer):
    question: Sentence
    right: Sentence
    wrong: Annotated[list[Sentence], Field(min_length=2, max_length=5)]
    explanation: Annotated[str, Field(min_length=1, max_length=6_000)]
    quote: Sentence


class DraftedQuestions(ModelAnswer):
    questions: Annotated[list[DraftedQuestion], Field(min_length=1, max_length=10)]


class CriterionPoints(ModelAnswer):
    number: Annotated[int, Field(ge=1, le=100)]
    points: Annotated[float, Field(ge=0, le=1_000)]
    reason: Sentence


class EssayPoints(ModelAnswer):
    criteria: Annotated[list[CriterionPoints], Field(min_length=1, max_length=100)]
