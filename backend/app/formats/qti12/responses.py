"""What can be answered to a written item, and how it is scored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import (
    Answer,
    Gap,
    MatchKind,
    Numeric,
    NumericAnswer,
    Option,
    QuestionDraft,
    ToleranceKind,
)
from app.formats.drafts import weighted_options
from app.formats.qti12.elements import PLAIN, ItemElement, scored, variable
from app.formats.tolerances import half_width
from app.formats.xml_reading import Element
from app.formats.xml_writing import add

_RESPONSE = "response1"
_FULL = 100.0
_SCORE_DIGITS = 5


def add_responses(draft: QuestionDraft, item: ItemElement) -> None:
    if (write := _WRITERS.get(draft.type)) is not None:
        write(draft, item)


def _single_choice(draft: QuestionDraft, item: ItemElement) -> None:
    response = item.add_response("response_lid", _RESPONSE, "Single")
    item.add_labels(response, _labels(draft.options), is_shuffled=draft.shuffle)
    _add_option_feedback(draft.options, item)
    for option in sorted(draft.options, key=lambda option: -option.weight):
        if option.weight:
            variable(scored(item.processing, _percent(option.weight)), "varequal", _RESPONSE, option.id)


def _labels(options: Iterable[Option]) -> list[tuple[str, str]]:
    return [(option.id, option.html) for option in options]


def _add_option_feedback(options: Iterable[Option], item: ItemElement) -> None:
    for option in options:
        if option.feedback:
            name = item.add_feedback(f"{option.id}_fb", option.feedback)
            variable(item.shown_when(name), "varequal", _RESPONSE, option.id)


def _percent(weight: float) -> str:
    return format_number(round(weight * _FULL, _SCORE_DIGITS))


def _multiple_response(draft: QuestionDraft, item: ItemElement) -> None:
    response = item.add_response("response_lid", _RESPONSE, "Multiple")
    item.add_labels(response, _labels(draft.options), is_shuffled=draft.shuffle)
    _add_option_feedback(draft.options, item)
    right = {index for index, option in enumerate(draft.options) if option.weight > 0}
    shared = weighted_options([option.html for option in draft.options], right)
    if [option.weight for option in shared] == [option.weight for option in draft.options]:
        _add_combination(draft.options, item)
        return
    for option in draft.options:
        if option.weight:
            condition = scored(item.processing, _percent(option.weight), action="Add")
            variable(condition, "varequal", _RESPONSE, option.id)


def _add_combination(options: Sequence[Option], item: ItemElement) -> None:
    every = add(scored(item.processing, format_number(_FULL)), "and")
    for option in options:
        variable(every if option.weight > 0 else add(every, "not"), "varequal", _RESPONSE, option.id)


def _short_answer(draft: QuestionDraft, item: ItemElement) -> None:
    item.add_blank(item.add_response("response_str", _RESPONSE, "Single"))
    for place, answer in enumerate(draft.answers):
        if answer.feedback:
            name = item.add_feedback(f"answer{place}_fb", answer.feedback)
            _add_text(item.shown_when(name), answer)
    for weight in dict.fromkeys(answer.weight for answer in draft.answers):
        condition = scored(item.processing, _percent(weight))
        for answer in draft.answers:
            if answer.weight == weight:
                _add_text(condition, answer)


def _add_text(condition: Element, answer: Answer) -> None:
    inside = answer.value[1:-1]
    if answer.match is MatchKind.WILDCARD and answer.value == f"*{inside}*" and "*" not in inside:
        made = variable(condition, "varsubstring", _RESPONSE, inside)
    else:
        made = variable(condition, "varequal", _RESPONSE, answer.value)
    if answer.case_sensitive:
        made.set("case", "Yes")


def _numerical(draft: QuestionDraft, item: ItemElement) -> None:
    item.add_blank(item.add_response("response_str", _RESPONSE, "Single"), is_numeric=True)
    for place, answer in enumerate((draft.numeric or Numeric()).answers):
        feedback = item.add_feedback(f"answer{place}_fb", answer.feedback) if answer.feedback else ""
        _add_number(scored(item.processing, _percent(answer.weight), feedback=feedback), answer)


def _add_number(condition: Element, answer: NumericAnswer) -> None:
    if answer.kind is ToleranceKind.RANGE and answer.low is not None and answer.high is not None:
        variable(condition, "vargte", _RESPONSE, format_number(answer.low))
        variable(condition, "varlte", _RESPONSE, format_number(answer.high))
        return
    either = add(condition, "or")
    variable(either, "varequal", _RESPONSE, format_number(answer.value))
    value, width = (Decimal(repr(each)) for each in (answer.value, half_width(answer)))
    both = add(either, "and")
    variable(both, "vargte", _RESPONSE, str(value - width))
    variable(both, "varlte", _RESPONSE, str(value + width))


def _matching(draft: QuestionDraft, item: ItemElement) -> None:
    rights = dict.fromkeys([pair.right for pair in draft.pairs] + [*draft.distractors])
    idents = {html: f"right{place}" for place, html in enumerate(rights, start=1)}
    for place, pair in enumerate(draft.pairs, start=1):
        name = f"response_left{place}"
        response = item.add_response("response_lid", name, "", prompt=pair.left)
        item.add_labels(response, [(ident, html) for html, ident in idents.items()], is_shuffled=draft.shuffle)
        share = format_number(round(_FULL / len(draft.pairs), _SCORE_DIGITS))
        variable(scored(item.processing, share, action="Add"), "varequal", name, idents[pair.right])
        if pair.feedback:
            shown = item.shown_when(item.add_feedback(f"left{place}_fb", pair.feedback))
            variable(add(shown, "not"), "varequal", name, idents[pair.right])


def _ordering(draft: QuestionDraft, item: ItemElement) -> None:
    response = item.add_response("response_lid", _RESPONSE, "Ordered")
    listed = sorted((part.id, part.html) for part in draft.order)
    item.add_labels(response, listed, is_shuffled=draft.shuffle)
    condition = scored(item.processing, format_number(_FULL))
    for part in draft.order:
        variable(condition, "varequal", _RESPONSE, part.id)


def _essay(_draft: QuestionDraft, item: ItemElement) -> None:
    item.add_blank(item.add_response("response_str", _RESPONSE, "Single"))


def _cloze(draft: QuestionDraft, item: ItemElement) -> None:
    total = sum(gap.weight for gap in draft.gaps)
    is_mixed = len({gap.kind == "choice" for gap in draft.gaps}) > 1
    for gap in draft.gaps:
        name = f"response_{gap.id}"
        response = item.add_response("response_lid", name, "", prompt=gap.id)
        labels = _choice_labels(gap, response, item) if gap.kind == "choice" else _text_labels(gap, response, item)
        for label in labels if is_mixed else ():
            label.set("answer_type", "dropdown" if gap.kind == "choice" else "openEntry")
        weights = [each.weight for each in gap.options] if gap.kind == "choice" else [1.0] * len(labels)
        right = [label.get("ident") or "" for label, weight in zip(labels, weights, strict=True) if weight > 0]
        for ident in right[:1]:  # of accepted entries, Canvas repeats only the first in the scoring
            condition = scored(item.processing, _percent(gap.weight / total), action="Add")
            variable(condition, "varequal", name, ident)


def _choice_labels(gap: Gap, response: Element, item: ItemElement) -> list[Element]:
    named = [(f"{gap.id}_{option.id}", option) for option in gap.options]
    for ident, option in named:
        if option.feedback:
            variable(
                item.shown_when(item.add_feedback(f"{ident}_fb", option.feedback)),
                "varequal",
                response.get("ident") or "",
                ident,
            )
    return item.add_labels(response, [(ident, option.html) for ident, option in named])


def _text_labels(gap: Gap, response: Element, item: ItemElement) -> list[Element]:
    answers = gap.answers or [Answer(value=format_number(each.value)) for each in (gap.numeric or Numeric()).answers]
    named = [(f"{gap.id}_{place}", answer) for place, answer in enumerate(answers, start=1)]
    for ident, answer in named:
        if answer.feedback:
            shown = item.shown_when(item.add_feedback(f"{ident}_fb", answer.feedback))
            variable(shown, "varequal", response.get("ident") or "", ident)
    labels = item.add_labels(response, [(ident, answer.value) for ident, answer in named], text_type=PLAIN)
    for label, answer in zip(labels, answers, strict=True):
        if answer.typo_tolerance:
            label.set("scoring_algorithm", "TextCloseEnough")
            label.set("levenshtein_distance", str(answer.typo_tolerance))
    return labels


_WRITERS: Mapping[QuestionType, Callable[[QuestionDraft, ItemElement], None]] = {
    QuestionType.SINGLE_CHOICE: _single_choice,
    QuestionType.TRUE_FALSE: _single_choice,
    QuestionType.MULTIPLE_RESPONSE: _multiple_response,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.NUMERICAL: _numerical,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.CLOZE: _cloze,
    QuestionType.ESSAY: _essay,
}
