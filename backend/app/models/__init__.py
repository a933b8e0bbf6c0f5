"""Importing this package registers every table with `Base.metadata`."""

from app.models.associations import question_skills, question_tags
from app.models.audit_event import AuditEvent
from app.models.base import Base
from app.models.idempotency_key import IdempotencyKey
from app.models.import_job import ImportChunk, ImportJob, ImportRow
from app.models.job import Job
from app.models.learner import (
    ItemStatistic,
    LearnerItemState,
    LearnerSkillState,
    LearnerStateRecord,
    MasteryEvent,
    ModelFile,
    ModelVersion,
)
from app.models.llm_usage import LlmUsage, UsageCounter, UsageLimit
from app.models.login import PasswordReset, RefreshToken, SecondFactor
from app.models.media import Media
from app.models.practice import AnswerDraft, Assignment, Attempt, AttemptGrade, DailyActivity, PracticeSession
from app.models.question import ItemParameter, Question, QuestionKeyRecord, QuestionVersion
from app.models.question_proposal import QuestionProposal
from app.models.question_report import QuestionReport
from app.models.question_review import QuestionReview
from app.models.review import ReviewCardRecord, ReviewFit, ReviewResumption
from app.models.search import (
    MediaVector,
    QuestionImage,
    QuestionPair,
    QuestionVector,
    SearchDocument,
    SearchTerm,
    SkillProposal,
)
from app.models.subject import DismissedPrerequisite, Skill, SkillPrerequisite, Subject
from app.models.tag import Tag
from app.models.user import User

__all__ = [
    "AnswerDraft",
    "Assignment",
    "Attempt",
    "AttemptGrade",
    "AuditEvent",
    "Base",
    "DailyActivity",
    "DismissedPrerequisite",
    "IdempotencyKey",
    "ImportChunk",
    "ImportJob",
    "ImportRow",
    "ItemParameter",
    "ItemStatistic",
    "Job",
    "LearnerItemState",
    "LearnerSkillState",
    "LearnerStateRecord",
    "LlmUsage",
    "MasteryEvent",
    "Media",
    "MediaVector",
    "ModelFile",
    "ModelVersion",
    "PasswordReset",
    "PracticeSession",
    "Question",
    "QuestionImage",
    "QuestionKeyRecord",
    "QuestionPair",
    "QuestionProposal",
    "QuestionReport",
    "QuestionReview",
    "QuestionVector",
    "QuestionVersion",
    "RefreshToken",
    "ReviewCardRecord",
    "ReviewFit",
    "ReviewResumption",
    "SearchDocument",
    "SearchTerm",
    "SecondFactor",
    "Skill",
    "SkillPrerequisite",
    "SkillProposal",
    "Subject",
    "Tag",
    "UsageCounter",
    "UsageLimit",
    "User",
    "question_skills",
    "question_tags",
]
