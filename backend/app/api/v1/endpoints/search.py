from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from app.api.bodies import UploadLimit
from app.api.deps import (
    ActorDep,
    Admin,
    HotUser,
    JobServiceDep,
    SearchDocumentRepositoryDep,
    SearchServiceDep,
    SemanticToolsDep,
    Staff,
)
from app.api.idempotency import IdempotencyDep
from app.api.pictures import PictureDeskDep
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.search import SearchKind
from app.schemas.job import JobRead
from app.schemas.search import IndexRead, PictureForm, SearchBench, SearchQuery, SearchRead, SimilarQuery
from app.services.picture_upload import MAX_IMAGE_BYTES, picture_data
from app.services.search_service import SearchWish
from app.services.search_views import bench_read, index_read, search_read

router = APIRouter(prefix="/search", tags=["search"])


class PictureUpload(PictureForm):
    file: UploadFile


@router.get("", dependencies=[HotUser])
def search(query: Annotated[SearchQuery, Query()], search: SearchServiceDep) -> SearchRead:
    """Find questions and skills by words and by meaning. Students find what is published, and nothing by its key."""
    kinds = query.kind or list(SearchKind)
    return search_read(search.search(_wish(query, kinds)))


@router.get("/bench", dependencies=[Admin])
def bench_search(
    query: Annotated[SearchQuery, Query()], actor: ActorDep, search: SearchServiceDep, tools: SemanticToolsDep
) -> SearchBench:
    """The same search with the rank that each arm gave, and the time each took."""
    del actor
    return bench_read(search.search(_wish(query, [SearchKind.QUESTIONS])), tools.texts.name)


@router.get("/index", dependencies=[Staff])
def read_index(documents: SearchDocumentRepositoryDep, tools: SemanticToolsDep) -> IndexRead:
    """How much of the bank is indexed, and by what."""
    return index_read(tools, documents.counts(tools.texts.name))


@router.post("/reindex", status_code=HTTPStatus.ACCEPTED, response_model=JobRead, dependencies=[Admin])
def reindex(actor: ActorDep, jobs: JobServiceDep, idempotency: IdempotencyDep) -> Response:
    """Build the vector index anew. Searches go on by words meanwhile; vectors that are known are not computed again."""
    return idempotency.once(
        lambda: jobs.start(actor, JobKind.REINDEX_QUESTIONS, AuditAction.REINDEX_REQUESTED),
        JobRead,
        HTTPStatus.ACCEPTED,
    )


@router.post("/picture", dependencies=[HotUser, Depends(UploadLimit(MAX_IMAGE_BYTES))])
async def search_by_picture(
    form: Annotated[PictureUpload, Form(media_type="multipart/form-data")],
    search: SearchServiceDep,
    desk: PictureDeskDep,
) -> SearchRead:
    """Find questions by a picture like one of theirs. The picture is not stored.

    A JPEG has at most 50 million pixels, any other picture 16 million. One at a time; a second one meanwhile is
    answered with `upload_running`.
    """
    data = await run_in_threadpool(picture_data, form.file.file)
    picture = await desk.make("small", data)
    found = await run_in_threadpool(search.by_picture, picture.data, form.wanted(), form.limit)
    return search_read(found)


@router.get("/similar/{question_id}", dependencies=[HotUser])
def find_similar(question_id: UUID, query: Annotated[SimilarQuery, Query()], search: SearchServiceDep) -> SearchRead:
    """Questions of the same subject that ask something similar; easier or harder ones when that is wished."""
    return search_read(search.similar(question_id, query.wanted(), query.like, query.limit))


def _wish(query: SearchQuery, kinds: list[SearchKind]) -> SearchWish:
    return SearchWish(
        text=query.q,
        wanted=query.wanted(),
        cursor=query.cursor,
        limit=query.limit if SearchKind.QUESTIONS in kinds else 0,
        with_facets=query.facets,
        with_skills=SearchKind.SKILLS in kinds,
    )
