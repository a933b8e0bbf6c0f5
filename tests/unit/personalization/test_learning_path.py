from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ai.personalization.learning_path import (
    Pace,
    PathReason,
    SkillOutlook,
    path_reason,
    plan_path,
    questions_per_day_needed,
)
from app.ai.personalization.mastery_forecast import PracticeAssumptions, SkillBeliefs, forecast_mastery
from app.ai.personalization.prerequisite_proposals import propose_prerequisites
from app.ai.personalization.user_modeling.state import LearnerState, Population
from app.domain.prerequisites import PrerequisiteCycleError, find_cycle

EDGES = [("count", "add"), ("count", "compare"), ("add", "multiply"), ("compare", "multiply"), ("multiply", "powers")]
SKILLS = ("powers", "multiply", "compare", "add", "count", "shapes")


def outlook(skill: str, questions: float = 10.0, mastery: float = 0.2, *, learned: bool = False) -> SkillOutlook[str]:
    return SkillOutlook(skill, mastery, 0.6, questions, learned)


def test_path_leads_to_the_goal_and_leaves_out_the_rest() -> None:
    steps = plan_path([outlook(skill) for skill in SKILLS], EDGES, ["multiply"])
    assert [step.outlook.skill for step in steps] == ["count", "compare", "add", "multiply"]
    assert [step.opens for step in steps] == [3, 1, 1, 0]
    assert [step.is_ready for step in steps] == [True, False, False, False]
    assert steps[-1].waits_for == ("add", "compare")


def test_learned_skills_open_what_builds_on_them() -> None:
    skills = [outlook("count", learned=True), outlook("add", 30), outlook("compare", 5), outlook("multiply")]
    steps = plan_path(skills, EDGES, [])
    assert [step.outlook.skill for step in steps] == ["compare", "add", "multiply"]
    assert [step.is_ready for step in steps] == [True, True, False]


def test_equal_worth_goes_to_the_better_known_skill() -> None:
    steps = plan_path([outlook("add", mastery=0.3), outlook("shapes", mastery=0.5)], [], [])
    assert [step.outlook.skill for step in steps] == ["shapes", "add"]


def test_every_step_says_why_it_stands_there() -> None:
    skills = [outlook("count"), outlook("add"), outlook("shapes", 3, 0.8), outlook("music", 12)]
    sentences = {step.outlook.skill: path_reason(step, str.title)[0] for step in plan_path(skills, EDGES, [])}
    assert sentences == {
        "count": "Ready now and opens 1 more of your goal's skills; questions needed: about 10",
        "add": "Comes after Count; questions needed: about 10",
        "shapes": "Nearly learned (80 % sure); questions left: about 3",
        "music": "Ready now; questions needed: about 12",
    }
    assert set(PathReason) == {step.reason_code for step in plan_path(skills, EDGES, [])}


def test_dates_follow_the_pace_and_lateness_is_said() -> None:
    pace = Pace(date(2026, 5, 4), questions_per_day=10, deadline=date(2026, 5, 5))
    steps = plan_path([outlook("count", 10), outlook("add", 15)], EDGES, [], pace)
    assert [step.finished_on for step in steps] == [date(2026, 5, 4), date(2026, 5, 6)]
    assert [step.is_late for step in steps] == [False, True]
    assert questions_per_day_needed(steps, date(2026, 5, 4), date(2026, 5, 5)) == 12.5


def test_circle_is_named_and_bad_paces_are_refused() -> None:
    with pytest.raises(PrerequisiteCycleError, match=r"count → count|add → add|add → count|count → add"):
        plan_path([outlook("count")], [("count", "add"), ("add", "count")], [])
    with pytest.raises(ValueError, match="positive"):
        Pace(date(2026, 5, 4), 0.0)
    with pytest.raises(ValueError, match="deadline"):
        questions_per_day_needed([], date(2026, 5, 4), date(2026, 5, 3))


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda edge: edge[0] < edge[1]), max_size=20),
    st.lists(st.tuples(st.floats(0, 60), st.booleans()), min_size=9, max_size=9),
    st.sets(st.integers(0, 8), max_size=3),
)
@settings(deadline=None)
def test_prerequisites_always_come_first(
    edges: list[tuple[int, int]], skills: list[tuple[float, bool]], goals: set[int]
) -> None:
    outlooks = [SkillOutlook(number, 0.5, 0.6, each, learned) for number, (each, learned) in enumerate(skills)]
    order = [step.outlook.skill for step in plan_path(outlooks, edges, goals)]
    assert len(order) == len(set(order))
    assert all(order.index(a) < order.index(b) for a, b in edges if a in order and b in order)
    assert {goal for goal in goals if not skills[goal][1]} <= set(order)


def forecast(general: float, variance: float = 0.2, learning: float = 0.1) -> tuple[float, float]:
    skills = SkillBeliefs(np.zeros(1), np.full(1, 0.1), np.zeros(1))
    learner = LearnerState(general, variance)
    assumptions = PracticeAssumptions(learning=learning, runs=200)
    result = forecast_mastery(Population(), learner, skills, np.random.default_rng(1), assumptions)
    return float(result.questions[0]), float(result.reached[0])


def test_stronger_students_need_fewer_questions() -> None:
    needed = [forecast(general)[0] for general in (-1.0, 0.0, 1.0, 2.0)]
    assert needed == sorted(needed, reverse=True)
    assert forecast(4.0) == (0.0, 1.0)


def test_without_learning_a_weak_student_does_not_get_there() -> None:
    questions, reached = forecast(-1.5, variance=0.05, learning=0.0)
    assert questions > 95
    assert reached < 0.05


def test_forecast_matches_students_of_the_same_kind() -> None:
    """A student known exactly to be at a level learns 0.1 a question; the filter confirms it somewhat later."""
    questions, reached = forecast(1.0, variance=0.02)
    assert reached == 1.0
    assert 8 < questions < 60


def test_impossible_assumptions_are_refused() -> None:
    with pytest.raises(ValueError, match="forecast"):
        PracticeAssumptions(success=1.0)


def students_of(order: list[set[int]], skills: int, count: int = 200) -> np.ndarray:
    """Mastery of students each somewhere on the way through `order`, with 1 % noise."""
    rng = np.random.default_rng(8)
    mastery = np.zeros((count, skills))
    for student in range(count):
        for stage in order[: rng.integers(0, len(order) + 1)]:
            mastery[student, list(stage)] = 1.0
    return np.abs(mastery - (rng.random(mastery.shape) < 0.01))


def test_chain_is_recovered_from_what_students_master() -> None:
    edges = propose_prerequisites(students_of([{2}, {0}, {1}], 3))
    assert {(edge.earlier, edge.later) for edge in edges} == {(2, 0), (0, 1)}
    assert all(edge.given_later >= 0.9 > edge.given_earlier and edge.students == 200 for edge in edges)


def test_skills_learned_together_or_seen_by_few_are_not_linked() -> None:
    together = students_of([{0, 1}], 2)
    assert propose_prerequisites(together) == []
    chain = students_of([{0}, {1}], 2)
    chain[29:, 1] = np.nan
    assert propose_prerequisites(chain) == []


@given(st.integers(0, 500))
@settings(max_examples=25, deadline=None)
def test_proposals_never_form_a_circle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.normal(size=(120, 1)) - rng.normal(size=(1, 6)) * 1.5
    edges = propose_prerequisites((levels > 0).astype(np.float64))
    assert find_cycle([(edge.earlier, edge.later) for edge in edges]) is None
