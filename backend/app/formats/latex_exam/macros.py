"""Short names that authors define for the commands of the exam class."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.formats.latex_exam.scanning import group

_DEFINITION = re.compile(r"\\(?:re)?(?:new|provide)(command|environment)\*?\s*")
_NAME = re.compile(r"\{?\\?([^\W\d_]+)\}?")
_COUNT = re.compile(r"\s*\[(\d)\]")
_OF_INTEREST = re.compile(r"\\(?:fillin|choice|CorrectChoice|correctchoice|begin|end|question|part)\b")
_MOST_EXPANSIONS = 10_000
_LONGEST_TEXT = 5_000_000


class Macro(NamedTuple):
    arguments: int
    body: str


def expanded(text: str) -> str:
    """The text with the author's names for questions, choices and blanks resolved, on the same lines."""
    text, commands, edges = _definitions(text)
    for name, replacement in edges.items():
        text = text.replace(name, replacement)
    if not commands or len(text) > _LONGEST_TEXT:
        return text
    return _with_commands(text, commands)


def _definitions(text: str) -> tuple[str, dict[str, Macro], dict[str, str]]:
    """The text without the definitions; commands, and what stands for the two ends of environments."""
    parts: list[str] = []
    commands: dict[str, Macro] = {}
    edges: dict[str, str] = {}
    at = 0
    while (definition := _DEFINITION.search(text, at)) is not None:
        parts.append(text[at : definition.start()])
        end = _take(text, definition, commands, edges)
        parts.append("\n" * text.count("\n", definition.start(), end))
        at = end
    return "".join([*parts, text[at:]]), commands, edges


def _take(text: str, definition: re.Match[str], commands: dict[str, Macro], edges: dict[str, str]) -> int:
    name = _NAME.match(text, definition.end())
    if name is None:
        return definition.end()
    count = _COUNT.match(text, name.end())
    first = group(text, count.end() if count else name.end())
    if first is None:
        return name.end()
    body = " ".join(first.content.split())
    if definition[1] == "command":
        if _OF_INTEREST.search(body):
            commands[name[1]] = Macro(int(count[1]) if count else 0, body)
        return first.end
    last = group(text, first.end)
    if last is not None and not count and _OF_INTEREST.search(body):
        edges[rf"\begin{{{name[1]}}}"] = body
        edges[rf"\end{{{name[1]}}}"] = " ".join(last.content.split())
    return last.end if last else first.end


def _with_commands(text: str, commands: Mapping[str, Macro]) -> str:
    names = "|".join(sorted(map(re.escape, commands), key=len, reverse=True))
    call = re.compile(rf"\\({names})(?![^\W\d_])")
    at, count = 0, 0
    while (found := call.search(text, at)) is not None and count < _MOST_EXPANSIONS and len(text) < _LONGEST_TEXT:
        body, end = commands[found[1]].body, found.end()
        for number in range(1, commands[found[1]].arguments + 1):
            argument = group(text, end)
            body = body.replace(f"#{number}", argument.content if argument else "")
            end = argument.end if argument else end
        text = f"{text[: found.start()]}{body}{text[end:]}"
        at, count = found.start() + len(body), count + 1
    return text
