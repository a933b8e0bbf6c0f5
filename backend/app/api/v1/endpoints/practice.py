from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import (
    ActorDep,
    AnyUser,
    ClaimsDep,
    HotUser,
    IdCursor,
    Limit,
    Modes,
    NowDep,
    PracticeServiceDep,
    PracticeSummaryDep,
    SessionDep,
)
from app.api.hot_path import HotPathDep
from app.api.idempotency import IdempotencyDep
from app.domain.enums import SessionStatus
from app.repositories.practice_repository import PracticeRepository
from app.repositories.user_repository import UserRepository
from app.schemas.base import Page
from app.schemas.practice import (
    AnswerCreate,
    SessionCreate,
    SessionRead,
    SessionSummary,
    SessionSummaryItem,
    SkipCreate,
    StepCreate,
    StepRead,
)

router = APIRouter(tags=["practice"])


@router.post("/practice-sessions", status_code=HTTPStatus.CREATED, dependencies=[AnyUser], response_model=SessionRead)
def start_session(
    body: SessionCreate,
    claims: ClaimsDep,
    practice: PracticeServiceDep,
    session: SessionDep,
    idempotency: IdempotencyDep,
    now: NowDep,
) -> Response:
    """Start practising a subject. The reply holds the first question and the reason it was chosen."""
    preferred = UserRepository(session).preferred_success(claims.user_id)
    return idempotency.once(lambda: practice.start(claims, body, preferred, now), SessionRead)


@router.get("/practice-sessions", dependencies=[AnyUser], response_model=Page[SessionSummaryItem])
def list_sessions(
    actor: ActorDep,
    session: SessionDep,
    status: SessionStatus | None = None,
    mode: Modes = [],  # noqa: B006  # FastAPI copies it
    cursor: IdCursor = None,
    limit: Limit = 20,
) -> dict[str, object]:
    """Your sessions, the one started last first."""
    found = PracticeRepository(session).page(actor.user_id, status=status, modes=mode, before=cursor, limit=limit)
    return {"items": found, "next_cursor": str(found[-1].id) if len(found) == limit else None}


@router.get("/practice-sessions/{session_id}", dependencies=[AnyUser])
def read_session(session_id: UUID, actor: ActorDep, practice: PracticeServiceDep, now: NowDep) -> SessionRead:
    """The session with the question that is open now: all that is needed to go on after an interruption."""
    return practice.get(actor.user_id, session_id, now)


@router.post(
    "/practice-sessions/{session_id}/answers",
    status_code=HTTPStatus.CREATED,
    dependencies=[HotUser],
    response_model=StepRead,
)
async def submit_answer(session_id: UUID, body: AnswerCreate, hot: HotPathDep) -> Response:
    """Grade one answer: grade, feedback, explanation, mastery change and the next question in one reply.

    Sending it again with the same `client_key` never counts twice and gets the same reply.
    """
    return await hot.make(lambda steps, now: steps.answer(hot.claims, session_id, body, now))


@router.post(
    "/practice-sessions/{session_id}/hints",
    status_code=HTTPStatus.CREATED,
    dependencies=[HotUser],
    response_model=StepRead,
)
async def take_hint(session_id: UUID, body: StepCreate, hot: HotPathDep) -> Response:
    """The next hint of the open question; right answers count less after it."""
    return await hot.make(lambda steps, now: steps.hint(hot.claims, session_id, body, now))


@router.post(
    "/practice-sessions/{session_id}/reveals",
    status_code=HTTPStatus.CREATED,
    dependencies=[HotUser],
    response_model=StepRead,
)
async def turn_card(session_id: UUID, body: StepCreate, hot: HotPathDep) -> Response:
    """Turn the open flashcard: the reply tells its back in `answer_text` and `explanation`. Rate it with an answer."""
    return await hot.make(lambda steps, now: steps.turn(hot.claims, session_id, body, now))


@router.post(
    "/practice-sessions/{session_id}/skips",
    status_code=HTTPStatus.CREATED,
    dependencies=[HotUser],
    response_model=StepRead,
)
async def skip_question(session_id: UUID, body: SkipCreate, hot: HotPathDep) -> Response:
    """Leave the open question because it is too easy, or for another time."""
    return await hot.make(lambda steps, now: steps.skip(hot.claims, session_id, body, now))


@router.post("/practice-sessions/{session_id}/pause", dependencies=[AnyUser])
def pause_session(session_id: UUID, actor: ActorDep, practice: PracticeServiceDep, now: NowDep) -> SessionRead:
    """Pause; nothing can be answered until the session is resumed."""
    return practice.pause(actor, session_id, now)


@router.post("/practice-sessions/{session_id}/resume", dependencies=[AnyUser])
def resume_session(session_id: UUID, actor: ActorDep, practice: PracticeServiceDep, now: NowDep) -> SessionRead:
    """Go on with a paused session; the open question is the one it was paused at."""
    return practice.resume(actor, session_id, now)


@router.post("/practice-sessions/{session_id}/finish", dependencies=[AnyUser])
def finish_session(session_id: UUID, claims: ClaimsDep, practice: PracticeServiceDep, now: NowDep) -> SessionRead:
    """End the session: answers that were put off are graded now, and the summary is open."""
    return practice.finish(claims, session_id, now)


@router.get("/practice-sessions/{session_id}/summary", dependencies=[AnyUser])
def read_summary(
    session_id: UUID, actor: ActorDep, practice: PracticeServiceDep, summaries: PracticeSummaryDep, now: NowDep
) -> SessionSummary:
    """Score, mastery before and after, and every answered question with its key and explanation."""
    return summaries.summary(actor, practice.get(actor.user_id, session_id, now), now)
