from enum import StrEnum


class AuditAction(StrEnum):
    """What the audit table tells of; written in the transaction of the act itself."""

    USER_REGISTERED = "user.registered"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_ROLE_CHANGED = "user.role_changed"
    USER_SUSPENDED = "user.suspended"
    USER_ACTIVATED = "user.activated"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_ENDED = "login.ended"
    LOGIN_ENDED_EVERYWHERE = "login.ended_everywhere"
    REFRESH_TOKEN_REUSED = "login.refresh_token_reused"  # noqa: S105  # the name of an event
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    PASSWORD_SET_BY_ADMIN = "password.set_by_admin"  # noqa: S105
    PASSWORD_RESET_REQUESTED = "password.reset_requested"  # noqa: S105
    PASSWORD_RESET = "password.reset"  # noqa: S105
    JOB_CANCELLED = "job.cancelled"
    JOB_RETRIED = "job.retried"
    SUBJECT_CREATED = "subject.created"
    SUBJECT_UPDATED = "subject.updated"
    SUBJECT_ARCHIVED = "subject.archived"
    SUBJECT_RESTORED = "subject.restored"
    SKILL_CREATED = "skill.created"
    SKILL_UPDATED = "skill.updated"
    SKILL_ARCHIVED = "skill.archived"
    SKILL_RESTORED = "skill.restored"
    SKILLS_REORDERED = "skills.reordered"
    PREREQUISITES_CHANGED = "skill.prerequisites_changed"
    QUESTION_CREATED = "question.created"
    QUESTION_UPDATED = "question.updated"
    QUESTION_STATUS_CHANGED = "question.status_changed"
    QUESTION_DELETED = "question.deleted"
    QUESTION_REVIEW_ACCEPTED = "question_review.accepted"
    QUESTION_REVIEW_REJECTED = "question_review.rejected"
    QUESTION_REPORT_RESOLVED = "question_report.resolved"
    EXAM_EXTENDED = "exam.extended"
    ANSWER_GRADED = "answer.graded"
    IMPORT_REQUESTED = "import.requested"
    IMPORT_COMMIT_REQUESTED = "import.commit_requested"
    IMPORT_UNDO_REQUESTED = "import.undo_requested"
    EXPORT_REQUESTED = "export.requested"
    MEDIA_UPLOADED = "media.uploaded"
    USAGE_LIMIT_CHANGED = "usage_limit.changed"
    MODEL_FIT_REQUESTED = "model.fit_requested"
    MODEL_PROMOTED = "model.promoted"
    MODEL_ROLLED_BACK = "model.rolled_back"
    PROPOSALS_REQUESTED = "proposals.requested"
    PROPOSAL_ACCEPTED = "proposal.accepted"
    PROPOSAL_DISMISSED = "proposal.dismissed"
