"""The scalar filter run over a whole answer log, for fits that need no heads: a third of the work of `replay`."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog, FloatArray
from app.ai.personalization.user_modeling.fitting.replay import moment
from app.ai.personalization.user_modeling.history import Question
from app.ai.personalization.user_modeling.kalman import learn, predict
from app.ai.personalization.user_modeling.parameters import Parameters
from app.ai.personalization.user_modeling.state import Evidence, LearnerState, SkillState, new_learner, new_skill

CHANCE_FLOOR = 1e-9


@dataclass(slots=True)
class FilterStates:
    """States by learner, and by learner and skill, as positions in the log's labels."""

    learners: dict[int, LearnerState] = field(default_factory=dict)
    skills: dict[tuple[int, int], SkillState] = field(default_factory=dict)

    def levels(self) -> dict[int, float]:
        """General level plus the mean over the learner's skills, weighted by answers."""
        own: dict[int, list[tuple[int, float]]] = {}
        for (user, _), state in self.skills.items():
            own.setdefault(user, []).append((state.answers, state.mean))
        return {user: mean_level(state.mean, own.get(user, ())) for user, state in self.learners.items()}


def mean_level(general: float, skills: Sequence[tuple[int, float]]) -> float:
    """`skills` holds answers and mean of each skill; without any the general level stands alone."""
    answers = sum(count for count, _ in skills)
    return general + (sum(count * mean for count, mean in skills) / answers if answers else 0.0)


def filtered(parameters: Parameters, log: AnswerLog, states: FilterStates) -> Iterator[tuple[float, float]]:
    """Predicted chance and outcome of every answer in the log's order; `states` follow along."""
    population = parameters.population
    fresh_learner, fresh_skill = new_learner(population), new_skill(population)
    names = [tuple(log.skill_ids[skill] for skill in group) for group in log.skill_sets]
    columns = zip(log.users.tolist(), log.questions.tolist(), log.sets.tolist(), strict=True)
    for (user, item, group), outcome, time, guess in zip(
        columns, log.outcomes.tolist(), log.times.tolist(), log.guesses.tolist(), strict=True
    ):
        fitted = parameters.question(Question(log.question_ids[item], names[group], guess))
        members = log.skill_sets[group]
        learner = states.learners.get(user, fresh_learner)
        own = [states.skills.get((user, skill), fresh_skill) for skill in members]
        at = moment(time)
        predicted = predict(population, learner, own, fitted.offsets, fitted.item, now=at)
        yield predicted.probability, outcome
        after = learn(population, learner, own, predicted, fitted.item.guess, Evidence(outcome, at=at))
        states.learners[user] = after.learner
        states.skills.update(zip([(user, skill) for skill in members], after.skills, strict=True))


def filter_loss(parameters: Parameters, log: AnswerLog) -> float:
    """Mean log loss of the scalar filter's next-answer predictions over a log."""
    total = 0.0
    for chance, outcome in filtered(parameters, log, FilterStates()):
        bounded = min(max(chance, CHANCE_FLOOR), 1.0 - CHANCE_FLOOR)
        total -= outcome * math.log(bounded) + (1.0 - outcome) * math.log1p(-bounded)
    return total / max(1, len(log))


def filter_predictions(parameters: Parameters, log: AnswerLog) -> FloatArray:
    """Next-answer predictions of the scalar filter. Shape (n,), rows in the log's order."""
    return np.array([chance for chance, _ in filtered(parameters, log, FilterStates())])
