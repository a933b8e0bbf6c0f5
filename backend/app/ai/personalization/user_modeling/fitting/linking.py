"""A new model beside the running one: on the same scale, and as far calibrated.

References:
    Kolen, M., Brennan, R. (2014). Test Equating, Scaling, and Linking (mean/mean linking).
    Mislevy, R. J. (1986). Bayes modal estimation in item response models.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from app.ai.personalization.user_modeling.answer_log import AnswerLog
from app.ai.personalization.user_modeling.fitting.filtering import FilterStates, filter_predictions, filtered
from app.ai.personalization.user_modeling.parameters import Parameters

PRIOR_PRECISION = 2.0
LARGEST_DIFFICULTY = 6.0


def linked(parameters: Parameters, log: AnswerLog, levels: Mapping[str, float]) -> Parameters:
    """The same predictions for new learners, on a scale where the stored levels of known learners stay right.

    A fit may place its zero anywhere; the running model has taught each learner's level on its own scale. The
    intercept moves by the mean difference, weighted by answers, and new learners begin that much higher.

    Args:
        parameters: A fit of learners whose log is `log`.
        log: Answers of those learners.
        levels: Stored level of learners by id, as `FilterStates.levels` defines it; others are left out.
    """
    states = FilterStates()
    for _ in filtered(parameters, log, states):
        pass
    fitted = states.levels()
    known = [user for user in fitted if log.user_ids[user] in levels]
    if not known:
        return parameters
    shifts = [levels[log.user_ids[user]] - fitted[user] for user in known]
    shift = float(np.average(shifts, weights=[states.learners[user].answers for user in known]))
    population = parameters.population
    moved = replace(population, intercept=population.intercept - shift, user_mean=population.user_mean + shift)
    return replace(parameters, population=moved)


def recalibrated(parameters: Parameters, log: AnswerLog) -> Parameters:
    """Difficulties after one Newton step on the answers of a log, as live calibration takes it.

    Questions that the parameters do not know begin at the deviation 0.
    """
    predicted = filter_predictions(parameters, log)
    size = len(log.question_ids)
    residual = np.bincount(log.questions, predicted - log.outcomes, minlength=size)
    information = np.bincount(log.questions, predicted * (1.0 - predicted), minlength=size)
    answers = np.bincount(log.questions, minlength=size)
    table = parameters.questions
    codes = {name: code for code, name in enumerate(table.question_ids)}
    old = np.array([codes.get(name, -1) for name in log.question_ids], dtype=np.int64)
    before = np.where(old >= 0, np.append(table.difficulty, 0.0)[old], 0.0)
    earlier = np.where(old >= 0, np.append(table.answers, 0)[old], 0)
    step = residual / (PRIOR_PRECISION + information)
    difficulty = np.clip(before + step, -LARGEST_DIFFICULTY, LARGEST_DIFFICULTY)
    rest = np.setdiff1d(np.arange(len(table.question_ids)), old)
    return replace(
        parameters,
        questions=replace(
            table,
            question_ids=(*log.question_ids, *(table.question_ids[code] for code in rest.tolist())),
            difficulty=np.append(difficulty, table.difficulty[rest]),
            errors=np.append(1.0 / np.sqrt(PRIOR_PRECISION + information), table.errors[rest]),
            answers=np.append(earlier + answers, table.answers[rest]),
            loadings=np.zeros((size + len(rest), parameters.dimensions)),
        ),
    )
