from http import HTTPStatus

from fastapi import APIRouter, Depends, Response

from app.api.credentials import prove_own_password
from app.api.deps import ActorDep, AnyUser, PersonalDataServiceDep, ResourcesDep
from app.api.downloads import DOWNLOAD, attachment
from app.api.v1.endpoints.auth import LoginCookiesDep
from app.services.personal_data_service import personal_data_parts

router = APIRouter(prefix="/users/me", tags=["users"])


@router.get("/data", dependencies=[AnyUser], response_class=Response, responses={200: DOWNLOAD})
def download_my_data(actor: ActorDep, resources: ResourcesDep) -> Response:
    """Everything that is kept about you, as one JSON file: the rows of each table; no passwords and no keys."""
    return attachment(personal_data_parts(resources.sessions, actor.user_id), "studium-data.json", "application/json")


@router.post("/erase", status_code=HTTPStatus.NO_CONTENT, dependencies=[AnyUser, Depends(prove_own_password)])
def erase_me(actor: ActorDep, data: PersonalDataServiceDep, cookies: LoginCookiesDep) -> None:
    """Delete your account and everything kept about you, for good. Send your password once more."""
    data.erase(actor)
    cookies.clear()
