"""The rows of an import's report, from what its chunks held."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.domain.enums import Severity
from app.formats.reading import Problem
from app.repositories.import_repository import NewImportRow
from app.schemas.import_job import RowOutcome
from app.services.import_events import ReadDraft
from app.services.import_judge import Judged
from app.services.import_things import Thing
from app.utils.html import plain_text
from app.utils.text import excerpt

MAX_CODE = 64


def import_rows(
    import_id: UUID, things: Sequence[Thing], judged: Sequence[Judged], question_ids: Mapping[int, UUID]
) -> list[NewImportRow]:
    """A row for each thing, in order."""
    by_number = {each.n: each for each in judged}
    return [_row(import_id, each, by_number.get(each.n), question_ids.get(each.n)) for each in things]


def _row(import_id: UUID, thing: Thing, judged: Judged | None, question_id: UUID | None) -> NewImportRow:
    code, severity, message, column = _note(thing, judged)
    return NewImportRow(
        import_id=import_id,
        n=thing.n,
        outcome=_outcome(thing, judged),
        question_id=question_id,
        code=code,
        severity=severity,
        message=message,
        column_name=column,
        location=thing.location.model_dump(mode="json", exclude_none=True),
        text=_text(thing),
    )


def _outcome(thing: Thing, judged: Judged | None) -> str | None:
    if judged is not None:
        return judged.outcome.value
    is_error = isinstance(thing.event, Problem) and thing.event.severity is Severity.ERROR
    return RowOutcome.ERROR.value if is_error else None


def _note(thing: Thing, judged: Judged | None) -> tuple[str | None, str | None, str, str | None]:
    """Code, severity, message and column. The first of several warnings gives the code, the message is that of all."""
    match thing.event:
        case ReadDraft():
            problems = judged.problems if judged is not None else thing.warnings
        case Problem():
            problems = (thing.event, *thing.warnings)
        case unsupported:
            return f"unsupported:{unsupported.kind}"[:MAX_CODE], Severity.WARNING.value, "", None
    if not problems:
        return None, None, "", None
    message = " ".join(each.message for each in problems)
    return problems[0].code.value, problems[0].severity.value, message, problems[0].column


def _text(thing: Thing) -> str:
    return (
        excerpt(plain_text(thing.event.draft.stem)) if isinstance(thing.event, ReadDraft) else excerpt(thing.event.text)
    )
