"""How a shown question reacts to answers: a pure state machine, one step for each appended action."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from app.domain.enums import AttemptAction, Behaviour, GradeState
from app.domain.grading.result import Grade
from app.domain.question_draft import Value
from app.domain.responses import Response

Count = Annotated[int, Field(ge=0)]

# Marks for right and wrong by certainty (Gardner-Medwin 1995): honesty pays, for the best certainty to state is 2
# from a probability of 2/3 and 3 from 0.8.
CERTAINTY_MARKS: Final[Mapping[int, tuple[float, float]]] = {1: (1, 0), 2: (2, -2), 3: (3, -6)}

GRADED_AT_THE_END: Final = frozenset({Behaviour.DEFERRED, Behaviour.EXAM})

_WITH_HINTS = frozenset({Behaviour.IMMEDIATE, Behaviour.ADAPTIVE, Behaviour.INTERACTIVE})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a shown question plays by. ``penalty`` is the fraction that each used try costs.

    ``is_card`` questions are turned by the student, who then says how well they knew the back.
    """

    behaviour: Behaviour
    penalty: float = 1 / 3
    hint_count: int = 0
    is_card: bool = False


class ShownState(Value):
    """``fraction`` is what the question is worth so far; ``hints`` how many of them the student has asked for.

    ``pending`` means that a teacher has yet to grade the answer, ``turned`` that the back of a card was shown.
    """

    tries: Count = 0
    fraction: Annotated[float, Field(ge=0, le=1)] = 0.0
    hints: Count = 0
    hints_before_answer: Count = 0
    certainty: int | None = None
    fingerprint: str = ""
    pending: bool = False
    turned: bool = False
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """An action; an answer comes with its grade and the `fingerprint` of its response."""

    action: AttemptAction
    grade: Grade | None = None
    fingerprint: str = ""
    certainty: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after a step. ``counted`` answers change what is known about the student.

    ``mark`` is a multiple of the question's points: the fraction, or -6 to 3 with certainty. ``message`` says why
    nothing happened, for the student.
    """

    state: ShownState
    mark: float
    counted: bool = False
    reveal_key: bool = False
    message: str = ""

    @property
    def fraction(self) -> float:
        return self.state.fraction

    @property
    def finished(self) -> bool:
        return self.state.finished


def step(rules: Rules, state: ShownState, move: Move) -> Outcome:
    """Apply one action. What is invalid, not allowed or the same as before changes nothing and uses up no try.

    Raises:
        ValueError: For an answer without its grade.
    """
    if state.finished:
        is_repeated = move.action is AttemptAction.ANSWER and _is_repeated(state, move)
        return _unchanged(rules, state, "" if is_repeated else "This question is finished.")
    if move.action is AttemptAction.ANSWER:
        return _answer(rules, state, move)
    move_on = _WITHOUT_ANSWER.get(move.action)
    return _unchanged(rules, state, "Only a teacher grades an answer.") if move_on is None else move_on(rules, state)


def close(rules: Rules, state: ShownState) -> Outcome:
    """End a question with its session; deferred and exam answers count only now, and the key may be shown."""
    counted = rules.behaviour in GRADED_AT_THE_END and state.tries > 0 and not (state.finished or state.pending)
    state = state.model_copy(update={"finished": True})
    return Outcome(state, _mark(rules, state), counted=counted, reveal_key=True)


def settle(rules: Rules, state: ShownState, fraction: float) -> Outcome:
    """A teacher has graded the answer; now it counts."""
    state = state.model_copy(update={"pending": False, "fraction": fraction})
    return Outcome(state, _mark(rules, state), counted=True, reveal_key=state.finished)


def hints_shown(behaviour: Behaviour, hint_count: int, state: ShownState) -> int:
    """How many hints the student sees: those asked for and, in interactive questions, one for each failed try."""
    unlocked = state.tries if behaviour is Behaviour.INTERACTIVE and not state.finished else 0
    return min(hint_count, max(state.hints, unlocked))


def tries_left(rules: Rules, state: ShownState) -> int | None:
    """None where there is no limit."""
    if state.finished:
        return 0
    if rules.behaviour is Behaviour.INTERACTIVE:
        return rules.hint_count + 1 - state.tries
    return 1 if rules.behaviour in {Behaviour.IMMEDIATE, Behaviour.CERTAINTY} else None


def certainty_mark(fraction: float, certainty: int) -> float:
    """Between the marks for wrong and right in proportion to the fraction."""
    right, wrong = CERTAINTY_MARKS[certainty]
    return wrong + fraction * (right - wrong)


def fingerprint(response: Response) -> str:
    """Equal for equal responses; the order of chosen options and spaces around a text do not matter.

    A response has the same one after it was stored, where a zero has no sign.
    """
    members = response.model_dump(mode="json", exclude_none=True)
    if response.choices is not None:
        members["choices"] = sorted(response.choices)
    if response.text is not None:
        members["text"] = response.text.strip()
    if response.points is not None:
        members["points"] = [[x + 0.0, y + 0.0] for x, y in response.points]
    return hashlib.sha256(json.dumps(members, sort_keys=True).encode()).hexdigest()


def _answer(rules: Rules, state: ShownState, move: Move) -> Outcome:
    if move.grade is None:
        raise ValueError("An answer is stepped with its grade.")
    if move.grade.is_invalid:
        return _unchanged(rules, state, move.grade.message)
    if _is_repeated(state, move):
        return _unchanged(rules, state)
    if rules.behaviour is Behaviour.CERTAINTY and move.certainty not in CERTAINTY_MARKS:
        return _unchanged(rules, state, "Say how sure you are.")
    state = _answered(rules, state, move, move.grade)
    counted = rules.behaviour not in GRADED_AT_THE_END and not state.pending
    return Outcome(state, _mark(rules, state), counted=counted, reveal_key=state.finished)


def _answered(rules: Rules, state: ShownState, move: Move, grade: Grade) -> ShownState:
    tries = state.tries + 1
    return state.model_copy(
        update={
            "tries": tries,
            "fraction": _fraction(rules, state, grade.fraction),
            "certainty": move.certainty,
            "fingerprint": move.fingerprint,
            "pending": grade.state is GradeState.NEEDS_GRADING,
            "finished": _is_over(rules, tries, grade.state),
        }
    )


def _fraction(rules: Rules, state: ShownState, raw: float) -> float:
    """A hint asked for ahead of a failed try costs as much as that try."""
    if rules.behaviour is Behaviour.ADAPTIVE:
        return max(state.fraction, raw - rules.penalty * state.tries)
    if rules.behaviour is Behaviour.INTERACTIVE:
        return max(0.0, raw - rules.penalty * max(state.tries, state.hints))
    return raw


def _is_over(rules: Rules, tries: int, result: GradeState) -> bool:
    if rules.behaviour in GRADED_AT_THE_END:
        return False
    if result in {GradeState.RIGHT, GradeState.NEEDS_GRADING}:
        return True
    if rules.behaviour is Behaviour.INTERACTIVE:
        return tries > rules.hint_count
    return rules.behaviour is not Behaviour.ADAPTIVE


def _hint(rules: Rules, state: ShownState) -> Outcome:
    if rules.behaviour not in _WITH_HINTS:
        return _unchanged(rules, state, "There are no hints here.")
    if state.hints >= rules.hint_count:
        return _unchanged(rules, state, "There are no more hints.")
    hints = state.hints + 1
    before = state.hints_before_answer if state.tries else hints
    state = state.model_copy(update={"hints": hints, "hints_before_answer": before})
    return Outcome(state, _mark(rules, state))


def _turn(rules: Rules, state: ShownState) -> Outcome:
    if not rules.is_card:
        return _unchanged(rules, state, "Only flashcards can be turned.")
    if rules.behaviour is Behaviour.EXAM:
        return _unchanged(rules, state, "Cards are not turned in an exam.")
    state = state.model_copy(update={"turned": True})
    return Outcome(state, _mark(rules, state))


def _put_aside(rules: Rules, state: ShownState) -> Outcome:
    """The key stays hidden if there was no try, for the question may come again."""
    if rules.behaviour in GRADED_AT_THE_END:
        return _unchanged(rules, state, "Leave the question open instead.")
    state = state.model_copy(update={"finished": True})
    return Outcome(state, _mark(rules, state), reveal_key=state.tries > 0)


def _give_up(rules: Rules, state: ShownState) -> Outcome:
    """As a wrong answer; what an earlier try earned stays where tries add up."""
    is_put_off = rules.behaviour in GRADED_AT_THE_END
    fraction = state.fraction if rules.behaviour is Behaviour.ADAPTIVE else 0.0
    changes = {"tries": state.tries + 1, "fraction": fraction, "fingerprint": "", "pending": False}
    after = state.model_copy(update={**changes, "certainty": None, "finished": not is_put_off})
    return Outcome(after, _mark(rules, after), counted=not is_put_off, reveal_key=not is_put_off)


def _unchanged(rules: Rules, state: ShownState, message: str = "") -> Outcome:
    reveal_key = state.finished and state.tries > 0
    return Outcome(state, _mark(rules, state), reveal_key=reveal_key, message=message)


def _is_repeated(state: ShownState, move: Move) -> bool:
    return bool(move.fingerprint) and move.fingerprint == state.fingerprint


def _mark(rules: Rules, state: ShownState) -> float:
    if rules.behaviour is Behaviour.CERTAINTY and state.certainty is not None and not state.pending:
        return certainty_mark(state.fraction, state.certainty)
    return state.fraction


_WITHOUT_ANSWER: Final[Mapping[AttemptAction, Callable[[Rules, ShownState], Outcome]]] = {
    AttemptAction.HINT: _hint,
    AttemptAction.REVEAL: _turn,
    AttemptAction.TOO_EASY: _put_aside,
    AttemptAction.NOT_NOW: _put_aside,
    AttemptAction.KNOWN: _put_aside,
    AttemptAction.DONT_KNOW: _give_up,
    AttemptAction.CLOSE: close,
}
