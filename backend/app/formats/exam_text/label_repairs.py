"""Labels as character recognition spoils them, put right without moving anything else in the line."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.document_text import TextLine, TextOrigin

_NOISE = re.compile(r"(?<!\S)[_|~^'‘’\".,:;8°]{1,2}(?=[A-Ha-h][)\]])")
_LONE_UNDERSCORE = re.compile(r"(?<!_)_(?!_)")
_CURLY = re.compile(r"(?<!\S)([(\[]?[A-Ha-h])[}\]](?=\s|$)")
_MISREAD_LETTERS = {"8": "B", "ß": "B", "0": "D", "€": "C", "¢": "c", "©": "c", "4": "A"}
_MISREAD = re.compile(rf"(?<!\S)([(\[]?)([{''.join(_MISREAD_LETTERS)}])\)(?=\s|$)")


def with_repaired_labels(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines; those of a text layer as they are."""
    return [_repaired(line) if line.origin is TextOrigin.OCR else line for line in lines]


def _repaired(line: TextLine) -> TextLine:
    text = _NOISE.sub(lambda found: " " * len(found[0]), line.text)
    text = _LONE_UNDERSCORE.sub(" ", text)
    text = _CURLY.sub(r"\1)", text)
    text = _MISREAD.sub(lambda found: f"{found[1]}{_MISREAD_LETTERS[found[2]]})", text)
    return replace(line, text=text) if text != line.text else line
