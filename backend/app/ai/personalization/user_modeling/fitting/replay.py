"""A pass over an answer log with states carried along, as the live system would have seen it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.ai.personalization.user_modeling.answer_log import AnswerLog
from app.ai.personalization.user_modeling.history import Encounter, LearnerMemory, Question, QuestionState, new_memory
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.situation import Situation, assess, observe
from app.ai.personalization.user_modeling.state import Evidence, SkillState, new_skill

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of the log, before it is taken into the states."""

    row: int
    situation: Situation
    now: datetime | None
    outcome: float


class LearnerStates:
    """States of all learners of a log, kept in memory."""

    def __init__(self, parameters: Parameters) -> None:
        self._fresh_memory = new_memory(parameters.population, parameters.dimensions)
        self._fresh_skill = new_skill(parameters.population)
        self._memories: dict[str, LearnerMemory] = {}
        self._skills: dict[tuple[str, str], SkillState] = {}
        self._questions: dict[tuple[str, str], QuestionState] = {}

    def encounter(self, user_id: str, question: Question) -> Encounter:
        return Encounter(
            self._memories.get(user_id, self._fresh_memory),
            tuple([self._skills.get((user_id, skill), self._fresh_skill) for skill in question.skill_ids]),
            self._questions.get((user_id, question.question_id)) or QuestionState(),
        )

    def store(self, user_id: str, question: Question, encounter: Encounter) -> None:
        self._memories[user_id] = encounter.memory
        self._questions[user_id, question.question_id] = encounter.question
        for skill, state in zip(question.skill_ids, encounter.skills, strict=True):
            self._skills[user_id, skill] = state


def replay(parameters: Parameters, log: AnswerLog) -> Iterator[Step]:
    """Yield every answer with the states before it, then take it in; rows in the order of the log."""
    states = LearnerStates(parameters)
    names = [tuple(log.skill_ids[skill] for skill in group) for group in log.skill_sets]
    columns = zip(
        log.users.tolist(),
        log.questions.tolist(),
        log.sets.tolist(),
        log.outcomes.tolist(),
        log.times.tolist(),
        log.guesses.tolist(),
        strict=True,
    )
    for row, (user, item, group, outcome, seconds, guess) in enumerate(columns):
        user_id, question = log.user_ids[user], Question(log.question_ids[item], names[group], guess)
        now = moment(seconds)
        situation = assess(parameters, states.encounter(user_id, question), question, now)
        yield Step(row, situation, now, outcome)
        states.store(user_id, question, observe(parameters, situation, Evidence(outcome, at=now)))


def moment(seconds: float) -> datetime | None:
    """Seconds since the log's own beginning of time as a datetime; None for NaN."""
    return None if math.isnan(seconds) else EPOCH + timedelta(seconds=seconds)
