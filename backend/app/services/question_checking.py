"""A draft that is still being written: how it would look, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import InvalidInputError, NotFoundError
from app.domain.parametric import ParametricError
from app.domain.permissions import Actor
from app.domain.presentation import present
from app.domain.publishing import PublishProblem, publish_problems
from app.domain.question_draft import QuestionDraft
from app.domain.question_parts import QuestionContent
from app.domain.question_split import split
from app.formats.cleaning import clean
from app.formats.reading import Problem
from app.repositories.subject_repository import SubjectRepository
from app.services.question_drafts import DraftPreparer, file_ids, with_known_media
from app.services.question_files import file_names, link_files


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """`draft` is clean and calls its files by address; `losses` names what could not be taken over."""

    draft: QuestionDraft
    content: QuestionContent
    problems: list[PublishProblem]
    losses: list[str]


class QuestionChecking:
    """Stores nothing, so unknown skills and new tags are no concern of it."""

    def __init__(self, session: Session) -> None:
        self._subjects, self._drafts = SubjectRepository(session), DraftPreparer(session)

    def check(self, actor: Actor, subject_id: UUID, draft: QuestionDraft, seed: int) -> CheckedDraft:
        """Raises InvalidInputError when the draft grows too long by being made safe."""
        if self._subjects.get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        cleaned, warnings = clean(draft)
        if isinstance(cleaned, Problem):
            raise InvalidInputError(cleaned.message)
        files = self._drafts.find_files([cleaned])
        cleaned = with_known_media(cleaned, files)
        ids = file_ids(cleaned, files)
        missing = [f"The file {name} was not uploaded." for name in sorted(file_names(cleaned) - set(ids))]
        linked = link_files(cleaned, ids)
        losses = [f"{each.message} {each.text}".strip() for each in warnings] + missing
        return CheckedDraft(linked, _shown(linked, seed), publish_problems(cleaned), losses)


def _shown(draft: QuestionDraft, seed: int) -> QuestionContent:
    content, key = split(draft, new_id=_numbered_ids().__next__)
    try:
        return present(content, key, seed)
    except ParametricError:  # a formula that is half written; the problems name it
        return content


def _numbered_ids() -> Iterator[str]:
    """In place of random ids, so that the preview does not change by itself from one keystroke to the next."""
    return (f"{number:08x}" for number in count())
