from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api.deps import ActorDep, Admin, Limit, ModelServiceDep, NowDep
from app.api.idempotency import IdempotencyDep
from app.models import ModelVersion
from app.schemas.base import Page
from app.schemas.job import JobRead
from app.schemas.model_version import LiveModelRead, ModelVersionRead

router = APIRouter(prefix="/model-versions", tags=["learner model"], dependencies=[Admin])

Number = Annotated[int, Path(ge=0, le=32_767, description="Number of the version; 0 is the built-in one.")]
NumberCursor = Annotated[
    int | None, Query(alias="cursor", ge=1, le=32_767, description="`next_cursor` of the page before.")
]


@router.get("", response_model=Page[ModelVersionRead])
def list_model_versions(models: ModelServiceDep, cursor: NumberCursor = None, limit: Limit = 50) -> dict[str, object]:
    """Fitted versions of the learner model, latest first, each with its figures and those of the model it met."""
    found = models.page(cursor, limit)
    return {"items": found, "next_cursor": str(found[-1].number) if len(found) == limit else None}


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=JobRead)
def fit_model(actor: ActorDep, models: ModelServiceDep, idempotency: IdempotencyDep) -> Response:
    """Fit the learner model now. The job's result tells both models' figures and whether the new one went live."""
    return idempotency.once(lambda: models.request_fit(actor), JobRead, HTTPStatus.ACCEPTED)


@router.post("/{number}/promotion", response_model=LiveModelRead)
def promote_model(number: Number, actor: ActorDep, models: ModelServiceDep, now: NowDep) -> dict[str, object]:
    """Make a version live, whatever its figures say; 0 goes back to the built-in one."""
    return _live(models.promote(actor, number, now))


@router.post("/{number}/rollback", response_model=LiveModelRead)
def roll_back_model(number: Number, actor: ActorDep, models: ModelServiceDep) -> dict[str, object]:
    """Go back from this version, which is live, to the one it replaced."""
    return _live(models.roll_back(actor, number))


def _live(version: ModelVersion | None) -> dict[str, object]:
    return {"number": 0 if version is None else version.number, "version": version}
