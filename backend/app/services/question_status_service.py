from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError, StaleRevisionError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import QuestionStatus
from app.domain.permissions import Actor
from app.domain.publishing import publish_problems
from app.domain.question_status import may_become
from app.models import Question
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import JobRepository
from app.repositories.question_links import skill_links, skills_of, tag_links
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.skill_repository import SkillRepository
from app.repositories.subject_repository import SubjectRepository
from app.repositories.tag_repository import TagRepository
from app.schemas.question import (
    BulkAction,
    BulkItem,
    BulkOutcome,
    BulkUpdate,
    PublishProblemRead,
    QuestionStatusUpdate,
)
from app.services.question_forms import draft_of
from app.services.question_publishing import refuse_unpublishable

PUBLISHED, RETIRED = QuestionStatus.PUBLISHED, QuestionStatus.RETIRED


class StatusChangeError(ConflictError):
    code = "status_change_refused"


class QuestionStatusService:
    """Status, tags and skills of one question or of many; none of it makes a new version."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._subjects, self._questions = SubjectRepository(session), QuestionRepository(session)
        self._skills, self._tags = SkillRepository(session), TagRepository(session)
        self._audit = AuditRepository(session)

    def set_status(self, actor: Actor, question_id: UUID, body: QuestionStatusUpdate) -> FullQuestion:
        """Raises StatusChangeError, or NotPublishableError with everything that is missing."""
        if question_id not in self._locked(actor, [question_id]):
            raise NotFoundError("No such question.")
        full = self._questions.full_many(actor, [question_id])[question_id]
        question = full.question
        if body.revision not in (None, question.revision):
            raise StaleRevisionError(
                "Somebody else changed this question. Read it again.", extra={"revision": question.revision}
            )
        if not may_become(QuestionStatus(question.status), body.status):
            raise StatusChangeError(f"A question that is {question.status} cannot become {body.status}.")
        if body.status is PUBLISHED and question.status != PUBLISHED:
            refuse_unpublishable(draft_of(full))
        if question.status != body.status:
            self._change_status(actor, [question], body.status)
        return full

    def change_many(self, actor: Actor, body: BulkUpdate) -> list[BulkItem]:
        """Apply one action to each question that allows it; the others are left as they are."""
        questions = self._locked(actor, body.ids)
        apply: dict[BulkAction, Callable[[], dict[UUID, BulkItem]]] = {
            BulkAction.PUBLISH: lambda: self._publish(actor, questions),
            BulkAction.RETIRE: lambda: self._retire(actor, questions),
            BulkAction.ADD_TAG: lambda: self._tag(actor, body, questions),
            BulkAction.REMOVE_TAG: lambda: self._tag(actor, body, questions),
            BulkAction.ADD_SKILL: lambda: self._add_skill(actor, body, questions),
            BulkAction.REMOVE_SKILL: lambda: self._remove_skill(actor, body, questions),
        }
        items = apply[body.action]()
        return [items.get(each) or _item(each, BulkOutcome.NOT_FOUND) for each in dict.fromkeys(body.ids)]

    def _locked(self, actor: Actor, question_ids: Collection[UUID]) -> dict[UUID, Question]:
        subjects = self._questions.subjects_of(actor, question_ids)
        for subject_id in sorted(set(subjects.values())):
            self._subjects.lock(subject_id)
        return self._questions.lock(subjects)

    def _publish(self, actor: Actor, questions: dict[UUID, Question]) -> dict[UUID, BulkItem]:
        items: dict[UUID, BulkItem] = {}
        for question_id, full in self._questions.full_many(actor, questions).items():
            if full.question.status == PUBLISHED:
                items[question_id] = _item(question_id, BulkOutcome.UNCHANGED)
            elif problems := [
                PublishProblemRead(code=each.code.value, message=each.message)
                for each in publish_problems(draft_of(full))
            ]:
                refusal = _refused(question_id, "The question cannot be published as it is.")
                items[question_id] = refusal.model_copy(update={"problems": problems})
        ready = [question for question_id, question in questions.items() if question_id not in items]
        self._change_status(actor, ready, PUBLISHED)
        return items | _done(question.id for question in ready)

    def _retire(self, actor: Actor, questions: dict[UUID, Question]) -> dict[UUID, BulkItem]:
        items: dict[UUID, BulkItem] = {}
        for question_id, question in questions.items():
            if question.status == RETIRED:
                items[question_id] = _item(question_id, BulkOutcome.UNCHANGED)
            elif not may_become(QuestionStatus(question.status), RETIRED):
                items[question_id] = _refused(question_id, f"A question that is {question.status} cannot be retired.")
        ready = [question for question_id, question in questions.items() if question_id not in items]
        self._change_status(actor, ready, RETIRED)
        return items | _done(question.id for question in ready)

    def _tag(self, actor: Actor, body: BulkUpdate, questions: dict[UUID, Question]) -> dict[UUID, BulkItem]:
        name = " ".join((body.tag or "").split())
        tag_id = self._tags.ensure([name])[name]
        links = tag_links(self._session)
        change = links.add if body.action is BulkAction.ADD_TAG else links.remove
        return self._linked(actor, questions, change(questions.keys(), tag_id), body, {})

    def _add_skill(self, actor: Actor, body: BulkUpdate, questions: dict[UUID, Question]) -> dict[UUID, BulkItem]:
        skill = self._skills.get(actor, body.skill_id) if body.skill_id else None
        if skill is None:
            raise NotFoundError("No such skill.")
        refused = {
            question_id: _refused(question_id, "The skill belongs to another subject.")
            for question_id, question in questions.items()
            if question.subject_id != skill.subject_id
        }
        changed = skill_links(self._session).add(questions.keys() - refused.keys(), skill.id)
        return self._linked(actor, questions, changed, body, refused)

    def _remove_skill(self, actor: Actor, body: BulkUpdate, questions: dict[UUID, Question]) -> dict[UUID, BulkItem]:
        if body.skill_id is None:
            raise NotFoundError("No such skill.")
        skills = skills_of(self._session, questions)
        refused = {
            question_id: _refused(question_id, "A published question keeps at least one skill.")
            for question_id, question in questions.items()
            if question.status == PUBLISHED and [skill.id for skill in skills.get(question_id, ())] == [body.skill_id]
        }
        changed = skill_links(self._session).remove(questions.keys() - refused.keys(), body.skill_id)
        return self._linked(actor, questions, changed, body, refused)

    def _linked(
        self,
        actor: Actor,
        questions: dict[UUID, Question],
        changed: set[UUID],
        body: BulkUpdate,
        refused: dict[UUID, BulkItem],
    ) -> dict[UUID, BulkItem]:
        touched = [questions[question_id] for question_id in changed]
        self._touch(touched)
        for question_id in changed:
            self._record(actor, AuditAction.QUESTION_UPDATED, question_id, change=body.action.value)
        if body.action.is_about_skills:
            self._bump(question for question in touched if question.status == PUBLISHED)
        unchanged = {question_id: _item(question_id, BulkOutcome.UNCHANGED) for question_id in questions}
        return unchanged | refused | _done(changed)

    def _change_status(self, actor: Actor, questions: Collection[Question], status: QuestionStatus) -> None:
        shown = [question for question in questions if PUBLISHED in (question.status, status)]
        for question in questions:
            self._record(
                actor, AuditAction.QUESTION_STATUS_CHANGED, question.id, before=question.status, after=status.value
            )
            question.status = status.value
            if status is PUBLISHED:
                question.published_at = self._now
        self._touch(questions)
        self._bump(shown)

    def _touch(self, questions: Iterable[Question]) -> None:
        for question in questions:
            question.revision += 1
            question.updated_at = self._now
        self._session.flush()
        JobRepository(self._session).enqueue_once(JobKind.EMBED_QUESTIONS)

    def _bump(self, questions: Iterable[Question]) -> None:
        for subject_id in sorted({question.subject_id for question in questions}):
            self._subjects.bump_content(subject_id)

    def _record(self, actor: Actor, action: AuditAction, question_id: UUID, **details: object) -> None:
        self._audit.record(
            action, actor_id=actor.user_id, object_type="question", object_id=str(question_id), **details
        )


def _item(question_id: UUID, outcome: BulkOutcome) -> BulkItem:
    return BulkItem(id=question_id, outcome=outcome)


def _refused(question_id: UUID, message: str) -> BulkItem:
    return BulkItem(id=question_id, outcome=BulkOutcome.REFUSED, message=message)


def _done(question_ids: Iterable[UUID]) -> dict[UUID, BulkItem]:
    return {question_id: _item(question_id, BulkOutcome.DONE) for question_id in question_ids}
