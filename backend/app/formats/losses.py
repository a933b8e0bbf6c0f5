"""What a written question has lost, found by reading it back."""

from collections.abc import Mapping

from pydantic import BaseModel

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.reading import Loss, Problem

_NOT_CONTENT = frozenset({"location", "status"})  # where it came from and what it is here; files do not carry that
_COMPARED = tuple(name for name in QuestionDraft.model_fields if name not in _NOT_CONTENT)
_WEIGHT_DIGITS = 4


def losses_of(position: int, written: QuestionDraft, read_back: QuestionDraft | Problem | None) -> list[Loss]:
    """One loss for each field that differs; local ids and white space do not count, and a third may be 33.333 %."""
    if not isinstance(read_back, QuestionDraft):
        reason = "it would read as something else" if read_back is None else read_back.message
        return [Loss(position, "question", f"The question cannot be read back: {reason}")]
    return [
        Loss(position, name, f"{name}: the format cannot carry all of it.")
        for name in _COMPARED
        if _comparable(_in_order(written, name)) != _comparable(_in_order(read_back, name))
    ]


def _in_order(draft: QuestionDraft, name: str) -> object:
    """The field; true and false have no order of their own."""
    if name == "options" and draft.type is QuestionType.TRUE_FALSE:
        return sorted(draft.options, key=lambda option: option.html)
    value: object = getattr(draft, name)
    return value


def _comparable(value: object) -> object:
    match value:
        case str():
            return " ".join(value.replace("&nbsp;", " ").split())
        case BaseModel():
            return {name: _comparable(item) for name, item in value.__dict__.items() if name != "id"}
        case tuple() | list():
            return [_comparable(item) for item in value]
        case Mapping():
            return {key: _comparable(item) for key, item in value.items()}
        case float():
            return round(value, _WEIGHT_DIGITS) if abs(value) <= 1 else value
    return value
