"""Questions as interactions, one function for each kind of them."""

import mimetypes
from collections.abc import Iterable

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import Answer, Gap, MatchKind, Numeric, Option, QuestionDraft, Shape, ToleranceKind
from app.formats.drafts import weighted_options
from app.formats.qti.parts import ItemParts
from app.formats.qti.xhtml import append_html
from app.formats.xml_reading import Element, descendants
from app.formats.xml_writing import add
from app.utils.html import plain_text

RESPONSE = "RESPONSE"

_BLANK_PLACE = "blankplace"
_TOLERANCES = frozenset({ToleranceKind.ABSOLUTE, ToleranceKind.RELATIVE})
_ROUNDING = 1e-6


def choice(draft: QuestionDraft, parts: ItemParts) -> None:
    is_multiple = draft.type is QuestionType.MULTIPLE_RESPONSE
    names = [f"choice{place}" for place, _ in enumerate(draft.options, start=1)]
    response = parts.add_response(
        RESPONSE,
        "multiple" if is_multiple else "single",
        "identifier",
        _right(names, draft.options, several=is_multiple),
    )
    if _is_plain(draft.options):
        parts.score_by_match(response, parts.points)
    else:
        weights = [option.weight for option in draft.options]
        parts.score_by_mapping(response, zip(names, weights, [False] * len(names), strict=True), parts.points)
    attributes = {"responseIdentifier": RESPONSE, "shuffle": str(draft.shuffle).lower()}
    listed = add(parts.body, "choiceInteraction", attributes=attributes | {"maxChoices": "0" if is_multiple else "1"})
    for name, option in zip(names, draft.options, strict=True):
        append_html(add(listed, "simpleChoice", attributes={"identifier": name}), option.html)
        if option.feedback:
            parts.add_feedback("FEEDBACK", name, option.feedback)
    if any(option.feedback for option in draft.options):
        parts.show_chosen(response)


def _right(names: Iterable[str], options: Iterable[Option], *, several: bool) -> list[str]:
    weighed = [(name, option.weight) for name, option in zip(names, options, strict=True) if option.weight > 0]
    best = max((weight for _, weight in weighed), default=0.0)
    return [name for name, weight in weighed if several or weight == best]


def _is_plain(options: tuple[Option, ...]) -> bool:
    """Whether the weights are those that any system gives when it only knows which options are right."""
    right = {index for index, option in enumerate(options) if option.weight > 0}
    usual = weighted_options(["" for _ in options], right)
    return all(abs(one.weight - other.weight) < _ROUNDING for one, other in zip(options, usual, strict=True))


def short_answer(draft: QuestionDraft, parts: ItemParts) -> None:
    _add_text_response(RESPONSE, draft.answers, parts, parts.points)
    add(add(parts.body, "p"), "textEntryInteraction", attributes={"responseIdentifier": RESPONSE})


def _add_text_response(name: str, answers: Iterable[Answer], parts: ItemParts, share: float) -> None:
    """Answers with wildcards and patterns have no counterpart and are left out."""
    exact = [answer for answer in answers if answer.match is MatchKind.EXACT]
    best = max((answer.weight for answer in exact), default=0.0)
    right = [answer.value for answer in exact if answer.weight == best > 0][:1]
    response = parts.add_response(name, "single", "string", right)
    entries = ((answer.value, answer.weight, answer.case_sensitive) for answer in exact)
    parts.score_by_mapping(response, entries, share)


def numerical(draft: QuestionDraft, parts: ItemParts) -> None:
    _add_number_response(RESPONSE, draft.numeric or Numeric(), parts, parts.points)
    add(add(parts.body, "p"), "textEntryInteraction", attributes={"responseIdentifier": RESPONSE})


def _add_number_response(name: str, numeric: Numeric, parts: ItemParts, share: float) -> None:
    answers = numeric.answers
    response = parts.add_response(name, "single", "float", [format_number(answer.value) for answer in answers[:1]])
    if len(answers) == 1 and answers[0].weight == 1:
        kind = answers[0].kind if answers[0].kind in _TOLERANCES else ToleranceKind.ABSOLUTE
        parts.score_by_match(response, share, (kind, answers[0].tolerance))
    elif answers:
        entries = ((format_number(answer.value), answer.weight, False) for answer in answers)
        parts.score_by_mapping(response, entries, share)


def matching(draft: QuestionDraft, parts: ItemParts) -> None:
    rights = list(dict.fromkeys([*(pair.right for pair in draft.pairs), *draft.distractors]))
    targets = {html: f"right{place}" for place, html in enumerate(rights, start=1)}
    keys = [f"left{place} {targets[pair.right]}" for place, pair in enumerate(draft.pairs, start=1)]
    response = parts.add_response(RESPONSE, "multiple", "directedPair", keys)
    share = 1 / len(keys) if keys else 1.0
    parts.score_by_mapping(response, ((key, share, False) for key in keys), parts.points)
    attributes = {"responseIdentifier": RESPONSE, "shuffle": str(draft.shuffle).lower(), "maxAssociations": "0"}
    listed = add(parts.body, "matchInteraction", attributes=attributes)
    _add_match_set(listed, {f"left{place}": pair.left for place, pair in enumerate(draft.pairs, start=1)}, "1")
    _add_match_set(listed, {name: html for html, name in targets.items()}, "0")


def _add_match_set(parent: Element, htmls: dict[str, str], most: str) -> None:
    listed = add(parent, "simpleMatchSet")
    for name, html in htmls.items():
        append_html(add(listed, "simpleAssociableChoice", attributes={"identifier": name, "matchMax": most}), html)


def ordering(draft: QuestionDraft, parts: ItemParts) -> None:
    names = [f"item{place}" for place, _ in enumerate(draft.order, start=1)]
    response = parts.add_response(RESPONSE, "ordered", "identifier", names)
    parts.score_by_match(response, parts.points)
    listed = add(parts.body, "orderInteraction", attributes={"responseIdentifier": RESPONSE, "shuffle": "true"})
    for name, item in zip(names, draft.order, strict=True):
        append_html(add(listed, "simpleChoice", attributes={"identifier": name}), item.html)


def essay(_: QuestionDraft, parts: ItemParts) -> None:
    parts.add_response(RESPONSE, "single", "string", ())
    add(parts.body, "extendedTextInteraction", attributes={"responseIdentifier": RESPONSE})


def hotspot(draft: QuestionDraft, parts: ItemParts) -> None:
    if draft.hotspot is None:
        return
    shapes = draft.hotspot.shapes
    right = [f"area{place}" for place, shape in enumerate(shapes, start=1) if shape.correct]
    response = parts.add_response(RESPONSE, "multiple" if len(right) > 1 else "single", "identifier", right)
    parts.score_by_match(response, parts.points)
    attributes = {"responseIdentifier": RESPONSE, "maxChoices": str(draft.hotspot.max_points)}
    shown = add(parts.body, "hotspotInteraction", attributes=attributes)
    image = draft.hotspot.image
    kind = mimetypes.guess_type(image)[0] or "image/png"
    add(shown, "object", attributes={"data": image, "type": kind})
    for place, shape in enumerate(shapes, start=1):
        add(shown, "hotspotChoice", attributes={"identifier": f"area{place}", **_area(shape)})


def _area(shape: Shape) -> dict[str, str]:
    coords, kind = shape.coords, shape.kind
    if shape.kind == "rect":
        left, top, width, height = coords
        coords = (left, top, left + width, top + height)
    label = {"hotspotLabel": shape.label} if shape.label else {}
    name = "poly" if kind == "polygon" else kind
    return {"shape": name, "coords": ",".join(format_number(each) for each in coords), **label}


def blank_place(name: str) -> str:
    """HTML that holds the place of a blank until its interaction takes it."""
    return f'<{_BLANK_PLACE} title="{name}"></{_BLANK_PLACE}>'


def cloze(draft: QuestionDraft, parts: ItemParts) -> None:
    total = sum(gap.weight for gap in draft.gaps) or 1.0
    for gap in draft.gaps:
        share = parts.points * gap.weight / total
        places = [each for each in descendants(parts.body, _BLANK_PLACE) if each.get("title") == gap.id]
        for place in places[:1]:
            _become_interaction(place, gap, parts, share)


def _become_interaction(place: Element, gap: Gap, parts: ItemParts, share: float) -> None:
    del place.attrib["title"]
    place.set("responseIdentifier", gap.id)
    place.tag = "inlineChoiceInteraction" if gap.kind == "choice" else "textEntryInteraction"
    if gap.kind == "text":
        _add_text_response(gap.id, gap.answers, parts, share)
    elif gap.kind == "numeric":
        _add_number_response(gap.id, gap.numeric or Numeric(), parts, share)
    else:
        names = [f"{gap.id}-{number}" for number, _ in enumerate(gap.options, start=1)]
        response = parts.add_response(gap.id, "single", "identifier", _right(names, gap.options, several=False))
        entries = ((name, option.weight, False) for name, option in zip(names, gap.options, strict=True))
        parts.score_by_mapping(response, entries, share)
        place.set("shuffle", "true")
        for name, option in zip(names, gap.options, strict=True):
            add(place, "inlineChoice", plain_text(option.html), {"identifier": name})
