"""What a practice step reads and writes, as the services and the SQL hand it to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.core.security import AccessClaims


@dataclass(frozen=True, slots=True)
class StepKey:
    """Who steps where; `client_key` makes the step safe to send again."""

    claims: AccessClaims
    session_id: UUID
    assignment_id: UUID | None
    client_key: str
    recent_since: datetime
    now: datetime


class StepRow(NamedTuple):
    """The session, and the shown question if it belongs to the session; `usual_ms` is the mean time of an answer."""

    session_id: UUID
    subject_id: UUID
    content_revision: int
    mode: str
    behaviour: str
    status: str
    skill_ids: list[UUID]
    question_ids: list[UUID]
    target_success: float
    length: int | None
    session_seed: int
    shown: int
    answered: int
    score: float
    mark: float
    recent: list[float]
    deadline_at: datetime | None
    assignment_id: UUID | None
    position: int
    question_id: UUID
    version_id: UUID
    kind: str
    predicted: float
    difficulty: float
    item_answers: int
    guess: float
    seed: int
    state: dict[str, Any]
    finished_at: datetime | None
    model_version: int
    key_id: UUID | None
    question_skills: list[UUID]
    earlier_attempt: UUID | None
    usual_ms: float | None


class LearnerRow(NamedTuple):
    mean: float
    variance: float
    answers: int
    wins: float
    residual_fast: float
    residual_mid: float
    residual_slow: float
    last_at: datetime | None


class SkillRow(NamedTuple):
    skill_id: UUID
    mastery: float
    mean: float
    variance: float
    answers: int
    wins: float
    residual: float
    last_step: int
    last_at: datetime | None
    last_result: float | None
    state: str
    learned_at: datetime | None
    confirmations: int
    before_review: str | None
    recent: bytes = b""


class CardRow(NamedTuple):
    """What the student remembers of the shown question."""

    question_id: UUID
    subject_id: UUID
    due: datetime
    phase: str
    step: int | None
    stability: float
    difficulty: float
    last_review: datetime
    lapses: int
    is_suspended: bool


class MasteryEventRow(NamedTuple):
    skill_id: UUID
    attempt_id: UUID
    cause: str
    from_state: str
    to_state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepRows:
    """`recent` are question ids of 16 bytes, latest first; `due` see `difficulty_adapter.due_cards`.

    `memory` are the parameters of the student's own forgetting curve, None for the published ones.
    """

    learner: LearnerRow
    skills: list[SkillRow]
    recent: bytes
    step: StepRow | None
    due: bytes = b""
    card: CardRow | None = None
    memory: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class AttemptWrite:
    """The appended step, the state it leaves the shown question in, and the session's new counters."""

    user_id: UUID
    session_id: UUID
    assignment_id: UUID
    question_id: UUID
    attempt_id: UUID
    client_key: str
    action: str
    response: Mapping[str, Any] | None
    certainty: int | None
    elapsed_ms: int
    evidence: float | None
    weight: float
    rating: int | None
    model_version: int
    effects: Mapping[str, Any]
    now: datetime
    shown_state: Mapping[str, Any]
    finished_at: datetime | None
    status: str
    session_finished_at: datetime | None
    shown: int
    session_answered: int
    score: float
    session_mark: float
    recent: Sequence[float]


@dataclass(frozen=True, slots=True)
class GradeWrite:
    key_id: UUID | None
    grade_state: str
    fraction: float
    grade_mark: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EvidenceWrite:
    """What the learner model became, and the sums for the statistics of the question."""

    learner: LearnerRow
    skills: Sequence[SkillRow]
    events: Sequence[MasteryEventRow]
    card: CardRow | None
    item_predicted: float
    information: float
    counts_for_item: bool


@dataclass(frozen=True, slots=True)
class AssignmentWrite:
    user_id: UUID
    id: UUID
    session_id: UUID
    position: int
    question_id: UUID
    version_id: UUID
    kind: str
    propensity: float
    predicted: float
    difficulty: float
    item_answers: int
    guess: float
    policy_version: str
    model_version: int
    terms: Mapping[str, Any]
    reason: Mapping[str, Any]
    seed: int
    shown_at: datetime
