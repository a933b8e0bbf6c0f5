from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# One Newton step on the log-posterior of each difficulty: new residuals over the information of all answers plus that
# of the prior (variance 0.5). The expected successes hold each student's ability, so adaptive choice does not bias it.
_CALIBRATE = text(
    """
    UPDATE item_parameters p
    SET difficulty = least(6, greatest(-6, p.difficulty
            + (t.expected - t.wins - p.counted_residual) / (:prior_precision + t.information))),
        answers = t.answers, counted_residual = t.expected - t.wins, updated_at = now()
    FROM item_statistics t
    WHERE t.question_id = p.id AND t.answers > p.answers
    RETURNING p.id
    """
)
_BUMP = text(
    """
    UPDATE subjects SET content_revision = content_revision + 1
    WHERE id IN (SELECT subject_id FROM questions WHERE id = ANY(:questions))
    """
)
PRIOR_PRECISION = 2.0


class ItemRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def calibrate(self) -> list[UUID]:
        """Take the answers since the last call into the difficulties; the changed questions.

        References:
            Mislevy, R. J. (1986). Bayes modal estimation in item response models. Psychometrika, 51(2), 177-195.
        """
        changed = self.session.scalars(_CALIBRATE, {"prior_precision": PRIOR_PRECISION}).all()
        if changed:
            self.session.execute(_BUMP, {"questions": list(changed)})
        return list(changed)
