from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.responses import Response
from app.schemas.base import InputModel, OutputModel, StrictFloat, StrictInt
from app.schemas.practice import ShownQuestion


class DraftUpdate(InputModel):
    """What the student has written so far; it is checked when it is sent as an answer."""

    response: Response


class DraftRead(OutputModel):
    assignment_id: UUID
    saved_at: datetime


class ExtraTimeUpdate(InputModel):
    minutes: Annotated[StrictInt, Field(ge=0, le=600, description="On top of the limit and of the student's share.")]


class DeadlineRead(OutputModel):
    session_id: UUID
    deadline_at: datetime
    seconds_left: float


class PaperQuestion(OutputModel):
    """One question of a running session: the last answer sent, and a later draft that was saved but not sent."""

    shown: ShownQuestion
    is_open: bool
    response: Response | None
    draft: Response | None


class Paper(OutputModel):
    """Everything that was shown in a session, in order: what a device needs after its connection broke."""

    questions: list[PaperQuestion]


class ExamEnd(StrEnum):
    """Why a test is over."""

    LENGTH = "length"
    PRECISION = "precision"
    ABOVE_CUT = "above_cut"
    BELOW_CUT = "below_cut"
    HANDED_IN = "handed_in"
    TIME = "time"


class AreaResult(OutputModel):
    """`score` is the mean of the fractions, from 0 to 1; no `skill_id` for questions without a skill."""

    skill_id: UUID | None
    name: str
    questions: int
    score: StrictFloat


class ExamResult(OutputModel):
    """What a placement or an exam found.

    `ability` is in logits with its standard error and 95 % interval; `success` says the same as the share of all
    questions in scope that the student is expected to solve. `score` is the share of the marks of the questions asked,
    with unanswered ones as 0; in an adaptive test it says little, for everybody gets questions of their own level.
    `passed` is null without a pass mark, or while answers wait for a teacher (`pending`).
    """

    session_id: UUID
    ended: ExamEnd
    is_adaptive: bool
    questions: int
    answered: int
    pending: int
    score: float
    ability: float
    standard_error: float
    ability_low: float
    ability_high: float
    success: float | None
    success_low: float | None
    success_high: float | None
    pass_mark: float | None
    passed: bool | None
    areas: list[AreaResult]
