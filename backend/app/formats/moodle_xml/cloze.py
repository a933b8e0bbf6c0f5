"""Blanks of Moodle questions: answers embedded in the text, and numbered places filled from a list."""

import re
from collections import Counter
from collections.abc import Iterator

from app.domain.enums import QuestionType
from app.domain.markup import replace_gaps
from app.domain.question_draft import Gap, Numeric, NumericAnswer, Option
from app.formats.drafts import local_id
from app.formats.items import ItemError, UncarriedError
from app.formats.moodle_xml.answers import CATCH_ALL, Fields, fraction_of, number, text_answer
from app.formats.moodle_xml.texts import QuestionTexts, raw_text
from app.formats.reading import ProblemCode
from app.formats.xml_reading import Element, children, text_of
from app.utils.html import html_of, plain_text

_SHORT = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_NUMERIC = frozenset({"NUMERICAL", "NM"})
_CHOICE = frozenset(
    ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS", "MULTICHOICE_VS",
     "MCVS", "MULTICHOICE_HS", "MCHS")
)  # fmt: skip
_UNCARRIED = ("MULTIRESPONSE", "MR", "MRH", "MRS", "MRHS", "MRVS", "REGEXP", "RX", "REGEXP_C", "RXC")
_BLANK = re.compile(r"\{\s*(\d*)\s*:\s*([A-Z_]+)\s*:((?:\\.|[^\\}]){0,10000}+)\}", re.DOTALL)
_SEPARATOR = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<![\\&])#")
_MARK = re.compile(r"\s*(?:(=)|%\s*(-?\d+(?:[.,]\d+)?)\s*%)?(.*)", re.DOTALL)
_ESCAPE = re.compile(r'\\([~#}{/"])')
BACKSLASH = "&#92;"
_PLACE = re.compile(r"\[\[(\d{1,3})(?:[^\[\]]*)?\]\]")


def embedded_answers(_question: Element, texts: QuestionTexts) -> Fields:
    """The text with numbered blanks, and the blanks.

    Raises:
        UncarriedError: For a kind of blank that has no counterpart here.
    """
    html = _without_markers(texts.stem)
    gaps: list[Gap] = []
    otherwise: list[str] = []

    def replaced(blank: re.Match[str]) -> str:
        gaps.append(_gap(str(len(gaps) + 1), blank, otherwise))
        return f"[[{gaps[-1].id}]]"

    fields: Fields = {"type": QuestionType.CLOZE, "stem": _BLANK.sub(replaced, html), "gaps": tuple(gaps)}
    if otherwise:
        fields["feedback"] = {"incorrect": otherwise[0]}
    return fields | {"gaps": tuple(gaps), "points": sum(gap.weight for gap in gaps) or 1.0}


def _without_markers(html: str) -> str:
    """Text that looks like one of our blanks and is none."""
    return replace_gaps(html, lambda name: f"[ [{name}] ]")


def _gap(gap_id: str, blank: re.Match[str], otherwise: list[str]) -> Gap:
    kind, weight = blank[2], float(blank[1] or 1)
    if kind in _UNCARRIED:
        raise UncarriedError(f"multianswer:{kind}")
    parts = [_Alternative(part) for part in _SEPARATOR.split(blank[3]) if part.strip()]
    if kind in _CHOICE:
        return Gap(id=gap_id, kind="choice", options=tuple(_gap_options(parts)), weight=weight)
    if kind in _NUMERIC:
        otherwise += [part.feedback for part in parts if part.plain == CATCH_ALL and part.feedback]
        numbers = tuple(_number(part) for part in parts if part.plain != CATCH_ALL)
        return Gap(id=gap_id, kind="numeric", numeric=Numeric(answers=numbers), weight=weight)
    if kind in _SHORT:
        answers = tuple(
            text_answer(part.plain, part.weight, part.feedback, case_sensitive=_SHORT[kind]) for part in parts
        )
        return Gap(id=gap_id, answers=answers, weight=weight)
    raise ItemError(ProblemCode.SYNTAX, f"There is no kind of blank {kind!r}.")


class _Alternative:
    """One answer of an embedded list: ``=right#why``, ``%50%half``, ``wrong``."""

    def __init__(self, text: str) -> None:
        marked = _MARK.fullmatch(text)
        mark, percent, rest = marked.groups() if marked else (None, None, text)
        answer, *feedback = _FEEDBACK.split(rest, maxsplit=1)
        self.weight = fraction_of(percent) if percent else float(mark == "=")
        self.html = _unescaped(answer)
        self.plain = plain_text(self.html)
        self.feedback = _unescaped(feedback[0]) if feedback else ""


def _unescaped(html: str) -> str:
    """An entity stands for a backslash where it would otherwise escape what follows."""
    return _ESCAPE.sub(r"\1", html).replace(BACKSLASH, "\\").strip()


def _gap_options(parts: list[_Alternative]) -> Iterator[Option]:
    for index, part in enumerate(parts):
        yield Option(id=local_id(index), html=part.html, weight=part.weight, feedback=part.feedback)


def _number(part: _Alternative) -> NumericAnswer:
    value, _, tolerance = part.plain.partition(":")
    width = abs(number(tolerance)) if tolerance.strip() else 0.0
    return NumericAnswer(value=number(value), tolerance=width, weight=part.weight, feedback=part.feedback)


def numbered_places(question: Element, texts: QuestionTexts) -> Fields:
    """Text in which ``[[n]]`` is to be filled with the n-th of a list; only its own group is offered at a place."""
    listed = [*_choices(question, texts)]
    seen: Counter[int] = Counter()
    gaps: list[Gap] = []

    def replaced(place: re.Match[str]) -> str:
        number_of_choice = int(place[1])
        seen[number_of_choice] += 1
        repeated = seen[number_of_choice]
        gap_id = place[1] if repeated == 1 else f"{place[1]}-{repeated}"
        gaps.append(Gap(id=gap_id, kind="choice", options=_offered(number_of_choice, listed)))
        return f"[[{gap_id}]]"

    return {"type": QuestionType.CLOZE, "stem": _PLACE.sub(replaced, texts.stem), "gaps": tuple(gaps)}


def _choices(question: Element, texts: QuestionTexts) -> Iterator[tuple[str, str]]:
    """HTML and group of each choice."""
    for choice in children(question, "selectoption", "dragbox"):
        is_text = choice.tag == "selectoption" and choice.get("format") is None
        html = html_of(raw_text(choice)) if is_text else texts.html(choice, "html")
        yield html, text_of(choice, "group") or "1"


def _offered(place: int, listed: list[tuple[str, str]]) -> tuple[Option, ...]:
    if not 1 <= place <= len(listed):
        raise ItemError(ProblemCode.KEY_NOT_OPTION, f"There is no choice {place} for the place [[{place}]].")
    group = listed[place - 1][1]
    members = [index for index, choice in enumerate(listed) if choice[1] == group]
    if len(members) == 1:  # a group of one would give the answer away
        members = [*range(len(listed))]
    return tuple(
        Option(id=local_id(index), html=listed[at][0], weight=float(at == place - 1))
        for index, at in enumerate(members)
    )
