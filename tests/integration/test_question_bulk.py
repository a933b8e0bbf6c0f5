import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import ItemParameter, question_skills, question_tags
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_rows import NewQuestion
from app.services.question_forms import form_of
from tests.factories.questions import choice_draft, current_key, make_question, make_tag
from tests.factories.subjects import make_skill, make_subject


def test_every_row_of_a_question_is_written(session: Session) -> None:
    subject = make_subject(session)
    skill, tag = make_skill(session, subject), make_tag(session)
    question = make_question(session, subject, choice_draft(difficulty=1.5), skills=[skill], tags=[tag])
    assert (question.version, question.revision, question.type) == (1, 1, "single_choice")
    assert sorted(option["weight"] for option in current_key(session, question).key["options"].values()) == [0, 0, 1]
    parameters = session.get_one(ItemParameter, question.id)
    assert (parameters.difficulty, parameters.prior, parameters.guess, parameters.answers) == (1.5, 1.5, 0, 0)
    assert session.scalars(select(question_skills.c.skill_id)).all() == [skill.id]
    assert session.scalars(select(question_tags.c.tag_id)).all() == [tag.id]


def test_a_repeated_content_is_refused_as_an_integrity_error(session: Session) -> None:
    subject = make_subject(session)
    form = form_of(choice_draft(), {})
    questions = [NewQuestion(subject.id, QuestionStatus.DRAFT.value, form) for _ in range(2)]
    with pytest.raises(IntegrityError, match="content_hash"):
        BulkWriter(session).write(questions)
