from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from app.api.bodies import UploadLimit
from app.api.deps import ActorDep, AnyUser, ExamGuardDep, MediaServiceDep, NowDep, Staff, TurnDep
from app.api.downloads import Download, parts_of
from app.api.pictures import PictureDeskDep
from app.models import Media
from app.schemas.media import MediaRead
from app.services.picture_upload import MAX_IMAGE_BYTES, picture_data

router = APIRouter(prefix="/media", tags=["media"])

_BINARY = {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}, "description": "The file."}


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[Staff, Depends(UploadLimit(MAX_IMAGE_BYTES))])
async def upload_media(
    file: UploadFile, actor: ActorDep, media: MediaServiceDep, turn: TurnDep, desk: PictureDeskDep
) -> MediaRead:
    """Upload a picture (PNG, JPEG, WEBP, GIF). It is stored without its metadata; the same file again is the same."""
    data = await run_in_threadpool(picture_data, file.file)
    found = await run_in_threadpool(media.known, data)
    if found is None:
        await turn.end()
        image = await desk.make("whole", data)
        await turn.begin_again()
        found = await run_in_threadpool(media.add, data, image, actor.user_id)
    return await run_in_threadpool(media.uploaded, actor, found)


@router.get(
    "/{media_id}", dependencies=[AnyUser], response_class=Response, responses={200: _BINARY, 304: {"model": None}}
)
def download_media(  # what a route depends on
    media_id: UUID, request: Request, actor: ActorDep, media: MediaServiceDep, guard: ExamGuardDep, now: NowDep
) -> Response:
    """A picture of a question that you may see or were asked. It never changes, so browsers keep it."""
    found = media.find(actor, media_id, tells_keys=not guard.is_running(actor.user_id, now))
    headers = _headers(found)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Length"] = str(found.size)
    return Download(parts_of(media.open(found)), found.mime, headers)


def _headers(media: Media) -> dict[str, str]:
    return {
        "ETag": f'"{media.sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": "inline" if media.mime.startswith("image/") else "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
