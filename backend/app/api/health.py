"""Liveness, readiness with the state of each dependency, metrics."""

import time
from collections.abc import Callable
from typing import Literal
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.api.deps import Public, ResourcesDep, SemanticToolsDep
from app.core.redis import RedisError
from app.core.resources import Resources
from app.schemas.base import OutputModel

router = APIRouter(tags=["health"], dependencies=[Public])

State = Literal["ok", "down", "not_configured"]


class Liveness(OutputModel):
    status: Literal["ok"]


class DependencyHealth(OutputModel):
    state: State
    ms: float
    effect: str = ""


class Readiness(OutputModel):
    """`ready` needs the database only; the other parts may be away, `effect` says what that costs."""

    ready: bool
    database: DependencyHealth
    redis: DependencyHealth
    chroma: DependencyHealth
    embeddings: DependencyHealth


@router.get("/health/live")
async def live() -> Liveness:
    """The process answers."""
    return Liveness(status="ok")


@router.get("/health/ready", responses={503: {"model": Readiness}})
def ready(resources: ResourcesDep, tools: SemanticToolsDep, response: Response) -> Readiness:
    """Whether requests can be served, and the state of each dependency."""
    database = _timed(lambda: _database(resources), "Nothing works.")
    response.status_code = 200 if database.state == "ok" else 503
    return Readiness(
        ready=database.state == "ok",
        database=database,
        redis=_timed(lambda: _redis(resources), "Jobs start later, limits count per process."),
        chroma=_timed(lambda: _chroma(resources), "Search by meaning falls back to full text."),
        embeddings=_timed(
            lambda: "ok" if tools.texts.is_semantic else "not_configured", "Search knows spelling, not meaning."
        ),
    )


@router.get("/metrics", include_in_schema=False)
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _timed(probe: Callable[[], State], effect: str) -> DependencyHealth:
    began = time.perf_counter()
    state = probe()
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    return DependencyHealth(state=state, ms=milliseconds, effect="" if state == "ok" else effect)


def _database(resources: Resources) -> State:
    try:
        with resources.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, PoolTimeoutError):
        return "down"
    return "ok"


def _redis(resources: Resources) -> State:
    if resources.redis is None:
        return "not_configured"
    try:
        resources.redis.ping()
    except RedisError:
        return "down"
    return "ok"


def _chroma(resources: Resources) -> State:
    settings = resources.settings.chroma
    if not settings.url:
        return "not_configured"
    request = UrlRequest(f"{settings.url.rstrip('/')}/api/v2/heartbeat")  # noqa: S310  # an operator's setting
    try:
        with urlopen(request, timeout=settings.timeout_s):  # noqa: S310
            return "ok"
    except OSError:
        return "down"
