"""Files inside questions: a draft calls them by name, a stored question by the address of an opaque media id."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html import escape, unescape
from typing import Final, TypeVar, get_args, get_type_hints
from uuid import UUID

from app.domain.markup import referred_files
from app.domain.question_draft import Html, QuestionDraft, Value
from app.domain.question_html import hidden_html, shown_html

MEDIA_PATH: Final = "/api/v1/media/"

_ValueT = TypeVar("_ValueT", bound=Value)
# Only sanitised HTML comes here: attributes are quoted with " and hold none.
_MEDIA_TAG = re.compile(r'<(?:img|audio|video|source)(?:\s+[a-z]+(?:="[^"]*")?)*\s*/?>')
_SOURCE = re.compile(r'(?<=\ssrc=")[^"]*')


def media_url(media_id: UUID) -> str:
    return f"{MEDIA_PATH}{media_id}"


def media_id_of(name: str) -> UUID | None:
    """The id in an address made by `media_url`; None for any other name."""
    if not name.startswith(MEDIA_PATH):
        return None
    try:
        return UUID(name.removeprefix(MEDIA_PATH).partition("#")[0])
    except ValueError:
        return None


def file_names(draft: QuestionDraft) -> set[str]:
    """Every file that the texts and the hotspot of a draft refer to."""
    names = {draft.hotspot.image} if draft.hotspot else set()
    return names.union(*(referred_files(html) for html in (*shown_html(draft), *hidden_html(draft))))


def link_files(draft: QuestionDraft, ids: Mapping[str, UUID]) -> QuestionDraft:
    """The draft with each known file name, which may tell the answer, replaced by its opaque address."""
    return _rename_files(draft, _addresses(ids))


def unlink_files(draft: QuestionDraft, ids: Mapping[str, UUID]) -> QuestionDraft:
    """The inverse of `link_files`."""
    return _rename_files(draft, {address: name for name, address in _addresses(ids).items()})


def _addresses(ids: Mapping[str, UUID]) -> dict[str, str]:
    """The address of each name. Several names of one content differ by a fragment, so that they come apart again."""
    seen: Counter[UUID] = Counter()
    addresses = {}
    for name, media_id in sorted(ids.items()):
        repeated = seen[media_id]
        addresses[name] = f"{media_url(media_id)}#{repeated}" if repeated else media_url(media_id)
        seen[media_id] += 1
    return addresses


def _rename_files(draft: QuestionDraft, names: Mapping[str, str]) -> QuestionDraft:
    if not names:
        return draft
    renamed = _map_html(draft, lambda html: _rename_sources(html, names))
    changes: dict[str, object] = {
        "media": tuple(ref.model_copy(update={"name": names.get(ref.name, ref.name)}) for ref in draft.media)
    }
    if draft.hotspot:
        image = names.get(draft.hotspot.image, draft.hotspot.image)
        changes["hotspot"] = draft.hotspot.model_copy(update={"image": image})
    return renamed.model_copy(update=changes)


def _rename_sources(html: str, names: Mapping[str, str]) -> str:
    def renamed(source: re.Match[str]) -> str:
        name = unescape(source[0])
        return escape(names[name]) if name in names else source[0]

    return _MEDIA_TAG.sub(lambda tag: _SOURCE.sub(renamed, tag[0]), html)


def _map_html(value: _ValueT, change: Callable[[str], str]) -> _ValueT:
    html_names = _html_fields(type(value))
    return value.model_copy(
        update={
            name: _map_member(member, change, is_html=name in html_names) for name, member in value.__dict__.items()
        }
    )


def _map_member(member: object, change: Callable[[str], str], *, is_html: bool) -> object:
    if isinstance(member, Value):
        return _map_html(member, change)
    if isinstance(member, tuple):
        return tuple(_map_member(each, change, is_html=is_html) for each in member)
    if is_html and isinstance(member, dict):
        return {name: change(html) for name, html in member.items()}
    return change(member) if is_html and isinstance(member, str) else member


@cache
def _html_fields(model: type[Value]) -> frozenset[str]:
    hints = get_type_hints(model, include_extras=True)
    return frozenset(name for name in model.model_fields if _mentions_html(hints[name]))


def _mentions_html(annotation: object) -> bool:
    return annotation == Html or any(_mentions_html(argument) for argument in get_args(annotation))
