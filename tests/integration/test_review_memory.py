"""The nightly fit of forgetting curves: who gets one, what follows from it, and what a replay makes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.ai.personalization.review_fit import MemoryFit, fit_memory
from app.ai.personalization.review_schedule import DEFAULT_PARAMETERS
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import JobStatus, ReviewFitOutcome
from app.models import Job, LearnerStateRecord, ReviewCardRecord, ReviewFit
from app.repositories.job_repository import JobRepository
from app.services.review_memory_service import ReviewMemoryService
from app.tasks import analytics_tasks  # noqa: F401  # registers the handler
from app.tasks.runtime import execute
from app.utils.ids import new_id
from tests.conftest import make_settings
from tests.factories.answer_history import School
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.review_logs import FORGETFUL, review_log

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def stabilities(session: Session) -> dict[object, float]:
    session.expire_all()
    return {card.question_id: card.stability for card in session.scalars(select(ReviewCardRecord))}


def test_a_better_curve_holds_for_cards_and_survives_a_replay(session: Session) -> None:
    user_id = School(session).remember(review_log(FORGETFUL, 700, np.random.default_rng(1)))
    memories, before = ReviewMemoryService(session), stabilities(session)
    assert memories.read(user_id).text.startswith("The standard forgetting curve.")
    assert memories.waiting() == [user_id]
    task = memories.prepare(user_id)
    assert task is not None
    fit = fit_memory(task.reviews, task.present, task.seen_until)
    assert memories.keep(task, fit, NOW)
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert fit.parameters is not None
    assert learner.review_parameters == pytest.approx(fit.parameters)
    after = stabilities(session)
    assert after.keys() == before.keys()
    assert np.mean(list(after.values())) < np.mean(list(before.values()))
    told = memories.read(user_id)
    assert told.is_own
    assert told.fitted is not None
    assert told.text == f"Your own forgetting curve, from {fit.reviews} reviews."
    assert told.fitted.log_loss < told.fitted.usual_log_loss
    assert told.first_interval_days < told.usual_first_interval_days
    assert memories.waiting() == []
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_the_standard_curve_comes_back_when_it_is_better(session: Session) -> None:
    user_id = School(session).remember(review_log(DEFAULT_PARAMETERS, 300, np.random.default_rng(2)))
    memories, usual = ReviewMemoryService(session), stabilities(session)
    for fit in (
        MemoryFit(ReviewFitOutcome.OWN, FORGETFUL, 200, 40, 0.3, 0.4, 0.4),
        MemoryFit(ReviewFitOutcome.STANDARD, None, 250, 50, 0.5, 0.5, 0.4),
    ):
        task = memories.prepare(user_id)
        assert task is not None
        memories.keep(task, fit, NOW)
    assert stabilities(session) == pytest.approx(usual)
    told = memories.read(user_id)
    assert (told.is_own, told.last_outcome) == (False, ReviewFitOutcome.STANDARD)
    assert "better than your former own one" in told.text


def test_of_two_fits_at_once_one_is_kept(session: Session) -> None:
    user_id = School(session).remember(review_log(DEFAULT_PARAMETERS, 300, np.random.default_rng(3)))
    memories = ReviewMemoryService(session)
    task = memories.prepare(user_id)
    assert task is not None
    kept = MemoryFit(ReviewFitOutcome.KEPT, None, 200, 40, 0.5, 0.4, 0.4)
    assert [memories.keep(task, kept, NOW) for _ in range(2)] == [True, False]
    assert len(session.scalars(select(ReviewFit)).all()) == 1
    assert memories.prepare(new_id()) is None


@pytest.fixture
def own(own_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    resources = Resources.open(make_settings(own_database_url, tmp_path_factory.mktemp("files")))
    yield resources
    resources.close()


@pytest.mark.own_database
def test_the_job_fits_everybody_whose_turn_it_is(own: Resources) -> None:
    with own.sessions.begin() as session:
        school = School(session)
        school.remember(review_log(FORGETFUL, 600, np.random.default_rng(4)))
        school.remember(review_log(FORGETFUL, 205, np.random.default_rng(5)))
        school.remember(review_log(FORGETFUL, 60, np.random.default_rng(6)))
        job_id = JobRepository(session).enqueue(JobKind.FIT_REVIEW_MEMORY).id
    assert execute(job_id, own)
    with own.sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.status, job.result) == (JobStatus.SUCCEEDED, {"students": 2, "own": 1, "too_few": 1})
        assert sorted(session.scalars(select(ReviewFit.outcome))) == ["own", "too_few"]
