from datetime import date, datetime
from uuid import UUID

from pydantic import JsonValue

from app.domain.enums import MasteryState, PracticeMode
from app.schemas.base import OutputModel
from app.schemas.practice import ReasonRead


class PathStepRead(OutputModel):
    """One skill of the path. `waits_for` are skills to learn before, `opens` counts skills that build on it.

    `questions` is the expected number to mastery; the skill is expected to be learned on `finished_on`.
    """

    skill_id: UUID
    name: str
    state: MasteryState
    reason: ReasonRead
    is_ready: bool
    waits_for: list[UUID]
    opens: int
    mastery: float
    success: float
    questions: float
    finished_on: date
    is_late: bool


class LearningPath(OutputModel):
    """Skills still to be learned, in order. `needed_per_day` is the pace that meets the deadline, if there is one."""

    subject_id: UUID
    questions_per_day: float
    needed_per_day: float | None
    finished_on: date | None
    steps: list[PathStepRead]


class PracticeProposal(OutputModel):
    """What to start a practice session with."""

    mode: PracticeMode
    skill_ids: list[UUID]
    question_ids: list[UUID]


class RecommendationRead(OutputModel):
    """`expected_gain` is the rise in the chance of success on the questions concerned, in [0, 1]."""

    kind: str
    reason: str
    parameters: dict[str, JsonValue]
    expected_gain: float
    skill_id: UUID | None
    skill_name: str | None
    session: PracticeProposal


class Recommendations(OutputModel):
    subject_id: UUID
    items: list[RecommendationRead]


class SkillProgress(OutputModel):
    """`level` is the expected success on an average question of the skill, with its 80 % interval.

    `state_text` says why the state has changed since the last answer (null = it has not); `questions_left` is the
    expected number until the skill is learned, and `reach` the chance that 100 are enough.
    """

    skill_id: UUID
    name: str
    answers: int
    mastery: float
    state: MasteryState
    state_text: str | None
    learned_at: datetime | None
    confirmations: int
    level: float
    level_low: float
    level_high: float
    questions_left: float
    reach: float
    last_at: datetime | None


class ProgressForecast(OutputModel):
    """At the present pace: when every skill is learned, and the success to expect on a day (80 % interval).

    `chance` is how likely that success reaches the `goal`, `text` says it in a sentence. All of it is null without a
    skill that can be practised, and before the first answer; `ready_on` also when more than ten years are left.
    """

    questions_per_day: float
    questions_left: float
    ready_on: date | None
    on: date
    success: float | None
    success_low: float | None
    success_high: float | None
    goal: float
    chance: float | None
    text: str | None


class Progress(OutputModel):
    subject_id: UUID
    answers: int
    ability: float
    ability_deviation: float
    forecast: ProgressForecast
    skills: list[SkillProgress]


class ActivityDay(OutputModel):
    """All subjects together; days are in UTC, `score` is the sum of fractions."""

    day: date
    answers: int
    score: float
    minutes: float


class MasteryEventRead(OutputModel):
    at: datetime
    skill_id: UUID
    name: str
    from_state: MasteryState
    to_state: MasteryState
    cause: str
    text: str


class ProgressHistory(OutputModel):
    """Days with practice, and the latest changes of mastery states, the last one first."""

    days: list[ActivityDay]
    events: list[MasteryEventRead]


class CurveDay(OutputModel):
    """`expected` is the sum of the chances of success that were stated before the answers, to compare with `score`."""

    day: date
    answers: int
    score: float
    expected: float
    minutes: float


class MasteryPoint(OutputModel):
    day: date
    mastery: float


class SkillCurve(OutputModel):
    """P(mastered) after the last answer of each day with an answer on the skill."""

    skill_id: UUID
    name: str
    points: list[MasteryPoint]


class ProgressCurves(OutputModel):
    """For plots of one subject; days are in UTC, days without answers are left out."""

    subject_id: UUID
    since: date
    days: list[CurveDay]
    skills: list[SkillCurve]
