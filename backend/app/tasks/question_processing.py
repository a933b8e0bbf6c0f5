"""Imports, what follows them, their undoing, exports, and what searches and proposals need of questions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from app.ai.embeddings.vectors import EmbeddingError
from app.ai.vector_db.client import VectorIndexError
from app.core.clock import utc_now
from app.core.errors import ConflictError, UnavailableError
from app.core.jobs import JobKind
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.integrations.storage import LocalFileStore
from app.models import User
from app.repositories.job_repository import JobRepository
from app.services.difficulty_priors import DifficultyPriors
from app.services.duplicate_scan import DuplicateScan
from app.services.export_work import ExportWork
from app.services.import_follow_up import ImportFollowUp
from app.services.import_runner import ImportTools
from app.services.import_undo import ImportUndo
from app.services.import_work import ImportWork
from app.services.index_check import IndexCheck
from app.services.index_work import IndexWork
from app.services.llm_gateway import LlmGateway
from app.services.picture_work import PictureWork
from app.services.proposal_work import ProposalTools, ProposalWork
from app.services.question_review_crops import ReviewCrops
from app.services.semantic_tools import SemanticTools
from app.services.similar_difficulties import SimilarDifficulties
from app.services.skill_grouping import SkillGrouping
from app.tasks.runtime import CancelledError, JobContext, LeaseLostError, handles

REPORT_EVERY_S: Final = 1.0
SETTLE_S: Final = 0.2
STRETCH_S: Final = 30.0


class Reporter:
    """Writes the progress every second, and ends the handler there when that is wished or the job was taken over."""

    def __init__(self, context: JobContext) -> None:
        self._context, self._next = context, 0.0
        self._last = (0, 0, "")
        self._lease = timedelta(seconds=context.resources.settings.jobs.lease_s)

    def __call__(self, done: int, total: int, message: str) -> None:
        self._context.check()
        self._last = (done, total, message)
        if (now := time.monotonic()) < self._next:
            return
        self._next = now + REPORT_EVERY_S
        with self._context.sessions.begin() as session:
            jobs = JobRepository(session)
            goes_on = jobs.extend(self._context.claim, utc_now() + self._lease)
            jobs.report(self._context.claim, done, total, message)
        if goes_on is None:
            raise LeaseLostError("Another worker has taken this job over.")
        if not goes_on:
            raise CancelledError("Cancelled on request.")

    def finish(self) -> None:
        """Everything is done, whatever was reported last."""
        done, _, message = self._last
        with self._context.sessions.begin() as session:
            JobRepository(session).report(self._context.claim, done, done, message)


@handles(JobKind.IMPORT_QUESTIONS)
def import_questions(context: JobContext) -> dict[str, Any]:
    reporter = Reporter(context)
    tools = ImportTools(context.sessions, _store(context), utc_now(), reporter)
    result = ImportWork(tools).work(context.id("import_id"))
    reporter.finish()
    # Behind the job that makes vectors, by which neighbours are found.
    _ask_for_more(context)
    return {"counts": dict(result.counts), "format": result.format, "is_broken": result.is_broken}


@handles(JobKind.EMBED_QUESTIONS)
def embed_questions(context: JobContext) -> dict[str, Any]:
    """One stretch of it; what remains is left to the next job, so that other work gets its turn."""
    reporter, tools = Reporter(context), SemanticTools.open(context.resources, is_writer=True)
    with suppress(VectorIndexError):  # the work says so itself, after it has made what needs no index
        IndexCheck(context.sessions, tools).forget_lost()
    with _in_words():
        outcome = IndexWork(context.sessions, tools, reporter, STRETCH_S).run()
        pictures = (
            PictureWork(context.sessions, tools, _store(context)).run(context.check) if outcome.is_complete else 0
        )
    if not outcome.is_complete:
        with context.sessions.begin() as session:
            JobRepository(session).enqueue_once(JobKind.EMBED_QUESTIONS)
    reporter.finish()
    return {**asdict(outcome), "pictures": pictures, "embedder": tools.texts.name}


@handles(JobKind.REINDEX_QUESTIONS)
def reindex_questions(context: JobContext) -> dict[str, Any]:
    """Throw the vector index away; the vectors themselves are kept and sent again."""
    tools = SemanticTools.open(context.resources, is_writer=True)
    with _in_words():
        forgotten = IndexCheck(context.sessions, tools).begin_anew()
    with context.sessions.begin() as session:
        JobRepository(session).enqueue_once(JobKind.EMBED_QUESTIONS)
    return {"forgotten": forgotten}


@handles(JobKind.SCAN_DUPLICATES)
def scan_duplicates(context: JobContext) -> dict[str, Any]:
    reporter, tools = Reporter(context), SemanticTools.open(context.resources)
    scan = DuplicateScan(context.sessions, _actor(context), tools, reporter)
    counts = scan.run(context.id("subject_id"), utc_now())
    reporter.finish()
    return dict(counts)


@handles(JobKind.PROPOSE_SKILLS)
def propose_skills(context: JobContext) -> dict[str, Any]:
    tools = SemanticTools.open(context.resources)
    return {"proposals": SkillGrouping(context.sessions, tools).run(context.id("subject_id"))}


@handles(JobKind.UNDO_IMPORT)
def undo_import(context: JobContext) -> dict[str, Any]:
    reporter = Reporter(context)
    stale_s = context.resources.settings.practice.pool_refresh_s + SETTLE_S
    undo = ImportUndo(context.sessions, utc_now(), reporter, lambda: time.sleep(stale_s))
    result = undo.undo(_actor(context), context.id("import_id"))
    reporter.finish()
    return asdict(result)


@handles(JobKind.CUT_PAGES)
def cut_pages(context: JobContext) -> dict[str, Any]:
    """Pictures for those who compare questions with their paper."""
    reporter = Reporter(context)
    tools = ImportTools(context.sessions, _store(context), utc_now(), reporter)
    cut = ReviewCrops(tools).cut(context.id("import_id"))
    reporter.finish()
    return {"questions": cut}


@handles(JobKind.EXPORT_QUESTIONS)
def export_questions(context: JobContext) -> dict[str, Any]:
    reporter = Reporter(context)
    export = ExportWork(context.sessions, _store(context), reporter)
    result = export.work(_actor(context), context.id("subject_id"), context.claim.arguments["format"])
    reporter.finish()
    return result


@handles(JobKind.MAKE_PROPOSALS)
def make_proposals(context: JobContext) -> dict[str, Any]:
    reporter, gateway = Reporter(context), LlmGateway.of(context.resources)
    neighbours = SimilarDifficulties.of(context.resources)
    tools = ProposalTools(context.sessions, gateway, _actor(context), reporter, neighbours)
    outcome = ProposalWork(tools).work(context.claim.job_id)
    reporter.finish()
    return outcome


@handles(JobKind.GUESS_DIFFICULTIES)
def guess_difficulties(context: JobContext) -> dict[str, Any]:
    reporter = Reporter(context)
    neighbours = SimilarDifficulties.of(context.resources)
    guessed = DifficultyPriors(context.sessions, reporter, neighbours).guess(_actor(context), context.id("import_id"))
    reporter.finish()
    return {"questions": guessed}


def _ask_for_more(context: JobContext) -> None:
    settings = context.resources.settings.llm
    has_model = LlmGateway.of(context.resources).is_configured
    with context.sessions.begin() as session:
        follow_up = ImportFollowUp(session, utc_now(), has_model=has_model)
        follow_up.ask(context.id("import_id"), settings.propose_after_import)


@contextmanager
def _in_words() -> Iterator[None]:
    """What the list of jobs says of work that is tried again, and given up in the end."""
    try:
        yield
    except VectorIndexError as error:
        raise UnavailableError("The vector index does not answer; nothing is lost.") from error
    except EmbeddingError as error:
        raise UnavailableError(f"No vectors could be made: {error}") from error


def _store(context: JobContext) -> LocalFileStore:
    return LocalFileStore(context.resources.settings.files.directory)


def _actor(context: JobContext) -> Actor:
    """Whoever asked for the work, with the role of today."""
    user = None
    if "actor_id" in context.claim.arguments:
        with context.sessions() as session:
            user = session.get(User, context.id("actor_id"))
    if user is None:
        raise ConflictError("Whoever asked for this has no account any more.")
    return Actor(user.id, Role(user.role), user.id)
