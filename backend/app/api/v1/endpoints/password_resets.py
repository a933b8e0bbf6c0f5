from functools import partial
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, BackgroundTasks, Depends

from app.api.client_info import ClientInfoDep, limited_network
from app.api.credentials import HashedResetDep, same_origin
from app.api.deps import MailerDep, NowDep, PasswordResetServiceDep, Public, ResourcesDep
from app.core.security import hash_opaque_token
from app.schemas.auth import PasswordResetCreate
from app.services.password_reset_service import send_password_reset

router = APIRouter(prefix="/auth/password-resets", tags=["auth"], dependencies=[Depends(same_origin)])

# A slow mail server holds this one thread, never those that serve requests.
_mail_thread = CapacityLimiter(1)


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=None, dependencies=[Public])
def request_password_reset(  # each is a dependency
    body: PasswordResetCreate,
    client: ClientInfoDep,
    resources: ResourcesDep,
    mailer: MailerDep,
    now: NowDep,
    background: BackgroundTasks,
) -> None:
    """Ask for a mail with a link to choose a new password. The reply is the same for known and unknown addresses."""
    rate = resources.settings.limits.reset_address
    resources.limiter.hit(rate, "reset_address", limited_network(client.address))
    resources.limiter.hit(rate, "reset_account", hash_opaque_token(body.email))
    send = partial(send_password_reset, resources.sessions, mailer, resources.settings, body.email, now)
    background.add_task(partial(to_thread.run_sync, send, limiter=_mail_thread))


@router.post("/confirm", status_code=HTTPStatus.NO_CONTENT, dependencies=[Public])
def confirm_password_reset(reset: HashedResetDep, resets: PasswordResetServiceDep) -> None:
    """Choose a new password with the token of the mail. All logins of the user end."""
    resets.confirm(reset.token, reset.digest)
