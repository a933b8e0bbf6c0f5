"""Imports as staff read them."""

from collections.abc import Mapping
from typing import Any

from app.formats.registry import WRITERS
from app.models import ImportRow
from app.schemas.base import Page
from app.schemas.import_job import (
    FieldChange,
    FormatRead,
    ImportJobRead,
    ImportOptions,
    ImportRead,
    ImportRowRead,
    OutcomeRead,
    RowOutcome,
)
from app.services.import_readers import READERS
from app.services.import_service import ImportView, RowsView


def import_read(view: ImportView) -> ImportRead:
    row = view.row
    return ImportRead(
        id=row.id,
        subject_id=row.subject_id,
        created_by=row.created_by,
        filename=row.filename,
        format=row.format,
        options=ImportOptions.model_validate(row.options),
        dry_run=row.dry_run,
        state=view.state,
        outcome=OutcomeRead(**{outcome.value: view.counts[outcome.value] for outcome in RowOutcome}),
        is_broken=bool(row.outcome.get("is_broken")),
        job=ImportJobRead.model_validate(view.job) if view.job is not None else None,
        created_at=row.created_at,
        committed_at=row.committed_at,
        undone_at=row.undone_at,
    )


def import_rows_page(view: RowsView) -> Page[ImportRowRead]:
    items = [_row_read(row, view.changes.get(row.n)) for row in view.found.items]
    return Page(items=items, next_cursor=view.found.next_cursor)


def known_formats() -> list[FormatRead]:
    """Readers and writers of the same name are one format."""
    readers = {reader.name: reader for reader in READERS}
    writers = {writer.name: writer for writer in WRITERS}
    return [
        FormatRead(
            name=name,
            title=(readers.get(name) or writers[name]).title,
            reads=name in readers,
            writes=name in writers,
            extensions=list(readers[name].extensions) if name in readers else [writers[name].extension],
        )
        for name in sorted(readers.keys() | writers.keys())
    ]


def _row_read(row: ImportRow, change: Mapping[str, Any] | None) -> ImportRowRead:
    return ImportRowRead(
        n=row.n,
        outcome=row.outcome,
        question_id=row.question_id,
        code=row.code,
        severity=row.severity,
        message=row.message,
        column=row.column_name,
        location=row.location,
        text=row.text,
        changes=None if change is None else [FieldChange(**each) for each in change["changes"]],
    )
