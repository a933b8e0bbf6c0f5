"""The adaptive choices of practice with what is needed to judge other ways of choosing by them."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_CHOICES: Final = text(
    """
    SELECT a.user_id, a.propensity, (a.terms ->> 'eligible')::float8, (a.terms ->> 'calibration_share')::float8,
           t.evidence,
           coalesce((SELECT avg((m ->> 2)::float8 - (m ->> 1)::float8)
                     FROM jsonb_array_elements(t.effects -> 'mastery') m), 0)
    FROM assignments a
    JOIN attempts t ON t.user_id = a.user_id AND t.assignment_id = a.id
    WHERE a.kind IN ('adaptive', 'calibration') AND a.terms ? 'eligible' AND t.evidence IS NOT NULL
          AND t.action IN ('answer', 'close')
    ORDER BY t.user_id, t.id
    """
)


class LoggedChoice(NamedTuple):
    """`eligible` questions were open, `share` of slots is drawn by chance; `gain` is the mean change of mastery."""

    user_id: UUID
    propensity: float
    eligible: float
    share: float
    outcome: float
    gain: float


class LoggedChoiceRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def answered(self) -> list[LoggedChoice]:
        """All adaptive choices with an answer, each student's in their order."""
        return [LoggedChoice._make(row) for row in self.session.execute(_CHOICES)]
