from http import HTTPStatus

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from app.api.credentials import prove_own_password
from app.api.deps import ActorDep, AnyUser, ExamGuardDep, NowDep, PersonalDataServiceDep, ResourcesDep, TurnDep
from app.api.downloads import DOWNLOAD, SpoolDep, attachment
from app.api.v1.endpoints.auth import LoginCookiesDep
from app.services.personal_data_service import personal_data_parts

router = APIRouter(prefix="/users/me", tags=["users"])


@router.get("/data", dependencies=[AnyUser], response_class=Response, responses={200: DOWNLOAD})
async def download_my_data(
    actor: ActorDep, turn: TurnDep, guard: ExamGuardDep, now: NowDep, resources: ResourcesDep, spool: SpoolDep
) -> Response:
    """Everything that is kept about you, as one JSON file: the rows of each table; no passwords and no keys.

    Grades that you may not know yet are in it once their question is finished. One at a time; a second one meanwhile is
    answered with `download_running`, one during a timed exam with `exam_running`.
    """
    await run_in_threadpool(guard.check, actor.user_id, now)
    rate = resources.settings.limits.own_data
    await run_in_threadpool(resources.limiter.hit, rate, "own_data", str(actor.user_id))
    await turn.end()
    parts = await spool.taken(actor.user_id, personal_data_parts(resources.sessions, actor.user_id))
    return attachment(parts, "studium-data.json", "application/json")


@router.post("/erase", status_code=HTTPStatus.NO_CONTENT, dependencies=[AnyUser, Depends(prove_own_password)])
def erase_me(actor: ActorDep, data: PersonalDataServiceDep, cookies: LoginCookiesDep) -> None:
    """Delete your account and everything kept about you, for good. Send your password once more."""
    data.erase(actor)
    cookies.clear()
