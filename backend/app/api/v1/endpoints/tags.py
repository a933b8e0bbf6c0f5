from typing import Annotated

from fastapi import APIRouter, Query

from app.api.deps import Cursor, Limit, Staff, TagRepositoryDep
from app.models import Tag
from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.question import TagRead

router = APIRouter(prefix="/tags", tags=["tags"])


@router.get("", response_model=Page[TagRead], dependencies=[Staff])
def list_tags(
    tags: TagRepositoryDep,
    q: Annotated[str, Query(max_length=200, description="How the name begins.")] = "",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Slice[Tag]:
    """Tags in use, by name."""
    return tags.page(q, cursor=cursor, limit=limit)
