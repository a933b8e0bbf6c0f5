"""Reading LaTeX source: comments, groups in braces, environments. Nothing is executed."""

import re
from typing import NamedTuple

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_ENDS = {"{": "}", "[": "]"}
_MARK = re.compile(r"\\.|[{}\[\]]", re.DOTALL)
# A group beyond these bounds is a forgotten brace; looking for its end again and again would take for ever.
_LONGEST_GROUP = 20_000
_DEEPEST_GROUP = 64


def without_comments(text: str) -> str:
    """The text with the same lines."""
    return _COMMENT.sub(r"\1", text)


class Group(NamedTuple):
    content: str
    end: int


def group(text: str, at: int, opening: str = "{") -> Group | None:
    """The group that begins at the next character that is no space; None when there is none or it does not end."""
    start = at
    while start < len(text) and text[start] in " \t\n":
        start += 1
    if not text.startswith(opening, start):
        return None
    depth, closing = 0, _ENDS[opening]
    braces = 0
    for mark in _MARK.finditer(text, start, start + _LONGEST_GROUP):
        character = mark[0]
        if opening != "{" and character in "{}":
            braces += 1 if character == "{" else -1
        elif not braces and character == opening:
            depth += 1
        elif not braces and character == closing:
            depth -= 1
            if not depth:
                return Group(text[start + 1 : mark.start()], mark.end())
        if depth > _DEEPEST_GROUP:
            break
    return None


class Environment(NamedTuple):
    name: str
    start: int
    body: str
    body_start: int
    end: int


def environments(text: str, names: re.Pattern[str]) -> list[Environment]:
    """Outermost environments with a matching name; one that is never closed ends with the text."""
    found: list[Environment] = []
    at = 0
    opening = re.compile(rf"\\begin\{{({names.pattern})\}}")
    while (begin := opening.search(text, at)) is not None:
        body_end, end = _end_of(text, begin.end(), begin[1])
        found.append(Environment(begin[1], begin.start(), text[begin.end() : body_end], begin.end(), end))
        at = end
    return found


def _end_of(text: str, at: int, name: str) -> tuple[int, int]:
    depth = 1
    for edge in re.compile(rf"\\(begin|end)\{{{re.escape(name)}\}}").finditer(text, at):
        depth += 1 if edge[1] == "begin" else -1
        if not depth:
            return edge.span()
    return len(text), len(text)
