"""Ids that tell nothing: a source may have written "correct" or counted them up in the right order."""

import re
from collections.abc import Callable, Iterable, Sequence

from app.domain.markup import gap_ids, replace_gaps
from app.domain.question_draft import Gap, Option, OrderItem, Pair, QuestionDraft

_OPAQUE = re.compile(r"[0-9a-f]{8}")
_TELLING_LENGTH = 2  # random ids of two items ascend half of the time


class Naming:
    """Gives out ids that are unique within one question; ``new_id`` returns eight random hexadecimal digits."""

    def __init__(self, draft: QuestionDraft, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._reserved = _shown_ids(draft)
        self._used: set[str] = set()

    def new(self) -> str:
        while (candidate := self._new_id()) in self._used or candidate in self._reserved:
            pass
        self._used.add(candidate)
        return candidate

    def keep_or_new(self, identifier: str) -> str:
        if identifier in self._used or not _OPAQUE.fullmatch(identifier):
            return self.new()
        self._used.add(identifier)
        return identifier


def with_opaque_ids(draft: QuestionDraft, naming: Naming) -> QuestionDraft:
    """The draft with every id that a student would see made opaque; ids that are opaque already stay."""
    names: dict[str, str] = {}
    gaps = []
    for gap in draft.gaps:
        name = naming.keep_or_new(gap.id)
        names.setdefault(gap.id, name)
        gaps.append(gap.model_copy(update={"id": name, "options": _options(gap.options, naming)}))
    return draft.model_copy(
        update={
            "stem": replace_gaps(draft.stem, lambda gap_id: f"[[{names.get(gap_id, gap_id)}]]"),
            "options": _options(draft.options, naming),
            "pairs": tuple(pair.model_copy(update={"id": naming.keep_or_new(pair.id)}) for pair in draft.pairs),
            "order": _order(draft.order, naming),
            "gaps": tuple(gaps),
        }
    )


def _options(options: Iterable[Option], naming: Naming) -> tuple[Option, ...]:
    return tuple(option.model_copy(update={"id": naming.keep_or_new(option.id)}) for option in options)


def _order(items: Sequence[OrderItem], naming: Naming) -> tuple[OrderItem, ...]:
    """Ids that ascend in the right order tell it, so they do not stay."""
    ids = [item.id for item in items]
    is_telling = len(ids) > _TELLING_LENGTH and ids == sorted(ids)
    return tuple(
        item.model_copy(update={"id": naming.new() if is_telling else naming.keep_or_new(item.id)}) for item in items
    )


def _shown_ids(draft: QuestionDraft) -> set[str]:
    shown: tuple[Sequence[Option | Pair | OrderItem | Gap], ...] = (
        draft.options,
        draft.pairs,
        draft.order,
        draft.gaps,
        *(gap.options for gap in draft.gaps),
    )
    return {thing.id for things in shown for thing in things} | set(gap_ids(draft.stem))
