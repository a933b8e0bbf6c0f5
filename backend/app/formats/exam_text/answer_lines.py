"""Lines of a question that say something about it: its answer, an explanation, a hint, where it belongs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.document_text import TextLine
from app.formats.exam_text.lines import cut_line


class Remark(StrEnum):
    ANSWER = "answer"
    SOLUTION = "solution"
    EXPLANATION = "explanation"
    HINT = "hint"
    DIFFICULTY = "difficulty"
    POINTS = "points"
    TAGS = "tags"
    CATEGORY = "category"


_NAMES = {
    Remark.ANSWER: (
        r"(?:the\s+)?(?:correct\s+|right\s+)?(?:answer|ans|option|choice|key)s?(?:\s+(?:is|key|choice|option))?|"
        r"correct|(?:richtige\s+|korrekte\s+)?antwort|richtig|(?:la\s+)?respuesta(?:\s+correcta)?(?:\s+es)?|correcta|"
        r"(?:la\s+)?(?:bonne\s+)?réponse(?:\s+correcte)?(?:\s+est)?|risposta(?:\s+(?:corretta|esatta))?|"
        r"resposta(?:\s+(?:correta|certa))?|(?:juiste\s+|correcte\s+)?antwoord|(?:rätt\s+)?svar|"
        r"(?:poprawna\s+)?odpowiedź|(?:správná\s+)?odpověď|(?:doğru\s+)?(?:cevap|yanıt)|đáp\s+án|(?:kunci\s+)?jawaban|"
        r"(?:правильный\s+|верный\s+)?ответ|(?:правильна\s+)?відповідь|(?:σωστή\s+)?απάντηση|"
        r"(?:الإجابة|الجواب)(?:\s+(?:الصحيحة|الصحيح))?|תשובה(?:\s+נכונה)?|उत्तर|"
        r"正确答案|正確答案|答案|参考答案|正解|答え|정답"
    ),
    Remark.SOLUTION: r"(?:sample\s+|model\s+)?solution|sol|lösung|solución|soluzione|решение|解答",
    Remark.EXPLANATION: (
        r"explanation|rationale|reason(?:ing)?|feedback|justification|begründung|erklärung|explicación|explication|"
        r"пояснение|解析"
    ),
    Remark.HINT: r"hint|hinweis|提示",
    Remark.DIFFICULTY: r"difficulty(?:\s+level)?|难度",
    Remark.POINTS: r"marks?|points?",
    Remark.TAGS: r"tags?|keywords?",
    Remark.CATEGORY: r"topic|chapter|category|subject",
}
_ANY_NAME = "|".join(f"(?P<{remark.value}>{names})" for remark, names in _NAMES.items())
_REMARK = re.compile(rf"\s*[\[(*]?\s*(?P<name>{_ANY_NAME})(?P<close>\s*[:：=.]|\s+[–—-](?=\s))\s*", re.IGNORECASE)
_LOOSE = re.compile(
    rf"\s*(?:{_NAMES[Remark.ANSWER]})\s+(?P<key>[(\[]?[A-Ha-h][)\]]?)\s*\.?\s*$"
    r"|\s*(?:the\s+)?(?:correct\s+)?(?:option|choice|answer)\s+(?P<named>[(\[]?[A-H][)\]]?)\s+is\s+(?:the\s+)?"
    r"(?:correct|right)(?:\s+(?:answer|option|choice|one))?\s*\.?\s*$",
    re.IGNORECASE,
)
_KEY_FIRST = re.compile(r"[(\[]?[A-Ha-h][)\].](?=\s|$)")
_ADJECTIVES = frozenset({"correct", "richtig", "correcta", "option", "choice", "options", "choices"})
_INLINE = re.compile(r"(?<!Correct)\s+(?=(?:Correct\s+)?(?:Answer|Ans|Explanation|Solution|Rationale)\s*[:：]\s*\S)")
_BRACKETED = re.compile(r"\s*[\[(](?:ans(?:wer)?|key)\s*[:.]?\s*(?P<text>[^\])]{1,40})[\])]\s*$", re.IGNORECASE)
_PART = re.compile(r"\s*\(?([a-h])\)")
_BARE_KEY = re.compile(r"[(\[]?(?:[A-Ha-h]|[TF]|true|false|\d)[)\].]?\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Remarked:
    """A question's own lines, and the others by what they say."""

    lines: list[TextLine] = field(default_factory=list)
    remarks: dict[Remark, list[TextLine]] = field(default_factory=dict)


def without_remarks(lines: Sequence[TextLine]) -> Remarked:
    """A remark goes on over the following lines up to the next remark, the next part or the end of the question."""
    result = Remarked()
    current, last_part = result.lines, 0
    for index, line in enumerate(piece for each in lines for piece in _pieces(each)):
        remark, end = _remark_of(line.text)
        part = _PART.match(line.text)
        if part and current is not result.lines and ord(part[1].lower()) == last_part + 1:
            current = result.lines
        if part and current is result.lines:
            last_part = ord(part[1].lower())
        if remark is not None and index:
            current = result.remarks.setdefault(remark, [])
            rest = cut_line(line, end)
        else:
            rest = _without_bracketed(line, result)
        if rest.text.strip():
            current.append(rest)
    return result


def _pieces(line: TextLine) -> Iterator[TextLine]:
    """The line cut before each remark in the middle of it."""
    begin = 0
    for found in _INLINE.finditer(line.text):
        yield cut_line(line, begin, found.start())
        begin = found.end()
    yield cut_line(line, begin) if begin else line


def is_remark(line: TextLine) -> bool:
    return _remark_of(line.text)[0] is not None


def _remark_of(text: str) -> tuple[Remark | None, int]:
    """What the line says, and where the text of that begins."""
    if loose := _LOOSE.match(text):
        return Remark.ANSWER, max(loose.start("key"), loose.start("named"))
    found = _REMARK.match(text)
    if found is None:
        return None, 0
    remark = next(each for each in Remark if found[each.value])
    is_capital, rest = not found["name"][0].islower(), text[found.end() :]
    if remark is Remark.ANSWER and (_BARE_KEY.match(rest) or (is_capital and _KEY_FIRST.match(rest))):
        return remark, found.end()
    is_announced = is_capital and found["close"].strip() != "." and found["name"].casefold() not in _ADJECTIVES
    return (remark, found.end()) if is_announced else (None, 0)


def _without_bracketed(line: TextLine, result: Remarked) -> TextLine:
    """``[Ans: B]`` at the end of a line is its own remark."""
    found = _BRACKETED.search(line.text)
    if found is None:
        return line
    answer = cut_line(line, found.start("text"), found.end("text"))
    result.remarks.setdefault(Remark.ANSWER, []).append(answer)
    return cut_line(line, 0, found.start())
