"""The learner model is fitted on the log, judged by students it does not know, and goes live if it is better."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings
from app.ai.personalization.user_modeling.fitting.tuning import TuningSettings
from app.ai.personalization.user_modeling.heads import LogisticHead, Standardiser
from app.ai.personalization.user_modeling.served_head import SERVED_NAMES, ServedHead
from app.ai.personalization.user_modeling.state import new_learner
from app.core.config import PracticeSettings
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.models import AuditEvent, ItemParameter, Job, ModelFile, ModelVersion, Subject
from app.repositories.job_repository import JobRepository
from app.repositories.model_repository import ModelRepository
from app.repositories.pool_repository import PoolRepository
from app.services.model_heads import ModelHeads
from app.services.model_service import InvalidStoredModelError, ModelService, ModelStateError
from app.services.model_training import Fitted, NotEnoughAnswersError, fit_candidate, is_held_out, read_training_data
from app.services.practice_chooser import Chooser, Learner
from app.services.practice_pool import build_pool
from app.tasks import analytics_tasks  # noqa: F401  # it registers the handler
from app.tasks.runtime import execute
from app.tasks.schedule import enqueue_periodic
from app.utils.ids import new_id
from tests.conftest import make_settings
from tests.factories.answer_history import School

NOW = datetime(2026, 4, 1, tzinfo=UTC)
QUICK = FitSettings(
    tuning=TuningSettings(300, 12), neural=NeuralSettings(units=8, members=1), question_variances=(1.0,)
)
ADMIN = Actor(new_id(), Role.ADMIN, new_id())


def fit(session: Session, most_answers: int = 100_000) -> Fitted:
    data = read_training_data(session, most_answers)
    return fit_candidate(data, 500, np.random.default_rng(1), lambda _: None, QUICK)


@pytest.fixture
def school(session: Session) -> School:
    school = School(session)
    school.teach(40, 60)
    return school


@pytest.fixture
def fitted(session: Session, school: School) -> Fitted:
    return fit(session)


def test_a_better_model_goes_live_with_its_difficulties(session: Session, school: School, fitted: Fitted) -> None:
    revision = school.subject.content_revision
    version, is_live = ModelService(session).keep(fitted, NOW)
    session.expire_all()
    assert (is_live, version.is_live, version.replaced, version.promoted_at) == (True, True, 0, NOW)
    candidate, running = version.metrics["candidate"], version.metrics["running"]
    assert candidate["log_loss"] < running["log_loss"]
    assert version.metrics["difference"]["value"] == pytest.approx(candidate["log_loss"] - running["log_loss"])
    assert (version.metrics["held_out_students"], version.metrics["training_students"]) == (8, 32)
    found = dict(session.execute(select(ItemParameter.id, ItemParameter.difficulty)).all())
    assert np.corrcoef([found[question.id] for question in school.questions], school.difficulty)[0, 1] > 0.9
    assert session.get_one(Subject, school.subject.id).content_revision > revision
    assert session.scalar(select(AuditEvent.object_id).where(AuditEvent.action == "model.promoted")) == "1"


def test_a_model_that_is_no_better_is_kept_but_not_served(session: Session, fitted: Fitted) -> None:
    service = ModelService(session)
    service.keep(fitted, NOW)
    worse = replace(fitted, running=1, comparison=replace(fitted.comparison, candidate=fitted.comparison.running))
    version, is_live = service.keep(worse, NOW)
    assert (version.number, is_live) == (2, False)
    live = ModelRepository(session).live()
    assert live is not None
    assert live.number == 1


def test_a_model_that_met_another_running_one_waits_for_a_person(session: Session, fitted: Fitted) -> None:
    service = ModelService(session)
    service.keep(fitted, NOW)
    assert service.keep(fitted, NOW)[1] is False


def test_a_fit_without_enough_answers_says_what_it_needs(session: Session) -> None:
    with pytest.raises(NotEnoughAnswersError, match=r"needs 500 answers of 10 students.*there are 0 answers of 0"):
        fit(session)
    School(session).teach(6, 5)
    with pytest.raises(NotEnoughAnswersError, match="there are 20 answers of 4, and 2 to judge"):
        fit(session)


def test_no_student_who_judges_is_fitted_on(session: Session, school: School) -> None:
    data = read_training_data(session, 100_000)
    names = {name for name in data.log.user_ids if is_held_out(UUID(name))}
    assert len(names) == 8
    parameters = fit(session).model.parameters
    trained = int(parameters.questions.answers.sum())
    assert trained == 32 * 60


def test_only_the_latest_students_are_read_when_there_are_too_many(session: Session, school: School) -> None:
    assert len(read_training_data(session, 100).log) == 120
    assert len(np.unique(read_training_data(session, 100).log.users)) == 2


def test_known_students_keep_their_standing_under_a_new_model(session: Session, school: School, fitted: Fitted) -> None:
    """Levels learned under the old model, read under the new one, still fit the share of right answers."""
    data = read_training_data(session, 100_000)
    population = fitted.model.parameters.population
    difficulty = float(np.average(fitted.model.parameters.questions.difficulty))
    expected = population.intercept + np.mean(list(data.levels.values())) - difficulty
    fresh = population.intercept + population.user_mean - difficulty
    assert expected == pytest.approx(np.log(data.log.outcomes.mean() / (1 - data.log.outcomes.mean())), abs=0.35)
    assert fresh == pytest.approx(expected, abs=0.3)


def test_going_back_restores_what_was_replaced(session: Session, school: School, fitted: Fitted) -> None:
    service, models = ModelService(session), ModelRepository(session)
    service.keep(fitted, NOW)
    first = difficulties(session)
    second, _ = service.keep(replace(fitted, running=1), NOW)
    assert second.replaced == 1
    session.execute(update(ItemParameter).values(difficulty=0.25))
    back = service.roll_back(ADMIN, 2)
    assert back is not None
    assert back.number == 1
    assert difficulties(session) == pytest.approx(first)
    assert service.roll_back(ADMIN, 1) is None
    assert models.live() is None
    with pytest.raises(ModelStateError):
        service.roll_back(ADMIN, 1)


def test_nan_in_a_stored_file_is_refused_and_the_running_model_stays(session: Session, fitted: Fitted) -> None:
    service, models = ModelService(session), ModelRepository(session)
    service.keep(fitted, NOW)
    service.keep(replace(fitted, running=7), NOW)
    damage(session, 2, "nan")
    with pytest.raises(InvalidStoredModelError, match=r"Version 2 cannot go live.*not finite"):
        service.promote(ADMIN, 2, NOW)
    damage(session, 2, "cut")
    with pytest.raises(InvalidStoredModelError, match="damaged"):
        service.promote(ADMIN, 2, NOW)
    live = models.live()
    assert live is not None
    assert live.number == 1


def test_practice_serves_the_head_of_the_live_model(session: Session, school: School, fitted: Fitted) -> None:
    head = ServedHead(
        Standardiser(np.zeros(len(SERVED_NAMES)), np.ones(len(SERVED_NAMES))),
        LogisticHead(np.eye(len(SERVED_NAMES))[0] / 2, 0.25, {str(school.skills[0].id): (0.5, 0.0, 0.0)}),
    )
    ModelService(session).keep(replace(fitted, model=replace(fitted.model, head=head)), NOW)
    heads = ModelHeads(ModelRepository(session).content)
    rows = PoolRepository(session).read(school.subject.id)
    pool, plain = build_pool(rows, heads.get(rows.model_version)), build_pool(rows)
    learner = Learner(new_learner(pool.population), {})
    served = Chooser(pool, learner, PracticeSettings()).success(np.arange(pool.size))
    filtered = Chooser(plain, learner, PracticeSettings()).success(np.arange(pool.size))
    of_first_skill = pool.skill_index[:, 0] == pool.skill_places[school.skills[0].id]
    assert logit(served) == pytest.approx(logit(filtered) / 2 + 0.25 + 0.5 * of_first_skill)


def test_practice_falls_back_on_the_filter_when_the_live_file_is_damaged(session: Session, fitted: Fitted) -> None:
    ModelService(session).keep(fitted, NOW)
    damage(session, 1, "cut")
    assert ModelHeads(ModelRepository(session).content).get(1) is None


def test_the_job_ends_with_a_message_where_there_is_too_little(own_database_url: URL, tmp_path: Path) -> None:
    resources = Resources.open(make_settings(own_database_url, tmp_path))
    with resources.sessions.begin() as session:
        job_id = JobRepository(session).enqueue(JobKind.FIT_STUDENT_MODEL).id
    assert execute(job_id, resources)
    with resources.sessions() as session:
        job = session.get_one(Job, job_id)
        assert (job.status, job.result["version"], job.result["promoted"]) == ("succeeded", None, False)
        assert "A fit needs 1000 answers of 10 students" in job.result["message"]
        assert session.scalar(select(ModelVersion.number)) is None
    resources.close()


def test_the_nightly_fit_is_asked_for_once_a_night(session: Session) -> None:
    jobs, evening = JobRepository(session), datetime(2026, 4, 1, 22, tzinfo=UTC)
    session.add(Job(kind=JobKind.CLEAN_UP, queue="default", created_at=evening, status="succeeded"))
    session.flush()
    asked = []
    for hours in (0, 4, 6, 8, 27, 29):
        now = evening + timedelta(hours=hours)
        enqueue_periodic(jobs, now)
        session.execute(update(Job).where(Job.created_at > now).values(created_at=now))
        asked.append(len(session.scalars(select(Job.id).where(Job.kind == JobKind.FIT_STUDENT_MODEL)).all()))
    assert asked == [0, 0, 1, 1, 1, 2]


def difficulties(session: Session) -> list[float]:
    session.expire_all()
    return list(session.scalars(select(ItemParameter.difficulty).order_by(ItemParameter.id)))


def damage(session: Session, number: int, how: str) -> None:
    content = ModelRepository(session).content(number)
    assert content is not None
    damaged = content[: len(content) // 2] if how == "cut" else with_nan(content)
    session.execute(update(ModelFile).where(ModelFile.number == number).values(content=damaged))


def with_nan(content: bytes) -> bytes:
    with np.load(BytesIO(content)) as stored:
        arrays = dict(stored)
    arrays["questions.difficulty"][0] = np.nan
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def logit(chances: np.ndarray) -> np.ndarray:
    return np.log(chances / (1.0 - chances))
