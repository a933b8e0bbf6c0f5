"""How a placement or an exam begins: its plan, its deadline, and what it may ask."""

from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from sqlalchemy.orm import Session

from app.ai.personalization.difficulty_adapter.ability import NODES
from app.ai.personalization.difficulty_adapter.success_scale import ability_for_success
from app.ai.personalization.user_modeling.state import LearnerState
from app.core.config import PracticeSettings
from app.core.errors import InvalidInputError
from app.domain.enums import PracticeMode
from app.models import PracticeSession
from app.repositories.exam_repository import ExamRepository
from app.repositories.practice_step_rows import StepRows
from app.schemas.practice import ExamCreate, SessionCreate
from app.services.exam_chooser import ExamBank
from app.services.exam_plan import USUAL_LENGTH, ExamPlan
from app.services.practice_pool import QuestionPool

LEAST_DEVIATION: Final = 0.5
"""A placement never starts so sure of itself that its answers could not change the picture."""


class ExamSetup:
    def __init__(self, session: Session, settings: PracticeSettings) -> None:
        self.exams, self.settings = ExamRepository(session), settings

    def plan(self, practice: PracticeSession, wish: SessionCreate, pool: QuestionPool, rows: StepRows) -> ExamPlan:
        """Raises InvalidInputError when a share names a skill that is not asked."""
        bank, wanted = ExamBank(pool, practice.skill_ids), wish.test or ExamCreate()
        shares = _shares(wish, wanted)
        shown, tests = self.exams.exposure(practice.subject_id), self.exams.tests_started(practice.subject_id)
        rested = ~bank.under_cap(shown, tests, self.settings.exposure_cap)
        most = practice.length or USUAL_LENGTH
        cut = None
        if wanted.pass_mark is not None and bank.size:
            cut = ability_for_success(bank.items, wanted.pass_mark)
        return ExamPlan(
            prior=_prior(PracticeMode(practice.mode), pool, LearnerState(*rows.learner)),
            most=most,
            least=min(wanted.least, most),
            standard_error=wanted.standard_error,
            pass_mark=wanted.pass_mark,
            cut=cut,
            shares=shares,
            resting=[str(pool.question_ids[place]) for place in bank.places[rested].tolist()],
            limit_s=None if wanted.time_limit_minutes is None else 60 * wanted.time_limit_minutes,
            extra_share=self.exams.extra_time(practice.user_id),
        )


def deadline(plan: ExamPlan, started_at: datetime) -> datetime | None:
    return None if plan.time_s is None else started_at + timedelta(seconds=plan.time_s)


def _shares(wish: SessionCreate, wanted: ExamCreate) -> dict[str, float]:
    shares = {str(area.skill_id): area.share for area in wanted.shares}
    asked = {str(skill_id) for skill_id in wish.skill_ids}
    if asked and not shares.keys() <= asked:
        raise InvalidInputError("A share names a skill that this test does not ask.")
    return shares


def _prior(mode: PracticeMode, pool: QuestionPool, learner: LearnerState) -> tuple[float, float]:
    """A placement starts from what is known of the student, an exam from the same for everybody."""
    if mode is PracticeMode.EXAM:
        return 0.0, sqrt(pool.population.user_variance)
    mean = min(max(learner.mean, float(NODES[0])), float(NODES[-1]))
    return mean, max(LEAST_DEVIATION, sqrt(learner.variance))
