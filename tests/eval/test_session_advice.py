"""How often advice comes to students who do not need it, and to those who do; fixed seeds."""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.random import Generator

from app.ai.personalization.difficulty_adapter.selection import FloatArray
from app.ai.personalization.difficulty_adapter.target import Target
from app.ai.personalization.simulation import (
    Fatigue,
    PracticeRun,
    SimulatedStudent,
    draw_student,
    draw_world,
    practise,
)
from app.ai.personalization.user_modeling.session_signs import SessionAnswer, find_slips, find_tiredness

ANSWERS = 45
SESSIONS = 240
HALF_A_MINUTE = 0.5
TIME_SPREAD = 0.6
QUICKER = -0.2
"""Change of the log time over a whole session of somebody who is fresh: practice makes quicker."""


@cache
def sessions(fatigue: Fatigue | None = None, slower: float = 0.0) -> list[list[SessionAnswer]]:
    """Sessions of students new to the model, of whom it knows nothing at the start."""
    rng = np.random.default_rng(11)
    found = []
    for number in range(SESSIONS):
        if number % 60 == 0:
            world = draw_world(600, 6, rng)
        student = draw_student(world, rng)
        student.fatigue = fatigue
        run = practise(world, student, Target(0.75), rng, answers=ANSWERS)
        found.append(timed(world.difficulty[run.questions], run, student, slower, rng))
    return found


def timed(
    difficulty: FloatArray, run: PracticeRun, student: SimulatedStudent, slower: float, rng: Generator
) -> list[SessionAnswer]:
    """Times are log-normal around the student's own speed; a tired student is `slower` (log) in the end."""
    speed = rng.normal(0.0, 0.4)
    most = 0.0 if student.fatigue is None else student.fatigue.most
    answers = []
    for number, (choice, score) in enumerate(zip(run.choices, run.scores, strict=True)):
        tired = 0.0 if student.fatigue is None else student.fatigue.loss(number) / most
        log_pace = speed + QUICKER * number / ANSWERS + slower * tired + TIME_SPREAD * rng.normal()
        pace, minute = float(np.exp(log_pace)), HALF_A_MINUTE * number
        answers.append(SessionAnswer(choice.predicted, float(difficulty[number]), score, pace, minute))
    return answers


def tired_share(found: list[list[SessionAnswer]]) -> float:
    return sum(find_tiredness(session) is not None for session in found) / len(found)


def test_fresh_students_are_seldom_called_tired() -> None:
    assert tired_share(sessions()) <= 0.05


def test_most_who_tire_are_told() -> None:
    assert tired_share(sessions(Fatigue(20, 0.15, 2.0), 0.4)) >= 0.5


def test_slips_are_seldom_seen_where_there_are_none() -> None:
    assert sum(bool(find_slips(session)) for session in sessions()) / SESSIONS <= 0.05


def test_many_who_slip_are_told() -> None:
    """A fifth of the answers to questions that should be solved is hurried, and half of those go wrong."""
    rng = np.random.default_rng(12)
    found = [[hurried(answer, rng) for answer in session] for session in sessions()]
    assert sum(bool(find_slips(session)) for session in found) / SESSIONS >= 0.35


def hurried(answer: SessionAnswer, rng: Generator) -> SessionAnswer:
    if answer.probability < 0.75 or answer.pace is None or rng.random() > 0.2:
        return answer
    return replace(answer, outcome=float(rng.random() < 0.5), pace=0.3 * answer.pace)
