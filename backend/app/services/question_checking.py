"""A draft that is still being written: how it would look, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import InvalidInputError, NotFoundError
from app.domain.grading.trial import Trial, try_out
from app.domain.parametric import ParametricError
from app.domain.permissions import Actor
from app.domain.presentation import present
from app.domain.publishing import PublishProblem, publish_problems
from app.domain.question_draft import QuestionDraft
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.question_split import split
from app.formats.cleaning import clean
from app.formats.reading import Problem
from app.repositories.subject_repository import SubjectRepository
from app.schemas.question import DraftTry
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
        found = self._cleaned(actor, subject_id, draft)
        content, key = _parts(found.linked)
        return CheckedDraft(found.linked, _shown(content, key, seed), publish_problems(found.draft), found.losses)

    def try_response(self, actor: Actor, body: DraftTry) -> Trial:
        """What a student would be told; ids of the response are those of the checked content."""
        content, key = _parts(self._cleaned(actor, body.subject_id, body.draft).linked)
        return try_out(content, key, body.response, body.seed)

    def _cleaned(self, actor: Actor, subject_id: UUID, draft: QuestionDraft) -> "_Cleaned":
        if self._subjects.get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        cleaned, warnings = clean(draft)
        if isinstance(cleaned, Problem):
            raise InvalidInputError(cleaned.message)
        files = self._drafts.find_files([cleaned])
        cleaned = with_known_media(cleaned, files)
        ids = file_ids(cleaned, files)
        missing = [f"The file {name} was not uploaded." for name in sorted(file_names(cleaned) - set(ids))]
        losses = [f"{each.message} {each.text}".strip() for each in warnings] + missing
        return _Cleaned(cleaned, link_files(cleaned, ids), losses)


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A safe draft, once with the names of its files and once with their addresses."""

    draft: QuestionDraft
    linked: QuestionDraft
    losses: list[str]


def _parts(draft: QuestionDraft) -> tuple[QuestionContent, QuestionKey]:
    return split(draft, new_id=_numbered_ids().__next__)


def _shown(content: QuestionContent, key: QuestionKey, seed: int) -> QuestionContent:
    try:
        return present(content, key, seed)
    except ParametricError:  # a formula that is half written; the problems name it
        return content


def _numbered_ids() -> Iterator[str]:
    """In place of random ids, so that the preview does not change by itself from one keystroke to the next."""
    return (f"{number:08x}" for number in count())
