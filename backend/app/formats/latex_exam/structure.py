"""The questions of an exam and their parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.formats.latex_exam.scanning import environments, group

_QUESTIONS = re.compile("questions")
_LEVELS = (
    (re.compile(r"\\(question|titledquestion|bonusquestion)(?![^\W\d_])"), re.compile("parts")),
    (re.compile(r"\\(part|bonuspart)(?![^\W\d_])"), re.compile("subparts")),
    (re.compile(r"\\(subpart)(?![^\W\d_])"), re.compile("subsubparts")),
    (re.compile(r"\\(subsubpart)(?![^\W\d_])"), None),
)
_HALF = re.compile(r"(\d*)\s*\\half")


@dataclass(frozen=True, slots=True)
class Node:
    """A question or a part of one. ``text`` is its own, without that of its parts; ``start`` counts characters."""

    start: int
    text: str
    title: str = ""
    points: float | None = None
    parts: list["Node"] = field(default_factory=list)


def questions(text: str) -> Iterator[Node]:
    found = environments(text, _QUESTIONS)
    if not found:
        yield from _nodes(text, 0, 0)
    for each in found:
        yield from _nodes(each.body, each.body_start, 0)


def _nodes(text: str, offset: int, level: int) -> Iterator[Node]:
    """Nodes of one level; ``offset`` is where the text begins in the whole."""
    headings = [*_LEVELS[level][0].finditer(text)]
    for index, found in enumerate(headings):
        end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
        yield _node(text[found.start() : end], offset + found.start(), level)


def _node(text: str, start: int, level: int) -> Node:
    """The node of a text that begins with its heading; ``start`` is where that stands in the whole."""
    heading, inner = _LEVELS[level]
    found = heading.match(text)
    at, title = (found.end(), "") if found else (0, "")
    if found and found[1] == "titledquestion" and (name := group(text, at)) is not None:
        at, title = name.end, name.content
    points = group(text, at, "[")
    at = points.end if points else at
    parts: list[Node] = []
    own = text[at:]
    for block in reversed(environments(own, inner) if inner is not None else []):
        parts[:0] = _nodes(block.body, start + at + block.body_start, level + 1)
        own = f"{own[: block.start]}\n{own[block.end :]}"
    return Node(start, own, title, _points(points.content) if points else None, parts)


def _points(text: str) -> float | None:
    if (half := _HALF.fullmatch(text.strip())) is not None:
        return int(half[1] or 0) + 0.5
    return float(text) if re.fullmatch(r"\s*\d{1,3}(?:\.\d+)?\s*", text) else None
