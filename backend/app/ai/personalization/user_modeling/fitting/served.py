"""The fit of what practice serves, and its predictions of a log."""

from dataclasses import replace

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog, FloatArray
from app.ai.personalization.user_modeling.features import FEATURE_NAMES, extract
from app.ai.personalization.user_modeling.fitting.filtering import filter_predictions
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, check_log, choose_fit, fit_heads
from app.ai.personalization.user_modeling.fitting.replay import replay
from app.ai.personalization.user_modeling.fitting.training_rows import Runner, TrainingRows, cross_fitted_rows
from app.ai.personalization.user_modeling.fitting.validation import mean_log_loss
from app.ai.personalization.user_modeling.heads import skill_tallies
from app.ai.personalization.user_modeling.served_head import SERVED_NAMES, ServedHead
from app.ai.personalization.user_modeling.served_model import ServedModel
from app.ai.personalization.user_modeling.student_model import INPUT_NAMES

SERVED_COLUMNS = [INPUT_NAMES.index(name) for name in SERVED_NAMES]
JUDGES = 0.2
"""Share of the training learners who judge whether the head is worth it."""
SERVED_FEATURES = [FEATURE_NAMES.index(name) for name in SERVED_NAMES]


def fit_served_model(log: AnswerLog, settings: FitSettings, rng: np.random.Generator, run: Runner = map) -> ServedModel:
    """Parameters and head from a log of training learners; errors as for `fit_student_model`.

    Hidden factors are left out: practice does not carry them. The head is left out where the filter alone predicts
    training learners better whose answers the head did not see: it takes some thousand answers to be worth it.
    """
    check_log(log, settings)
    settings = replace(settings, priors=replace(settings.priors, dimensions=0))
    fit = choose_fit(log, settings, rng, run)
    rows = cross_fitted_rows(log, fit, settings.folds, rng, run)
    served = TrainingRows(rows.inputs[:, SERVED_COLUMNS], rows.tallies, rows.outcomes, rows.users)
    parameters = fit(log)
    if not _head_helps(served, fit.guess_scale * log.guesses, settings, rng):
        return ServedModel(parameters)
    return ServedModel(parameters, ServedHead(*fit_heads(served, settings, rng, run)))


def _head_helps(rows: TrainingRows, guesses: FloatArray, settings: FitSettings, rng: np.random.Generator) -> bool:
    is_judge = rng.random(int(rows.users.max()) + 1)[rows.users] < JUDGES
    if not is_judge.any() or is_judge.all():
        return False
    head = ServedHead(*fit_heads(rows.rows(~is_judge), settings, rng))
    judged = rows.rows(is_judge)
    slopes = np.array([head.logistic.slope(tallies) for tallies in judged.tallies])
    known = 1.0 / (1.0 + np.exp(-judged.inputs[:, SERVED_NAMES.index("scaled_logit")].astype(np.float64)))
    filtered = guesses[is_judge] + (1.0 - guesses[is_judge]) * known
    corrected = head.probabilities(judged.inputs, slopes)
    return mean_log_loss(judged.outcomes, corrected) < mean_log_loss(judged.outcomes, filtered)


def served_predictions(model: ServedModel, log: AnswerLog) -> FloatArray:
    """Chance of each answer being right, given the learner's answers before it. Shape (n,), rows in the log's order."""
    if model.head is None:
        return filter_predictions(model.parameters, log)
    inputs, slopes = np.empty((len(log), len(SERVED_NAMES))), np.empty(len(log))
    for step in replay(model.parameters, log):
        features = extract(step.situation, step.now)
        inputs[step.row] = [features[column] for column in SERVED_FEATURES]
        slopes[step.row] = model.head.logistic.slope(skill_tallies(step.situation))
    return model.head.probabilities(inputs, slopes)
