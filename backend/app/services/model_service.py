"""Versions of the learner model: listed, fitted on request, made live, and taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.user_modeling.model_arrays import InvalidModelError
from app.ai.personalization.user_modeling.model_file import ItemTotals, read_model, to_document, write_model
from app.ai.personalization.user_modeling.parameters import QuestionTable
from app.core.errors import ConflictError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.models import Job, ModelVersion
from app.repositories.audit_repository import AuditRepository
from app.repositories.item_repository import ItemRepository
from app.repositories.job_repository import JobRepository
from app.repositories.model_repository import BUILT_IN, FittedItem, ModelRepository
from app.services.model_training import Fitted


class InvalidStoredModelError(ConflictError):
    """The file of a version cannot be used; whatever was live stays live."""

    code = "invalid_model"


class ModelStateError(ConflictError):
    code = "model_state"


class ModelService:
    def __init__(self, session: Session) -> None:
        self._session, self._models = session, ModelRepository(session)
        self._audit = AuditRepository(session)

    def page(self, before: int | None, limit: int) -> Sequence[ModelVersion]:
        """Latest first; the built-in version has no row."""
        return self._models.page(before, limit)

    def request_fit(self, actor: Actor) -> Job:
        job = JobRepository(self._session).enqueue(JobKind.FIT_STUDENT_MODEL, owner_id=actor.user_id)
        self._record(AuditAction.MODEL_FIT_REQUESTED, actor.user_id, str(job.id))
        self._session.refresh(job)
        return job

    def promote(self, actor: Actor, number: int, now: datetime) -> ModelVersion | None:
        """Make a version live, whatever its figures say; None for the built-in one.

        Raises:
            NotFoundError: No such version.
            ModelStateError: It is live already.
            InvalidStoredModelError: Its file is damaged; the running model stays.
        """
        self._models.lock()
        version = self._version(number)
        if number == self._live_number():
            raise ModelStateError(f"Version {number} is live already.")
        self._switch(version, now)
        self._record(AuditAction.MODEL_PROMOTED, actor.user_id, str(number))
        return version

    def roll_back(self, actor: Actor, number: int) -> ModelVersion | None:
        """Make that version live again which this one replaced; None when that is the built-in one.

        Raises:
            NotFoundError: No such version.
            ModelStateError: It is not live, or it is the built-in one.
            InvalidStoredModelError: The file of the former version is damaged; the running model stays.
        """
        self._models.lock()
        leaving = self._version(number)
        if leaving is None or not leaving.is_live:
            raise ModelStateError("Only the fitted version that is live can be taken back.")
        former = leaving.replaced or BUILT_IN
        version = self._version(former)
        self._switch(version, None)
        self._record(AuditAction.MODEL_ROLLED_BACK, actor.user_id, str(number), live=former)
        return version

    def keep(self, fitted: Fitted, now: datetime) -> tuple[ModelVersion, bool]:
        """Store a fit; it goes live if it beat the model that is live still. Tells whether it did."""
        self._models.lock()
        is_better = fitted.comparison.is_better and self._live_number() == fitted.running
        content = write_model(fitted.model, fitted.totals)
        version = self._models.add(to_document(fitted.model), fitted.metrics(), content, now)
        if is_better:
            self._switch(version, now)
            self._record(AuditAction.MODEL_PROMOTED, None, str(version.number))
        return version, is_better

    def _version(self, number: int) -> ModelVersion | None:
        if number == BUILT_IN:
            return None
        version = self._models.get(number)
        if version is None:
            raise NotFoundError("No such version.")
        return version

    def _live_number(self) -> int:
        live = self._models.live()
        return BUILT_IN if live is None else live.number

    def _switch(self, version: ModelVersion | None, now: datetime | None) -> None:
        """Parameters and difficulties change together; answers since the fit are taken in at once."""
        if version is None:
            self._models.reset_difficulties()
        else:
            self._models.set_difficulties(self._items(version.number))
        self._models.switch(version, now)
        ItemRepository(self._session).calibrate()

    def _items(self, number: int) -> list[FittedItem]:
        content = self._models.content(number)
        if content is None:
            return []
        try:
            model, totals = read_model(content)
        except InvalidModelError as error:
            raise InvalidStoredModelError(f"Version {number} cannot go live. {error}") from error
        return fitted_items(model.parameters.questions, totals)

    def _record(self, action: AuditAction, actor_id: UUID | None, version: str, **details: object) -> None:
        self._audit.record(action, actor_id=actor_id, object_type="model_version", object_id=version, **details)


def fitted_items(questions: QuestionTable, totals: ItemTotals) -> list[FittedItem]:
    """Difficulties of answered questions, with what calibration had to count when they were fitted."""
    counted = dict(
        zip(totals.question_ids, zip(totals.answers.tolist(), totals.residuals.tolist(), strict=True), strict=True)
    )
    rows = zip(questions.question_ids, questions.difficulty.tolist(), questions.answers.tolist(), strict=True)
    return [
        FittedItem(UUID(name), difficulty, *counted[name])
        for name, difficulty, answers in rows
        if answers and name in counted
    ]
