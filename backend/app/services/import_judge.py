"""What each draft of a file means for the bank; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.domain.identity import content_hash, stem_hash
from app.domain.publishing import publish_problems
from app.domain.question_draft import QuestionDraft
from app.formats.reading import MediaFile, Problem, ProblemCode, Unsupported, problem
from app.models import Question
from app.repositories.import_repository import ImportRepository
from app.repositories.question_repository import QuestionRepository


class RowOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    IDENTICAL = "identical"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How a file is to be imported. `skill` is given to questions that name none; `publish` those that are complete."""

    subject_id: UUID
    namespace: str = ""
    skill: str = ""
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Numbered:
    """The n-th thing read from the file, counted from 1."""

    n: int
    event: QuestionDraft | Problem | Unsupported | MediaFile


@dataclass(slots=True)
class SeenDrafts:
    """What earlier chunks of the same file brought; a dry run has no rows to look it up in."""

    hashes: set[bytes] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)

    def add(self, draft: QuestionDraft, digest: str) -> None:
        self.hashes.add(bytes.fromhex(digest))
        if draft.external_id is not None:
            self.external_ids.add(draft.external_id)


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft with its meaning for the bank; `known` is the question it repeats or changes."""

    n: int
    draft: QuestionDraft
    outcome: RowOutcome
    known: Question | None = None


class ChunkJudge:
    """Compares drafts with the bank and with what the file brought before; writes nothing."""

    def __init__(self, session: Session, wish: ImportWish, seen: SeenDrafts) -> None:
        self._questions, self._imports = QuestionRepository(session), ImportRepository(session)
        self._wish, self._seen = wish, seen

    def judge(self, chunk: Sequence[Numbered]) -> tuple[list[Judged], list[tuple[int, Problem]]]:
        """Every draft with its outcome, and warnings about keys that contradict each other."""
        drafts = [(each.n, self._wished(each.event)) for each in chunk if isinstance(each.event, QuestionDraft)]
        digests = {n: content_hash(draft) for n, draft in drafts}
        subject_id = self._wish.subject_id
        same = self._questions.with_content(subject_id, list(digests.values()))
        named = [draft.external_id for _, draft in drafts if draft.external_id is not None]
        by_name = self._questions.with_external_ids(subject_id, self._wish.namespace, named)
        judged = [self._judge(n, draft, digests[n], (same, by_name)) for n, draft in drafts]
        return judged, self._conflicts([each for each in judged if each.outcome is RowOutcome.NEW])

    def _wished(self, draft: QuestionDraft) -> QuestionDraft:
        """With the skill of the whole file where it names none, and published only if it is complete."""
        if not draft.skills and self._wish.skill:
            draft = draft.model_copy(update={"skills": (self._wish.skill,)})
        wants = self._wish.publish or draft.status is QuestionStatus.PUBLISHED
        status = QuestionStatus.PUBLISHED if wants and not publish_problems(draft) else QuestionStatus.DRAFT
        return draft.model_copy(update={"status": status})

    def _judge(
        self,
        n: int,
        draft: QuestionDraft,
        digest: str,
        known: tuple[Mapping[str, Question], Mapping[str, Question]],
    ) -> Judged:
        same, by_name = known[0].get(digest), known[1].get(draft.external_id or "")
        is_repeated = bytes.fromhex(digest) in self._seen.hashes
        is_named_again = draft.external_id in self._seen.external_ids
        self._seen.add(draft, digest)
        if same is not None or is_repeated:
            return Judged(n, draft, RowOutcome.IDENTICAL, same)
        if by_name is not None or is_named_again:
            return Judged(n, draft, RowOutcome.CHANGED, by_name)
        return Judged(n, draft, RowOutcome.NEW)

    def _conflicts(self, new: Sequence[Judged]) -> list[tuple[int, Problem]]:
        stems = {each.n: stem_hash(each.draft) for each in new}
        taken = self._imports.numbers_with_stems(self._wish.subject_id, set(stems.values()))
        return [(each.n, _key_conflict(each.draft, taken[stems[each.n]])) for each in new if stems[each.n] in taken]


def _key_conflict(draft: QuestionDraft, number: int) -> Problem:
    message = f"Question {number} has the same text and options but another key."
    return problem(ProblemCode.KEY_CONFLICT, message, draft.location, text=draft.stem)
