from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.domain.misconceptions import MisconceptionGroup, WrongOption, group_wrong_options
from app.domain.permissions import Actor
from app.repositories.subject_repository import SubjectRepository
from app.repositories.wrong_answer_repository import ChosenOption, WrongAnswerRepository
from app.schemas.misconception import MisconceptionDraft, MisconceptionOption
from app.utils.html import plain_text

SHOWN_OPTIONS = 20


class MisconceptionService:
    def __init__(self, session: Session) -> None:
        self._session = session

    def drafts(self, actor: Actor, subject_id: UUID, limit: int) -> list[MisconceptionDraft]:
        """Raises NotFoundError for an unknown subject."""
        if SubjectRepository(self._session).get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        chosen = WrongAnswerRepository(self._session).chosen(subject_id)
        return [_draft(group) for group in group_wrong_options(map(_option, chosen))[:limit]]


def _option(row: ChosenOption) -> WrongOption:
    return WrongOption(
        row.question_id, plain_text(row.option_html), plain_text(row.feedback_html), frozenset(row.students)
    )


def _draft(group: MisconceptionGroup) -> MisconceptionDraft:
    return MisconceptionDraft(
        draft_name=group.draft_name,
        by=group.by,
        students=group.students,
        questions=len({option.question_id for option in group.options}),
        options=[
            MisconceptionOption(question_id=option.question_id, text=option.text, students=len(option.students))
            for option in group.options[:SHOWN_OPTIONS]
        ],
    )
