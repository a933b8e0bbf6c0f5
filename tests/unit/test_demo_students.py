"""The simulated history of the demo: plausible, complete and repeatable."""

import itertools
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.domain.enums import QuestionType
from scripts.demo.bank import DemoBank, demo_bank
from scripts.demo.students import DAYS, DEMO_STUDENTS, SimulatedAnswer, Temperament, simulate_answers

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def bank() -> DemoBank:
    return demo_bank()


@pytest.fixture(scope="module")
def answers(bank: DemoBank) -> list[SimulatedAnswer]:
    return [*simulate_answers(bank, np.random.default_rng(11), NOW)]


def share_right(answers: list[SimulatedAnswer]) -> float:
    return sum(answer.response_right for answer in answers) / len(answers)


def by_student(answers: list[SimulatedAnswer]) -> dict[str, list[SimulatedAnswer]]:
    found = defaultdict(list)
    for answer in answers:
        found[answer.student].append(answer)
    return found


def test_there_are_thirty_students_with_different_names() -> None:
    assert len({student.key for student in DEMO_STUDENTS}) == len({student.name for student in DEMO_STUDENTS}) == 30


def test_same_seed_gives_the_same_history(bank: DemoBank, answers: list[SimulatedAnswer]) -> None:
    assert [*simulate_answers(bank, np.random.default_rng(11), NOW)] == answers


def test_history_has_the_size_of_three_weeks(answers: list[SimulatedAnswer]) -> None:
    histories = by_student(answers)
    assert len(histories) == 30
    assert 2900 <= len(answers) <= 4300
    assert all(20 <= len(history) <= 260 for history in histories.values())


def test_answers_come_in_order_of_time_within_the_three_weeks(answers: list[SimulatedAnswer]) -> None:
    moments = [answer.at for answer in answers]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=DAYS) <= moments[0]
    assert moments[-1] < NOW


def test_a_student_answers_one_question_at_a_time(answers: list[SimulatedAnswer]) -> None:
    for history in by_student(answers).values():
        for before, after in itertools.pairwise(history):
            assert after.at - before.at >= timedelta(seconds=after.seconds)


def test_only_questions_that_are_graded_at_once_are_answered(bank: DemoBank, answers: list[SimulatedAnswer]) -> None:
    ungraded = {QuestionType.ESSAY, QuestionType.DESCRIPTION}
    graded = {draft.external_id for draft in bank.drafts if draft.type not in ungraded}
    assert {answer.external_id for answer in answers} <= graded


def test_success_lies_near_the_target_of_practice(answers: list[SimulatedAnswer]) -> None:
    assert 0.6 <= share_right(answers) <= 0.8


def test_rushing_students_answer_fast_and_poorly(answers: list[SimulatedAnswer]) -> None:
    rushing = {student.key for student in DEMO_STUDENTS if student.temperament is Temperament.RUSHING}
    theirs = [answer for answer in answers if answer.student in rushing]
    others = [answer for answer in answers if answer.student not in rushing]
    assert sum(answer.seconds < 4 for answer in theirs) > 0.15 * len(theirs)
    assert sum(answer.seconds < 4 for answer in others) < 0.06 * len(others)
    assert share_right(theirs) < share_right(others)


def test_fading_students_stop_halfway(answers: list[SimulatedAnswer]) -> None:
    fading = {student.key for student in DEMO_STUDENTS if student.temperament is Temperament.FADING}
    last = max(answer.at for answer in answers if answer.student in fading)
    assert last < NOW - timedelta(days=DAYS // 2 - 1)


def test_every_skill_is_practised_and_prerequisites_come_first(bank: DemoBank, answers: list[SimulatedAnswer]) -> None:
    skill_of = {draft.external_id: draft.skills[0] for draft in bank.drafts}
    practised = {skill_of[answer.external_id] for answer in answers}
    assert practised == {skill.code for skill in bank.skills}
    for history in by_student(answers).values():
        seen: set[str] = set()
        for answer in history:
            skill = next(skill for skill in bank.skills if skill.code == skill_of[answer.external_id])
            assert seen.issuperset(skill.prerequisites)
            seen.add(skill.code)
