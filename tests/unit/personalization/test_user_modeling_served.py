"""What practice serves: the head on what an answer loads anyway, and its file."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import AnswerLog, build_log
from app.ai.personalization.user_modeling.features import extract
from app.ai.personalization.user_modeling.fitting.filtering import FilterStates, filter_loss, filtered
from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.linking import linked, recalibrated
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings
from app.ai.personalization.user_modeling.fitting.replay import Step, replay
from app.ai.personalization.user_modeling.fitting.served import SERVED_FEATURES, fit_served_model, served_predictions
from app.ai.personalization.user_modeling.fitting.validation import mean_log_loss
from app.ai.personalization.user_modeling.heads import skill_tallies
from app.ai.personalization.user_modeling.kalman_many import Candidates, Predictions, skill_terms
from app.ai.personalization.user_modeling.model_arrays import InvalidModelError
from app.ai.personalization.user_modeling.model_file import ItemTotals, read_model, to_document, write_model
from app.ai.personalization.user_modeling.served_head import ServedHead, served_inputs, skill_columns
from app.ai.personalization.user_modeling.served_model import ServedModel
from tests.factories.answer_logs import draw_world, simulate

SETTINGS = FitSettings(
    tuning=None, question_variances=(1.0,), neural=NeuralSettings(units=8, members=2, max_epochs=4), folds=2
)
MOODINESS = 0.6
TOTALS = ItemTotals(("q1", "q2"), np.array([4, 5]), np.array([0.5, -1.0]))


def moody_log(learners: range, rng: np.random.Generator) -> AnswerLog:
    """Learners have good and bad spells of six answers, which the filter knows nothing of."""
    answers = list(simulate(draw_world(np.random.default_rng(7), 30, 4), learners, rng, answers=24))
    return build_log(replace(one, outcome=_moody(one.outcome, place, rng)) for place, one in enumerate(answers))


def _moody(outcome: float, place: int, rng: np.random.Generator) -> float:
    is_good, is_moved = (place // 6) % 2 == 0, rng.random() < MOODINESS
    return float(is_good) if is_moved else outcome


@pytest.fixture(scope="module")
def log() -> AnswerLog:
    return moody_log(range(150), np.random.default_rng(5))


@pytest.fixture(scope="module")
def model(log: AnswerLog) -> ServedModel:
    return fit_served_model(log, SETTINGS, np.random.default_rng(1))


@pytest.fixture(scope="module")
def head(model: ServedModel) -> ServedHead:
    assert model.head is not None
    return model.head


def test_the_head_reads_in_practice_what_it_was_fitted_on(model: ServedModel, head: ServedHead, log: AnswerLog) -> None:
    """The arrays of practice hold, for every step of a log, the values of the features of the fit."""
    for step in list(replay(model.parameters, log))[:400:7]:
        inputs, slopes = _in_practice(model, head, step)
        expected = extract(step.situation, None)
        assert inputs[0] == pytest.approx([expected[column] for column in SERVED_FEATURES], abs=1e-9)
        assert slopes[0] == pytest.approx(head.logistic.slope(skill_tallies(step.situation)))


def test_a_question_without_skills_is_read_the_same_way(model: ServedModel, head: ServedHead, log: AnswerLog) -> None:
    bare = replace(log, skill_sets=tuple(() for _ in log.skill_sets))
    for step in list(replay(model.parameters, bare))[:50:7]:
        inputs, slopes = _in_practice(model, head, step)
        expected = extract(step.situation, None)
        assert inputs[0] == pytest.approx([expected[column] for column in SERVED_FEATURES], abs=1e-9)
        assert slopes[0] == 0.0


def _in_practice(model: ServedModel, head: ServedHead, step: Step) -> tuple[np.ndarray, np.ndarray]:
    situation, encounter = step.situation, step.situation.encounter
    names = [*situation.question.skill_ids, "another"]
    columns = skill_columns(head.logistic, names, [*encounter.skills, None])
    places = np.full((1, 4), len(names))
    places[0, : len(encounter.skills)] = range(len(encounter.skills))
    mean, variance, offset = skill_terms(encounter.skills, situation.fitted.offsets)
    item = situation.fitted.item
    values = (mean, variance, offset, item.difficulty, float(item.answers), item.guess)
    questions = Candidates(*(np.array([value]) for value in values))
    predicted = situation.prediction
    predictions = Predictions(
        *(np.array([value]) for value in (predicted.eta, predicted.probability, predicted.variance))
    )
    return served_inputs(encounter.memory.learner, columns, places, questions, predictions)


def test_the_head_predicts_unseen_learners_better_than_the_filter(model: ServedModel) -> None:
    unseen = moody_log(range(500, 600), np.random.default_rng(11))
    corrected = mean_log_loss(unseen.outcomes, served_predictions(model, unseen))
    assert corrected < filter_loss(model.parameters, unseen)


def test_too_few_answers_leave_the_filter_alone() -> None:
    rng = np.random.default_rng(4)
    few = build_log(simulate(draw_world(rng, 30, 4), range(8), rng, answers=12))
    model = fit_served_model(few, SETTINGS, rng)
    assert model.head is None
    assert ((served_predictions(model, few) > 0.0) & (served_predictions(model, few) < 1.0)).all()


def test_a_stored_model_predicts_the_same(model: ServedModel, log: AnswerLog) -> None:
    again, totals = read_model(write_model(model, TOTALS))
    part = log.rows(log.users < 5)
    assert served_predictions(again, part).tolist() == served_predictions(model, part).tolist()
    assert (totals.question_ids, totals.answers.tolist()) == (TOTALS.question_ids, [4, 5])
    plain, _ = read_model(write_model(replace(model, head=None), TOTALS))
    assert plain.head is None


def test_the_document_holds_what_every_process_keeps(model: ServedModel) -> None:
    document = to_document(model)
    assert document["population"]["intercept"] == model.parameters.population.intercept
    assert set(document["skill_offsets"]) == {"s0", "s1", "s2", "s3"}


def test_a_model_with_nan_is_not_written(model: ServedModel, head: ServedHead) -> None:
    broken = replace(head, logistic=replace(head.logistic, intercept=float("nan")))
    with pytest.raises(InvalidModelError, match=r"logistic\.intercept holds a value that is not finite"):
        write_model(replace(model, head=broken), TOTALS)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("format", np.array([99]), "another format"),
        ("served.input_names", np.array(["eta"]), "other inputs"),
        ("skills.offsets", np.array([np.nan] * 4), "not finite"),
        ("questions.difficulty", np.zeros(2), "rows"),
        ("sets.sizes", np.array([1]), "add up"),
        ("population", np.zeros(3), "other constants"),
        ("logistic.weights", np.zeros(2), "rows"),
        ("neural.outer", np.zeros(2, dtype=np.float32), "rows"),
        ("totals.answers", np.zeros(7), "rows"),
        ("logistic.slopes", None, "lacks"),
    ],
)
def test_damaged_files_are_refused(model: ServedModel, name: str, value: np.ndarray | None, message: str) -> None:
    with pytest.raises(InvalidModelError, match=message):
        read_model(_rewritten(write_model(model, TOTALS), name, value))


def test_files_that_are_none_are_refused(model: ServedModel) -> None:
    for content in (b"", write_model(model, TOTALS)[:500], b"no archive at all"):
        with pytest.raises(InvalidModelError, match="damaged"):
            read_model(content)


def _rewritten(content: bytes, name: str, value: np.ndarray | None) -> bytes:
    with np.load(BytesIO(content)) as stored:
        arrays = dict(stored)
    del arrays[name]
    file = BytesIO()
    np.savez(file, **(arrays if value is None else {**arrays, name: value}))
    return file.getvalue()


def test_linking_moves_the_scale_and_no_prediction_of_new_learners(model: ServedModel, log: AnswerLog) -> None:
    part = log.rows(log.users < 30)
    states = FilterStates()
    list(filtered(model.parameters, part, states))
    higher = {part.user_ids[user]: level + 0.7 for user, level in states.levels().items()}
    moved = linked(model.parameters, part, higher)
    assert moved.population.user_mean == pytest.approx(0.7)
    assert moved.population.intercept == pytest.approx(model.parameters.population.intercept - 0.7)
    assert filter_loss(moved, part) == pytest.approx(filter_loss(model.parameters, part))
    assert linked(model.parameters, part, {}) == model.parameters


def test_recalibration_follows_the_answers_of_known_and_new_questions(model: ServedModel, log: AnswerLog) -> None:
    wrong = replace(log, outcomes=np.zeros(len(log))).rows(log.users < 20)
    table = model.parameters.questions
    known = replace(
        table,
        **{name: getattr(table, name)[3:] for name in ("question_ids", "difficulty", "errors", "answers", "loadings")},
    )
    caught_up = recalibrated(replace(model.parameters, questions=known), wrong)
    before = dict(zip(table.question_ids, table.difficulty, strict=True))
    after = dict(zip(caught_up.questions.question_ids, caught_up.questions.difficulty, strict=True))
    assert set(after) == set(table.question_ids)
    assert all(after[name] > before[name] for name in known.question_ids)
    assert all(after[name] > 0.0 for name in set(table.question_ids) - set(known.question_ids))
