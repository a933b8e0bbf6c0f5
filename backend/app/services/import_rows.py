"""The rows of an import's report, from what its chunks held."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.domain.question_draft import Location
from app.formats.reading import Problem, Unsupported
from app.repositories.import_repository import NewImportRow
from app.services.import_judge import Judged, Numbered


def import_rows(
    import_id: UUID,
    judged: Sequence[Judged],
    problems: Sequence[tuple[int, Problem]],
    question_ids: Mapping[int, UUID | None],
) -> list[NewImportRow]:
    """One row a number; a draft with several warnings keeps the first."""
    first = dict(reversed(problems))
    drafts = [_draft_row(import_id, each, question_ids.get(each.n), first.pop(each.n, None)) for each in judged]
    return drafts + [_problem_row(import_id, n, found) for n, found in first.items()]


def unsupported_rows(import_id: UUID, chunk: Sequence[Numbered]) -> list[NewImportRow]:
    return [_unsupported_row(import_id, each.n, each.event) for each in chunk if isinstance(each.event, Unsupported)]


def _draft_row(import_id: UUID, judged: Judged, question_id: UUID | None, found: Problem | None) -> NewImportRow:
    return NewImportRow(
        import_id=import_id,
        n=judged.n,
        outcome=judged.outcome.value,
        question_id=question_id,
        code=found.code.value if found else None,
        severity=found.severity.value if found else None,
        message=found.message if found else "",
        column_name=found.column if found else None,
        location=_place(judged.draft.location),
        text=judged.draft.stem,
    )


def _problem_row(import_id: UUID, n: int, found: Problem) -> NewImportRow:
    return NewImportRow(
        import_id=import_id,
        n=n,
        code=found.code.value,
        severity=found.severity.value,
        message=found.message,
        column_name=found.column,
        location=_place(found.location),
        text=found.text,
    )


def _unsupported_row(import_id: UUID, n: int, found: Unsupported) -> NewImportRow:
    code = f"unsupported:{found.kind}"[:64]
    return NewImportRow(
        import_id=import_id, n=n, code=code, severity="warning", location=_place(found.location), text=found.text
    )


def _place(location: Location) -> dict[str, object]:
    return location.model_dump(mode="json", exclude_none=True)
