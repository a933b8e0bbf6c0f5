"""What stands before a question: ``12.``, ``Q3)``, ``Question 4:``, ``第5题``."""

import re
from dataclasses import dataclass

from app.domain.document_text import TextLine

_WORDS = (
    r"questions?|ques|question\s+no|qn|que|q|problem|exercise|item|frage|aufgabe|pregunta|questão|questao|domanda|"
    r"вопрос|задание|问题|题目|题|문제|問"
)
_WORDED = re.compile(
    rf"[\W_]{{0,4}}(?:{_WORDS})\s{{0,4}}[.:]?\s{{0,4}}(?:no\.?|number|nr\.?|№|#)?\s{{0,4}}(?P<number>\d{{1,3}})(?!\d|[.,]\d)"
    r"(?:\s{1,4}of\s{1,4}\d{1,3})?\s{0,4}(?P<close>[.):\]、．：–—-]?)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"\s{0,8}第\s{0,2}(?P<number>\d{1,3})\s{0,2}[题題问問](?P<close>[.):、．：]?)")
_BARE = re.compile(
    r"[\s_]{0,40}[*■●▪•#]?\s{0,4}(?P<open>[(\[]?)(?P<number>\d{1,3})\s?(?P<close>[.)\]、．:：])"
    r"(?=\s|$|[^\W\d_]|[(\[“\"'‘…_*\\$¿✓√])"
)
_ALONE = re.compile(r"\s{0,8}(?P<number>\d{1,3})(?=\t)")
_PATTERNS = (("word", _WORDED), ("word", _CHINESE), ("bare", _BARE), ("alone", _ALONE))
_USUAL = {"．": ".", "、": ".", "：": ":"}


@dataclass(frozen=True, slots=True)
class QuestionLabel:
    """A number at the start of a line; `end` is where the text begins. Labels of one family look alike."""

    line: int
    number: int
    end: int
    family: str
    indent: float


def question_label(line: TextLine, index: int) -> QuestionLabel | None:
    for kind, pattern in _PATTERNS:
        if found := pattern.match(line.text):
            close = _USUAL.get(found["close"], found["close"]) if kind == "bare" else ""
            family = f"{kind}{found['open']}{close}" if kind == "bare" else kind
            return QuestionLabel(index, int(found["number"]), found.end(), family, line.indent)
    return None
