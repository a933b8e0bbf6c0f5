import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.difficulty_adapter.target import Target, shift_target


def test_target_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="Target success"):
        Target(0.95)


def test_few_answers_change_nothing() -> None:
    assert shift_target(Target(), [0.0] * 7) == Target()


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([1, 1, 1, 1, 1, 1, 0, 0], 0.75),
        ([0, 0, 0, 0, 1, 1, 1, 1], 0.825),
        ([1] * 8, 0.675),
        ([0] * 8, 0.90),
        ([0.65] * 8, 0.75),
        ([0.64] * 8, 0.755),
        ([0] * 20 + [1] * 6 + [0] * 2, 0.75),
    ],
)
def test_bad_runs_ease_and_good_runs_harden(results: list[float], expected: float) -> None:
    assert shift_target(Target(0.75), results).success == pytest.approx(expected)


@given(st.floats(0.60, 0.90), st.lists(st.floats(0, 1), max_size=20))
def test_working_target_moves_against_the_deviation_within_bounds(success: float, results: list[float]) -> None:
    shifted = shift_target(Target(success), results).success
    assert 0.60 <= shifted <= 0.90
    if shifted != success:
        running = sum(results[-8:]) / 8
        assert (shifted > success) == (running < success)
