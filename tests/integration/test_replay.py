"""Every derived table equals what the log of attempts says, whatever a student did."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.ai.personalization.review_fit import MemoryFit
from app.core.config import PracticeSettings
from app.core.errors import AppError
from app.core.security import AccessClaims
from app.domain.enums import (
    AttemptAction,
    Behaviour,
    MasteryRuleName,
    MasteryState,
    PracticeMode,
    QuestionType,
    ReviewFitOutcome,
    Role,
)
from app.domain.grading import correct_response
from app.domain.permissions import Actor
from app.domain.question_draft import QuestionDraft
from app.domain.responses import Response
from app.models import (
    Assignment,
    Attempt,
    DailyActivity,
    ItemStatistic,
    LearnerItemState,
    LearnerSkillState,
    LearnerStateRecord,
    ModelVersion,
    Question,
    Skill,
    Subject,
    question_skills,
)
from app.repositories.item_repository import ItemRepository
from app.repositories.pool_repository import PoolRepository
from app.schemas.essay import EssayCorrectionCreate, EssayGradeCreate
from app.schemas.practice import AnswerCreate, SessionCreate, SkipCreate, StepCreate
from app.services.essay_service import EssayService
from app.services.learner_replay import replay_learner
from app.services.practice_pool import PoolCache
from app.services.practice_service import PracticeService
from app.services.question_cache import QuestionCache
from app.services.review_memory_service import ReviewMemoryService
from app.utils.ids import new_id
from tests.factories.derived_tables import TABLES, drift, replay_all, snapshot
from tests.factories.questions import choice_draft, make_question
from tests.factories.review_logs import FORGETFUL, with_values
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

START = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
ESSAY = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?", difficulty=-0.5)


class Classroom:
    """A student at a subject of few questions, who works through the service as a request does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.subject = make_subject(session)
        self.skills = [make_skill(session, self.subject) for _ in range(3)]
        make_question(session, self.subject, ESSAY, skills=self.skills[:2])
        for number in range(12):
            draft = choice_draft("yes", ("no", "perhaps"), hints=("Look.", "Look again."), difficulty=number / 4 - 1.5)
            make_question(session, self.subject, draft, skills=self.skills[number % 3 : number % 3 + 1 + number % 2])
        user = make_user(session)
        self.claims = AccessClaims(user.id, Role.STUDENT, user.token_version, new_id())
        pools = PoolCache(PoolRepository(session).read, refresh_s=0)
        self.questions = QuestionCache()
        self.practice = PracticeService(session, pools, self.questions, PracticeSettings())
        self.essays = EssayService(session, self.questions, self.practice.steps)
        self.teacher = Actor(make_user(session, role=Role.TEACHER).id, Role.TEACHER, new_id())
        self.now = START
        self.open: list[UUID] = []

    def start(self, behaviour: Behaviour, skills: Sequence[Skill] = ()) -> None:
        skill_ids = [skill.id for skill in skills]
        mode = PracticeMode.PLACEMENT if behaviour is Behaviour.EXAM else PracticeMode.ADAPTIVE
        wish = SessionCreate(subject_id=self.subject.id, mode=mode, behaviour=behaviour, skill_ids=skill_ids)
        self.open.append(self.practice.start(self.claims, wish, None, self.now).id)

    def ask(self, question_ids: Sequence[UUID]) -> None:
        """A session on these questions alone."""
        wish = SessionCreate(subject_id=self.subject.id, mode=PracticeMode.FIXED, question_ids=list(question_ids))
        self.open.insert(0, self.practice.start(self.claims, wish, None, self.now).id)

    def finish(self, choice: int) -> None:
        session_id = self.open.pop(choice % len(self.open))
        self.practice.finish(self.claims, session_id, self.now)

    def step(self, action: str, choice: int) -> None:
        """One step on a shown question of an open session; what the rules refuse leaves no trace."""
        session_id = self.open[choice % len(self.open)]
        shown = self._shown(session_id, choice)
        moves: Mapping[str, Callable[[], object]] = {
            "right": lambda: self._answer(session_id, shown, right=True),
            "wrong": lambda: self._answer(session_id, shown, right=False),
            "hint": lambda: self.practice.steps.hint(self.claims, session_id, _body(shown), self.now),
            "too_easy": lambda: self._skip(session_id, shown, "too_easy"),
            "not_now": lambda: self._skip(session_id, shown, "not_now"),
            "known": lambda: self._skip(session_id, shown, "known"),
            "dont_know": lambda: self._skip(session_id, shown, "dont_know"),
        }
        try:
            with self.session.begin_nested():
                moves[action]()
        except AppError:
            return

    def publish_model(self, intercept: float) -> None:
        """A new model version: everything that is asked or answered from now on goes by it."""
        self.session.execute(update(ModelVersion).values(is_live=False))
        parameters = {
            "population": {
                "intercept": intercept,
                "user_mean": intercept / 2,
                "user_variance": 1.5,
                "skill_shrink_per_day": 0.01,
            },
            "skill_offsets": {str(self.skills[0].id): 0.4, str(self.skills[1].id): -0.3},
        }
        number = 1 + (self.session.scalar(select(ModelVersion.number).order_by(ModelVersion.number.desc())) or 0)
        model = ModelVersion(number=number, kind="test", parameters=parameters, is_live=True, created_at=self.now)
        self.session.add(model)
        self.session.flush()
        self._changed()

    def judge_by(self, choice: int) -> None:
        """A teacher picks another rule of mastery."""
        rules = list(MasteryRuleName)
        chosen = rules[choice % len(rules)].value
        self.session.execute(update(Subject).where(Subject.id == self.subject.id).values(mastery_rule=chosen))
        self._changed()

    def grade(self, choice: int) -> None:
        """A teacher grades whatever waits."""
        for essay in self.essays.page(self.teacher, None, None, 5).items:
            body = EssayGradeCreate(fraction=choice / 11)
            self.essays.grade(self.teacher, essay.id, body, self.now)

    def correct(self, choice: int) -> None:
        """A teacher grades again what was graded last."""
        for essay in self.essays.graded_page(self.teacher, None, None, 1 + choice % 2).items:
            body = EssayCorrectionCreate(fraction=choice / 11, corrects=essay.grade.number, correction="Read again.")
            self.essays.correct(self.teacher, essay.id, body, self.now)

    def refit(self, choice: int) -> None:
        """The student's forgetting curve is fitted, or the standard one holds again."""
        memories = ReviewMemoryService(self.session)
        task = memories.prepare(self.claims.user_id)
        if task is None:
            return
        own = FORGETFUL if choice % 2 else with_values({2: 1.0 + choice, 20: 0.2})
        fit = MemoryFit(ReviewFitOutcome.OWN, own, 200, 40, 0.4, 0.5, 0.5)
        if choice % 4 == 0:
            fit = MemoryFit(ReviewFitOutcome.STANDARD, None, 200, 40, 0.6, 0.5, 0.4)
        assert memories.keep(task, fit, self.now)

    def calibrate(self) -> None:
        ItemRepository(self.session).calibrate()

    def retag(self, choice: int) -> None:
        """A teacher gives all questions of one skill another one as well, or takes it away again."""
        skill, other = self.skills[choice % 3], self.skills[(choice + 1) % 3]
        table = question_skills
        chosen = self.session.scalars(select(table.c.question_id).where(table.c.skill_id == skill.id)).all()
        self.session.execute(table.delete().where(table.c.skill_id == other.id, table.c.question_id.in_(chosen)))
        if choice % 2 == 0:
            self.session.execute(table.insert(), [{"question_id": each, "skill_id": other.id} for each in chosen])
        self._changed()

    def _changed(self) -> None:
        grown = Subject.content_revision + 1
        self.session.execute(update(Subject).where(Subject.id == self.subject.id).values(content_revision=grown))

    def _shown(self, session_id: UUID, choice: int) -> Assignment:
        shown = self.session.scalars(
            select(Assignment).where(Assignment.session_id == session_id).order_by(Assignment.position.desc())
        ).all()
        return shown[choice % 2 % len(shown)]

    def _answer(self, session_id: UUID, shown: Assignment, *, right: bool) -> object:
        question = self.questions.get(self.session, shown.version_id)
        solved = correct_response(question.content, question.key) or Response(text=f"A thought of {len(shown.state)}.")
        wrong = [option.id for option in question.content.options if option.id != solved.choice]
        response = solved if right or not wrong else Response(choice=wrong[len(shown.state) % 2])
        body = AnswerCreate(**_body(shown).model_dump(), response=response, certainty=2)
        return self.practice.steps.answer(self.claims, session_id, body, self.now)

    def _skip(self, session_id: UUID, shown: Assignment, reason: str) -> object:
        body = SkipCreate(**_body(shown).model_dump(), reason=reason)
        return self.practice.steps.skip(self.claims, session_id, body, self.now)


def _body(shown: Assignment) -> StepCreate:
    return StepCreate(assignment_id=shown.id, client_key=str(new_id()), elapsed_ms=3_000)


CHOICES = st.integers(0, 11)
# The clock of a request is read before its turn comes, so a later step may carry a slightly earlier time.
PAUSES = st.sampled_from([-1.5, 0.0, 2.0, 40.0, 5_000.0, 90_000.0, 800_000.0])
STEPS = st.sampled_from(["right", "right", "wrong", "wrong", "hint", "too_easy", "not_now", "known", "dont_know"])
EVENTS = st.one_of(
    st.tuples(STEPS, CHOICES, PAUSES),
    st.tuples(STEPS, CHOICES, PAUSES),
    st.tuples(STEPS, CHOICES, PAUSES),
    st.tuples(
        st.sampled_from(["start", "finish", "model", "calibrate", "retag", "rule", "grade", "correct", "refit"]),
        CHOICES,
        PAUSES,
    ),
)


def happen(room: Classroom, event: str, choice: int) -> None:
    behaviours = list(Behaviour)
    if event == "start" or not room.open:
        room.start(behaviours[choice % len(behaviours)], room.skills[: choice // 6])
    happenings: Mapping[str, Callable[[], None]] = {
        "start": lambda: None,
        "finish": lambda: room.finish(choice),
        "model": lambda: room.publish_model(choice / 4),
        "calibrate": room.calibrate,
        "retag": lambda: room.retag(choice),
        "rule": lambda: room.judge_by(choice),
        "grade": lambda: room.grade(choice),
        "correct": lambda: room.correct(choice),
        "refit": lambda: room.refit(choice),
    }
    happenings.get(event, lambda: room.step(event, choice))()


@pytest.mark.timeout(400)  # a failure is made smaller for up to five minutes
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=st.lists(EVENTS, min_size=5, max_size=30))
def test_whatever_a_student_does_the_derived_rows_equal_their_replay(
    session: Session, events: list[tuple[str, int, float]]
) -> None:
    with session.begin_nested() as example:
        room = Classroom(session)
        for event, choice, pause in events:
            room.now += timedelta(seconds=pause)
            happen(room, event, choice)
        stored = snapshot(session)
        replay_all(session)
        assert drift(stored, snapshot(session)) == []
        example.rollback()


@pytest.fixture
def room(session: Session) -> Classroom:
    room = Classroom(session)
    for behaviour in (Behaviour.IMMEDIATE, Behaviour.DEFERRED, Behaviour.ADAPTIVE):
        room.start(behaviour)
        for number, action in enumerate(("right", "hint", "wrong", "too_easy", "wrong", "right", "right")):
            room.now += timedelta(hours=7)
            room.step(action, len(room.open) - 1 + 6 * (number % 2))
    while room.open:
        room.finish(0)
    return room


def test_a_corrected_grade_and_a_new_curve_are_in_the_log(session: Session) -> None:
    room = Classroom(session)
    room.start(Behaviour.IMMEDIATE)
    essay = session.scalars(select(Question.id).where(Question.type == QuestionType.ESSAY.value)).one()
    room.ask([essay])
    room.step("right", 0)
    for event, choice in (("grade", 2), ("right", 0), ("refit", 1), ("correct", 11), ("wrong", 0), ("correct", 0)):
        room.now += timedelta(hours=30)
        happen(room, event, choice)
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert learner.review_parameters == list(FORGETFUL)
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_a_replay_repairs_damaged_rows(session: Session, room: Classroom) -> None:
    stored = snapshot(session)
    session.execute(update(LearnerStateRecord).values(mean=3.0, answers=99))
    session.execute(delete(LearnerSkillState))
    session.execute(update(LearnerItemState).values(tries=7))
    session.execute(update(DailyActivity).values(score=0.0))
    session.execute(update(ItemStatistic).values(expected=0.0))
    assert len(drift(stored, snapshot(session))) > len(TABLES)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_an_answer_that_the_end_of_its_session_passed_over_is_told(session: Session, room: Classroom) -> None:
    answered = select(Attempt.assignment_id).where(Attempt.action == AttemptAction.ANSWER.value).limit(1)
    left = session.scalars(answered).one()
    session.execute(update(Assignment).where(Assignment.id == left).values(finished_at=None))
    stored = snapshot(session)
    assert drift(stored, stored) == [f"assignment {(left,)} was answered and left open"]


def test_a_replay_drops_rows_that_no_step_supports(session: Session, room: Classroom) -> None:
    stored = snapshot(session)
    skill: Skill = make_skill(session, room.subject)
    session.add(LearnerSkillState(user_id=room.claims.user_id, skill_id=skill.id, mean=0.0, variance=0.3))
    session.add(ItemStatistic(question_id=new_id(), answers=4))
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_evidence_counts_under_the_model_that_took_it_in(session: Session, room: Classroom) -> None:
    room.start(Behaviour.IMMEDIATE)
    room.publish_model(0.5)
    room.step("wrong", 0)
    shown_under, answered_under = session.execute(
        select(Assignment.model_version, Attempt.model_version)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .order_by(Attempt.id.desc())
    ).first() or (None, None)
    assert (shown_under, answered_under) == (0, 1)
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_practice_of_one_skill_confirms_nothing_in_a_replay_either(session: Session) -> None:
    room = Classroom(session)
    room.publish_model(2.5)
    room.start(Behaviour.IMMEDIATE, room.skills[2:])
    for _ in range(15):
        room.now += timedelta(hours=5)
        room.step("right", 0)
    stored = snapshot(session)
    learned = session.scalars(select(LearnerSkillState).where(LearnerSkillState.skill_id == room.skills[2].id)).one()
    assert (learned.state, learned.confirmations) == (MasteryState.LEARNED, 0)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_nothing_happens_for_a_student_without_practice(session: Session) -> None:
    replay_learner(session, make_user(session).id)
    assert session.scalar(select(LearnerStateRecord.user_id)) is None
