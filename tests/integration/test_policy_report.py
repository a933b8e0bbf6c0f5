"""What another policy would have earned, told from logged choices."""

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.ai.utils.evaluation import EvaluationError
from app.repositories.logged_choice_repository import LoggedChoice, LoggedChoiceRepository
from app.services.policy_report import policy_report
from app.utils.ids import new_id
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

SHARE, ELIGIBLE = 0.2, 10


def test_the_parts_of_a_mixed_policy_are_told_apart() -> None:
    """The adaptive rule always takes the one question that all solve; of the other nine a third is solved."""
    rng, choices = np.random.default_rng(4), []
    students = [new_id() for _ in range(60)]
    for _ in range(40):
        for student in students:
            position = 0 if rng.random() > SHARE else int(rng.integers(ELIGIBLE))
            propensity = SHARE / ELIGIBLE + (1 - SHARE) * (position == 0)
            solved = 1.0 if position == 0 else float(rng.random() < 1 / 3)
            choices.append(LoggedChoice(student, propensity, ELIGIBLE, SHARE, solved, 0.1 * solved))
    choices.sort(key=lambda choice: choice.user_id)
    report = policy_report(choices, resamples=100, seed=1)
    assert (report["choices"], report["students"]) == (2400, 60)
    assert report["adaptive"]["success"]["snips"]["value"] == pytest.approx(1.0)
    chance = report["chance"]["success"]["doubly_robust"]
    assert chance["low"] < 0.4 < chance["high"]
    gain = report["chance"]["mastery_gain"]["snips"]
    assert gain["low"] < 0.04 < gain["high"]


def test_practice_logs_what_the_report_needs(client: TestClient, session: Session) -> None:
    subject = make_subject(session)
    skill = make_skill(session, subject)
    for _ in range(6):
        make_question(session, subject, choice_draft(), skills=[skill])
    student = Student(client, session, make_user(session))
    student.start(subject)
    for _ in range(3):
        student.answer(right=True)
    choices = LoggedChoiceRepository(session).answered()
    assert [choice.outcome for choice in choices] == [1.0, 1.0, 1.0]
    assert all(1 <= choice.eligible <= 6 and choice.share == pytest.approx(0.1) for choice in choices)
    assert all(choice.propensity >= choice.share / choice.eligible for choice in choices)
    assert all(choice.gain > 0.0 for choice in choices)
    assert policy_report(choices, 20, 1)["as_logged"]["success"]["ips"]["value"] == pytest.approx(1.0)


def test_a_report_without_choices_is_refused() -> None:
    with pytest.raises(EvaluationError):
        policy_report([], 10, 1)
