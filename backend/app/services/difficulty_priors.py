"""First guesses of difficulties for the questions of an import whose author states none."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.processing.metadata_extractor import Evidence, extract_metadata
from app.domain.permissions import Actor
from app.domain.question_filter import QuestionFilter, QuestionSort
from app.repositories.difficulty_repository import DifficultyRepository
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.question_search import QuestionSearch
from app.services.proposal_work import Neighbours, words_of
from app.services.question_metadata import question_text

CHUNK: Final = 200
Progress = Callable[[int, int, str], None]


class DifficultyPriors:
    """Doing it again changes nothing; a question that has been answered is left to its answers."""

    def __init__(self, sessions: sessionmaker[Session], progress: Progress, neighbours: Neighbours) -> None:
        self._sessions, self._progress, self._neighbours = sessions, progress, neighbours

    def guess(self, actor: Actor, import_id: UUID) -> int:
        """The number of questions with a new guess."""
        changed, seen, cursor, is_first = 0, 0, None, True
        while cursor or is_first:
            is_first = False
            with self._sessions.begin() as session:
                wanted = QuestionFilter(import_id=import_id)
                page = QuestionSearch(session).page(actor, wanted, QuestionSort.NUMBER, cursor=cursor, limit=CHUNK)
                changed += self._chunk(session, actor, [row.question.id for row in page.items])
            cursor, seen = page.next_cursor, seen + len(page.items)
            self._progress(seen, 0, f"{seen} questions looked at")
        return changed

    def _chunk(self, session: Session, actor: Actor, ids: list[UUID]) -> int:
        questions = QuestionRepository(session).full_many(actor, ids).values()
        unstated = [
            full for full in questions if not full.parameters.answers and "difficulty" not in full.version.details
        ]
        if not unstated:
            return 0
        difficulties = DifficultyRepository(session)
        known = difficulties.calibrated_by_skill(unstated[0].question.subject_id)
        return difficulties.set_priors({full.question.id: self._prior(full, known) for full in unstated})

    def _prior(self, full: FullQuestion, known: dict[UUID, tuple[float, ...]]) -> float:
        skilled = tuple(value for skill in full.skills for value in known.get(skill.id, ()))
        evidence = Evidence(skilled, tuple(self._neighbours(full.question.subject_id, full.question.id)))
        return round(extract_metadata(question_text(words_of(full)), (), evidence).difficulty.value, 3)


def _states_nothing(full: FullQuestion) -> bool:
    return "difficulty" not in full.version.details
