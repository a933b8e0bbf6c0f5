"""Answer keys that stand apart from the questions: lists, tables and worked answers under a heading of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.document_text import TextLine, TextOrigin
from app.formats.exam_text.alphabets import LATIN_KEYS
from app.formats.exam_text.answer_lines import is_remark
from app.formats.exam_text.flow import NO_TEXT, Flow, flow_of
from app.formats.exam_text.numbering import question_starts
from app.formats.exam_text.truths import truth_of

_NAMES = (
    r"(?:(?:correct|right|model|suggested|multiple[\s-]choice|mcq|quiz|test|exam)\s+)*(?:answers?|ans|keys?)"
    r"(?:\s+(?:keys?|list|sheet|table))?|key(?:\s+to\s+.{1,40})?|"
    r"solutions?(?:\s+key)?|mark(?:ing)?\s+scheme|lösung(?:en|sschlüssel)?|antworten|respuestas(?:\s+correctas)?|"
    r"soluciones|clave(?:\s+de\s+respuestas)?|(?:bonnes\s+)?réponses|corrigé|solutions|risposte|soluzioni|gabarito|"
    r"respostas|antwoorden|odpowiedzi|klucz(?:\s+odpowiedzi)?|řešení|cevap(?:lar|\s+anahtarı)|facit|đáp\s+án|"
    r"kunci\s+jawaban|(?:правильные\s+)?ответы|ключи?(?:\s+ответов)?|відповіді|απαντήσεις|"
    r"(?:مفتاح\s+)?(?:الإجابات|الإجابة|الأجوبة)|תשובות|उत्तर(?:\s*कुंजी)?|"
    r"参考答案|答案|正确答案|解答|正解|정답"
)
_WITH_MORE = (
    r"(?:\s*(?:and|&|with|/|und|y|et|e|и)\s*(?:\w+\s+)?(?:explanations?|solutions?|rationales?|answers?|hints?|keys?))?"
)
_HEADING = re.compile(rf"[\W_]*(?:{_NAMES}){_WITH_MORE}(?:\s+(?:to|for|of|[-–—:])\s.{{1,60}})?\W*$", re.IGNORECASE)
_TABLE_HEADING = re.compile(
    r"(?:\s*(?:q(?:uestions?|n|ues)?|no|nr|number|item|#)\.?(?:\s*(?:no|number)\.?)?\s+(?:correct\s+)?(?:answers?|ans|key|option)\.?)+\s*$",
    re.IGNORECASE,
)
_HEADING_WITH_KEY = re.compile(
    rf"[\W_]*(?:{_NAMES})\s*[:：.–—-]\s*(?=[(\[]?(?:Q\w*\.?\s*)?\d|(?:[A-H][\s,;]+){{3,}}[A-H]\W*$)", re.IGNORECASE
)

_LETTERS = r"[A-H]{1,20}|[a-e]{1,4}|[A-Za-z]|(?i:true|false|verdadero|falso|vrai|faux|richtig|falsch)"
_TOKEN = re.compile(
    r"(?P<first>\d{1,3})[-–—~～](?P<last>\d{1,3})[.):：]?"
    rf"|[(\[]?(?i:Q(?:uestion)?\.?)?(?P<number>\d{{1,3}})[)\]]?"
    rf"(?:[.):\]=–—-]+[(\[]?(?P<paired>{_LETTERS})[)\].]?|(?P<glued>[A-H]))?[.):\]]?"
    rf"|[(\[]?(?P<letters>{_LETTERS})[)\].:]?"
    r"|(?P<sign>[=:–—&|/-]|and|or|→|(?i:q(?:\.?no|ues(?:tions?)?)?s?|no|nr|ans(?:wers?)?|keys?|items?|options?|#)[.:]?)"
)
_GLUED = re.compile(r"(?<=\d[.):-][A-Ea-e])(?=\d{1,3}[.):-])")  # "1.C2.C3.A", as recognition joins narrow spaces
_SEPARATED = re.compile(r"[\s,;]+")
_LEAST_PAIRS = 2
_LEAST_HEADLESS = 4
_MOST_TRIALS = 5  # each looks at all that follows
_ANSWERED_SHARE = 0.3
_LEADING_NAME = re.compile(r"(?:(?:correct\s+)?(?:answer|ans|option|choice))\s*(?:is\b)?\s*[:.–—-]?\s*", re.IGNORECASE)
_LEADING_LETTER = re.compile(
    r"[(\[]?(?P<letters>[A-Ha-h](?:\s*(?:,|&|and|/)\s*[A-Ha-h](?![\w']))*|[A-H]{2,5}|T|F|True|False|true|false)"
    r"(?:[)\]]\s*[.:–—-]?|[.:]|\s*[–—-])?(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What a key says about question `number` of numbering `run`: letters of options, or text, or both."""

    number: int
    run: int
    letters: tuple[str, ...] = ()
    text: Flow = NO_TEXT
    line: int = 0


@dataclass(slots=True)
class KeySection:
    """Lines from `first` to before `end` and what they say. `is_unnumbered`: letters alone, one for each question."""

    first: int
    end: int
    is_unnumbered: bool = False
    entries: list[KeyEntry] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def key_sections(lines: Sequence[TextLine]) -> list[KeySection]:
    sections: list[KeySection] = []
    index, trials = 0, 0
    while index < len(lines):
        section = None
        if (rest := _announced(lines[index].text)) is not None:
            section = _compact(lines, index, index + 1, rest)
            if not rest and trials < _MOST_TRIALS:
                trials += 1
                section = _entries(lines, section or KeySection(index, index + 1)) or section
        if section is not None:
            sections.append(section)
        index = section.end if section is not None else index + 1
    if not sections and (section := _headless(lines)) is not None:
        sections.append(section)
    return sections


def _announced(text: str) -> str | None:
    """What follows the heading of a key on its line; None of any other line."""
    if _HEADING.match(text) or _TABLE_HEADING.match(text):
        return ""
    heading = _HEADING_WITH_KEY.match(text)
    return text[heading.end() :] if heading else None


def _headless(lines: Sequence[TextLine]) -> KeySection | None:
    """A key at the very end that nothing announces."""
    first = len(lines)
    while first > 0 and _tokens(lines[first - 1].text) is not None and not is_remark(lines[first - 1]):
        first -= 1
    while first < len(lines) and (_tokens(lines[first].text) or [_Token()])[0].number is None:
        first += 1  # options that are numbers look much the same
    section = _compact(lines, first, first, "") if first < len(lines) else None
    return section if section and len(section.entries) >= _LEAST_HEADLESS else None


def _compact(lines: Sequence[TextLine], heading: int, first: int, rest: str) -> KeySection | None:
    """A key of numbers and letters only, which ends with the first line that holds anything else."""
    found = [_tokens(rest) or []] if rest else []
    end = first
    while end < len(lines) and ((tokens := _tokens(lines[end].text)) is not None or _is_misread(lines, end)):
        found.append(tokens or [])
        end += 1
    is_recognised = any(line.origin is TextOrigin.OCR for line in lines[heading:end])
    pairs, unreadable = _pairs([token for tokens in found for token in tokens], may_be_misread=is_recognised)
    section = KeySection(heading, end, entries=[*_numbered(pairs, heading)], unreadable=unreadable)
    if not pairs and not unreadable and not is_recognised:
        letters = [token.letters for tokens in found for token in tokens]
        section.entries = [KeyEntry(at, 0, tuple(_single(each)), line=heading) for at, each in enumerate(letters, 1)]
        section.is_unnumbered = True
    return section if len(section.entries) >= _LEAST_PAIRS else None


def _is_misread(lines: Sequence[TextLine], at: int) -> bool:
    """Whether one line inside of a recognised key only could not be made out."""
    is_inside = 0 < at < len(lines) - 1 and _tokens(lines[at - 1].text) is not None
    return is_inside and lines[at].origin is TextOrigin.OCR and _tokens(lines[at + 1].text) is not None


@dataclass(frozen=True, slots=True)
class _Token:
    number: int | None = None
    letters: str = ""
    goes_on: bool = False


def _tokens(text: str) -> list[_Token] | None:
    """Numbers and letters of a line of a key; None when it holds anything else, or nothing."""
    tokens: list[_Token] = []
    is_list = False
    for part, separator in _parts(_GLUED.sub(" ", text.translate(LATIN_KEYS))):
        found = _TOKEN.fullmatch(part)
        if found is None:
            return None
        number = int(found["number"]) if found["number"] else None
        letters = found["paired"] or found["glued"] or found["letters"] or ""
        if found["first"]:
            tokens += [_Token(each) for each in range(int(found["first"]), int(found["last"]) + 1)]
        elif number is not None and letters:
            tokens += [_Token(number), _Token(letters=letters)]
        elif not found["sign"]:
            tokens.append(_Token(number, letters, goes_on=is_list and bool(letters)))
        is_list = "," in separator or part.casefold() in {"&", "and", "/"}
    return tokens or None


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Words with what separates each from the next."""
    at = 0
    for found in _SEPARATED.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], found[0]
        at = found.end()
    if at < len(text):
        yield text[at:], ""


_Pair = tuple[int, tuple[str, ...]]


def _pairs(tokens: Sequence[_Token], *, may_be_misread: bool) -> tuple[list[_Pair], list[int]]:
    """Each number with its letters, be it ``1 C 2 A`` or a row of numbers above a row of letters.

    Numbers whose letters are missing or in doubt come second.
    """
    pairs: list[_Pair] = []
    doubtful: list[int] = []
    for numbers, given in _groups(tokens):
        letters = [[each] for each in given[0]] if len(numbers) > 1 and len(given) == 1 else given
        if len(numbers) != len(letters):
            doubtful += numbers
            continue
        for number, each in zip(numbers, letters, strict=True):
            if may_be_misread and len(each) > 1:
                doubtful.append(number)
            else:
                pairs.append((number, tuple(each)))
    return (_mended(pairs) if may_be_misread else pairs), doubtful


def _groups(tokens: Sequence[_Token]) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Numbers up to the next number that follows a letter, and the letters after them."""
    numbers: list[int] = []
    letters: list[list[str]] = []
    for token in tokens:
        if token.number is not None:
            if letters:
                yield numbers, letters
                numbers, letters = [], []
            numbers.append(token.number)
        elif token.goes_on and letters and len(numbers) == 1:
            letters[-1] += _single(token.letters)
        else:
            letters.append(_single(token.letters))
    yield numbers, letters


def _mended(pairs: Sequence[_Pair]) -> list[_Pair]:
    """A number between two that leave out exactly one was misread."""
    mended = [*pairs]
    for at in range(1, len(pairs) - 1):
        last, following = mended[at - 1][0], pairs[at + 1][0]
        if following == last + 2:
            mended[at] = last + 1, pairs[at][1]
    return mended


def _numbered(pairs: Sequence[_Pair], line: int) -> Iterator[KeyEntry]:
    """Entries, a new run wherever the numbers begin anew."""
    run = 0
    for at, (number, letters) in enumerate(pairs):
        run += at > 0 and number == 1
        yield KeyEntry(number, run, letters, line=line)


def _single(letters: str) -> list[str]:
    if len(letters) > 1 and truth_of(letters) is not None:
        return [letters.lower()]
    return [letter.lower() for letter in letters]


def _entries(lines: Sequence[TextLine], section: KeySection) -> KeySection | None:
    """The section with the worked answers that follow; each begins with its number."""
    inside = lines[section.end :]
    starts = question_starts(inside)
    due = 1 + max((entry.number for entry in section.entries), default=0)
    least = 1 if section.entries else max(_LEAST_PAIRS, _ANSWERED_SHARE * len(question_starts(lines[: section.first])))
    if len(starts) < least or starts[0].line > 1 or starts[0].number != due:
        return None
    ends = [start.line for start in starts[1:]] + [len(inside)]
    for start, end in zip(starts, ends, strict=True):
        flow = flow_of(inside[start.line : end]).cut(start.end)
        section.entries.append(_entry(start.number, start.run, flow, section.end + start.line))
    section.end = len(lines)
    return section


def _entry(number: int, run: int, flow: Flow, line: int) -> KeyEntry:
    if (name := _LEADING_NAME.match(flow.text)) is not None:
        flow = flow.cut(name.end())
    found = _LEADING_LETTER.match(flow.text.translate(LATIN_KEYS))
    if found is None or (found[0] == "A" and flow.text[1:3].strip().islower()):
        return KeyEntry(number, run, (), flow, line)
    letters = [
        each for part in re.findall(r"[A-Za-z]+", found["letters"]) if part.lower() != "and" for each in _single(part)
    ]
    return KeyEntry(number, run, tuple(letters), flow.cut(found.end()), line)
