import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.behaviours import (
    CERTAINTY_MARKS,
    Move,
    Outcome,
    Rules,
    ShownState,
    certainty_mark,
    close,
    fingerprint,
    step,
    tries_left,
)
from app.domain.enums import AttemptAction, Behaviour, GradeState
from app.domain.grading import Grade
from app.domain.grading.result import graded, invalid
from app.domain.responses import Rating, Response

RIGHT, WRONG, HALF = graded(1), graded(0), graded(0.5)
UNREADABLE = invalid("Write a number.")
WAITING = Grade(GradeState.NEEDS_GRADING)
HINT = Move(AttemptAction.HINT)
NOT_NOW = Move(AttemptAction.NOT_NOW)
MOVES = st.builds(
    Move,
    action=st.sampled_from(AttemptAction),
    grade=st.sampled_from([RIGHT, WRONG, HALF, UNREADABLE, WAITING]),
    fingerprint=st.sampled_from(["", "a", "b", "c"]),
    certainty=st.sampled_from([None, 0, 1, 2, 3, 4]),
)


def answer(grade: Grade, response: str = "", certainty: int | None = None) -> Move:
    return Move(AttemptAction.ANSWER, grade, response, certainty)


def play(rules: Rules, *moves: Move) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for move in moves:
        state = outcomes[-1].state if outcomes else ShownState()
        outcomes.append(step(rules, state, move))
    return outcomes


def fractions(rules: Rules, *grades: Grade) -> list[float]:
    return [round(outcome.fraction, 4) for outcome in play(rules, *(answer(grade) for grade in grades))]


@pytest.mark.parametrize(("failed", "fraction"), [(0, 1), (1, 0.6667), (2, 0.3333), (3, 0)])
def test_interactive_costs_a_third_for_each_try(failed: int, fraction: float) -> None:
    rules = Rules(Behaviour.INTERACTIVE, penalty=1 / 3, hint_count=3)
    assert fractions(rules, *[WRONG] * failed, RIGHT)[-1] == fraction


def test_interactive_ends_after_one_try_more_than_hints() -> None:
    rules = Rules(Behaviour.INTERACTIVE, hint_count=2)
    outcomes = play(rules, *[answer(WRONG)] * 3)
    assert [outcome.finished for outcome in outcomes] == [False, False, True]
    assert [outcome.reveal_key for outcome in outcomes] == [False, False, True]
    assert [tries_left(rules, outcome.state) for outcome in outcomes] == [2, 1, 0]


def test_interactive_counts_the_last_try() -> None:
    assert fractions(Rules(Behaviour.INTERACTIVE, penalty=0.25, hint_count=3), HALF, WRONG, HALF) == [0.5, 0, 0]


@pytest.mark.parametrize(
    ("moves", "fraction"),
    [
        ([HINT, answer(RIGHT)], 2 / 3),
        ([answer(WRONG), HINT, answer(RIGHT)], 2 / 3),
        ([answer(WRONG), HINT, HINT, answer(RIGHT)], 1 / 3),
    ],
)
def test_interactive_hints_cost_when_they_come_ahead_of_the_tries(moves: list[Move], fraction: float) -> None:
    assert play(Rules(Behaviour.INTERACTIVE, hint_count=3), *moves)[-1].fraction == pytest.approx(fraction)


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ([RIGHT], [1]),
        ([WRONG, RIGHT], [0, 0.9]),
        ([WRONG, WRONG, RIGHT], [0, 0, 0.8]),
        ([HALF, WRONG, RIGHT], [0.5, 0.5, 0.8]),
        ([HALF, HALF, HALF], [0.5, 0.5, 0.5]),
        ([WRONG] * 12 + [RIGHT], [0] * 13),
    ],
)
def test_adaptive_keeps_the_best_and_takes_off_for_earlier_tries(grades: list[Grade], expected: list[float]) -> None:
    assert fractions(Rules(Behaviour.ADAPTIVE, penalty=0.1), *grades) == expected


def test_adaptive_goes_on_until_the_answer_is_right() -> None:
    outcomes = play(Rules(Behaviour.ADAPTIVE), answer(WRONG), answer(HALF), answer(RIGHT))
    assert [outcome.finished for outcome in outcomes] == [False, False, True]
    assert [outcome.counted for outcome in outcomes] == [True, True, True]


@pytest.mark.parametrize("grade", [RIGHT, WRONG, HALF])
def test_immediate_has_one_try(grade: Grade) -> None:
    (outcome,) = play(Rules(Behaviour.IMMEDIATE), answer(grade))
    assert (outcome.fraction, outcome.finished, outcome.reveal_key, outcome.counted) == (
        grade.fraction,
        True,
        True,
        True,
    )


@pytest.mark.parametrize("behaviour", [Behaviour.DEFERRED, Behaviour.EXAM])
def test_deferred_answers_may_change_and_count_at_the_end(behaviour: Behaviour) -> None:
    rules = Rules(behaviour)
    outcomes = play(rules, answer(RIGHT, "a"), answer(WRONG, "b"), answer(HALF, "c"))
    assert [outcome.fraction for outcome in outcomes] == [1, 0, 0.5]
    assert not any(outcome.counted or outcome.reveal_key or outcome.finished for outcome in outcomes)
    closed = close(rules, outcomes[-1].state)
    assert (closed.fraction, closed.counted, closed.reveal_key, closed.finished) == (0.5, True, True, True)
    assert not close(rules, closed.state).counted
    assert step(rules, outcomes[-1].state, Move(AttemptAction.CLOSE)) == closed


def test_closing_counts_nothing_that_was_not_answered_or_was_counted_before() -> None:
    assert not close(Rules(Behaviour.EXAM), ShownState()).counted
    (tried,) = play(Rules(Behaviour.ADAPTIVE), answer(WRONG))
    assert not close(Rules(Behaviour.ADAPTIVE), tried.state).counted


@pytest.mark.parametrize(("certainty", "right", "wrong", "half"), [(1, 1, 0, 0.5), (2, 2, -2, 0), (3, 3, -6, -1.5)])
def test_certainty_marks(certainty: int, right: float, wrong: float, half: float) -> None:
    marks = [
        play(Rules(Behaviour.CERTAINTY), answer(grade, certainty=certainty))[0].mark for grade in (RIGHT, WRONG, HALF)
    ]
    assert marks == [right, wrong, half]


@pytest.mark.parametrize(("probability", "best"), [(0, 1), (0.66, 1), (0.67, 2), (0.79, 2), (0.81, 3), (1, 3)])
def test_the_best_certainty_to_state_is_the_honest_one(probability: float, best: int) -> None:
    assert max(CERTAINTY_MARKS, key=lambda certainty: certainty_mark(probability, certainty)) == best


@pytest.mark.parametrize(("probability", "lower", "higher"), [(2 / 3, 1, 2), (0.8, 2, 3)])
def test_certainties_break_even(probability: float, lower: int, higher: int) -> None:
    assert certainty_mark(probability, lower) == pytest.approx(certainty_mark(probability, higher))


@pytest.mark.parametrize("certainty", [None, 0, 4])
def test_certainty_must_be_stated(certainty: int | None) -> None:
    (outcome,) = play(Rules(Behaviour.CERTAINTY), answer(RIGHT, certainty=certainty))
    assert outcome.state == ShownState()
    assert outcome.message


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_an_invalid_answer_uses_up_nothing(behaviour: Behaviour) -> None:
    (outcome,) = play(Rules(behaviour), answer(UNREADABLE, "x", 3))
    assert outcome == Outcome(ShownState(), mark=0, message="Write a number.")


@pytest.mark.parametrize("behaviour", list(Behaviour))
@pytest.mark.parametrize("grade", [RIGHT, WRONG, HALF, WAITING])
def test_the_same_response_again_changes_nothing(behaviour: Behaviour, grade: Grade) -> None:
    first, second = play(Rules(behaviour, hint_count=2), answer(grade, "same", 2), answer(grade, "same", 2))
    assert second.state == first.state
    assert second.mark == first.mark
    assert second.reveal_key == first.reveal_key
    assert not second.counted
    assert not second.message


def test_a_finished_question_takes_no_other_answer() -> None:
    first, second = play(Rules(Behaviour.IMMEDIATE), answer(WRONG, "a"), answer(RIGHT, "b"))
    assert second.state == first.state
    assert second.message == "This question is finished."


@pytest.mark.parametrize("behaviour", [Behaviour.IMMEDIATE, Behaviour.ADAPTIVE, Behaviour.INTERACTIVE])
def test_hints_are_recorded_and_limited(behaviour: Behaviour) -> None:
    outcomes = play(Rules(behaviour, hint_count=2), HINT, HINT, HINT)
    assert [outcome.state.hints for outcome in outcomes] == [1, 2, 2]
    assert outcomes[-1].state.hints_before_answer == 2
    assert outcomes[-1].message == "There are no more hints."


def test_hints_after_the_first_answer_are_told_apart() -> None:
    state = play(Rules(Behaviour.ADAPTIVE, hint_count=2), HINT, answer(WRONG), HINT)[-1].state
    assert (state.hints, state.hints_before_answer) == (2, 1)


@pytest.mark.parametrize("behaviour", [Behaviour.DEFERRED, Behaviour.EXAM, Behaviour.CERTAINTY])
def test_other_behaviours_have_no_hints(behaviour: Behaviour) -> None:
    (outcome,) = play(Rules(behaviour, hint_count=2), HINT)
    assert outcome.state == ShownState()
    assert outcome.message


@pytest.mark.parametrize("action", [AttemptAction.TOO_EASY, AttemptAction.NOT_NOW])
def test_a_question_put_aside_unanswered_keeps_its_key(action: AttemptAction) -> None:
    (outcome,) = play(Rules(Behaviour.ADAPTIVE), Move(action))
    assert (outcome.finished, outcome.counted, outcome.reveal_key) == (True, False, False)


def test_giving_up_after_a_try_shows_the_key_and_keeps_the_fraction() -> None:
    outcome = play(Rules(Behaviour.ADAPTIVE), answer(HALF), NOT_NOW)[-1]
    assert (outcome.finished, outcome.fraction, outcome.reveal_key) == (True, 0.5, True)


def test_exam_questions_cannot_be_put_aside() -> None:
    (outcome,) = play(Rules(Behaviour.EXAM), NOT_NOW)
    assert not outcome.finished
    assert outcome.message


@pytest.mark.parametrize(
    "behaviour", [Behaviour.IMMEDIATE, Behaviour.ADAPTIVE, Behaviour.INTERACTIVE, Behaviour.CERTAINTY]
)
def test_what_a_teacher_grades_ends_the_question_and_does_not_count_yet(behaviour: Behaviour) -> None:
    (outcome,) = play(Rules(behaviour, hint_count=2), answer(WAITING, certainty=3))
    assert (outcome.finished, outcome.state.pending, outcome.counted, outcome.mark) == (True, True, False, 0)


def test_a_pending_answer_of_an_exam_does_not_count_when_it_ends() -> None:
    (outcome,) = play(Rules(Behaviour.EXAM), answer(WAITING))
    assert not close(Rules(Behaviour.EXAM), outcome.state).counted


def test_an_answer_needs_its_grade() -> None:
    with pytest.raises(ValueError, match="grade"):
        step(Rules(Behaviour.IMMEDIATE), ShownState(), Move(AttemptAction.ANSWER))


def test_a_state_survives_storage() -> None:
    state = play(Rules(Behaviour.ADAPTIVE, hint_count=1), HINT, answer(HALF, "a"))[-1].state
    assert ShownState.model_validate(state.model_dump(mode="json", exclude_defaults=True)) == state


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (Response(choices=("a", "b")), Response(choices=("b", "a")), True),
        (Response(order=("a", "b")), Response(order=("b", "a")), False),
        (Response(pairs={"a": "x", "b": "y"}), Response(pairs={"b": "y", "a": "x"}), True),
        (Response(text=" a "), Response(text="a"), True),
        (Response(text="a"), Response(text="A"), False),
        (Response(choice="a"), Response(text="a"), False),
        (Response(points=((0.1, -0.0),)), Response(points=((0.1, 0),)), True),
        (Response(rating=Rating.GOOD), Response(rating=Rating.EASY), False),
    ],
)
def test_fingerprints(first: Response, second: Response, *, same: bool) -> None:
    assert (fingerprint(first) == fingerprint(second)) is same


@given(
    rules=st.builds(Rules, behaviour=st.sampled_from(Behaviour), penalty=st.floats(0, 1), hint_count=st.integers(0, 4)),
    moves=st.lists(MOVES, max_size=8),
)
def test_any_play_stays_within_bounds(rules: Rules, moves: list[Move]) -> None:
    before = ShownState()
    for move, outcome in zip(moves, play(rules, *moves), strict=True):
        after = outcome.state
        assert 0 <= outcome.fraction <= 1
        assert -6 <= outcome.mark <= 3
        assert after.finished or not outcome.reveal_key
        assert after.hints <= rules.hint_count
        assert after.tries - before.tries in {0, 1}
        assert not outcome.counted or after.tries > before.tries or move.action is AttemptAction.CLOSE
        assert not before.finished or after == before
        assert rules.behaviour is not Behaviour.ADAPTIVE or after.fraction >= before.fraction
        before = after
