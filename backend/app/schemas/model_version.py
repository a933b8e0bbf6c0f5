from datetime import datetime

from app.schemas.base import OutputModel


class ModelScores(OutputModel):
    """Next-answer predictions of students that no fit has seen; no `auc` when all their answers were alike."""

    auc: float | None
    log_loss: float
    rmse: float
    ece: float


class ScoreDifference(OutputModel):
    """Log loss of the candidate minus that of the running model, below 0 = better, with its 95 % interval."""

    value: float
    low: float
    high: float


class ModelMetrics(OutputModel):
    """Both models' figures on the same held-out students, as they stood when the candidate was fitted."""

    candidate: ModelScores
    running: ModelScores
    difference: ScoreDifference
    running_version: int
    held_out_students: int
    held_out_answers: int
    training_students: int
    training_answers: int


class ModelVersionRead(OutputModel):
    """`replaced` is the version that a step back from this one leads to; 0 is the built-in version."""

    number: int
    kind: str
    is_live: bool
    metrics: ModelMetrics | None
    created_at: datetime
    promoted_at: datetime | None
    replaced: int | None


class LiveModelRead(OutputModel):
    """The version that practice serves now; 0 is the built-in version, which has no figures."""

    number: int
    version: ModelVersionRead | None
