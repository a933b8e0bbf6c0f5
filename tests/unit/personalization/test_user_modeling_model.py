"""The fitted model as a whole: prediction and reasons."""

from dataclasses import replace

import numpy as np
import pytest

from app.ai.personalization.user_modeling.answer_log import build_log
from app.ai.personalization.user_modeling.fitting.abilities import AbilityPriors
from app.ai.personalization.user_modeling.fitting.heads import NeuralSettings
from app.ai.personalization.user_modeling.fitting.pipeline import FitSettings, fit_student_model
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, SkillTally, Standardiser
from app.ai.personalization.user_modeling.history import Encounter, Question, QuestionState
from app.ai.personalization.user_modeling.situation import Situation
from app.ai.personalization.user_modeling.state import Evidence
from app.ai.personalization.user_modeling.student_model import INPUT_NAMES, StudentModel
from tests.factories.answer_logs import draw_world, simulate

SETTINGS = FitSettings(
    priors=AbilityPriors(dimensions=1),
    tuning=None,
    question_variances=(1.0,),
    neural=NeuralSettings(units=8, members=2, max_epochs=2),
    folds=2,
)


@pytest.fixture(scope="module")
def model() -> StudentModel:
    rng = np.random.default_rng(5)
    log = build_log(simulate(draw_world(rng, 24, 4), range(40), rng, answers=20))
    return fit_student_model(log, SETTINGS, "v1", rng)


def start(model: StudentModel, question: Question) -> Situation:
    skills = tuple(model.new_skill() for _ in question.skill_ids)
    return model.assess(Encounter(model.new_memory(), skills, QuestionState()), question, None)


QUESTIONS = [Question("q3", ("s0", "s3")), Question("q99", ("s1",)), Question("q98", ()), Question("q97", ("s77",))]


def test_probabilities_do_not_depend_on_company(model: StudentModel) -> None:
    situations = [start(model, question) for question in QUESTIONS]
    together = model.probabilities(situations, None)
    assert together == pytest.approx([model.probabilities([one], None)[0] for one in situations], abs=1e-6)
    assert ((together > 0.0) & (together < 1.0)).all()


def test_right_answers_raise_and_wrong_ones_lower(model: StudentModel) -> None:
    question = QUESTIONS[0]
    chances = {}
    for outcome in (0.0, 1.0):
        situation = start(model, question)
        for _ in range(4):
            situation = model.assess(model.observe(situation, Evidence(outcome)), question, None)
        chances[outcome] = model.probabilities([situation], None)[0]
    assert chances[0.0] < model.probabilities([start(model, question)], None)[0] < chances[1.0]


def test_reasons_name_every_input_once(model: StudentModel) -> None:
    reasons = model.reasons(start(model, QUESTIONS[0]), None)
    assert sorted(reason.name for reason in reasons) == sorted(INPUT_NAMES)
    sizes = [abs(reason.contribution) for reason in reasons]
    assert sizes == sorted(sizes, reverse=True)


def test_logistic_head_serves_alone(model: StudentModel) -> None:
    alone = replace(model, neural=None)
    situation = start(model, QUESTIONS[0])
    assert 0.0 < alone.probabilities([situation], None)[0] < 1.0
    assert alone.probabilities([situation], None)[0] != model.probabilities([situation], None)[0]


def test_neural_head_is_the_mean_of_its_members() -> None:
    inner = np.array([[1.0, -1.0], [0.5, 0.0]], dtype=np.float32)
    head = NeuralHead(inner, np.array([0.0, 1.0], dtype=np.float32), np.array([2.0, 3.0], dtype=np.float32), -0.5)
    assert head.logits(np.array([[1.0, 2.0], [-3.0, 0.0]])).tolist() == pytest.approx([3.5, 11.5])


def test_logistic_head_adds_slopes_of_the_skills() -> None:
    head = LogisticHead(np.array([1.0, -1.0]), 0.25, {"a": (0.5, 1.0, -1.0)})
    tallies = [SkillTally("a", 0.5, wins=2.0, losses=1.0), SkillTally("new", 0.5, 9.0, 9.0)]
    assert head.logits(np.array([[2.0, 1.0]]), [tallies]).tolist() == pytest.approx([2.0])
    assert head.contributions(np.array([2.0, 1.0])).tolist() == [2.0, -1.0]


def test_standard_scores_are_cut_off() -> None:
    scores = Standardiser(np.array([1.0, 0.0]), np.array([2.0, 1.0])).apply(np.array([3.0, 100.0]))
    assert scores.tolist() == [1.0, 6.0]
