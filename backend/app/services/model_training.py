"""A fit of the learner model on the log of answers, and its comparison with the running model.

A fifth of all students, found by their ids, never enters any fit. The most recent of them judge every candidate, so no
model is ever judged by students it knows.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.random import Generator
from sqlalchemy.orm import Session

from app.ai.personalization.user_modeling.answer_log import AnswerLog, LoggedAnswer, build_log
from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.linking import linked, recalibrated
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings
from app.ai.personalization.user_modeling.fitting.served import fit_served_model, served_predictions
from app.ai.personalization.user_modeling.model_file import ItemTotals, read_model
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionTable, SetTable, SkillTable
from app.ai.personalization.user_modeling.served_model import ServedModel
from app.ai.personalization.user_modeling.state import Population
from app.ai.utils.evaluation import Interval, Scores, log_loss, paired_bootstrap, scores
from app.core.errors import ConflictError
from app.repositories.model_repository import BUILT_IN, AnswerRow, ModelRepository

HELD_OUT_OF: Final = 5
LEAST_HELD_OUT: Final = 3
LEAST_TRAINING: Final = 10
MOST_HELD_OUT_ANSWERS: Final = 40_000
RESAMPLES: Final = 400
SERVED: Final = FitSettings(neural=NeuralSettings(members=2, units=32))
"""The perceptrons run for every candidate question of every choice, so they are few and small."""


class NotEnoughAnswersError(ConflictError):
    """There are too few students or answers to fit or to judge a model."""

    code = "not_enough_answers"


@dataclass(frozen=True, slots=True)
class RunningModel:
    """The live version; `since_s` is when it was fitted, in seconds since 1970."""

    number: int
    model: ServedModel
    since_s: float


@dataclass(frozen=True, slots=True)
class TrainingData:
    """`levels` are the stored levels of students on the running model's scale; `totals` stand as the log was read."""

    log: AnswerLog
    levels: dict[str, float]
    totals: ItemTotals
    running: RunningModel


@dataclass(frozen=True, slots=True)
class Comparison:
    """Next-answer predictions of the same unseen students; `difference` is log loss, candidate minus running."""

    candidate: Scores
    running: Scores
    difference: Interval
    held_out_students: int
    held_out_answers: int

    @property
    def is_better(self) -> bool:
        return self.candidate.log_loss < self.running.log_loss


@dataclass(frozen=True, slots=True)
class Fitted:
    model: ServedModel
    totals: ItemTotals
    comparison: Comparison
    running: int
    training_students: int
    training_answers: int

    def metrics(self) -> dict[str, Any]:
        """The figures that are stored with the version."""
        found = self.comparison
        return {
            "candidate": asdict(found.candidate),
            "running": asdict(found.running),
            "difference": asdict(found.difference),
            "running_version": self.running,
            "held_out_students": found.held_out_students,
            "held_out_answers": found.held_out_answers,
            "training_students": self.training_students,
            "training_answers": self.training_answers,
        }


def read_training_data(session: Session, most_answers: int) -> TrainingData:
    """Everything a fit needs, in one reading transaction; memory is bounded by the number of answers."""
    models = ModelRepository(session)
    totals = models.totals()
    log = build_log(_logged(models.answers(most_answers)))
    return TrainingData(
        log=log,
        levels={str(user_id): level for user_id, level in models.levels().items()},
        totals=ItemTotals(
            tuple(str(total.question_id) for total in totals),
            np.array([total.answers for total in totals], dtype=np.int64),
            np.array([total.residual for total in totals], dtype=np.float64),
        ),
        running=_running(models),
    )


def fit_candidate(
    data: TrainingData,
    least_answers: int,
    rng: Generator,
    tell: Callable[[str], None],
    settings: FitSettings = SERVED,
) -> Fitted:
    """Fit, put on the running scale, and judge; it takes minutes and touches no database.

    Raises:
        NotEnoughAnswersError: If there is too little to fit or to judge.
    """
    is_held_out = _held_out(data.log)
    train, held_out = data.log.rows(~is_held_out), _latest(data.log.rows(is_held_out))
    _check_enough(train, held_out, least_answers)
    tell(f"Fitting {len(train)} answers.")
    model = _fit(train, settings, rng)
    model = replace(model, parameters=linked(model.parameters, train, data.levels))
    tell(f"Comparing on {len(held_out)} answers of students that no fit has seen.")
    comparison = compare(model, _caught_up(data.running, train), held_out, rng)
    students = len(np.unique(train.users))
    return Fitted(model, data.totals, comparison, data.running.number, students, len(train))


def compare(candidate: ServedModel, running: ServedModel, held_out: AnswerLog, rng: Generator) -> Comparison:
    outcomes = held_out.outcomes
    new, old = served_predictions(candidate, held_out), served_predictions(running, held_out)
    difference = paired_bootstrap(held_out.users, outcomes, (new, old), log_loss, rng, resamples=RESAMPLES)
    students = len(np.unique(held_out.users))
    return Comparison(scores(outcomes, new), scores(outcomes, old), difference, students, len(held_out))


def is_held_out(user_id: UUID) -> bool:
    """Whether a student never enters a fit; the last bits of an id are random."""
    return user_id.int % HELD_OUT_OF == 0


def _fit(train: AnswerLog, settings: FitSettings, rng: Generator) -> ServedModel:
    try:
        return fit_served_model(train, settings, rng)
    except ValueError as error:
        raise NotEnoughAnswersError(str(error)) from error


def _logged(rows: Iterator[AnswerRow]) -> Iterator[LoggedAnswer]:
    for row in rows:
        skills = tuple(str(skill_id) for skill_id in row.skill_ids or ())
        yield LoggedAnswer(str(row.user_id), str(row.question_id), skills, row.outcome, row.at_s, row.guess)


def _running(models: ModelRepository) -> RunningModel:
    """The live model with the difficulties it began with; for the built-in one these are the authors' guesses."""
    live = models.live()
    content = None if live is None else models.content(live.number)
    if live is None or content is None:
        number = BUILT_IN if live is None else live.number
        return RunningModel(number, _built_in(models.priors()), float("-inf"))
    return RunningModel(live.number, read_model(content)[0], live.created_at.timestamp())


def _built_in(priors: dict[UUID, float]) -> ServedModel:
    nothing, count = np.zeros(0), len(priors)
    questions = QuestionTable(
        tuple(str(question_id) for question_id in priors),
        np.array(list(priors.values()), dtype=np.float64),
        np.ones(count),
        np.zeros(count, dtype=np.int64),
        np.zeros((count, 0)),
    )
    sets = SetTable((), nothing, np.zeros((0, 0)))
    return ServedModel(Parameters(Population(), SkillTable((), nothing, nothing), sets, questions))


def _caught_up(running: RunningModel, train: AnswerLog) -> ServedModel:
    """The running model as live calibration has it by now, but for the answers of the students who judge."""
    since = train.rows(train.times > running.since_s)
    return replace(running.model, parameters=recalibrated(running.model.parameters, since))


def _held_out(log: AnswerLog) -> np.ndarray[Any, np.dtype[np.bool_]]:
    chosen = np.array([is_held_out(UUID(user_id)) for user_id in log.user_ids], dtype=np.bool_)
    return chosen[log.users] if len(log) else np.zeros(0, dtype=np.bool_)


def _latest(log: AnswerLog) -> AnswerLog:
    """The answers of the students who practised last, whole students until there are enough."""
    last = np.full(len(log.user_ids), -np.inf)
    np.maximum.at(last, log.users, log.times)
    counts = np.bincount(log.users, minlength=len(log.user_ids))
    order = np.argsort(-last, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    return log.rows(np.isin(log.users, order[before < MOST_HELD_OUT_ANSWERS]))


def _check_enough(train: AnswerLog, held_out: AnswerLog, least_answers: int) -> None:
    students, judges = len(np.unique(train.users)), len(np.unique(held_out.users))
    if len(train) < least_answers or students < LEAST_TRAINING or judges < LEAST_HELD_OUT:
        raise NotEnoughAnswersError(
            f"A fit needs {least_answers} answers of {LEAST_TRAINING} students, and {LEAST_HELD_OUT} more students to"
            f" judge it; there are {len(train)} answers of {students}, and {judges} to judge."
        )
