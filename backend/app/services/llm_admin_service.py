"""What administrators see and set of the language models, and what each person has left."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import BadRequestError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.enums import LimitScope, LlmFlow, LlmProvider, Role, UsagePeriod
from app.domain.permissions import Actor
from app.domain.usage_limits import Allowance, period_end
from app.models import UsageLimit
from app.repositories.audit_repository import AuditRepository
from app.repositories.llm_usage_repository import LlmUsageRepository, Spending
from app.repositories.usage_limit_repository import UsageLimitRepository
from app.repositories.user_repository import UserRepository
from app.schemas.llm import (
    AllowanceLine,
    AllowanceRead,
    LlmPriceList,
    LlmPriceRead,
    LlmProviderRead,
    LlmUsageQuery,
    LlmUsageReport,
    LlmUsageRow,
    UsageLimitUpdate,
)
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import LlmCaller

LONGEST_REPORT: Final = timedelta(days=366)
USUAL_REPORT: Final = timedelta(days=30)


class LlmAdminService:
    def __init__(self, session: Session, gateway: LlmGateway, now: datetime) -> None:
        self._session, self._gateway, self._now = session, gateway, now
        self._usage, self._limits = LlmUsageRepository(session), UsageLimitRepository(session)
        self._audit = AuditRepository(session)

    def providers(self) -> list[LlmProviderRead]:
        asked = self._gateway.router.models
        places = {guarded.model.provider: place for place, guarded in enumerate(asked, start=1)}
        resting = {guarded.model.provider for guarded in asked if guarded.breaker.is_open}
        return [
            self._provider(provider, places.get(provider), is_resting=provider in resting) for provider in LlmProvider
        ]

    def usage(self, query: LlmUsageQuery) -> LlmUsageReport:
        """Raises BadRequestError for a time of more than a year."""
        until = query.until or self._now
        since = query.since or until - USUAL_REPORT
        if not timedelta() < until - since <= LONGEST_REPORT:
            raise BadRequestError("A report covers at most a year.")
        items = [_usage_row(row._asdict()) for row in self._usage.report(query.group_by, since, until)]
        return LlmUsageReport(since=since, until=until, items=items)

    def prices(self) -> LlmPriceList:
        """The price table, and which of the models that may be asked are not in it."""
        table, settings = self._gateway.meter.prices, self._gateway.settings
        asked = [settings.of(each) for each in LlmProvider]
        models = {each.model for each in asked if each.is_configured}
        unpriced = sorted(models - {price.model for price in table.prices})
        items = [LlmPriceRead.model_validate(price, from_attributes=True) for price in table.prices]
        return LlmPriceList(items=items, unpriced=unpriced)

    def set_for_all(self, actor: Actor, body: UsageLimitUpdate) -> UsageLimit:
        return self._put(actor, LimitScope.ORGANISATION, body)

    def set_for_role(self, actor: Actor, role: Role, body: UsageLimitUpdate) -> UsageLimit:
        """For each person of the role."""
        return self._put(actor, LimitScope.ROLE, body, role=role)

    def set_for_user(self, actor: Actor, user_id: UUID, body: UsageLimitUpdate) -> UsageLimit:
        if UserRepository(self._session).get(actor, user_id) is None:
            raise NotFoundError("No such user.")
        return self._put(actor, LimitScope.USER, body, user_id=user_id)

    def allowance(self, actor: Actor) -> AllowanceRead:
        caller = LlmCaller(actor.user_id, actor.role, LlmFlow.TUTOR)
        own, everybody = self._gateway.meter.allowance(self._session, caller)
        spent, of_all = self._usage.spending(actor.user_id, self._now), self._usage.spending(None, self._now)
        return AllowanceRead(
            is_configured=self._gateway.is_configured,
            **dict(self._lines(own, spent)),
            requests_per_minute=own.requests_per_minute,
            organisation_is_spent=any(line.left <= 0 for _, line in self._lines(everybody, of_all) if line),
        )

    def _lines(
        self, allowance: Allowance, spent: dict[UsagePeriod, Spending]
    ) -> Iterator[tuple[str, AllowanceLine | None]]:
        for period in UsagePeriod:
            yield f"{period}_tokens", self._line(allowance.tokens(period), spent[period].tokens, period)
            yield f"{period}_cost", self._line(allowance.cost(period), spent[period].cost, period)

    def _line(self, limit: Decimal | int | None, used: Decimal | int, period: UsagePeriod) -> AllowanceLine | None:
        if limit is None:
            return None
        left = max(Decimal(0), Decimal(limit) - Decimal(used))
        return AllowanceLine(
            limit=Decimal(limit), used=Decimal(used), left=left, resets_at=period_end(period, self._now)
        )

    def _provider(self, provider: LlmProvider, place: int | None, *, is_resting: bool) -> LlmProviderRead:
        settings = self._gateway.settings.of(provider)
        failure = self._usage.last_failure(provider)
        return LlmProviderRead(
            provider=provider,
            model=settings.model,
            is_configured=settings.is_configured,
            position=place,
            is_resting=is_resting,
            last_success_at=self._usage.last_success(provider),
            last_failure_at=failure.created_at if failure else None,
            last_outcome=failure.outcome if failure else None,
            last_message=failure.message if failure else "",
        )

    def _put(
        self, actor: Actor, scope: LimitScope, body: UsageLimitUpdate, *, role: Role | None = None,
        user_id: UUID | None = None,
    ) -> UsageLimit:  # fmt: skip
        row = self._limits.put(scope, Allowance(**body.model_dump()), role=role, user_id=user_id)
        self._audit.record(
            AuditAction.USAGE_LIMIT_CHANGED,
            actor_id=actor.user_id,
            object_type="usage_limit",
            object_id=str(row.id),
            scope=scope.value,
            limits=body.model_dump(mode="json"),
        )
        return row


def _usage_row(row: dict[str, Any]) -> LlmUsageRow:
    return LlmUsageRow.model_validate({**row, "name": str(row["name"] or ""), "latency_ms": round(row["latency_ms"])})
