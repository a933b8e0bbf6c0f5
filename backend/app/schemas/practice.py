from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from app.domain.enums import AssignmentKind, Behaviour, GradeState, MasteryState, PracticeMode, SessionStatus
from app.domain.question_parts import QuestionContent
from app.domain.responses import Rating, Response
from app.domain.step_keys import CLIENT_KEY
from app.schemas.base import InputModel, OutputModel, StrictFloat, StrictInt

ClientKey = Annotated[
    str,
    Field(
        min_length=8,
        max_length=64,
        pattern=CLIENT_KEY,
        description="Chosen by the client for this step alone; sending the step again with it is safe.",
    ),
]
ElapsedMs = Annotated[StrictInt, Field(ge=0, le=86_400_000, description="Time on the question, in milliseconds.")]


class AreaShare(InputModel):
    skill_id: UUID
    share: Annotated[StrictFloat, Field(gt=0, le=1)]


class ExamCreate(InputModel):
    """How a placement or an exam is run; all of it is optional.

    An adaptive test ends at the `length` of the session, once its `standard_error` (logits) is reached or, with a
    `pass_mark`, once it is clear on which side of it the student stands; never before `least` questions. `shares` say
    how much of it each skill gets; without them, as much as the skill has of the question bank. The `pass_mark` is the
    share of the marks that is needed; in an adaptive test, of those expected on all questions in scope.
    """

    time_limit_minutes: Annotated[StrictInt, Field(ge=1, le=600)] | None = None
    least: Annotated[StrictInt, Field(ge=1, le=100)] = 5
    standard_error: Annotated[StrictFloat, Field(ge=0.10, le=1.0)] | None = 0.30
    pass_mark: Annotated[StrictFloat, Field(ge=0.05, le=0.95)] | None = None
    shares: Annotated[list[AreaShare], Field(max_length=100)] = []


class SessionCreate(InputModel):
    """What to practise. No `skill_ids` means every skill of the subject.

    `question_ids` belong to the fixed mode, and to exams whose questions are the same for everybody. The modes
    `placement` and `exam` always behave as `exam`, and take the settings of `test`.
    """

    subject_id: UUID
    mode: PracticeMode = PracticeMode.ADAPTIVE
    behaviour: Behaviour = Behaviour.IMMEDIATE
    skill_ids: Annotated[list[UUID], Field(max_length=100)] = []
    question_ids: Annotated[list[UUID], Field(max_length=500)] = []
    length: Annotated[StrictInt, Field(ge=1, le=500)] | None = None
    target_success: Annotated[StrictFloat, Field(ge=0.60, le=0.90)] | None = None
    test: ExamCreate | None = None


class StepCreate(InputModel):
    assignment_id: UUID
    client_key: ClientKey
    elapsed_ms: ElapsedMs = 0


class AnswerCreate(StepCreate):
    response: Response
    certainty: Annotated[StrictInt, Field(ge=1, le=3)] | None = None


class SkipCreate(StepCreate):
    """`dont_know` counts as a wrong answer and tells the right one; the others put the question aside."""

    reason: Literal["too_easy", "not_now", "known", "dont_know"]


class ReasonRead(OutputModel):
    """Why this question: a stable code with parameters for translation, and the sentence in English."""

    code: str
    text: str
    parameters: dict[str, JsonValue] = {}


class CardBack(OutputModel):
    """What stands on the back of a flashcard that the student has turned."""

    answer_text: list[str]
    explanation: str


class ShownQuestion(OutputModel):
    """A question as this student sees it, with everything about how it was chosen; never its key.

    `back` is there once the student has turned a flashcard.
    """

    assignment_id: UUID
    position: int
    question_id: UUID
    question: QuestionContent
    kind: AssignmentKind
    predicted: float
    reason: ReasonRead
    tries: int
    hints_taken: list[str]
    hints_left: int
    back: CardBack | None


class SkillChange(OutputModel):
    """Chance that the skill is mastered and its state, before and after the step.

    `changes` are the causes of a new state as stable codes, `text` says the same to the student.
    """

    skill_id: UUID
    before: float
    after: float
    state_before: MasteryState
    state_after: MasteryState
    changes: list[str]
    text: str | None


class ReviewChange(OutputModel):
    """How the answer counted as a review of the question, and when it is due again.

    A suspended question comes no more in reviews; `text` tells the student.
    """

    rating: Rating
    due: datetime
    is_suspended: bool
    text: str | None


class SessionState(OutputModel):
    """`score` and `mark` stay null while grades wait for the end of the session."""

    id: UUID
    status: SessionStatus
    answered: int
    score: float | None
    mark: float | None
    length: int | None


class StepRead(OutputModel):
    """The outcome of one step. `next` is null while the same question goes on, or when the session is finished.

    `state`, `fraction`, `feedback`, `explanation` and `answer` stay null as long as the behaviour hides them.
    """

    attempt_id: UUID
    action: str
    state: GradeState | None
    fraction: float | None
    mark: float | None
    finished: bool
    tries: int
    feedback: list[str]
    hint: str | None
    explanation: str | None
    answer: Response | None
    answer_text: list[str]
    mastery: list[SkillChange]
    review: ReviewChange | None
    session: SessionState
    next: ShownQuestion | None


class SessionRead(OutputModel):
    """`deadline_at` and `seconds_left` are there where an exam has a time limit; count down from the latter."""

    id: UUID
    subject_id: UUID
    mode: PracticeMode
    behaviour: Behaviour
    status: SessionStatus
    skill_ids: list[UUID]
    target_success: float
    length: int | None
    shown: int
    answered: int
    score: float
    mark: float
    started_at: datetime
    last_at: datetime
    finished_at: datetime | None
    deadline_at: datetime | None
    seconds_left: float | None
    current: ShownQuestion | None


class SessionSummaryItem(OutputModel):
    id: UUID
    subject_id: UUID
    mode: PracticeMode
    status: SessionStatus
    length: int | None
    answered: int
    score: float
    started_at: datetime
    last_at: datetime
    finished_at: datetime | None
    deadline_at: datetime | None


class ReviewedQuestion(OutputModel):
    """One question of a finished session, key and all; `comment` is that of a teacher who graded it.

    `corrected_at` is set when a teacher has changed an earlier grade.
    """

    position: int
    question_id: UUID
    question: QuestionContent
    state: GradeState | None
    fraction: float | None
    response: Response | None
    answer: Response | None
    answer_text: list[str]
    explanation: str
    comment: str
    corrected_at: datetime | None
    feedback: list[str]


class SummarySkill(OutputModel):
    skill_id: UUID
    name: str
    answered: int
    before: float
    after: float


class SessionAdvice(OutputModel):
    """A friendly word on how the session went; it changes no grade and no estimate. `text` says it in English.

    `slips`: `question_ids` went wrong in a hurry although they were easy for the student. `fatigue`: success fell
    behind from `minute` on.
    """

    kind: Literal["slips", "fatigue"]
    text: str
    question_ids: list[UUID]
    minute: int | None


class SessionSummary(OutputModel):
    session: SessionRead
    minutes: float
    skills: list[SummarySkill]
    advice: list[SessionAdvice]
    questions: list[ReviewedQuestion]
