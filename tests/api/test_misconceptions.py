from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.domain.misconceptions import WrongOption, folded, group_wrong_options
from app.domain.question_draft import Option
from app.utils.ids import new_id
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


def wrong(question: int, text: str, students: range, feedback: str = "") -> WrongOption:
    return WrongOption(QUESTIONS[question], text, feedback, frozenset(STUDENTS[number] for number in students))


QUESTIONS, STUDENTS = [new_id() for _ in range(4)], [new_id() for _ in range(9)]


def test_options_go_together_by_feedback_before_text() -> None:
    groups = group_wrong_options(
        [
            wrong(0, "6", range(3), "You added instead of multiplying."),
            wrong(1, "9", range(2, 6), "you added  instead of multiplying"),
            wrong(2, "Paris", range(2)),
            wrong(3, " paris.", range(1)),
            wrong(3, "6", range(9)),
        ]
    )
    assert [(group.by, group.students, len(group.options)) for group in groups] == [("feedback", 6, 2), ("text", 2, 2)]
    assert groups[0].draft_name == "you added  instead of multiplying"


def test_one_question_alone_shows_no_pattern() -> None:
    assert group_wrong_options([wrong(0, "6", range(3)), wrong(0, "6", range(5)), wrong(1, "", range(9))]) == []


@pytest.mark.parametrize(("text", "expected"), [(" A  b.\n", "a b"), ("", ""), ("...", "")])
def test_folded_text(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_teachers_see_what_students_got_wrong_alike(client: TestClient, session: Session) -> None:
    subject = make_subject(session)
    skill = make_skill(session, subject)
    for right in ("12", "20", "30"):
        draft = choice_draft(right, ("7",), options=_options(right))
        make_question(session, subject, draft, skills=[skill])
    for _ in range(2):
        student = Student(client, session, make_user(session))
        student.start(subject)
        for _ in range(3):
            student.answer(right=False)
    items = _drafts(client, session, subject.id)
    assert [(item["draft_name"], item["by"], item["questions"], item["students"]) for item in items] == [
        ("You added.", "feedback", 3, 2)
    ]
    assert {option["text"] for option in items[0]["options"]} == {"sum"}


def _options(right: str) -> tuple[Option, ...]:
    return (Option(id="a", html=right, weight=1.0), Option(id="w", html="<p>sum</p>", feedback="<p>You added.</p>"))


def _drafts(client: TestClient, session: Session, subject_id: object) -> list[dict[str, Any]]:
    headers = auth(client, make_user(session, role=Role.TEACHER))
    items: list[dict[str, Any]] = client.get(f"/api/v1/subjects/{subject_id}/misconceptions", headers=headers).json()[
        "items"
    ]
    return items
