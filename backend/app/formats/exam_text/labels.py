"""What stands before a question or an option: ``12.``, ``Question 3:``, ``(b)``, ``C)``, a bullet, a box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from app.domain.document_text import TextLine

_WORDS = (
    r"questions?|ques|question\s+no|qn|que|q|problem|exercise|item|frage|aufgabe|pregunta|questão|questao|domanda|"
    r"вопрос|задание|问题|题目|题|문제|問"
)
_WORDED = re.compile(
    rf"[\W_]{{0,4}}(?:{_WORDS})\s*[.:]?\s*(?:no\.?|number|nr\.?|№|#)?\s*(?P<number>\d{{1,3}})(?!\d|[.,]\d)"
    r"(?:\s+of\s+\d{1,3})?\s*(?P<close>[.):\]、．：–—-]?)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"\s*第\s*(?P<number>\d{1,3})\s*[题題问問](?P<close>[.):、．：]?)")
_BARE = re.compile(
    r"[\s_]*[*■●▪•#]?\s*(?P<open>[(\[]?)(?P<number>\d{1,3})\s?(?P<close>[.)\]、．:：])(?=\s|$|[^\W\d_]|[(\[“\"'‘…_*\\$¿✓√])"
)
_ALONE = re.compile(r"\s*(?P<number>\d{1,3})(?=\t)")


@dataclass(frozen=True, slots=True)
class QuestionLabel:
    """A number at the start of a line; `end` is where the text begins. Labels of one family look alike."""

    line: int
    number: int
    end: int
    family: str
    indent: float


def question_label(line: TextLine, index: int) -> QuestionLabel | None:
    for kind, pattern in (("word", _WORDED), ("word", _CHINESE), ("bare", _BARE), ("alone", _ALONE)):
        if found := pattern.match(line.text):
            groups = found.groupdict()
            family = kind if kind != "bare" else f"bare{groups['open']}{_usual(groups['close'])}"
            return QuestionLabel(index, int(found["number"]), found.end(), family, line.indent)
    return None


def _usual(close: str) -> str:
    return {"．": ".", "、": ".", "：": ":"}.get(close, close)


_BULLETS = "•●○◯⃝◦▪■□☐☑☒◻▢▫❏❑➢➤‣⚪⚫"
_WEAK_BULLETS = "o*–—·-"  # a label only before white space
_CIRCLED = {chr(0x2460 + index): index for index in range(10)} | {chr(0x24D0 + index): index for index in range(26)}
_CIRCLED |= {chr(0x24B6 + index): index for index in range(26)}
_LETTER_LABEL = re.compile(
    r"(?P<mark>[*✓✔√☑☒]?[ ]?)(?P<open>[(\[]?)(?P<label>[A-Za-z])\s?(?P<close>[.)\]:、．：])(?=\s|$|(?P<tight>\S))"
)
_DIGIT_LABEL = re.compile(
    r"(?P<mark>[*✓✔√☑]?[ ]?)(?P<open>[(\[]?)(?P<label>\d{1,2})(?P<close>[.)\]、．])(?=\s|$|(?P<tight>[^\W\d]))"
)
_CIRCLED_LABEL = re.compile(rf"(?P<mark>[*✓✔√☑]?[ ]?)(?P<label>[{''.join(_CIRCLED)}])")
_BARE_LETTER = re.compile(r"(?P<mark>[*✓✔√☑]?[ ]?)(?P<label>[A-H])[\t ]+(?=\S)")
_BULLET_LABEL = re.compile(rf"(?:[{_BULLETS}]|[{_WEAK_BULLETS}](?=\s)|[(\[][ xX✓✔√]?[)\]](?=\s))\s*")
_CHECKED = re.compile(r"[☑☒⚫]|.[xX✓✔√]")
_STARS = "*✓✔√☑☒"


@dataclass(frozen=True, slots=True)
class OptionLabel:
    """A label that option number `index`, from 0, of a style may have, from `start` to before `end` of the text.

    ``rank`` tells how much its place says: at the start of a line, after a wide gap, or inside of running text.
    """

    style: str
    index: int
    start: int
    end: int
    rank: int
    is_starred: bool = False


LINE_START, AFTER_GAP, INSIDE = 3, 2, 1


def option_labels(text: str) -> Iterator[OptionLabel]:
    """Everything in the text that may be the label of an option, style by style."""
    for at in _places(text):
        rank = _rank(text, at)
        for label in _labels_at(text, at, rank):
            if label.index >= 0:
                yield label


def is_first_option(line: str) -> bool:
    """Whether the line begins with ``A.``, ``(a)`` or the like."""
    found = _LETTER_LABEL.match(line.lstrip())
    return found is not None and found["label"] in "Aa" and _is_balanced(found)


def _places(text: str) -> Iterator[int]:
    """Starts of words."""
    for at, letter in enumerate(text):
        if not letter.isspace() and (at == 0 or text[at - 1].isspace()):
            yield at


def _rank(text: str, at: int) -> int:
    before = text[:at].rstrip(" ")
    if not before or before[-1] in "\n\N{PARAGRAPH SEPARATOR}":
        return LINE_START
    return AFTER_GAP if before[-1] == "\t" or at - len(before) > 1 else INSIDE


def _labels_at(text: str, at: int, rank: int) -> Iterator[OptionLabel]:
    if (found := _LETTER_LABEL.match(text, at)) and _is_balanced(found) and (rank == LINE_START or _is_clear(found)):
        yield _letter(found, rank)
    if (found := _DIGIT_LABEL.match(text, at)) and _is_balanced(found):
        style = f"digit{found['open']}{_usual(found['close'])}"
        yield OptionLabel(style, int(found["label"]) - 1, at, found.end(), rank, _is_starred(found))
    if found := _CIRCLED_LABEL.match(text, at):
        yield OptionLabel("circled", _CIRCLED[found["label"]], at, found.end(), rank, _is_starred(found))
    if rank > INSIDE and (found := _BARE_LETTER.match(text, at)):
        yield OptionLabel("letter", _index(found["label"]), at, found.end(), rank, _is_starred(found))
    if rank == LINE_START and (found := _BULLET_LABEL.match(text, at)):
        yield OptionLabel("bullet", 0, at, found.end(), rank, _CHECKED.match(found[0]) is not None)


def _letter(found: re.Match[str], rank: int) -> OptionLabel:
    case = "A" if found["label"].isupper() else "a"
    style = f"{case}{found['open']}{_usual(found['close'])}"
    return OptionLabel(style, _index(found["label"]), found.start(), found.end(), rank, _is_starred(found))


def _is_clear(found: re.Match[str]) -> bool:
    """Whether the label is one also inside of a line: ``B) 5`` and ``B)5``, but ``B. 5`` only with the space."""
    return not found["tight"] or (found["close"] in ")]" and found["tight"].isalnum())


def _is_starred(found: re.Match[str]) -> bool:
    return found["mark"].strip() in _STARS and bool(found["mark"].strip())


def _index(letter: str) -> int:
    return ascii_lowercase.index(letter.lower())


def _is_balanced(found: re.Match[str]) -> bool:
    """``(a)`` and ``a)``, but neither ``(a.`` nor ``(a``."""
    pairs = {"(": ")", "[": "]"}
    return not found["open"] or pairs[found["open"]] == found["close"]
