import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.ai.personalization.user_modeling.context import (
    CONTEXT_NAMES,
    NO_ANSWER,
    context_keys,
    fit_context,
)
from app.ai.personalization.user_modeling.features import FEATURE_NAMES, extract
from app.ai.personalization.user_modeling.history import (
    Encounter,
    LearnerMemory,
    Question,
    QuestionState,
    RecentAnswer,
    new_memory,
)
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionTable, SetTable, SkillTable
from app.ai.personalization.user_modeling.situation import Situation, assess, observe
from app.ai.personalization.user_modeling.state import Evidence, LearnerState, Population, SkillState, new_skill

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PARAMETERS = Parameters(
    population=Population(intercept=0.2),
    skills=SkillTable(("a", "b"), np.array([0.5, -0.5]), np.array([0.1, 0.1])),
    sets=SetTable(((0,), (0, 1)), np.array([0.3, -0.3]), np.array([[0.1], [0.2]])),
    questions=QuestionTable(("q1",), np.array([0.7]), np.array([0.2]), np.array([9]), np.array([[0.4]])),
)
MEMORY = LearnerMemory(
    LearnerState(0.4, 0.5, answers=6, wins=4.0, residual_fast=0.1, last_at=NOW - timedelta(seconds=59)),
    new_memory(PARAMETERS.population, 1).factors,
    (RecentAnswer("q2", ("a",), 1.0, 0.3, 0.6, gap=2.0, run=3), RecentAnswer("q1", ("b",), 0.0, -0.4, 0.1)),
)
SKILL = SkillState(0.2, 0.3, 3, 2.0, 0.05, last_step=4, last_at=NOW - timedelta(days=1), last_result=1.0)


def situation(question: Question, skills: tuple[SkillState, ...], memory: LearnerMemory = MEMORY) -> Situation:
    return assess(PARAMETERS, Encounter(memory, skills, QuestionState(2, 1.0, 0.0)), question, NOW)


def named(values: list[float]) -> dict[str, float]:
    return dict(zip(FEATURE_NAMES, values, strict=True))


def test_features_of_a_known_question() -> None:
    features = named(extract(situation(Question("q1", ("a",)), (SKILL,)), NOW))
    assert features["difficulty"] == pytest.approx(1.2)
    assert features["question_deviation"] == pytest.approx(0.7)
    assert features["skill_rate"] == pytest.approx(0.6)
    assert features["user_rate"] == pytest.approx(0.6)
    assert features["own_last_result"] == 0.0
    assert features["skill_steps"] == pytest.approx(math.log1p(2))
    assert features["skill_gap"] == pytest.approx(math.log1p(86_400))
    assert features["gap"] == pytest.approx(math.log(60))
    assert (features["last_result"], features["result_before"], features["last_residual"]) == (1.0, 0.0, 0.3)
    assert (features["same_question"], features["same_skills"], features["shared_skills"]) == (0.0, 1.0, 1.0)
    assert features["shared_skills_result"] == 0.5
    assert features["run"] == pytest.approx(math.log1p(3))
    assert features["scaled_logit"] == pytest.approx(-0.4 / math.sqrt(1 + math.pi / 8 * (0.8 + 0.15 / 2.8)))


def test_features_of_a_newcomer_without_skills_are_neutral_and_finite() -> None:
    fresh = new_memory(PARAMETERS.population, 1)
    features = named(extract(situation(Question("new", ()), (), fresh), None))
    assert features["last_result"] == features["skill_last_result"] == 0.5
    assert features["skill_is_new"] == 0.0
    assert all(math.isfinite(value) for value in features.values())


def test_unanswered_question_takes_the_deviation_of_its_skills() -> None:
    fitted = PARAMETERS.question(Question("new", ("b", "a"), guess=0.25))
    assert fitted.item.difficulty == pytest.approx(-0.3)
    assert (fitted.item.answers, fitted.item.guess) == (0, 0.25)
    assert fitted.offsets == (-0.5, 0.5)
    assert fitted.loadings == (0.2,)
    stranger = PARAMETERS.question(Question("new", ("c",)))
    assert (stranger.item.difficulty, stranger.offsets, stranger.loadings) == (0.0, (0.0,), (0.0,))


def test_context_keys_name_the_answers_before() -> None:
    keys = dict(zip(CONTEXT_NAMES, context_keys(PARAMETERS, situation(Question("q1", ("a",)), (SKILL,))), strict=True))
    assert keys["after_skills"] == (0, 0, 1)
    assert keys["after_question"] == (0, -1, 1)
    assert keys["after_two_questions"] == (0, -1, 1, 0, 0)
    assert keys["question_after_skill_results"] == (0, 1, 5)
    newcomer = context_keys(PARAMETERS, situation(Question("q1", ("a",)), (new_skill(PARAMETERS.population),)))
    assert newcomer[4] == (0, NO_ANSWER, NO_ANSWER)


def test_context_effect_is_a_shrunken_mean() -> None:
    keys = [(code, 0, 1) for code in range(len(CONTEXT_NAMES))]
    once = [((9,), (9,), (9,), (9,), (9,), (9,))]
    rows = [(keys, 0.5, 0.2)] * 10 + [(once[0], 0.5, 0.2)] + [([(-1, 0)] * 6, 0.5, 0.2)] * 3
    effects = fit_context(rows)
    assert effects.values(keys) == pytest.approx([5.0 / 3.6] * 6)
    assert effects.values(once[0]) == [0.0] * 6
    assert all(len(table) == 1 for table in effects.tables)


def test_observing_moves_every_state() -> None:
    question = Question("q1", ("a",))
    after = observe(PARAMETERS, situation(question, (SKILL,)), Evidence(1.0, at=NOW))
    assert after.memory.learner.answers == 7
    assert after.memory.factors.mean[0] > 0.0
    assert after.skills[0].last_step == 7
    assert after.question == QuestionState(3, 2.0, 1.0)
    newest, older = after.memory.recent
    assert (newest.question_id, newest.run, older.question_id) == ("q1", 4, "q2")
