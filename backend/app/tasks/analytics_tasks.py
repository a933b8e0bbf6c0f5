from collections import Counter
from typing import Any, Final
from uuid import UUID

from numpy.random import default_rng

from app.ai.personalization.review_fit import fit_memory
from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.repositories.cold_start_repository import ColdStartRepository
from app.repositories.item_repository import ItemRepository
from app.services.cold_start_service import ColdStartService
from app.services.model_service import ModelService
from app.services.model_training import NotEnoughAnswersError, fit_candidate, read_training_data
from app.services.review_memory_service import ReviewMemoryService
from app.tasks.runtime import JobContext, handles

FIT_PHASES: Final = 4


@handles(JobKind.CALIBRATE_ITEMS)
def calibrate_items(context: JobContext) -> dict[str, Any]:
    """Let the difficulties follow the answers; running it again without new answers changes nothing."""
    with context.sessions.begin() as session:
        return {"questions": len(ItemRepository(session).calibrate())}


@handles(JobKind.PREDICT_DIFFICULTIES)
def predict_difficulties(context: JobContext) -> dict[str, Any]:
    """Predict questions without answers from those that have some, subject by subject; safe to run twice."""
    with context.sessions() as session:
        subjects = ColdStartRepository(session).subjects()
    changed = 0
    for done, subject_id in enumerate(subjects):
        context.progress(done, len(subjects))
        with context.sessions.begin() as session:
            changed += ColdStartService(session).predict(subject_id)
    return {"subjects": len(subjects), "questions": changed}


@handles(JobKind.FIT_STUDENT_MODEL)
def fit_student_model(context: JobContext) -> dict[str, Any]:
    """Fit the learner model, and let it go live if it beats the running one; each run makes a version of its own.

    No connection is held while it fits.
    """
    learner, phases = context.resources.settings.learner, iter(range(FIT_PHASES))

    def tell(message: str) -> None:
        context.progress(next(phases), FIT_PHASES, message)

    tell("Reading the answers.")
    with context.sessions() as session:
        data = read_training_data(session, learner.fit_answers)
    rng = default_rng(context.claim.job_id.int)
    try:
        fitted = fit_candidate(data, learner.fit_least_answers, rng, tell)
    except NotEnoughAnswersError as error:
        return {"version": None, "promoted": False, "message": error.detail}
    tell("Keeping the version.")
    with context.sessions.begin() as session:
        version, is_live = ModelService(session).keep(fitted, utc_now())
        return {"version": version.number, "promoted": is_live, **fitted.metrics()}


@handles(JobKind.FIT_REVIEW_MEMORY)
def fit_review_memory(context: JobContext) -> dict[str, Any]:
    """Fit the forgetting curve of every student who has answered enough since the last time, one by one.

    No connection is held while it fits. Run again, it goes on with those whose turn has not come.
    """
    with context.sessions() as session:
        waiting = ReviewMemoryService(session).waiting()
    outcomes: Counter[str] = Counter()
    for done, user_id in enumerate(waiting):
        context.progress(done, len(waiting))
        outcomes.update(_fit_memory_of(context, user_id))
    return {"students": len(waiting), **outcomes}


def _fit_memory_of(context: JobContext, user_id: UUID) -> list[str]:
    """The outcome, unless somebody else was faster or the student is gone."""
    with context.sessions() as session:
        task = ReviewMemoryService(session).prepare(user_id)
    if task is None:
        return []
    fit = fit_memory(task.reviews, task.present, task.seen_until)
    with context.sessions.begin() as session:
        return [fit.outcome.value] if ReviewMemoryService(session).keep(task, fit, utc_now()) else []
