"""Slips and tiredness, on sessions made by hand."""

import pytest

from app.ai.personalization.user_modeling.session_signs import SessionAnswer, find_slips, find_tiredness


def answers(
    outcomes: str, *, probability: float = 0.75, paces: tuple[float | None, ...] = (1.0,)
) -> list[SessionAnswer]:
    """`+` and `-` in order, one every half minute."""
    return [
        SessionAnswer(probability, 0.0, float(sign == "+"), paces[number % len(paces)], number / 2)
        for number, sign in enumerate(outcomes)
    ]


FRESH = "++-+++-+++++-+++"


def test_wrong_in_a_hurry_on_easy_questions_is_a_slip() -> None:
    session = answers("+-+-+-++", probability=0.9, paces=(1.0, 0.3, 1.1, 0.25, 0.9, 1.2))
    assert find_slips(session) == [1, 3]


def test_one_slip_tells_nothing() -> None:
    assert find_slips(answers("+-++++", probability=0.9, paces=(1.0, 0.3, 1.1, 0.9, 1.2, 1.0))) == []


def test_hard_questions_and_slow_or_untimed_answers_are_no_slips() -> None:
    hurried = (1.0, 0.3, 1.0, 0.3, 1.0, 1.0)
    assert find_slips(answers("+-+-++", probability=0.7, paces=hurried)) == []
    assert find_slips(answers("+-+-++", probability=0.9)) == []
    assert find_slips(answers("+-+-++", probability=0.9, paces=(None,))) == []


def test_who_is_always_quick_does_not_hurry() -> None:
    assert find_slips(answers("+-+-++", probability=0.9, paces=(0.4, 0.35))) == []


def test_a_clear_fall_of_success_is_told_with_its_minute() -> None:
    sign = find_tiredness(answers(FRESH + "-+---+---"))
    assert sign is not None
    assert sign.from_minute == 8.5
    assert sign.success_drop > 0.4


def test_a_slight_fall_tells_only_together_with_the_times() -> None:
    outcomes = FRESH + "+-+-+-++-"
    paces = tuple(1.0 + 0.1 * (number % 3) for number in range(16)) + tuple(
        1.9 + 0.1 * (number % 3) for number in range(9)
    )
    assert find_tiredness(answers(outcomes)) is None
    slower = find_tiredness(answers(outcomes, paces=paces))
    assert slower is not None
    assert slower.pace_change == pytest.approx(1.8, abs=0.2)


def test_slower_alone_and_harder_questions_are_no_tiredness() -> None:
    paces = tuple(1.0 for _ in range(16)) + tuple(2.0 + 0.1 * (number % 3) for number in range(9))
    assert find_tiredness(answers(FRESH + "+++-+++-+", paces=paces)) is None
    harder = [
        SessionAnswer(*((0.75, 0.0) if number < 16 else (0.3, 2.0)), answer.outcome, 1.0, answer.minute)
        for number, answer in enumerate(answers(FRESH + "-+---+---"))
    ]
    assert find_tiredness(harder) is None


def test_short_sessions_tell_nothing() -> None:
    assert find_tiredness([]) is None
    assert find_tiredness(answers(FRESH[:8] + "-----")) is None
    hasty = [
        SessionAnswer(answer.probability, 0.0, answer.outcome, answer.pace, answer.minute / 5)
        for answer in answers(FRESH + "-+---+---")
    ]
    assert find_tiredness(hasty) is None


def test_certain_predictions_do_not_divide_by_zero() -> None:
    assert find_tiredness(answers("+" * 30, probability=1.0)) is None
