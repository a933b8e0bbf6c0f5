"""Whether a new model should go live: next-answer predictions on learners it was not fitted on."""

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog, FloatArray
from app.ai.personalization.user_modeling.fitting.replay import replay
from app.ai.personalization.user_modeling.student_model import StudentModel

CHANCE_FLOOR = 1e-9


def next_answer_predictions(model: StudentModel, log: AnswerLog) -> FloatArray:
    """Chance of each answer being right, given the learner's answers before it. Shape (n,), rows in the log's order."""
    predictions = np.empty(len(log))
    for step in replay(model.parameters, log):
        predictions[step.row] = model.probabilities([step.situation], step.now)[0]
    return predictions


def beats(candidate: StudentModel, running: StudentModel, held_out: AnswerLog) -> bool:
    """Whether the candidate has less log loss; the log holds the most recent learners, unknown to both fits.

    Raises:
        ValueError: If there are no held-out answers.
    """
    if len(held_out) == 0:
        raise ValueError("Models cannot be compared without held-out answers.")
    return _loss(candidate, held_out) < _loss(running, held_out)


def _loss(model: StudentModel, log: AnswerLog) -> float:
    chances = np.clip(next_answer_predictions(model, log), CHANCE_FLOOR, 1.0 - CHANCE_FLOOR)
    return float(-(log.outcomes * np.log(chances) + (1.0 - log.outcomes) * np.log1p(-chances)).mean())
