"""Lines joined to running text that keeps its look, so that a stretch of it can be cut out and shown as HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from app.domain.document_text import PICTURE, Span, Style, TextLine

WRAP = "\n"
"""Between two lines of the same paragraph."""
PARAGRAPH = "\N{PARAGRAPH SEPARATOR}"

_PARAGRAPH_SPACE = 0.4
_LIST_ITEM = re.compile(r"\s*(?:[(\[]?(?:[ivxIVX]{1,5}|\d{1,2}|[a-zA-Z])[.)\]]|[•●○▪◦–—-])\s")
_LETTER_BEFORE_HYPHEN = re.compile(r"[^\W\d_]-$")
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_TAGS = {
    Style.SUPERSCRIPT: "sup", Style.SUBSCRIPT: "sub", Style.BOLD: "b", Style.ITALIC: "i", Style.UNDERLINE: "u"
}  # fmt: skip
_EMPHASIS = frozenset({Style.BOLD, Style.ITALIC, Style.UNDERLINE})


@dataclass(frozen=True, slots=True)
class Flow:
    """Text of one or more lines; ``pictures`` names the files that stand at its `PICTURE` characters."""

    text: str = ""
    spans: tuple[Span, ...] = ()
    pictures: tuple[str, ...] = ()

    def cut(self, start: int, end: int | None = None) -> "Flow":
        """The stretch from `start` to before `end` without white space at its ends."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        spans = tuple(
            Span(max(span.start, start) - start, min(span.end, end) - start, span.style)
            for span in self.spans
            if span.start < end and span.end > start
        )
        before = self.text.count(PICTURE, 0, start)
        return Flow(self.text[start:end], spans, self.pictures[before : before + self.text.count(PICTURE, start, end)])

    @property
    def plain(self) -> str:
        """The text on one line, words joined that a line end had broken."""
        return " ".join("".join(_unwrapped(self.text)).split())

    def share(self, style: Style) -> float:
        """How much of what is visible has the style, from 0 to 1."""
        visible = [index for index, letter in enumerate(self.text) if not letter.isspace()]
        styled = {index for span in self.spans if span.style is style for index in range(span.start, span.end)}
        return sum(index in styled for index in visible) / len(visible) if visible else 0.0

    def html(self, *, keep_emphasis: bool = True) -> str:
        """Safe HTML. Emphasis of the whole stretch is no emphasis and left out."""
        shown = {style for style in _EMPHASIS if keep_emphasis and self.share(style) < 1}
        styles = self._styles(shown | {Style.SUPERSCRIPT, Style.SUBSCRIPT})
        return "".join(_tagged(_pieces(self, styles))).strip()

    def _styles(self, shown: set[Style]) -> list[frozenset[Style]]:
        found: list[set[Style]] = [set() for _ in self.text]
        for span in self.spans:
            if span.style in shown:
                for index in range(span.start, span.end):
                    found[index].add(span.style)
        return [frozenset(styles) for styles in found]


NO_TEXT = Flow()


def joined(above: Flow, below: Flow) -> Flow:
    """Two stretches as paragraphs of one."""
    if not above.text or not below.text:
        return above if above.text else below
    shift = len(above.text) + 1
    moved = tuple(Span(span.start + shift, span.end + shift, span.style) for span in below.spans)
    return Flow(f"{above.text}{PARAGRAPH}{below.text}", above.spans + moved, above.pictures + below.pictures)


def flow_of(lines: Sequence[TextLine]) -> Flow:
    text = ""
    spans: list[Span] = []
    for index, line in enumerate(lines):
        text += _break(lines[index - 1], line) if index else ""
        spans += [Span(span.start + len(text), span.end + len(text), span.style) for span in line.spans]
        text += line.text
    return Flow(text, tuple(spans), tuple(name for line in lines for name in line.pictures))


def line_starts(lines: Sequence[TextLine]) -> list[int]:
    """Where in `flow_of` of the same lines each of them begins."""
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    return starts


def _break(last: TextLine, line: TextLine) -> str:
    is_new = last.is_paragraph or line.space_above >= _PARAGRAPH_SPACE
    return PARAGRAPH if is_new or _LIST_ITEM.match(line.text) else WRAP


def _unwrapped(text: str) -> Iterator[str]:
    """Each character, or what stands for it where a line ends."""
    for index, letter in enumerate(text):
        if letter == WRAP:
            yield _joint(text[max(0, index - 2) : index], text[index + 1 : index + 2])
        else:
            yield "" if letter == "-" and _breaks_word(text, index) else letter


def _joint(before: str, after: str) -> str:
    if _LETTER_BEFORE_HYPHEN.search(before):
        return ""
    return "" if before and after and _UNSPACED.match(before[-1]) and _UNSPACED.match(after) else " "


def _breaks_word(text: str, index: int) -> bool:
    """Whether a hyphen stands at the end of a line only because its word did not fit: the rest is in lower case."""
    before, after = text[index - 1 : index], text[index + 1 : index + 3]
    return after[:1] == WRAP and after[1:].islower() and before.isalpha()


def _pieces(flow: Flow, styles: Sequence[frozenset[Style]]) -> Iterator[tuple[str, frozenset[Style]]]:
    pictures = iter(flow.pictures)
    for index, piece in enumerate(_unwrapped(flow.text)):
        if piece == PICTURE:
            yield f'<img src="{escape(next(pictures, ""))}" alt="">', frozenset()
        elif piece == PARAGRAPH:
            yield "<br>", frozenset()
        else:
            yield escape(piece, quote=False) if piece != "\t" else " ", styles[index]


def _tagged(pieces: Iterator[tuple[str, frozenset[Style]]]) -> Iterator[str]:
    last: frozenset[Style] = frozenset()
    for piece, styles in pieces:
        if styles != last and (piece.strip() or not styles):
            yield "".join(f"</{_TAGS[style]}>" for style in sorted(last, reverse=True))
            yield "".join(f"<{_TAGS[style]}>" for style in sorted(styles))
            last = styles
        yield piece
    yield "".join(f"</{_TAGS[style]}>" for style in sorted(last, reverse=True))
