import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile
from pydantic import Field, Json
from starlette.concurrency import run_in_threadpool

from app.api.deps import (
    ActorDep,
    FileStoreDep,
    IdCursor,
    ImportRepositoryDep,
    ImportServiceDep,
    Limit,
    ResourcesDep,
    SessionDep,
    Staff,
    TurnDep,
)
from app.api.downloads import DOWNLOAD, SpoolDep, attachment, stored_parts, whole_attachment
from app.api.idempotency import Idempotency, KeyHeader
from app.core.errors import InvalidInputError
from app.formats.csv_writer import csv_template
from app.formats.spreadsheets.writer import XlsxWriter, xlsx_template
from app.integrations.storage import chunks_of
from app.repositories.idempotency_repository import IdempotencyRepository
from app.schemas.base import Page, StrictInt
from app.schemas.import_job import ImportOptions, ImportRead, ImportRowIndex, ImportRowQuery, ImportRowRead, Name
from app.services.import_report import report_of_files
from app.services.import_service import UploadedFile
from app.services.import_tables import csv_of_rows
from app.services.import_views import import_read, import_rows_page
from app.utils.text import safe_text

MAX_FILE_NAME: Final = 255

router = APIRouter(prefix="/imports", tags=["imports"], dependencies=[Staff])


class ImportForm(ImportOptions):
    """An upload; `columns` is JSON here."""

    file: UploadFile
    subject_id: UUID
    dry_run: Annotated[bool, Field(description="Store nothing, only tell what would become of each row.")] = False
    columns: Json[dict[Name, Name | StrictInt]] = Field(
        default={}, description="Our column name to the header or 0-based position of a foreign table."
    )

    def options(self) -> ImportOptions:
        return ImportOptions.model_validate(self.model_dump(include=set(ImportOptions.model_fields)))


async def get_upload_idempotency(
    request: Request, actor: ActorDep, session: SessionDep, key: KeyHeader = None
) -> Callable[[str], Idempotency]:
    """Of a form with a file; its body is hashed by whoever has stored the file."""
    route = f"{request.method} {request.url.path}"[:120]
    return lambda body_hash: Idempotency(IdempotencyRepository(session), actor, route, key, body_hash)


UploadIdempotencyDep = Annotated[Callable[[str], Idempotency], Depends(get_upload_idempotency)]


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=ImportRead)
def create_import(
    form: Annotated[ImportForm, Form(media_type="multipart/form-data")],
    actor: ActorDep,
    imports: ImportServiceDep,
    resources: ResourcesDep,
    store: FileStoreDep,
    idempotency: UploadIdempotencyDep,
) -> Response:
    """Upload a question file. A job reads it; the rows and their outcome can be read meanwhile."""
    if not form.file.size:
        raise InvalidInputError("The file is empty.")
    stored = store.put(chunks_of(form.file.file), resources.settings.files.max_upload_bytes)
    file = UploadedFile(_file_name(form.file.filename), stored.sha256)
    wish = (form.subject_id, file, form.options(), form.dry_run)
    return idempotency(hashlib.sha256(repr(wish).encode()).hexdigest()).once(
        lambda: import_read(imports.create(actor, form.subject_id, file, form.options(), dry_run=form.dry_run)),
        ImportRead,
        HTTPStatus.ACCEPTED,
    )


@router.get("")
def list_imports(
    actor: ActorDep,
    imports: ImportServiceDep,
    repository: ImportRepositoryDep,
    cursor: IdCursor = None,
    limit: Limit = 50,
) -> Page[ImportRead]:
    """Imports, latest first: your own, or all of them for an admin."""
    found = repository.page(actor, before=cursor, limit=limit)
    return Page(items=[import_read(view) for view in imports.views(found.items)], next_cursor=found.next_cursor)


@router.get("/template.csv", response_class=Response, responses={200: DOWNLOAD})
def download_template() -> Response:
    """The table that authors fill in and upload."""
    return whole_attachment(csv_template(), "questions.csv", "text/csv")


@router.get("/template.xlsx", response_class=Response, responses={200: DOWNLOAD})
def download_workbook() -> Response:
    """The same table for Excel."""
    return whole_attachment(xlsx_template(), "questions.xlsx", XlsxWriter.mime)


@router.get("/{import_id}")
def read_import(import_id: UUID, actor: ActorDep, imports: ImportServiceDep) -> ImportRead:
    """One import with its state, its outcome so far and its job."""
    return import_read(imports.read(actor, import_id))


@router.get("/{import_id}/rows")
def list_rows(
    import_id: UUID, query: Annotated[ImportRowQuery, Query()], actor: ActorDep, imports: ImportServiceDep
) -> Page[ImportRowRead]:
    """What became of each thing of the file, in its order; of changed questions what they say before and after."""
    return import_rows_page(imports.rows(actor, import_id, query))


@router.get("/{import_id}/row-index")
def read_row_index(
    import_id: UUID, query: Annotated[ImportRowQuery, Query()], actor: ActorDep, imports: ImportServiceDep
) -> ImportRowIndex:
    """Where each page of `limit` rows begins, for tables that jump to any place, and how many rows have which code."""
    return imports.row_index(actor, import_id, query)


@router.get("/{import_id}/report", response_class=Response, responses={200: DOWNLOAD})
def download_report(import_id: UUID, actor: ActorDep, imports: ImportServiceDep, store: FileStoreDep) -> Response:
    """Everything that was read, as JSON: questions, unsupported parts, errors and the outcome."""
    view, sha256 = imports.report(actor, import_id)
    entry = (view.row.filename, stored_parts(store, sha256), view.counts)
    return attachment(report_of_files([entry]), f"report-{import_id}.json", "application/json")


@router.get("/{import_id}/report.csv", response_class=Response, responses={200: DOWNLOAD})
async def download_rows(  # one for each dependency
    import_id: UUID,
    actor: ActorDep,
    imports: ImportServiceDep,
    resources: ResourcesDep,
    turn: TurnDep,
    spool: SpoolDep,
) -> Response:
    """The rows with their problems as a table. One at a time, as `download_running` says."""
    await run_in_threadpool(imports.read, actor, import_id)
    await turn.end()
    parts = await spool.taken(actor.user_id, csv_of_rows(resources.sessions, import_id))
    return attachment(parts, f"report-{import_id}.csv", "text/csv")


@router.post("/{import_id}/commit", status_code=HTTPStatus.ACCEPTED)
def commit_import(import_id: UUID, actor: ActorDep, imports: ImportServiceDep) -> ImportRead:
    """Make a dry run real, or go on with an import that was stopped. Asking again changes nothing."""
    return import_read(imports.commit(actor, import_id))


@router.post("/{import_id}/cancel", status_code=HTTPStatus.ACCEPTED)
def cancel_import(import_id: UUID, actor: ActorDep, imports: ImportServiceDep) -> ImportRead:
    """Stop an import before its next chunk. What is stored stays; it can be gone on with or undone."""
    return import_read(imports.cancel(actor, import_id))


@router.post("/{import_id}/undo", status_code=HTTPStatus.ACCEPTED)
def undo_import(import_id: UUID, actor: ActorDep, imports: ImportServiceDep) -> ImportRead:
    """Delete the questions of an import and give those it changed their earlier text, unless students met them."""
    return import_read(imports.undo(actor, import_id))


def _file_name(given: str | None) -> str:
    """The last part of what the browser calls the file, safe to store and to show."""
    name = safe_text((given or "").replace("\\", "/").rpartition("/")[2]).strip()
    return name[-MAX_FILE_NAME:] or "questions"
