"""How the text of a Word document looks: by the run, its style, the paragraph's style, and what these build on."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.ai.processing.docx_numbering import VAL, Element, W
from app.domain.document_text import Style

_OFF = frozenset({"0", "false", "off", "none"})
_FLAGS = {"b": Style.BOLD, "i": Style.ITALIC, "u": Style.UNDERLINE, "highlight": Style.HIGHLIGHT}
_DARK = 100
_GREY_SPREAD = 40
_HEX = 16
_HEX_LENGTH = 6


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """``looks`` says of some styles whether text has them; ``is_heading`` of a title or heading."""

    looks: dict[Style, bool]
    is_heading: bool


class StyleSheet:
    def __init__(self, styles: Element | None) -> None:
        found = styles.iterfind(f"{W}style") if styles is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}
        self._known: dict[str, ParagraphStyle] = {}

    def paragraph(self, name: str) -> ParagraphStyle:
        if (known := self._known.get(name)) is None:
            chain = [*self._chain(name)]
            looks: dict[Style, bool] = {}
            for style in reversed(chain):
                looks |= looks_of(style.find(f"{W}rPr"))
            known = self._known[name] = ParagraphStyle(looks, any(_is_heading(style) for style in chain))
        return known

    def _chain(self, name: str) -> Iterator[Element]:
        """The style and those it is based on."""
        seen = set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            based_on = self._styles[name].find(f"{W}basedOn")
            name = "" if based_on is None else based_on.get(VAL, "")

    def run(self, properties: Element | None, paragraph: ParagraphStyle) -> frozenset[Style]:
        looks = paragraph.looks
        if properties is not None:
            named = properties.find(f"{W}rStyle")
            if named is not None:
                looks = looks | self.paragraph(named.get(VAL, "")).looks
            looks = looks | looks_of(properties)
        return frozenset(style for style, is_on in looks.items() if is_on)


def looks_of(properties: Element | None) -> dict[Style, bool]:
    if properties is None:
        return {}
    looks = {
        style: found.get(VAL, "1") not in _OFF
        for name, style in _FLAGS.items()
        if (found := properties.find(f"{W}{name}")) is not None
    }
    if (colour := properties.find(f"{W}color")) is not None:
        looks[Style.COLOUR] = _is_coloured(colour.get(VAL, ""))
    if (shift := properties.find(f"{W}vertAlign")) is not None:
        looks[Style.SUPERSCRIPT] = shift.get(VAL) == "superscript"
        looks[Style.SUBSCRIPT] = shift.get(VAL) == "subscript"
    return looks


def is_hidden(properties: Element | None) -> bool:
    found = None if properties is None else properties.find(f"{W}vanish")
    return found is not None and found.get(VAL, "1") not in _OFF


def _is_coloured(code: str) -> bool:
    try:
        channels = bytes.fromhex(code) if len(code) == _HEX_LENGTH else b"\0\0\0"
    except ValueError:
        return False
    return max(channels) >= _DARK and max(channels) - min(channels) > _GREY_SPREAD


def _is_heading(style: Element) -> bool:
    name = style.find(f"{W}name")
    title = "" if name is None else name.get(VAL, "").casefold()
    return title.startswith(("heading", "title", "subtitle")) or style.find(f"{W}pPr/{W}outlineLvl") is not None
