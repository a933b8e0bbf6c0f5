"""A GIFT file cut into questions, with the comments and the category that go with each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.formats.cells import split_path
from app.formats.gift.markup import protected

_CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
_CATEGORY_VARIABLE = re.compile(r"\$\w+\$")
_ANSWER_START = frozenset("~=#}")


@dataclass(slots=True)
class Block:
    """``line`` is where the text begins. The text has no comment lines and no blank lines around it."""

    line: int
    category: tuple[str, ...]
    comments: list[str]
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    has_gap: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def add(self, line: str) -> None:
        self.lines.append(line)
        safe = protected(line)
        self.depth = max(0, self.depth + safe.count("{") - safe.count("}"))
        self.has_gap = False

    def is_over(self, line: str) -> bool:
        """Whether `line` after a blank one begins something new; an open answer list may have blank lines."""
        return self.has_gap and (self.depth == 0 or line.lstrip()[0] not in _ANSWER_START)


class _Splitter:
    def __init__(self) -> None:
        self._category: tuple[str, ...] = ()
        self._comments: list[str] = []
        self._block: Block | None = None

    def take(self, number: int, line: str) -> Block | None:
        """The block that is over now, if one is."""
        text = line.strip()
        if not text:
            self._take_blank()
        elif text.startswith("//"):
            self._take_comment(text[2:])
        elif (category := _CATEGORY.match(text)) is not None:
            self._category, self._comments = category_path(category[1]), []
            return self.rest()
        else:
            return self._take_text(number, line)
        return None

    def rest(self) -> Block | None:
        block, self._block = self._block, None
        return block

    def _take_blank(self) -> None:
        self._comments = []
        if self._block is not None:
            self._block.has_gap = True

    def _take_comment(self, comment: str) -> None:
        if self._block is not None and not self._block.has_gap:
            self._block.comments.append(comment)
        else:
            self._comments.append(comment)

    def _take_text(self, number: int, line: str) -> Block | None:
        over = self.rest() if self._block is not None and self._block.is_over(line) else None
        if self._block is None:
            self._block, self._comments = Block(number, self._category, self._comments), []
        self._block.add(line)
        return over


def blocks(lines: Iterable[str]) -> Iterator[Block]:
    splitter = _Splitter()
    for number, line in enumerate(lines, start=1):
        if (block := splitter.take(number, line.lstrip("\ufeff").rstrip())) is not None:
            yield block
    if (block := splitter.rest()) is not None:
        yield block


def category_path(text: str) -> tuple[str, ...]:
    """Names below the course: its variable ``$course$`` and Moodle's own ``top`` say nothing here."""
    parts = split_path(text)
    while parts and (_CATEGORY_VARIABLE.fullmatch(parts[0]) or parts[0] == "top"):
        parts = parts[1:]
    return parts
