"""Keys that are written into the blank of their question, as ``The capital of Japan is ( B ).``"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.formats.exam_text.answer_lines import Remark
from app.formats.exam_text.questions import ParsedQuestion

_FILLED = re.compile(r"（\s*(?P<wide>[A-H]{1,5})\s*）|\(\s+(?P<narrow>[A-H]{1,5})\s+\)")
_USUAL = 0.6
_LEAST = 2


def take_blank_keys(questions: Sequence[ParsedQuestion]) -> None:
    """Turn what fills the blanks into answers and leave these empty, if most questions with options are like that."""
    with_options = [question for question in questions if question.options]
    filled = [(question, found) for question in with_options if (found := _filled(question)) is not None]
    if len(filled) < max(_LEAST, _USUAL * len(with_options)):
        return
    for question, found in filled:
        start, end = max(found.span("wide"), found.span("narrow"))
        letters, text = question.stem.text[start:end], question.stem.text
        question.stem = replace(question.stem, text=f"{text[:start]}{' ' * (end - start)}{text[end:]}")
        line = replace(question.lines[0], text=letters, spans=(), pictures=())
        question.remarks.setdefault(Remark.ANSWER, [line])


def _filled(question: ParsedQuestion) -> re.Match[str] | None:
    """The only bracket that holds nothing but letters of options."""
    found = [*_FILLED.finditer(question.stem.text)]
    if len(found) != 1:
        return None
    letters = found[0]["wide"] or found[0]["narrow"]
    return found[0] if all(ord(letter) - ord("A") < len(question.options) for letter in letters) else None
