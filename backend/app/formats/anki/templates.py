"""Card templates of Anki: texts with ``{{Field}}``, ``{{filter:Field}}`` and sections that depend on a field."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.question_draft import MAX_HTML
from app.formats.items import ItemError
from app.formats.reading import ProblemCode
from app.utils.html import plain_text, text_to_html

_DEEPEST_SECTION = 32
_CLOZE_NUMBER = re.compile(r"c\d+")
_FURIGANA = re.compile(r" ?([^ >\]]+?)\[([^\]]+)\]")
_SOUND = re.compile(r"\[sound:[^\]]*\]")


@dataclass(frozen=True, slots=True)
class FieldTag:
    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Shown where the field has content, or where it has none."""

    name: str
    is_inverted: bool
    nodes: "list[Node]"


Node = str | FieldTag | Section


@dataclass(slots=True)
class Side:
    """One rendered side of a card and which fields it shows, as hints, for typing, or at all."""

    html: str = ""
    shown: set[str] = field(default_factory=set)
    hints: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)


def parse_template(text: str) -> list[Node]:
    """Never fails: what is not well-formed stays text, and a section that is not closed ends with the template."""
    root: list[Node] = []
    stack: list[tuple[str, list[Node]]] = [("", root)]
    for token in _tokens(text):
        nodes = stack[-1][1]
        if isinstance(token, str):
            nodes.append(token)
        elif token.name[:1] in {"#", "^"} and len(stack) <= _DEEPEST_SECTION:
            section = Section(token.name[1:].strip(), token.name[0] == "^", [])
            nodes.append(section)
            stack.append((section.name, section.nodes))
        elif token.name.startswith("/"):
            _close(stack, token.name[1:].strip())
        elif not token.name.startswith("!"):
            nodes.append(_field_tag(token.name))
    return root


def _close(stack: list[tuple[str, list[Node]]], name: str) -> None:
    if name in {opened for opened, _ in stack[1:]}:
        while stack.pop()[0] != name:
            pass


def _tokens(text: str) -> Iterator[str | FieldTag]:
    """Texts and raw tags. ``{{=<% %>=}}`` changes what tags look like from there on."""
    opening, closing, at = "{{", "}}", 0
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        yield text[at:start]
        inner = text[start + len(opening) : end]
        at = end + len(closing)
        if inner.startswith("{") and text[at : at + 1] == "}":
            inner, at = inner[1:], at + 1
        delimiters = inner[1:-1].split() if inner.startswith("=") and inner.endswith("=") else []
        if len(delimiters) == 2:  # noqa: PLR2004 - an opening and a closing one
            opening, closing = delimiters
        else:
            yield FieldTag(inner.strip())
    yield text[at:]


def _field_tag(text: str) -> FieldTag:
    *filters, name = (part.strip() for part in text.split(":"))
    return FieldTag(name, tuple(filters))


class Renderer:
    """Renders the sides of one note. ``cloze`` makes the text of a field with deletions what a side shows of it."""

    def __init__(self, fields: Mapping[str, str], cloze: Callable[[str, str], str]) -> None:
        self._fields = fields
        self._cloze = cloze

    def side(self, nodes: list[Node]) -> Side:
        """Raises `ItemError` when the side gets longer than a question may be."""
        side = Side()
        parts: list[str] = []
        length = 0
        for part in self._parts(nodes, side):
            parts.append(part)
            length += len(part)
            if length > MAX_HTML:
                raise ItemError(ProblemCode.TOO_LARGE, "A side of the card is too long.")
        side.html = "".join(parts).strip()
        return side

    def _parts(self, nodes: list[Node], side: Side) -> Iterator[str]:
        for node in nodes:
            match node:
                case str():
                    yield node
                case Section(name, is_inverted, inner):
                    if self._has_content(name) != is_inverted:
                        yield from self._parts(inner, side)
                case FieldTag(name, filters):
                    yield self._field(name, filters, side)

    def _has_content(self, name: str) -> bool:
        return _CLOZE_NUMBER.fullmatch(name) is not None or bool(plain_text(self._fields.get(name, "")))

    def _field(self, name: str, filters: tuple[str, ...], side: Side) -> str:
        text = self._fields.get(name, "")
        if not text or any(each.startswith("tts") for each in filters):
            return ""
        if "hint" in filters:
            side.hints.append(text)
            return ""
        side.shown.add(name)
        if "type" in filters:
            side.typed.append(name)
            if "cloze" not in filters:
                return ""
        if "cloze" in filters:
            return self._cloze(name, text)
        for each in reversed(filters):
            text = _FILTERS[each](text) if each in _FILTERS else text
        return text


def _furigana(text: str) -> str:
    return _readings(text, r"<ruby>\1<rt>\2</rt></ruby>")


def _readings(text: str, replacement: str) -> str:
    return "".join(
        piece if _SOUND.fullmatch(piece) else _FURIGANA.sub(replacement, piece)
        for piece in re.split(r"(\[sound:[^\]]*\])", text)
    )


_FILTERS: Mapping[str, Callable[[str], str]] = {
    "text": lambda text: text_to_html(plain_text(text)),
    "furigana": _furigana,
    "kanji": lambda text: _readings(text, r"\1"),
    "kana": lambda text: _readings(text, r"\2"),
}
