"""Three weeks of practice as if it had gone through the service, written by COPY."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from numpy.random import Generator
from sqlalchemy.orm import Session

from app.repositories.learner_log_repository import LearnerLogRepository
from app.repositories.pool_repository import PoolRepository, PoolRows
from app.services.learner_replay import LearnerHistory, QuestionTotals
from app.services.model_parameters import ModelParameters
from app.services.practice_pool import build_pool
from app.services.question_cache import QuestionCache

from .seeding_content import Content
from .seeding_mistakes import Mistakes
from .seeding_rows import PracticeRows
from .seeding_sittings import Shelf, Sitting, Student
from .students import SimulatedAnswer

_BREAK: Final = timedelta(hours=2)
_by_student = attrgetter("student", "at")


class HistoryWriter:
    """Writes in the caller's transaction; nobody may have answered these questions or practised before."""

    def __init__(self, session: Session, content: Content, rng: Generator) -> None:
        self._session, self._content, self._rng = session, content, rng
        self._log = LearnerLogRepository(session)

    def write(self, students: Mapping[str, UUID], answers: Iterable[SimulatedAnswer]) -> None:
        """`students` maps the key of each simulated student to the account."""
        pool = PoolRepository(self._session).read(self._content.subject_id)
        models = {pool.model_version: ModelParameters.from_json(pool.model_parameters)}
        shelf, totals, rows = self._shelf(pool), QuestionTotals(), PracticeRows()
        for key, own in groupby(sorted(answers, key=_by_student), key=attrgetter("student")):
            student = Student(students[key], LearnerHistory(models, pool.model_version))
            for sitting in _sittings(own):
                Sitting(shelf, student, totals, int(self._rng.integers(2**48))).practise(sitting, rows)
            self._log.replace(student.user_id, student.history.rows())
        rows.copy(self._session)
        self._log.add_item_statistics(totals.rows.values())

    def _shelf(self, rows: PoolRows) -> Shelf:
        cache = QuestionCache()
        questions = {row.question_id: cache.get(self._session, row.version_id) for row in rows.questions}
        return Shelf(
            subject_id=self._content.subject_id,
            pool=build_pool(rows),
            ids=self._content.question_ids,
            questions=questions,
            skills={row.question_id: row.skill_ids for row in rows.questions},
            mistakes=Mistakes(questions.values(), self._rng),
        )


def _sittings(answers: Iterable[SimulatedAnswer]) -> Iterator[Sequence[SimulatedAnswer]]:
    """Answers of one student, parted wherever the student took a long break."""
    sitting: list[SimulatedAnswer] = []
    for answer in answers:
        if sitting and answer.at - sitting[-1].at > _BREAK:
            yield sitting
            sitting = []
        sitting.append(answer)
    if sitting:
        yield sitting
