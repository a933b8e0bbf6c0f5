"""One question by hand and many by import: both leave the same rows."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.domain.enums import QuestionStatus, QuestionType, Role
from app.domain.question_draft import QuestionDraft
from app.domain.question_split import join
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_rows import NewQuestion
from app.repositories.tag_repository import TagRepository
from app.services.question_forms import form_of
from app.services.question_service import QuestionService
from tests.factories.questions import text_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import actor_of, make_user
from tests.unit.domain.question_samples import parted, sample_drafts

NOW = utc_now()
# What differs between any two questions: ids, numbers and the subject.
_ROWS = {
    "questions": "SELECT to_jsonb(t) - '{id,number,subject_id}'::text[] FROM questions t WHERE id = :id",
    "versions": "SELECT to_jsonb(t) - '{id,question_id}'::text[] FROM question_versions t WHERE question_id = :id",
    "keys": "SELECT to_jsonb(t) - '{id,version_id}'::text[] FROM question_keys t"
    " WHERE version_id IN (SELECT id FROM question_versions WHERE question_id = :id)",
    "parameters": "SELECT to_jsonb(t) - '{id}'::text[] FROM item_parameters t WHERE id = :id",
    "skills": "SELECT s.code FROM question_skills JOIN skills s ON s.id = skill_id WHERE question_id = :id ORDER BY 1",
    "tags": "SELECT g.name FROM question_tags JOIN tags g ON g.id = tag_id WHERE question_id = :id ORDER BY 1",
}


def rows_of(session: Session, question_id: UUID) -> dict[str, list[Any]]:
    return {name: list(session.scalars(text(query), {"id": question_id})) for name, query in _ROWS.items()}


def complete(draft: QuestionDraft) -> QuestionDraft:
    """With ids that stay, a skill, tags and everything else a question may have."""
    opaque = join(*parted(draft), draft)
    return opaque.model_copy(
        update={
            "status": QuestionStatus.PUBLISHED,
            "skills": ("Fractions", "frac"),
            "tags": ("b", "a", "b"),
            "title": "Größe",
            "external_id": "q-1",
            "difficulty": 0.25,
            "extensions": {"source": {"row": 1}},
            "hints": ("<b>Think</b>",),
        }
    )


DRAFTS = [
    complete(draft)
    for draft in sample_drafts()
    if draft.type not in {QuestionType.MATCHING, QuestionType.HOTSPOT}  # random ids; a file to be uploaded
]


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.type)
def test_both_paths_leave_the_same_rows(session: Session, draft: QuestionDraft) -> None:
    teacher = actor_of(make_user(session, role=Role.TEACHER))
    by_hand, by_import = make_subject(session), make_subject(session)
    skills = [make_skill(session, subject, code="frac", name="Fractions") for subject in (by_hand, by_import)]
    created = QuestionService(session, NOW).create(teacher, by_hand.id, draft)
    new = NewQuestion(
        subject_id=by_import.id,
        status=draft.status.value,
        form=form_of(draft.model_copy(update={"skills": (), "tags": ()}), {}),
        skill_ids=(skills[1].id, skills[1].id),
        tag_ids=tuple(TagRepository(session).ensure(["a", "b"]).values()),
        created_by=teacher.user_id,
        published_at=NOW,
    )
    BulkWriter(session).write([new])
    assert rows_of(session, created.question.id) == rows_of(session, new.id)


def test_texts_that_copy_must_escape_arrive_unchanged(session: Session) -> None:
    stem = 'tab\t newline\n backslash \\N \\. \\t quote " comma , 😀'
    form = form_of(text_draft("\\N", "\\.", stem=stem, extensions={"\\": "\n\\N"}), {})
    new = NewQuestion(subject_id=make_subject(session).id, status="draft", form=form)
    BulkWriter(session).write([new])
    [version], [key] = rows_of(session, new.id)["versions"], rows_of(session, new.id)["keys"]
    assert (version["content"], version["details"], key["key"]) == (form.content, form.details, form.key)
    assert rows_of(session, new.id)["questions"][0]["stem_text"] == form.stem_text


def test_a_write_takes_part_in_the_transaction(session: Session, connection: Connection) -> None:
    subject = make_subject(session)
    with session.begin_nested() as savepoint:
        new = NewQuestion(subject_id=subject.id, status="draft", form=form_of(text_draft(), {}))
        BulkWriter(session).write([new])
        savepoint.rollback()
    assert rows_of(session, new.id)["questions"] == []
