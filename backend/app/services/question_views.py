"""Questions as staff read them."""

from app.domain.question_parts import QuestionContent
from app.repositories.keyset import Slice
from app.repositories.question_repository import FullQuestion
from app.repositories.question_search import ListedQuestion
from app.schemas.base import Page
from app.schemas.question import QuestionRead, QuestionSummary, SkillName, VersionRead
from app.services.question_forms import draft_of


def question_page(found: Slice[ListedQuestion]) -> Page[QuestionSummary]:
    return Page(items=[_summary(listed) for listed in found.items], next_cursor=found.next_cursor)


def question_read(full: FullQuestion) -> QuestionRead:
    question = full.question
    listed = ListedQuestion(question, full.parameters.difficulty, full.skills, full.tags)
    return QuestionRead(
        **dict(_summary(listed)),
        draft=draft_of(full),
        content=QuestionContent.model_validate(full.version.content),
        difficulty_answers=full.parameters.answers,
        published_at=question.published_at,
        created_by=question.created_by,
        import_id=question.import_id,
    )


def version_read(full: FullQuestion) -> VersionRead:
    version = full.version
    return VersionRead(
        number=version.number,
        created_at=version.created_at,
        created_by=version.created_by,
        draft=draft_of(full),
        content=QuestionContent.model_validate(version.content),
    )


def _summary(listed: ListedQuestion) -> QuestionSummary:
    question = listed.question
    return QuestionSummary(
        id=question.id,
        number=question.number,
        subject_id=question.subject_id,
        type=question.type,
        status=question.status,
        stem=question.stem_text,
        version=question.version,
        revision=question.revision,
        difficulty=listed.difficulty,
        skills=[SkillName.model_validate(skill) for skill in listed.skills],
        tags=list(listed.tags),
        created_at=question.created_at,
        updated_at=question.updated_at,
    )
