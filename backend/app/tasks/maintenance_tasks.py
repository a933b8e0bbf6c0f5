from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.repositories.job_repository import JobRepository
from app.repositories.llm_usage_repository import LlmUsageRepository
from app.services.index_check import IndexCheck
from app.services.semantic_tools import SemanticTools
from app.tasks.runtime import JobContext, handles

THOROUGH_HOURS: Final = 6
"""In one hour of so many each id is compared, and not only their number."""
_KEEP: Final = {
    "DELETE FROM idempotency_keys WHERE created_at < :before": timedelta(days=2),
    "DELETE FROM refresh_tokens WHERE expires_at < :before": timedelta(days=30),
    "DELETE FROM password_resets WHERE expires_at < :before": timedelta(days=30),
    "DELETE FROM jobs WHERE finished_at < :before AND status IN ('succeeded', 'cancelled')": timedelta(days=30),
    "DELETE FROM llm_usage WHERE created_at < :before": timedelta(days=400),
    "DELETE FROM usage_counters WHERE starts_on < :before": timedelta(days=62),
}


@handles(JobKind.CLEAN_UP)
def clean_up(context: JobContext) -> dict[str, Any]:
    """Delete what has served its time, each table in a transaction of its own; close calls that nobody ended."""
    with context.sessions.begin() as session:
        LlmUsageRepository(session).abandon_old(utc_now())
    return {"deleted": sum(_delete(context, statement, utc_now() - keep) for statement, keep in _KEEP.items())}


@handles(JobKind.CHECK_INDEX)
def check_index(context: JobContext) -> dict[str, Any]:
    """Compare the vector index with the database, and ask for the work that follows from it."""
    tools = SemanticTools.open(context.resources, is_writer=True)
    is_thorough = utc_now().hour % THOROUGH_HOURS == 0
    state = IndexCheck(context.sessions, tools).run(is_thorough=is_thorough)
    if state.needs_work:
        with context.sessions.begin() as session:
            JobRepository(session).enqueue_once(JobKind.EMBED_QUESTIONS)
    return asdict(state)


def _delete(context: JobContext, statement: str, before: datetime) -> int:
    with context.sessions.begin() as session:
        return len(session.execute(text(f"{statement} RETURNING 1"), {"before": before}).all())
