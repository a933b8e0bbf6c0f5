import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.mastery import LEARNED_AT
from app.ai.personalization.mastery_rules import (
    SUCCESS_LEVELS,
    TEACHER_RULES,
    KnowledgeTracing,
    MasteryRule,
    PosteriorRule,
    RightOfLast,
    WilsonBound,
    characteristics,
    declared_share,
    is_met,
)
from app.ai.personalization.user_modeling.kalman import mastery_probability, update
from app.ai.personalization.user_modeling.state import Evidence, ItemParameters, Population, new_learner, new_skill
from app.domain.enums import MasteryRuleName

SUCCESS = (0.25, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 0.95)
OPERATING_CHARACTERISTICS = {
    "three_of_last_five": (0.525, 0.896, 0.978, 0.997, 1, 1, 1, 1),
    "eight_of_last_ten": (0.003, 0.058, 0.197, 0.453, 0.746, 0.945, 0.998, 1),
    "ten_in_a_row": (0, 0.001, 0.006, 0.029, 0.114, 0.319, 0.697, 0.900),
    "knowledge_tracing": (0.204, 0.598, 0.822, 0.952, 0.994, 1, 1, 1),
    "wilson_bound": (0.001, 0.011, 0.037, 0.113, 0.295, 0.615, 0.929, 0.992),
}


@pytest.mark.parametrize("name", OPERATING_CHARACTERISTICS)
def test_operating_characteristics(name: str) -> None:
    rng = np.random.default_rng(20)
    shares = [declared_share(TEACHER_RULES[name], success, rng) for success in SUCCESS]
    assert shares == pytest.approx(OPERATING_CHARACTERISTICS[name], abs=0.01)


@pytest.mark.parametrize(
    ("rule", "scores", "expected"),
    [
        (RightOfLast(3, 5), [1, 1, 1], True),
        (RightOfLast(3, 5), [1, 1, 0, 0, 0, 1], False),
        (RightOfLast(3, 3), [1, 0, 1, 1], False),
        (RightOfLast(3, 3), [0, 1, 1, 1], True),
        (RightOfLast(2, 4), [0.5, 0.5, 0.5, 0.5], True),
        (WilsonBound(), [1, 1, 1, 1], False),
        (WilsonBound(), [1, 1, 1, 1, 1], True),
        (WilsonBound(least=1), [1, 0], False),
        (RightOfLast(1, 1), [], False),
    ],
)
def test_one_student(rule: MasteryRule, scores: list[float], expected: bool) -> None:
    assert is_met(rule, np.array(scores, dtype=np.float64)) is expected


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=20))
def test_the_rule_of_the_model_is_the_model(scores: list[float]) -> None:
    population = Population(intercept=0.4)
    learner, skill, chances = new_learner(population), new_skill(population), []
    for score in scores:
        updated = update(population, learner, [skill], [0.0], ItemParameters(0.0, 50), Evidence(score, 1.0, None))
        learner, skill = updated.learner, updated.skills[0]
        chances.append(mastery_probability(population, learner, skill, 0.0))
    met = PosteriorRule(population).met(np.array([scores]))[0]
    assert met.tolist() == [chance >= LEARNED_AT for chance in chances]


def test_the_rule_of_the_model_seldom_declares_who_is_far_from_mastery() -> None:
    table = {each.name: each for each in characteristics(Population(), np.random.default_rng(20), runs=4_000)}
    posterior = table[MasteryRuleName.POSTERIOR].declared
    assert posterior[SUCCESS_LEVELS.index(0.50)] < 0.01
    assert posterior[SUCCESS_LEVELS.index(0.70)] < table[MasteryRuleName.WILSON_BOUND].false_mastery / 3
    assert posterior[SUCCESS_LEVELS.index(0.95)] > 0.3
    assert sorted(posterior) == list(posterior)
    assert {each.name for each in table.values()} == set(MasteryRuleName)


def test_knowledge_tracing_by_hand() -> None:
    after_right = 0.3 * 0.9 / (0.3 * 0.9 + 0.7 * 0.2)
    known = after_right + (1 - after_right) * 0.1
    scores = np.array([[1.0]])
    assert KnowledgeTracing(confidence=known - 1e-6).met(scores).all()
    assert not KnowledgeTracing(confidence=known + 1e-6).met(scores).any()


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=30), st.sampled_from(sorted(TEACHER_RULES)))
def test_rules_do_not_look_ahead(scores: list[float], name: str) -> None:
    rule, history = TEACHER_RULES[name], np.array(scores)
    whole = rule.met(history[np.newaxis, :])[0]
    assert [is_met(rule, history[: count + 1]) for count in range(history.size)] == whole.tolist()


def test_impossible_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="needed"):
        RightOfLast(6, 5)
    with pytest.raises(ValueError, match="Wilson"):
        WilsonBound(success=1.0)
    with pytest.raises(ValueError, match="slip"):
        KnowledgeTracing(slip=0.6, guess=0.5)
