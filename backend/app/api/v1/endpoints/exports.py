from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import ActorDep, ExportServiceDep, FileStoreDep, Staff
from app.api.downloads import DOWNLOAD, attachment, stored_parts
from app.api.idempotency import IdempotencyDep
from app.schemas.export import ExportCreate, ExportRead

router = APIRouter(prefix="/exports", tags=["imports"], dependencies=[Staff])


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=ExportRead)
def create_export(
    body: ExportCreate, actor: ActorDep, exports: ExportServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Write all questions of a subject but the retired ones, with their keys, into a file."""
    return idempotency.once(lambda: exports.create(actor, body), ExportRead, HTTPStatus.ACCEPTED)


@router.get("/{export_id}")
def read_export(export_id: UUID, actor: ActorDep, exports: ExportServiceDep) -> ExportRead:
    """How far an export is, and what its format could not carry."""
    return exports.read(actor, export_id)


@router.get("/{export_id}/file", response_class=Response, responses={200: DOWNLOAD})
def download_export(export_id: UUID, actor: ActorDep, exports: ExportServiceDep, store: FileStoreDep) -> Response:
    """The file of an export that has succeeded."""
    export, sha256, mime = exports.file(actor, export_id)
    return attachment(stored_parts(store, sha256), export.filename or "questions", mime)
