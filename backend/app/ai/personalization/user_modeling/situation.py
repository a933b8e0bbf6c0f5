"""One learner before one question: the filters' predictions, and the states after the answer."""

import math
from dataclasses import dataclass
from datetime import datetime

from app.ai.personalization.user_modeling.factors import FactorReading, read_factors, step_factors
from app.ai.personalization.user_modeling.history import (
    REMEMBERED_ANSWERS,
    Encounter,
    LearnerMemory,
    Question,
    QuestionState,
    RecentAnswer,
)
from app.ai.personalization.user_modeling.kalman import gain, learn, predict
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionParameters
from app.ai.personalization.user_modeling.state import Evidence, LearnerState, Prediction

UNKNOWN_GAP = -1.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What the heads and the update read. `gap` is the log of 1 + seconds since the last answer, -1 when unknown.

    `factor_prediction` has the learner's profile in place of the scalar ability; its probability is left as it was.
    """

    question: Question
    fitted: QuestionParameters
    encounter: Encounter
    prediction: Prediction
    reading: FactorReading
    factor_prediction: Prediction
    difficulty: float
    gap: float


def assess(parameters: Parameters, encounter: Encounter, question: Question, now: datetime | None) -> Situation:
    """Predict with the filters; errors as for `kalman.predict`."""
    fitted = parameters.question(question)
    memory = encounter.memory
    prediction = predict(parameters.population, memory.learner, encounter.skills, fitted.offsets, fitted.item, now=now)
    reading = read_factors(memory.factors, fitted.loadings)
    offset = sum(fitted.offsets) / len(fitted.offsets) if fitted.offsets else 0.0
    return Situation(
        question=question,
        fitted=fitted,
        encounter=encounter,
        prediction=prediction,
        reading=reading,
        factor_prediction=_with_factors(prediction, memory.learner, reading),
        difficulty=offset + fitted.item.difficulty,
        gap=log_gap(memory.learner.last_at, now),
    )


def observe(parameters: Parameters, situation: Situation, evidence: Evidence) -> Encounter:
    """All states after the answer; errors as for `kalman.update`."""
    before, fitted = situation.encounter, situation.fitted
    memory = before.memory
    updated = learn(
        parameters.population, memory.learner, before.skills, situation.prediction, fitted.item.guess, evidence
    )
    step, shrink = gain(situation.factor_prediction, fitted.item.guess, evidence)
    factors = step_factors(parameters.population, memory.factors, situation.reading, step, shrink)
    recent = (_recent(situation, evidence.outcome), *memory.recent[: REMEMBERED_ANSWERS - 1])
    return Encounter(
        LearnerMemory(updated.learner, factors, recent),
        updated.skills,
        _question_after(before.question, evidence.outcome),
    )


def log_gap(last_at: datetime | None, now: datetime | None) -> float:
    """Log of 1 + seconds between two times, 0 for a clock gone backwards, -1 when either is unknown."""
    if last_at is None or now is None:
        return UNKNOWN_GAP
    return math.log1p(max(0.0, (now - last_at).total_seconds()))


def _with_factors(prediction: Prediction, learner: LearnerState, reading: FactorReading) -> Prediction:
    eta = prediction.eta - learner.mean + reading.level
    variance = max(prediction.variance - learner.variance, 0.0) + reading.variance
    return Prediction(eta, prediction.probability, variance)


def _recent(situation: Situation, outcome: float) -> RecentAnswer:
    question, recent = situation.question, situation.encounter.memory.recent
    same = bool(recent) and recent[0].skill_ids == question.skill_ids
    return RecentAnswer(
        question_id=question.question_id,
        skill_ids=question.skill_ids,
        outcome=outcome,
        residual=outcome - situation.prediction.probability,
        difficulty=situation.difficulty,
        gap=situation.gap,
        run=recent[0].run + 1 if same else 0,
    )


def _question_after(state: QuestionState, outcome: float) -> QuestionState:
    return QuestionState(state.answers + 1, state.wins + outcome, outcome)
