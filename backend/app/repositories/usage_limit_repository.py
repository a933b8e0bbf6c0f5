from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enums import LimitScope, Role
from app.domain.usage_limits import Allowance
from app.models import UsageLimit
from app.repositories.keyset import Slice


class UsageLimitRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, scope: LimitScope, *, role: Role | None = None, user_id: UUID | None = None) -> UsageLimit | None:
        return self.session.scalar(
            select(UsageLimit).where(
                UsageLimit.scope == scope,
                UsageLimit.role.is_not_distinct_from(role),
                UsageLimit.user_id.is_not_distinct_from(user_id),
            )
        )

    def stated_for(self, user_id: UUID | None, role: Role) -> Mapping[LimitScope, Allowance]:
        """What is stated for the person, for the role, and for everybody together."""
        statement = select(UsageLimit).where(
            (UsageLimit.scope == LimitScope.ORGANISATION) | (UsageLimit.role == role) | (UsageLimit.user_id == user_id)
        )
        return {LimitScope(row.scope): allowance_of(row) for row in self.session.scalars(statement)}

    def put(
        self, scope: LimitScope, allowance: Allowance, *, role: Role | None = None, user_id: UUID | None = None
    ) -> UsageLimit:
        row = self.get(scope, role=role, user_id=user_id)
        if row is None:
            row = UsageLimit(scope=scope, role=role, user_id=user_id)
            self.session.add(row)
        for name, value in asdict(allowance).items():
            setattr(row, name, value)
        self.session.flush()
        self.session.refresh(row)
        return row

    def page(self, *, after: UUID | None, limit: int) -> Slice[UsageLimit]:
        statement = select(UsageLimit).order_by(UsageLimit.id).limit(limit + 1)
        if after is not None:
            statement = statement.where(UsageLimit.id > after)
        rows = self.session.scalars(statement).all()
        return Slice(list(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else None)


def allowance_of(row: UsageLimit) -> Allowance:
    return Allowance(row.day_tokens, row.month_tokens, row.day_cost, row.month_cost, row.requests_per_minute)
