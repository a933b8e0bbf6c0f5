from http import HTTPStatus

from fastapi import APIRouter, Depends

from app.api.credentials import limit_codes, prove_disabling, prove_own_password, same_origin
from app.api.deps import ActorDep, SecondFactorServiceDep, Staff
from app.schemas.second_factor import CodeProof, DisableProof, RecoveryCodes, SecondFactorEnrolment, SecondFactorRead

router = APIRouter(prefix="/auth/second-factor", tags=["auth"], dependencies=[Depends(same_origin)])


@router.get("", dependencies=[Staff])
def read_second_factor(actor: ActorDep, factors: SecondFactorServiceDep) -> SecondFactorRead:
    """Whether you log in with a one-time code, and how many recovery codes are left."""
    return factors.read(actor)


@router.post("", dependencies=[Staff, Depends(prove_own_password)])
def enrol_second_factor(actor: ActorDep, factors: SecondFactorServiceDep) -> SecondFactorEnrolment:
    """Begin: scan `uri` with an authenticator app, then confirm with a code. Until then nothing changes."""
    return factors.enrol(actor)


@router.post("/confirm", dependencies=[Staff, Depends(limit_codes)])
def confirm_second_factor(body: CodeProof, actor: ActorDep, factors: SecondFactorServiceDep) -> RecoveryCodes:
    """Put the second factor in force. Keep the recovery codes: they are told only now."""
    return factors.confirm(actor, body.code)


@router.post(
    "/disable",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[Staff, Depends(limit_codes), Depends(prove_disabling)],
)
def disable_second_factor(body: DisableProof, actor: ActorDep, factors: SecondFactorServiceDep) -> None:
    """Log in with the password alone again. Takes the password and a code, or a recovery code."""
    factors.disable(actor, body.code)
