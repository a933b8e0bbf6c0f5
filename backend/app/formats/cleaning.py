"""One place that makes every string of a draft storable and every HTML field safe, whatever format it came from."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import get_args, get_type_hints

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from app.domain.markup import referred_files
from app.domain.question_draft import Html, QuestionDraft
from app.formats.drafts import build_draft
from app.formats.reading import Problem, ProblemCode, problem
from app.utils.html import is_remote, sanitize_html
from app.utils.text import safe_text

_SUSPECT_BYTES = (b"<", b"&", b">", b"\\u0000")


def clean(draft: QuestionDraft) -> tuple[QuestionDraft | Problem, list[Problem]]:
    """The draft with safe texts, and a warning for each file reference that was taken out.

    A problem stands in place of the draft when escaping makes a text longer than it may be.
    """
    if _is_harmless(draft):
        return draft, []
    cleaner = _Cleaner()
    fields = cleaner.fields(draft)
    message = "A file on another server or written into the text is not taken over; its reference was removed."
    warnings = [
        problem(ProblemCode.MISSING_MEDIA, message, draft.location, text=name) for name in sorted(cleaner.removed)
    ]
    return build_draft(fields, draft.location), warnings


def _is_harmless(draft: QuestionDraft) -> bool:
    """Whether all texts are ASCII without markup, as most are; the one serialisation is cheaper than the walk."""
    try:
        data = draft.__pydantic_serializer__.to_json(draft)
    except PydanticSerializationError:
        return False
    return data.isascii() and not any(suspect in data for suspect in _SUSPECT_BYTES)


class _Cleaner:
    def __init__(self) -> None:
        self.removed: set[str] = set()

    def fields(self, model: BaseModel) -> dict[str, object]:
        html_names = _html_fields(type(model))
        return {
            name: self._value(value, self._html if name in html_names else safe_text)
            for name, value in model.__dict__.items()
        }

    def _value(self, value: object, text: Callable[[str], str]) -> object:
        match value:
            case str():
                return text(value) if type(value) is str else value  # members of enums stay
            case BaseModel():
                return type(value).model_validate(self.fields(value))
            case tuple() | list():
                return type(value)(self._value(item, text) for item in value)
            case Mapping():
                return {safe_text(str(key)): self._value(item, text) for key, item in value.items()}
        return value

    def _html(self, markup: str) -> str:
        markup = safe_text(markup)
        self.removed |= {name for name in referred_files(markup) if is_remote(name)}
        return sanitize_html(markup)


@cache
def _html_fields(model: type[BaseModel]) -> frozenset[str]:
    hints = get_type_hints(model, include_extras=True)
    return frozenset(name for name in model.model_fields if _mentions_html(hints[name]))


def _mentions_html(annotation: object) -> bool:
    return annotation == Html or any(_mentions_html(argument) for argument in get_args(annotation))
