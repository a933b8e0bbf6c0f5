"""What QTI 1.2 has no place for, as further fields of the metadata of an item, which other systems pass over."""

from collections.abc import Mapping

from app.domain.numbers import format_number
from app.domain.question_draft import QuestionDraft
from app.formats.cells import join_list, join_path, split_list, split_path
from app.formats.items import ItemError
from app.formats.numbers import NumberError, number_of
from app.formats.reading import ProblemCode

_LISTS = ("tags", "skills")
_NUMBERS = ("penalty", "difficulty")
_CATEGORY, _LANGUAGE, _SHUFFLE = "category", "language", "shuffle"
_NO = "No"
_UNNAMED = "ident_is_made_up"  # items need an ident, questions do not


def extra_metadata(draft: QuestionDraft) -> dict[str, str]:
    found = {_CATEGORY: join_path(draft.category), _LANGUAGE: draft.language}
    found |= {name: join_list(getattr(draft, name)) for name in _LISTS}
    if draft.external_id is None:
        found[_UNNAMED] = "Yes"
    if not draft.shuffle:
        found[_SHUFFLE] = _NO
    if draft.penalty != QuestionDraft.model_fields["penalty"].default:
        found["penalty"] = format_number(draft.penalty)
    if draft.difficulty is not None:
        found["difficulty"] = format_number(draft.difficulty)
    return {name: text for name, text in found.items() if text or name == _CATEGORY}


def extra_fields(metadata: Mapping[str, str]) -> dict[str, object]:
    fields: dict[str, object] = {name: split_list(metadata[name]) for name in _LISTS if name in metadata}
    if _CATEGORY in metadata:
        fields[_CATEGORY] = split_path(metadata[_CATEGORY])
    if _LANGUAGE in metadata:
        fields[_LANGUAGE] = metadata[_LANGUAGE]
    if _UNNAMED in metadata:
        fields["external_id"] = None
    if metadata.get(_SHUFFLE) == _NO:
        fields[_SHUFFLE] = False
    for name in _NUMBERS:
        if name in metadata:
            fields[name] = _number(metadata[name])
    return fields


def _number(text: str) -> float:
    try:
        return number_of(text)
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error
