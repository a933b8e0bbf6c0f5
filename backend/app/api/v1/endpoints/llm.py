from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import ActorDep, Admin, AnyUser, IdCursor, Limit, LlmAdminDep, UsageLimitRepositoryDep
from app.domain.enums import Role
from app.models import UsageLimit
from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.llm import (
    AllowanceRead,
    LlmPriceList,
    LlmProviderList,
    LlmUsageQuery,
    LlmUsageReport,
    UsageLimitRead,
    UsageLimitUpdate,
)

router = APIRouter(prefix="/llm", tags=["language models"])


@router.get("/allowance", dependencies=[AnyUser])
def read_allowance(actor: ActorDep, llm: LlmAdminDep) -> AllowanceRead:
    """What you may still use of the language models, and when it is new again."""
    return llm.allowance(actor)


@router.get("/providers", dependencies=[Admin])
def list_providers(llm: LlmAdminDep) -> LlmProviderList:
    """The providers with their state, configured or not."""
    return LlmProviderList(items=llm.providers())


@router.get("/usage", dependencies=[Admin])
def report_usage(query: Annotated[LlmUsageQuery, Query()], llm: LlmAdminDep) -> LlmUsageReport:
    """Calls, tokens and cost by what they were for, by model, person or day."""
    return llm.usage(query)


@router.get("/prices", dependencies=[Admin])
def list_prices(llm: LlmAdminDep) -> LlmPriceList:
    """By which prices costs are counted, where each was published and when; the settings may replace them."""
    return llm.prices()


@router.get("/limits", response_model=Page[UsageLimitRead], dependencies=[Admin])
def list_limits(limits: UsageLimitRepositoryDep, cursor: IdCursor = None, limit: Limit = 50) -> Slice[UsageLimit]:
    """The limits that have been set; the settings hold where none has."""
    return limits.page(after=cursor, limit=limit)


@router.put("/limits/organisation", response_model=UsageLimitRead, dependencies=[Admin])
def set_organisation_limit(body: UsageLimitUpdate, actor: ActorDep, llm: LlmAdminDep) -> UsageLimit:
    """Limit what everybody together may use."""
    return llm.set_for_all(actor, body)


@router.put("/limits/roles/{role}", response_model=UsageLimitRead, dependencies=[Admin])
def set_role_limit(role: Role, body: UsageLimitUpdate, actor: ActorDep, llm: LlmAdminDep) -> UsageLimit:
    """Limit what each person of a role may use."""
    return llm.set_for_role(actor, role, body)


@router.put("/limits/users/{user_id}", response_model=UsageLimitRead, dependencies=[Admin])
def set_user_limit(user_id: UUID, body: UsageLimitUpdate, actor: ActorDep, llm: LlmAdminDep) -> UsageLimit:
    """Limit what one person may use, whatever the role's limit."""
    return llm.set_for_user(actor, user_id, body)
