"""Making the proposals that a job was asked for, one after the other; a second run goes on where the first stopped."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.processing.metadata_extractor import Evidence, Neighbour, SkillText
from app.domain.enums import LlmFlow, ProposalKind, ProposalStatus
from app.domain.permissions import Actor
from app.domain.question_parts import QuestionContent, QuestionKey
from app.models import QuestionProposal
from app.repositories.difficulty_repository import DifficultyRepository
from app.repositories.essay_repository import EssayRepository
from app.repositories.proposal_repository import ProposalRepository
from app.repositories.question_content_repository import QuestionContentRepository
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.skill_repository import SkillRepository
from app.services.essay_grading import grade_essay
from app.services.llm_errors import LlmBlockedError, LlmFailedError
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import LlmCaller
from app.services.proposal_maker import MAKERS, Asker, Made
from app.services.proposal_prompts import QuestionWords
from app.services.question_drafting import draft_questions
from app.services.question_metadata import Surroundings, metadata

Progress = Callable[[int, int, str], None]
Neighbours = Callable[[UUID, UUID], Sequence[Neighbour]]
"""Calibrated questions of a subject that are worded like one of its questions."""
GONE: Final = "The question is gone."


@dataclass(frozen=True, slots=True)
class ProposalTools:
    sessions: sessionmaker[Session]
    gateway: LlmGateway
    actor: Actor
    progress: Progress = lambda *_: None
    neighbours: Neighbours = lambda *_: ()


@dataclass(frozen=True, slots=True)
class _Task:
    """A request, read; the model is asked without an open transaction."""

    proposal_id: UUID
    kind: ProposalKind
    words: QuestionWords | None
    around: Surroundings = field(default_factory=Surroundings)
    essay: str = ""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What metadata of its questions are found by; read once in a job."""

    skills: tuple[SkillText, ...]
    difficulties: dict[UUID, tuple[float, ...]]

    @classmethod
    def read(cls, session: Session, subject_id: UUID) -> Self:
        examples = SkillRepository(session).example_stems(subject_id)
        skills = tuple(
            SkillText(skill.name, skill.description, examples.get(skill.id, ()))
            for skill in SkillRepository(session).active(subject_id)
        )
        return cls(skills, DifficultyRepository(session).calibrated_by_skill(subject_id))


class ProposalWork:
    def __init__(self, tools: ProposalTools) -> None:
        self._tools = tools
        caller = LlmCaller(tools.actor.user_id, tools.actor.role, LlmFlow.METADATA, is_background=True)
        self._asker = Asker(tools.gateway, caller)
        self._counts: Counter[str] = Counter()
        self._subjects: dict[UUID, _Subject] = {}

    def work(self, job_id: UUID) -> dict[str, Any]:
        """How many proposals ended in which state.

        Raises:
            LlmUnavailableError: No provider answers now; what is made stays, the rest waits for the next run.
            LlmLimitReachedError, LlmBudgetSpentError: The same, until somebody starts the job again.
        """
        with self._tools.sessions() as session:
            ids = ProposalRepository(session).requested(job_id)
            drafts = [each for each in ids if _is_draft(session, each)]
        self._draft(drafts, len(ids))
        for done, proposal_id in enumerate((each for each in ids if each not in set(drafts)), start=len(drafts)):
            self._tools.progress(done, len(ids), f"{done} of {len(ids)} proposals")
            task = self._read(proposal_id)
            if task is not None:
                self._write(proposal_id, self._made(task))
        self._tools.progress(len(ids), len(ids), f"{len(ids)} of {len(ids)} proposals")
        return dict(self._counts)

    def _made(self, task: _Task) -> Made:
        if task.words is None:
            return Made(ProposalStatus.FAILED, note=GONE)
        try:
            if task.kind is ProposalKind.METADATA:
                return metadata(self._asker, task.words, task.around)
            if task.kind is ProposalKind.ESSAY_GRADING:
                return grade_essay(self._asker, task.words, task.essay)
            return MAKERS[task.kind](self._asker, task.words)
        except (LlmFailedError, LlmBlockedError) as error:
            return Made(ProposalStatus.FAILED, note=error.detail)

    def _draft(self, ids: Sequence[UUID], total: int) -> None:
        if not ids:
            return
        self._tools.progress(0, total, "Drafting questions")
        with self._tools.sessions() as session:
            passage = session.get_one(QuestionProposal, ids[0]).request["passage"]
        try:
            made = draft_questions(self._asker, passage, len(ids))
        except (LlmFailedError, LlmBlockedError) as error:
            made = [Made(ProposalStatus.FAILED, note=error.detail)] * len(ids)
        missing = Made(ProposalStatus.FAILED, note="The passage yielded no further question.")
        for place, proposal_id in enumerate(ids):
            self._write(proposal_id, made[place] if place < len(made) else missing)

    def _read(self, proposal_id: UUID) -> _Task | None:
        with self._tools.sessions() as session:
            proposal = session.get(QuestionProposal, proposal_id)
            if proposal is None or proposal.status != ProposalStatus.REQUESTED:
                return None
            kind, question_id = ProposalKind(proposal.kind), proposal.question_id
            if proposal.attempt_id is not None and proposal.attempt_user_id is not None:
                return _essay_task(session, proposal_id, proposal.attempt_user_id, proposal.attempt_id)
            full = QuestionRepository(session).full(self._tools.actor, question_id) if question_id else None
            if full is None:
                return _Task(proposal_id, kind, None)
            around = self._around(session, full) if kind is ProposalKind.METADATA else Surroundings()
            return _Task(proposal_id, kind, words_of(full), around)

    def _around(self, session: Session, full: FullQuestion) -> Surroundings:
        subject_id = full.question.subject_id
        if subject_id not in self._subjects:
            self._subjects[subject_id] = _Subject.read(session, subject_id)
        subject = self._subjects[subject_id]
        known = tuple(value for skill in full.skills for value in subject.difficulties.get(skill.id, ()))
        near = tuple(self._tools.neighbours(subject_id, full.question.id))
        return Surroundings(subject.skills, Evidence(known, near))

    def _write(self, proposal_id: UUID, made: Made) -> None:
        with self._tools.sessions.begin() as session:
            proposal = ProposalRepository(session).lock_requested(proposal_id)
            if proposal is None:
                return
            proposal.status, proposal.note, proposal.origin = made.status, made.note[:500], made.origin
            proposal.payload = made.payload.model_dump(mode="json") if made.payload else None
        self._counts[made.status.value] += 1


def _essay_task(session: Session, proposal_id: UUID, user_id: UUID, attempt_id: UUID) -> _Task:
    """The question in the version that was answered."""
    written = EssayRepository(session).written(user_id, attempt_id)
    if written is None:
        return _Task(proposal_id, ProposalKind.ESSAY_GRADING, None)
    version_id, text = written
    row = QuestionContentRepository(session).with_current_key(version_id)
    words = QuestionWords(QuestionContent.model_validate(row.content), QuestionKey.model_validate(row.key))
    return _Task(proposal_id, ProposalKind.ESSAY_GRADING, words, essay=text)


def words_of(full: FullQuestion) -> QuestionWords:
    content = QuestionContent.model_validate(full.version.content)
    return QuestionWords(content, QuestionKey.model_validate(full.key.key))


def _is_draft(session: Session, proposal_id: UUID) -> bool:
    return session.get_one(QuestionProposal, proposal_id).kind == ProposalKind.DRAFT_QUESTION
