import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.question_draft import QuestionDraft
from app.models import Assignment, Attempt, AttemptGrade, DailyActivity, ItemStatistic, LearnerStateRecord, Subject
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question, make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_questions(session, subject, 30, [make_skill(session, subject)])
    session.commit()
    return subject


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_start_shows_a_question_with_its_reason_and_without_its_key(student: Student, subject: Subject) -> None:
    practice = student.start(subject)
    shown = practice["current"]
    assert shown["reason"]["text"]
    assert 0 < shown["predicted"] < 1
    assert {"options", "stem"} <= shown["question"].keys()
    assert all(set(option) == {"id", "html"} for option in shown["question"]["options"])


def test_an_answer_returns_grade_mastery_and_the_next_question(student: Student, subject: Subject) -> None:
    first = student.start(subject)["current"]
    reply = student.answer(right=True)
    assert (reply["state"], reply["fraction"], reply["finished"]) == ("right", 1.0, True)
    assert reply["mastery"][0]["after"] > reply["mastery"][0]["before"]
    assert reply["next"]["question_id"] != first["question_id"]
    assert reply["session"]["answered"] == 1
    assert reply["answer_text"] == ["yes"]


def test_a_wrong_answer_lowers_mastery(student: Student, subject: Subject) -> None:
    student.start(subject)
    change = student.answer(right=False)["mastery"][0]
    assert change["after"] < change["before"]


def test_a_resend_gets_the_same_reply_and_counts_once(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject)
    body = {
        "assignment_id": student.shown["assignment_id"],
        "response": student.response(right=True),
        "client_key": "only-once-please",
    }
    replies = [student.send_answer(body) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 201]
    assert replies[0].json() == replies[1].json() == replies[2].json()
    assert count(session, Attempt) == count(session, AttemptGrade) == 1
    assert session.scalar(select(LearnerStateRecord.answers)) == 1
    assert session.scalar(select(ItemStatistic.answers)) == 1
    assert session.scalar(select(DailyActivity.answers)) == 1


def test_a_finished_question_takes_no_second_answer(student: Student, subject: Subject) -> None:
    shown = student.start(subject)["current"]
    wrong = student.response(right=False)
    student.answer(right=True)
    late = student.send_answer({"assignment_id": shown["assignment_id"], "response": wrong})
    assert (late.status_code, late.json()["code"]) == (409, "question_finished")


@pytest.mark.parametrize("response", [{}, {"choice": "foreign"}, {"text": "yes"}])
def test_an_unreadable_answer_is_refused_and_uses_up_no_try(
    student: Student, subject: Subject, session: Session, response: dict[str, str]
) -> None:
    student.start(subject)
    refused = student.send_answer({"response": response})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_response")
    assert count(session, Attempt) == 0
    assert student.answer(right=True)["tries"] == 1


def test_a_session_ends_at_its_length_and_can_be_looked_at(student: Student, subject: Subject) -> None:
    practice = student.start(subject, length=3)
    replies = [student.answer(right=right) for right in (True, False, True)]
    assert replies[-1]["next"] is None
    assert replies[-1]["session"]["status"] == "finished"
    summary = student.get(f"/api/v1/practice-sessions/{practice['id']}/summary").json()
    assert [question["state"] for question in summary["questions"]] == ["right", "wrong", "right"]
    assert summary["skills"][0]["answered"] == 3


def test_the_summary_waits_for_the_end(student: Student, subject: Subject) -> None:
    practice = student.start(subject)
    assert student.get(f"/api/v1/practice-sessions/{practice['id']}/summary").status_code == 409


def test_a_session_resumes_where_it_stopped(student: Student, subject: Subject) -> None:
    practice = student.start(subject)
    following = student.answer()["next"]
    path = f"/api/v1/practice-sessions/{practice['id']}"
    assert student.post(f"{path}/pause").json()["status"] == "paused"
    refused = student.send_answer({"response": student.response(right=True)})
    assert (refused.status_code, refused.json()["code"]) == (409, "session_not_active")
    assert student.post(f"{path}/resume").json()["current"] == following
    assert student.get(path).json()["current"] == following


def test_no_question_comes_twice_while_others_are_left(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject, length=15)
    for _ in range(15):
        student.answer()
    assert session.scalar(select(func.count(Assignment.question_id.distinct()))) == 15


def test_too_easy_raises_ability_and_not_now_does_not(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject)
    assert student.step("skips", {"reason": "not_now"}).status_code == 201
    assert session.scalar(select(LearnerStateRecord.mean)) == 0.0
    student.shown = student.get(f"/api/v1/practice-sessions/{student.practice['id']}").json()["current"]
    assert student.step("skips", {"reason": "too_easy"}).status_code == 201
    session.expire_all()
    assert session.scalar(select(LearnerStateRecord.mean)) > 0.0
    assert count(session, ItemStatistic) == 0


def test_who_does_not_know_is_told_and_it_counts_as_wrong(student: Student, subject: Subject, session: Session) -> None:
    practice = student.start(subject, length=1)
    reply = student.step("skips", {"reason": "dont_know"}).json()
    assert (reply["state"], reply["finished"], reply["answer_text"], reply["tries"]) == (None, True, ["yes"], 1)
    assert reply["mastery"][0]["after"] < reply["mastery"][0]["before"]
    assert (reply["review"]["rating"], reply["session"]["answered"]) == ("again", 1)
    summary = student.get(f"/api/v1/practice-sessions/{practice['id']}/summary").json()
    assert [(question["response"], question["answer_text"]) for question in summary["questions"]] == [(None, ["yes"])]
    assert session.scalar(select(ItemStatistic.answers)) == 1


def test_hints_come_one_by_one_and_make_success_count_less(
    client: TestClient, session: Session, student: Student
) -> None:
    subject = make_subject(session)
    draft: QuestionDraft = choice_draft(hints=("Look closer.", "It begins with y."))
    make_question(session, subject, draft)
    make_question(session, subject)
    session.commit()
    student.start(subject, mode="fixed", question_ids=[str(question) for question in _questions(session, draft)])
    first = student.step("hints", {}).json()
    assert (first["hint"], first["finished"], first["answer"]) == ("Look closer.", False, None)
    assert student.step("hints", {}).json()["hint"] == "It begins with y."
    assert student.step("hints", {}).status_code == 409
    student.answer(right=True)
    evidence = session.scalar(select(Attempt.evidence).where(Attempt.action == "answer"))
    assert evidence == pytest.approx(1 / 3)


def _questions(session: Session, draft: QuestionDraft) -> list[object]:
    from app.models import Question

    return list(session.scalars(select(Question.id).where(Question.stem_text == draft.stem)))


def test_interactive_gives_the_penalty_ladder(client: TestClient, session: Session, student: Student) -> None:
    subject = make_subject(session)
    make_question(session, subject, choice_draft("yes", ("no", "perhaps", "never"), hints=("One", "Two")))
    session.commit()
    student.start(subject, behaviour="interactive")
    wrong = [option["id"] for option in student.shown["question"]["options"]]
    right = student.response(right=True)["choice"]
    wrong.remove(right)
    first = student.send_answer({"response": {"choice": wrong[0]}}).json()
    assert (first["state"], first["finished"], first["hint"], first["answer"]) == ("wrong", False, "One", None)
    second = student.send_answer({"response": {"choice": wrong[1]}}).json()
    assert second["hint"] == "Two"
    third = student.send_answer({"response": {"choice": right}}).json()
    assert third["finished"]
    assert third["fraction"] == pytest.approx(1 / 3)


def test_deferred_tells_nothing_before_the_end_and_counts_the_last_answer(
    student: Student, subject: Subject, session: Session
) -> None:
    practice = student.start(subject, behaviour="deferred", length=2)
    first = student.shown
    reply = student.answer(right=False)
    assert (reply["state"], reply["answer"], reply["mastery"], reply["session"]["score"]) == (None, None, [], None)
    assert session.scalar(select(LearnerStateRecord.answers)) == 0
    student.answer(right=True)
    student.shown = first
    assert student.send_answer({"response": student.response(right=True)}).json()["next"] is None
    finished = student.post(f"/api/v1/practice-sessions/{practice['id']}/finish").json()
    assert (finished["status"], finished["answered"], finished["score"]) == ("finished", 2, 2.0)
    session.expire_all()
    assert session.scalar(select(LearnerStateRecord.answers)) == 2


def test_mistakes_mode_brings_back_what_went_wrong(student: Student, subject: Subject) -> None:
    student.start(subject, length=2)
    wrong = student.shown["question_id"]
    student.answer(right=False)
    student.answer(right=True)
    practice = student.start(subject, mode="mistakes")
    assert practice["current"]["question_id"] == wrong
    assert practice["current"]["kind"] == "mistakes"
    assert student.answer(right=True)["session"]["status"] == "finished"
    nothing = student.post("/api/v1/practice-sessions", {"subject_id": str(subject.id), "mode": "mistakes"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_practise")


def test_another_student_sees_nothing_of_a_session(
    client: TestClient, session: Session, student: Student, subject: Subject
) -> None:
    practice = student.start(subject)
    stranger = Student(client, session, make_user(session))
    session.commit()
    stranger.start(subject)
    stranger.practice = practice
    assert stranger.get(f"/api/v1/practice-sessions/{practice['id']}").status_code == 404
    assert stranger.send_answer({"response": {"choice": "a"}}).status_code == 404


def test_progress_shows_skills_with_uncertainty(student: Student, subject: Subject) -> None:
    student.start(subject)
    for _ in range(5):
        student.answer(right=True)
    progress = student.get(f"/api/v1/progress?subject_id={subject.id}").json()
    assert progress["answers"] == 5
    assert progress["ability"] > 0
    skill = progress["skills"][0]
    assert skill["level_low"] < skill["level"] < skill["level_high"]


def test_starting_twice_with_one_key_opens_one_session(student: Student, subject: Subject) -> None:
    body = {"subject_id": str(subject.id)}
    headers = student.headers | {"Idempotency-Key": "start-me-once"}
    replies = [student.client.post("/api/v1/practice-sessions", json=body, headers=headers) for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    other = student.client.post("/api/v1/practice-sessions", json=body | {"length": 5}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_a_reply_is_packed_for_who_can_unpack_it(student: Student, subject: Subject) -> None:
    student.start(subject)
    packed = student.send_answer({"response": student.response(right=True), "client_key": "packed-once"})
    assert packed.headers["content-encoding"] == "gzip"
    student.client.headers["accept-encoding"] = "identity"
    plain = student.send_answer({"response": student.response(right=True), "client_key": "packed-once"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    assert int(packed.headers["content-length"]) < len(plain.content)
