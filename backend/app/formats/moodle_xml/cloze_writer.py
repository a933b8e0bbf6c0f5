"""Blanks as answers embedded in the text."""

import re
from html import escape

from app.domain.enums import QuestionType
from app.domain.markup import gap_ids, replace_gaps
from app.domain.numbers import format_number
from app.domain.question_draft import Answer, Gap, Numeric, NumericAnswer, QuestionDraft
from app.formats.moodle_xml.amounts import pattern_of, percent
from app.formats.moodle_xml.cloze import BACKSLASH
from app.formats.tolerances import half_width

_CONTROL = re.compile(r"[}~#]")
# A backslash would take the sign behind it out of the syntax; as an entity it does not.
_BACKSLASH = re.compile(r"\\(?=[~#}{/\"]|$)")


def embedded(draft: QuestionDraft) -> str:
    """The stem with the answers in the place of its blanks."""
    gaps = {gap.id: gap for gap in draft.gaps}
    return replace_gaps(draft.stem, lambda name: _blank(gaps[name]) if name in gaps else f"[[{name}]]")


def as_numbered(draft: QuestionDraft) -> QuestionDraft:
    """The draft with its blanks named and ordered as Moodle has them: 1, 2, ... in the text."""
    if draft.type is not QuestionType.CLOZE:
        return draft
    numbers = {name: str(place) for place, name in enumerate(gap_ids(draft.stem), start=1)}
    renamed = [gap.model_copy(update={"id": numbers.get(gap.id, gap.id)}) for gap in draft.gaps]
    places = [*numbers.values()]
    renamed.sort(key=lambda gap: places.index(gap.id) if gap.id in places else len(places))
    stem = replace_gaps(draft.stem, lambda name: f"[[{numbers[name]}]]")
    return draft.model_copy(update={"stem": stem, "gaps": tuple(renamed)})


def _blank(gap: Gap) -> str:
    kind, parts = _alternatives(gap)
    return f"{{{format_number(gap.weight)}:{kind}:{'~'.join(parts)}}}"


def _alternatives(gap: Gap) -> tuple[str, list[str]]:
    match gap.kind:
        case "choice":
            options = [_part(option.weight, option.html, option.feedback) for option in gap.options]
            return "MULTICHOICE", options
        case "numeric":
            return "NUMERICAL", [_number(answer) for answer in (gap.numeric or Numeric()).answers]
        case "text":
            kind = "SHORTANSWER_C" if any(answer.case_sensitive for answer in gap.answers) else "SHORTANSWER"
            return kind, [_text(answer) for answer in gap.answers]


def _text(answer: Answer) -> str:
    return _part(answer.weight, escape(pattern_of(answer), quote=False), answer.feedback)


def _number(answer: NumericAnswer) -> str:
    value = f"{format_number(answer.value)}:{format_number(half_width(answer))}"
    return _part(answer.weight, value, answer.feedback)


def _part(weight: float, html: str, feedback: str) -> str:
    mark = "=" if weight == 1 else f"%{percent(weight)}%"
    return f"{mark}{_escaped(html)}" + (f"#{_escaped(feedback)}" if feedback else "")


def _escaped(html: str) -> str:
    return _CONTROL.sub(r"\\\g<0>", _BACKSLASH.sub(BACKSLASH, html))
