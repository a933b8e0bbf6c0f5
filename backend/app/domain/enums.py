"""Closed vocabularies shared by every layer; the database stores the values as text."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    STUDENT = "student"
    TEACHER = "teacher"
    ADMIN = "admin"


class QuestionType(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_RESPONSE = "multiple_response"
    TRUE_FALSE = "true_false"
    SHORT_ANSWER = "short_answer"
    NUMERICAL = "numerical"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"
    ESSAY = "essay"
    HOTSPOT = "hotspot"
    FLASHCARD = "flashcard"
    DESCRIPTION = "description"
    PARAMETRIC = "parametric"


class QuestionStatus(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Behaviour(StrEnum):
    """How a shown question reacts to answers; see `domain.behaviours`."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"
    ADAPTIVE = "adaptive"
    INTERACTIVE = "interactive"
    CERTAINTY = "certainty"
    EXAM = "exam"


class PracticeMode(StrEnum):
    ADAPTIVE = "adaptive"
    MISTAKES = "mistakes"
    FIXED = "fixed"
    MIXED = "mixed"
    REVIEW = "review"
    PLACEMENT = "placement"
    EXAM = "exam"


TESTS: Final = frozenset({PracticeMode.PLACEMENT, PracticeMode.EXAM})
"""Modes that measure instead of teaching: graded at the end, and timed where a limit is set."""


class SessionStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"


class AssignmentKind(StrEnum):
    """How a shown question was chosen; statistics depend on it, so it is never guessed later."""

    ADAPTIVE = "adaptive"
    CALIBRATION = "calibration"
    REVIEW = "review"
    MISTAKES = "mistakes"
    FIXED = "fixed"
    EXAM = "exam"


class AttemptAction(StrEnum):
    """One appended step on a shown question; `close` ends a deferred question with its session.

    `reveal` turns a flashcard, and `dont_know` asks for the answer instead of giving one.
    `graded` is the grade that a teacher gave an earlier answer, `regraded` a later one, which takes its place.
    """

    ANSWER = "answer"
    HINT = "hint"
    REVEAL = "reveal"
    TOO_EASY = "too_easy"
    NOT_NOW = "not_now"
    KNOWN = "known"
    DONT_KNOW = "dont_know"
    CLOSE = "close"
    GRADED = "graded"
    REGRADED = "regraded"


class MasteryState(StrEnum):
    """Where a student stands on one skill; see `ai.personalization.mastery`."""

    NOT_STARTED = "not_started"
    LEARNING = "learning"
    LEARNED = "learned"
    MASTERED = "mastered"
    NEEDS_REVIEW = "needs_review"


class MasteryRuleName(StrEnum):
    """What makes a skill learned; a teacher picks one for a subject. See `ai.personalization.mastery_rules`."""

    POSTERIOR = "posterior"
    THREE_OF_LAST_FIVE = "three_of_last_five"
    EIGHT_OF_LAST_TEN = "eight_of_last_ten"
    TEN_IN_A_ROW = "ten_in_a_row"
    WILSON_BOUND = "wilson_bound"
    KNOWLEDGE_TRACING = "knowledge_tracing"


class ReviewPhase(StrEnum):
    """Learning and relearning work in minutes, review in days."""

    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


class ReviewFitOutcome(StrEnum):
    """What a fit of a student's forgetting curve led to: `own` and `standard` change it, the others keep it.

    `kept`: the parameters in force predict later reviews as well or better. `too_few`: reviews a day or more apart.
    `uniform`: everything was recalled, or nothing. `failed`: the search found no parameters.
    """

    OWN = "own"
    STANDARD = "standard"
    KEPT = "kept"
    TOO_FEW = "too_few"
    UNIFORM = "uniform"
    FAILED = "failed"


class GradeState(StrEnum):
    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"
    INVALID = "invalid"
    NEEDS_GRADING = "needs_grading"


class ReportReason(StrEnum):
    """What may be wrong with a question."""

    WRONG_ANSWER = "wrong_answer"
    UNCLEAR = "unclear"
    TYPO = "typo"
    MISSING_MEDIA = "missing_media"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class ReportStatus(StrEnum):
    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LlmProvider(StrEnum):
    """In the order of preference, unless a setting says otherwise."""

    GEMINI = "gemini"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class LlmOutcome(StrEnum):
    """How a call of a language model ended. `reserved`: it has not, or its process died."""

    RESERVED = "reserved"
    SUCCEEDED = "succeeded"
    AUTH = "auth"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    INVALID_OUTPUT = "invalid_output"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


class LlmFlow(StrEnum):
    """What a language model was asked for."""

    METADATA = "metadata"
    EXPLANATION = "explanation"
    HINTS = "hints"
    RATIONALE = "rationale"
    KEY_CHECK = "key_check"
    DRAFT_QUESTION = "draft_question"
    ESSAY_GRADING = "essay_grading"
    EMBEDDING = "embedding"
    IMAGE_EMBEDDING = "image_embedding"
    TUTOR = "tutor"
    TRANSCRIPTION = "transcription"


class UsagePeriod(StrEnum):
    DAY = "day"
    MONTH = "month"


class UsageGroup(StrEnum):
    """By what a report of usage adds up."""

    FLOW = "flow"
    MODEL = "model"
    PROVIDER = "provider"
    ROLE = "role"
    USER = "user"
    DAY = "day"
    OUTCOME = "outcome"


class LimitScope(StrEnum):
    ORGANISATION = "organisation"
    ROLE = "role"
    USER = "user"


class BloomLevel(StrEnum):
    """The cognitive levels of Bloom's taxonomy as revised in 2001, lowest first."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
    CREATE = "create"


class ProposalKind(StrEnum):
    METADATA = "metadata"
    EXPLANATION = "explanation"
    HINTS = "hints"
    RATIONALE = "rationale"
    KEY_CHECK = "key_check"
    DRAFT_QUESTION = "draft_question"
    ESSAY_GRADING = "essay_grading"


class ProposalStatus(StrEnum):
    """`requested` waits for its job, `open` for a person. `confirmed`: a second pass agrees with the key.

    `rejected`: the proposal did not pass its own check. `failed`: none could be made.
    """

    REQUESTED = "requested"
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    FAILED = "failed"


class UserStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
