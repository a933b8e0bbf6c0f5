import numpy as np
import pytest

from app.ai.personalization.learning_path import PathStep, SkillOutlook
from app.ai.personalization.recommendation import (
    Rated,
    RecommendationKind,
    Situation,
    StuckOn,
    easier_similar,
    is_stuck,
    mistake,
    recommend,
)


def step(skill: str, success: float = 0.55, waits_for: tuple[str, ...] = ()) -> PathStep[object]:
    return PathStep(SkillOutlook(skill, 0.3, success, 14.4, is_learned=False), 0, waits_for)


def test_nothing_to_do_recommends_nothing() -> None:
    assert recommend(Situation()) == []
    assert recommend(Situation(path=[step("later", waits_for=("first",))])) == []


def test_largest_gain_comes_first_with_words_and_targets() -> None:
    found = recommend(
        Situation(
            path=[step("later", waits_for=("first",)), step("fractions")],
            due=[Rated("card-1", 0.85, 0.95), Rated("card-2", 0.60, 0.90), Rated("card-3", 0.99, 0.95)],
            mistakes=[mistake("question-1", 0.40), mistake("question-2", 0.20)],
        )
    )
    assert [each.kind for each in found] == [
        RecommendationKind.MISTAKES,
        RecommendationKind.NEXT_SKILL,
        RecommendationKind.DUE_REVIEWS,
    ]
    assert [each.expected_gain for each in found] == pytest.approx([0.6, 0.25, 0.4 / 3])
    assert found[0].targets == ("question-2", "question-1")
    assert [each.reason for each in found] == [
        "Questions to retry that you got wrong: 2",
        "Learn this next; questions to mastery: about 14",
        "Questions to review before you forget them: 3",
    ]
    assert found[2].targets == ("card-2", "card-1", "card-3")


def test_long_lists_are_cut_but_counted() -> None:
    due = [Rated(number, 0.5, 0.9) for number in range(45)]
    (found,) = recommend(Situation(due=due))
    assert len(found.targets) == 20
    assert found.parameters == {"count": 45}


def test_stuck_student_is_helped_first() -> None:
    stuck = StuckOn(success=0.3, easier=Rated("easier", 0.3, 0.82), passages=("page-4",))
    found = recommend(Situation(mistakes=[mistake("question", 0.0)], stuck=stuck))
    assert [each.kind for each in found[:2]] == [RecommendationKind.EASIER_SIMILAR, RecommendationKind.READ_PASSAGE]
    assert found[0].reason == "Try a similar but easier question first: 82 % likely to succeed"
    assert [each.expected_gain for each in found] == pytest.approx([0.52, 0.5, 0.9])


@pytest.mark.parametrize(
    ("results", "stuck"),
    [([0, 0], False), ([0, 0, 0], True), ([1, 0, 0.4, 0], True), ([0, 0, 0, 1], False), ([0, 0.5, 0], False)],
)
def test_three_wrong_in_a_row_is_stuck(results: list[float], stuck: bool) -> None:
    assert is_stuck(results) is stuck


def test_easier_similar_question() -> None:
    similarity = np.array([0.99, 0.60, 0.90, 0.70])
    difficulty = np.array([0.9, -1.0, 0.4, -0.5])
    probability = np.array([0.45, 0.90, 0.60, 0.80])
    assert easier_similar(similarity, difficulty, probability, 1.0) == 3
    assert easier_similar(similarity[:1], difficulty[:1], probability[:1], 1.0) is None
    assert easier_similar(similarity[2:3], difficulty[2:3], probability[2:3], 1.0) == 0
