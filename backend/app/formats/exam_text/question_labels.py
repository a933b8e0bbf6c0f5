"""What stands before a question: ``12.``, ``Q3)``, ``Question 4:``, ``第5题``."""

import re
from dataclasses import dataclass

from app.domain.document_text import TextLine
from app.formats.exam_text.alphabets import roman_number

_WORDS = (
    r"questions?|ques|question\s+no|qn|que|q|problem|exercise|item|task|no|nr|n[°º]|№|"
    r"frage|aufgabe|pregunta|ejercicio|exercice|questão|questao|pergunta|domanda|quesito|vraag|opgave|fråga|spørgsmål|"
    r"pytanie|zadanie|otázka|soru|soal|pertanyaan|câu|ερώτηση|вопрос|задание|задача|питання|завдання|"
    r"السؤال|سؤال|שאלה|प्रश्न|问题|題目|题目|题|문제|問題|問"
)
_WORDED = re.compile(
    rf"[\W_]{{0,4}}(?:{_WORDS})\s{{0,4}}[.:–-]?\s{{0,4}}(?:no\.?|number|nr\.?|№|#)?\s{{0,4}}"
    r"(?P<number>\d{1,3})(?!\d|[.,]\d)"
    r"(?:\s{1,4}(?:of|/)\s{1,4}\d{1,3})?\s{0,4}(?P<close>(?:[.):\]、．：–—]|\.?-)?)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"\s{0,8}第\s{0,2}(?P<number>\d{1,3})\s{0,2}[题題问問](?P<close>[.):、．：]?)")
_BARE = re.compile(
    r"[\s_]{0,40}[*■●▪•#]?\s{0,4}(?P<open>[(\[]?)(?P<number>\d{1,3})(?:\s?(?P<close>[.)\]、．:：])|(?P<dash>\.?\s?[–—-])(?=\s))-?"
    r"(?=\s|$|[^\W\d_]|[(\[“\"'‘…_*\\$¿✓√]|(?<=[、．])\d)"
)
_HASH = re.compile(r"\s{0,8}#\s?(?P<number>\d{1,3})(?P<close>)(?=\s)")
_ROMAN = re.compile(r"\s{0,8}(?P<open>[(\[]?)(?P<number>[IVX]{1,7})(?P<close>[.)\]])(?=\s)")
_ALONE = re.compile(r"\s{0,8}(?P<number>\d{1,3})(?=\t|\s{1,3}(?:[^\W\d]{2}|[A-Z]\s[a-z]))")
_PATTERNS = (
    ("word", _WORDED),
    ("word", _CHINESE),
    ("bare", _BARE),
    ("hash", _HASH),
    ("roman", _ROMAN),
    ("alone", _ALONE),
)
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
            number = roman_number(found["number"]) if kind == "roman" else int(found["number"])
            return QuestionLabel(index, number, found.end(), _family(kind, found), line.indent)
    return None


def _family(kind: str, found: re.Match[str]) -> str:
    if kind == "bare":
        close = found["close"] or "-"
        return f"{kind}{found['open']}{_USUAL.get(close, close)}"
    return f"{kind}{found['open']}{found['close']}" if kind == "roman" else kind
