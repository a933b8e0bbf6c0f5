"""Items of QTI 1.2 as questions, whatever system they come from."""

from collections.abc import Callable, Mapping
from html import escape

from app.domain.enums import QuestionType
from app.domain.markup import referred_files
from app.domain.question_draft import MAX_ITEMS, Numeric, OrderItem
from app.formats.drafts import choice_type, local_id
from app.formats.items import ItemError, UncarriedError
from app.formats.qti12.blanks import blanks
from app.formats.qti12.calculated import calculated
from app.formats.qti12.items import Item, Response
from app.formats.qti12.keys import (
    SHARED_FEEDBACK,
    multiple_response_options,
    numeric_answers,
    single_choice_options,
    text_answers,
)
from app.formats.qti12.matching import RIGHT_SIDES, blackboard_matching, matching
from app.formats.reading import ProblemCode
from app.utils.html import plain_text

Fields = dict[str, object]

_DECLARATIONS = ("question_type", "bbmd_questiontype", "cc_profile")


def type_fields(item: Item) -> Fields:
    """Type, text and key.

    Raises:
        UncarriedError: For a type that has no counterpart here.
        ItemError: When the item is not sound.
    """
    declared = declared_type(item)
    if len(item.responses) > MAX_ITEMS:
        raise ItemError(ProblemCode.TOO_LARGE, f"An item with more than {MAX_ITEMS} responses.")
    if not declared:
        return _inferred(item)
    if (read := _READ.get(declared)) is None:
        raise UncarriedError(declared)
    return read(item)


def declared_type(item: Item) -> str:
    """``multiple_choice``, ``fill_in_the_blank``, ...: what the item calls itself, in one spelling."""
    found = next((item.metadata[name] for name in _DECLARATIONS if item.metadata.get(name)), "")
    words = found.lower().removeprefix("cc.").partition(".v0p")[0].removesuffix("_question")
    return "_".join(words.replace("/", " ").replace("-", " ").split())


def _inferred(item: Item) -> Fields:
    match item.responses:
        case []:
            return _description(item)
        case [response] if response.is_hotspot or response.kind in {"response_xy", "response_grp"}:
            raise UncarriedError("hotspot" if response.is_hotspot else response.kind)
        case [response] if response.kind == "response_lid":
            return _by_cardinality(item, response)
        case [response]:
            return _written(item, response)
        case responses if all(each.kind in {"response_str", "response_num"} for each in responses):
            return blanks(item)
        case responses if _share_labels(responses):
            return matching(item)
    raise UncarriedError("composite")


def _share_labels(responses: list[Response]) -> bool:
    offered = {tuple(label.html for label in response.labels) for response in responses}
    return len(offered) == 1 and all(each.kind == "response_lid" and each.prompt for each in responses)


def _by_cardinality(item: Item, response: Response) -> Fields:
    match response.cardinality:
        case "Ordered":
            return _ordering(item)
        case "Multiple":
            return _multiple_response(item)
    return _single_choice(item)


def _written(item: Item, response: Response) -> Fields:
    if response.is_numeric:
        return _numerical(item)
    answers = text_answers(item, response)
    if any(answer.weight > 0 for answer in answers):
        return {"type": QuestionType.SHORT_ANSWER, "answers": answers}
    return _essay(item)


def _only_response(item: Item, kind: str) -> Response:
    if not item.responses:
        raise UncarriedError(f"{kind}_without_response")
    return item.responses[0]


def _single_choice(item: Item) -> Fields:
    response = _only_response(item, "choice")
    options = single_choice_options(item, response)
    texts = [plain_text(option.html) for option in options]
    return {"type": choice_type(texts, ()), "options": options, "shuffle": response.is_shuffled}


def _multiple_response(item: Item) -> Fields:
    response = _only_response(item, "choice")
    options = multiple_response_options(item, response)
    return {"type": QuestionType.MULTIPLE_RESPONSE, "options": options, "shuffle": response.is_shuffled}


def _true_false(item: Item) -> Fields:
    options = tuple(
        option.model_copy(update={"html": option.html.strip().capitalize()})
        if plain_text(option.html).casefold() in {"true", "false"}
        else option
        for option in single_choice_options(item, _only_response(item, "true_false"))
    )
    return {"type": QuestionType.TRUE_FALSE, "options": options}


def _short_answer(item: Item) -> Fields:
    answers = text_answers(item, _only_response(item, "short_answer"))
    return {"type": QuestionType.SHORT_ANSWER, "answers": answers}


def _numerical(item: Item) -> Fields:
    answers = tuple(numeric_answers(item, _only_response(item, "numerical")))
    return {"type": QuestionType.NUMERICAL, "numeric": Numeric(answers=answers)}


def _ordering(item: Item) -> Fields:
    """The combination that earns most names the labels in the right order."""
    response = _only_response(item, "ordering")
    htmls = {label.ident: label.html for label in response.labels}
    orders = [
        (condition.earns, [term.value for term in condition.wanted(response.ident) if term.value in htmls])
        for condition in item.conditions
    ]
    _, best = max(orders, key=lambda order: (len(order[1]), order[0]), default=(0.0, []))
    items = tuple(OrderItem(id=local_id(index), html=htmls[ident]) for index, ident in enumerate(best))
    return {"type": QuestionType.ORDERING, "order": items}


def _matching(item: Item) -> Fields:
    return blackboard_matching(item) if item.block(RIGHT_SIDES) is not None else matching(item)


def _essay(_item: Item) -> Fields:
    return {"type": QuestionType.ESSAY}


def _description(_item: Item) -> Fields:
    return {"type": QuestionType.DESCRIPTION}


def feedback_fields(item: Item) -> Fields:
    """Explanation and feedback on the whole answer."""
    fields: Fields = {}
    shared: dict[str, str] = {}
    for name, html in item.feedback.items():
        target = SHARED_FEEDBACK.get(name.lower())
        if target == "explanation":
            fields["explanation"] = html
        elif target:
            shared[target] = html
    return fields | ({"feedback": shared} if shared else {})


def stem_of(item: Item) -> str:
    """The text of the item; an item without any is shown by its title."""
    is_shown = plain_text(item.stem) or referred_files(item.stem) or not item.title
    return item.stem if is_shown else escape(item.title, quote=False)


_READ: Mapping[str, Callable[[Item], Fields]] = {
    "multiple_choice": _single_choice,
    "multiple_answers": _multiple_response,
    "multiple_answer": _multiple_response,
    "multiple_response": _multiple_response,
    "true_false": _true_false,
    "either_or": _single_choice,
    "short_answer": _short_answer,
    "fill_in_the_blank": _short_answer,
    "fib": _short_answer,
    "pattern_match": _short_answer,
    "fill_in_multiple_blanks": blanks,
    "fill_in_the_blank_plus": blanks,
    "multiple_dropdowns": blanks,
    "jumbled_sentence": blanks,
    "matching": _matching,
    "ordering": _ordering,
    "numerical": _numerical,
    "numeric": _numerical,
    "calculated": calculated,
    "essay": _essay,
    "short_response": _essay,
    "text_only": _description,
}
