from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.question_draft import Answer, Option, QuestionDraft
from app.models import Question, QuestionKeyRecord, QuestionVersion, Skill, Subject, Tag
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_rows import NewQuestion
from app.services.question_forms import form_of
from tests.factories.subjects import make_skill

_numbers = count(1)
PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def choice_draft(right: str = "yes", wrong: Sequence[str] = ("no", "perhaps"), **fields: object) -> QuestionDraft:
    """A single choice question; a stem of its own unless one is given."""
    options = (Option(id="a", html=right, weight=1.0), *(Option(id=f"w{n}", html=w) for n, w in enumerate(wrong)))
    stem = f"Is {next(_numbers)} a number?"
    return QuestionDraft(**{"type": QuestionType.SINGLE_CHOICE, "stem": stem, "options": options, **fields})


def text_draft(*accepted: str, **fields: object) -> QuestionDraft:
    """A short answer question that accepts each of the given texts."""
    answers = tuple(Answer(value=value) for value in accepted or ("yes",))
    stem = f"What is {next(_numbers)} called?"
    return QuestionDraft(**{"type": QuestionType.SHORT_ANSWER, "stem": stem, "answers": answers, **fields})


def make_question(
    session: Session,
    subject: Subject,
    draft: QuestionDraft | None = None,
    *,
    status: QuestionStatus = QuestionStatus.PUBLISHED,
    skills: Sequence[Skill] | None = None,
    tags: Sequence[Tag] = (),
) -> Question:
    """A stored question, written as the application writes it; with a new skill unless skills are given."""
    skills = [make_skill(session, subject)] if skills is None else skills
    new = NewQuestion(
        subject_id=subject.id,
        status=status.value,
        form=form_of(draft or choice_draft(), {}),
        skill_ids=tuple(skill.id for skill in skills),
        tag_ids=tuple(tag.id for tag in tags),
        published_at=PUBLISHED_AT if status is QuestionStatus.PUBLISHED else None,
    )
    BulkWriter(session).write([new])
    return session.get_one(Question, new.id)


def make_questions(session: Session, subject: Subject, number: int, skills: Sequence[Skill]) -> list[UUID]:
    """Ids of many published questions of the given skills, easy ones first (from -2 to 2 logits)."""
    news = [
        NewQuestion(
            subject_id=subject.id,
            status=QuestionStatus.PUBLISHED.value,
            form=form_of(choice_draft(difficulty=-2 + 4 * position / max(1, number - 1)), {}),
            skill_ids=tuple(skill.id for skill in skills),
            published_at=PUBLISHED_AT,
        )
        for position in range(number)
    ]
    BulkWriter(session).write(news)
    return [new.id for new in news]


def make_tag(session: Session, name: str | None = None) -> Tag:
    tag = Tag(name=name or f"tag {next(_numbers)}")
    session.add(tag)
    session.flush()
    return tag


def current_version(session: Session, question: Question) -> QuestionVersion:
    return session.scalars(
        select(QuestionVersion).where(
            QuestionVersion.question_id == question.id, QuestionVersion.number == question.version
        )
    ).one()


def current_key(session: Session, question: Question) -> QuestionKeyRecord:
    version = current_version(session, question)
    return session.scalars(
        select(QuestionKeyRecord)
        .where(QuestionKeyRecord.version_id == version.id)
        .order_by(QuestionKeyRecord.number.desc())
        .limit(1)
    ).one()
