"""Cloze deletions: ``{{c1::answer}}`` and ``{{c1::answer::hint}}`` in the text of a note."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.domain.markup import GAP_MARKER, gap_ids, replace_gaps
from app.domain.question_draft import Answer, Gap
from app.formats.items import UncarriedError
from app.utils.html import plain_text

_EDGE = re.compile(r"\{\{c(\d{1,3})(?:,\d{1,3})*::|\}\}")
_TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_OCCLUSION = "image-occlusion:"
_HIDDEN = "[…]"
_LONGEST_TYPED = 400


class Deletion(NamedTuple):
    number: str
    answer: str
    hint: str


class ClozeBlanks:
    """Makes blanks of the deletions in the fields of one note."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self._seen: Counter[str] = Counter()
        self._fields: set[str] = set()

    def blanked(self, name: str, text: str) -> str:
        """The text with ``[[c1]]`` in place of a deletion; where a field is shown again, its answers stay hidden."""
        if name in self._fields:
            return hidden(text)
        self._fields.add(name)
        return replaced_deletions(replace_gaps(text, lambda inner: f"[ [{inner}] ]"), self._marker)

    def _marker(self, deletion: Deletion) -> str:
        if deletion.answer.startswith(_OCCLUSION):
            raise UncarriedError("anki:image_occlusion")
        name = f"c{deletion.number}"
        self._seen[name] += 1
        gap_id = name if self._seen[name] == 1 else f"{name}-{self._seen[name]}"
        value = plain_text(deletion.answer)
        is_typed = 0 < len(value) <= _LONGEST_TYPED
        self.gaps.append(Gap(id=gap_id, answers=(Answer(value=value),) if is_typed else ()))
        return f"[[{gap_id}]]" + (f" ({deletion.hint})" if deletion.hint else "")

    def can_be_typed(self, stem: str) -> bool:
        """Whether every blank is in the stem, outside of formulas, and every answer a text of bearable length."""
        is_in_formula = any(GAP_MARKER.search(formula[0]) for formula in _TEX.finditer(stem))
        has_all = gap_ids(stem) == [gap.id for gap in self.gaps]
        return bool(self.gaps) and has_all and all(gap.answers for gap in self.gaps) and not is_in_formula


def hidden(text: str) -> str:
    return replaced_deletions(text, lambda deletion: f"[{deletion.hint}]" if deletion.hint else _HIDDEN)


def revealed(text: str) -> str:
    return replaced_deletions(text, lambda deletion: deletion.answer)


def replaced_deletions(text: str, replacement: Callable[[Deletion], str]) -> str:
    """The text with each outermost deletion replaced; those inside it belong to its answer."""
    parts: list[str] = []
    at = 0
    for start, end, deletion in _deletions(text):
        parts += [text[at:start], replacement(deletion)]
        at = end
    return "".join([*parts, text[at:]])


def _deletions(text: str) -> Iterator[tuple[int, int, Deletion]]:
    depth, opening = 0, None
    for edge in _EDGE.finditer(text):
        if edge[0] != "}}":
            opening = opening if depth else edge
            depth += 1
        elif depth and opening is not None:
            depth -= 1
            if not depth:
                inner = _EDGE.sub("", text[opening.end() : edge.start()])
                answer, _, hint = inner.partition("::")
                yield opening.start(), edge.end(), Deletion(opening[1], answer, hint)
