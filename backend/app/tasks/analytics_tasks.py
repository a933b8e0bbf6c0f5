from typing import Any

from app.core.jobs import JobKind
from app.repositories.item_repository import ItemRepository
from app.tasks.runtime import JobContext, handles


@handles(JobKind.CALIBRATE_ITEMS)
def calibrate_items(context: JobContext) -> dict[str, Any]:
    """Let the difficulties follow the answers; running it again without new answers changes nothing."""
    with context.sessions.begin() as session:
        return {"questions": len(ItemRepository(session).calibrate())}
