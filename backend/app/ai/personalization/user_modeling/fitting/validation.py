"""How well a model predicts learners it was not fitted on."""

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


def mean_log_loss(outcomes: FloatArray, predictions: FloatArray) -> float:
    chances = np.clip(predictions, CHANCE_FLOOR, 1.0 - CHANCE_FLOOR)
    return float(-(outcomes * np.log(chances) + (1.0 - outcomes) * np.log1p(-chances)).mean())
