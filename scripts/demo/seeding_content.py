"""The demo subject through the services that a teacher's clicks go through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.integrations.storage import FileStore
from app.schemas.skill import SkillCreate
from app.schemas.subject import SubjectCreate
from app.services.media_service import MediaService
from app.services.question_service import QuestionService
from app.services.skill_service import SkillService
from app.services.subject_service import SubjectService

from .bank import DemoBank

SUBJECT_CODE: Final = "demo-mathematics"
_DESCRIPTION: Final = "An example course: whole numbers to functions, for trying things out."


@dataclass(frozen=True)
class Content:
    """`question_ids` maps the external id of each question to the stored one."""

    subject_id: UUID
    question_ids: Mapping[str, UUID]


@dataclass(frozen=True)
class Author:
    actor: Actor
    now: datetime


def add_content(session: Session, store: FileStore, bank: DemoBank, author: Author) -> Content:
    body = SubjectCreate(code=SUBJECT_CODE, title=bank.subject_title, description=_DESCRIPTION)
    subject = SubjectService(session, author.now).create(author.actor, body)
    subject.created_at = author.now
    _add_skills(session, subject.id, bank, author)
    for content in bank.media.values():
        MediaService(session, store).keep(BytesIO(content), author.actor.user_id)
    return Content(subject.id, _add_questions(session, subject.id, bank, author))


def _add_skills(session: Session, subject_id: UUID, bank: DemoBank, author: Author) -> None:
    """In the order of the course, so that what comes before a skill is there already."""
    service, ids = SkillService(session, author.now), dict[str, UUID]()
    for skill in bank.skills:
        body = SkillCreate(
            code=skill.code,
            name=skill.name,
            description=skill.description,
            prerequisite_ids=[ids[code] for code in skill.prerequisites],
        )
        ids[skill.code] = service.create(author.actor, subject_id, body).id


def _add_questions(session: Session, subject_id: UUID, bank: DemoBank, author: Author) -> dict[str, UUID]:
    service = QuestionService(session, author.now)
    return {
        draft.external_id or "": service.create(author.actor, subject_id, draft).question.id for draft in bank.drafts
    }
