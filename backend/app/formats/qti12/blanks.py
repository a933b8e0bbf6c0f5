"""Blanks of QTI 1.2: the text names each as ``[name]``, or a response stands in its place."""

from collections.abc import Iterator
from html import escape

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Gap, MatchKind, Numeric, Option
from app.formats.drafts import local_id
from app.formats.items import UncarriedError
from app.formats.qti12.items import Item, Label, Response
from app.formats.qti12.keys import best_score, label_feedback, numeric_answers, right_label, text_answers
from app.formats.qti12.texts import RESPONSES, material_html
from app.formats.weights import unrounded
from app.formats.xml_reading import Element, children, local_name
from app.utils.html import plain_text

_LONGEST_ID = 64
_MOST_TYPOS = 2
_SHARE_ROUNDING = 2e-3
_WRITTEN_CHOICES = frozenset({"fill_in_multiple_blanks_question"})
# What the newer quizzes of Canvas call the ways in which an entry is compared.
_CONTAINS, _CLOSE, _PATTERN = "textcontainsanswer", "textcloseenough", "textregex"


def blanks(item: Item) -> dict[str, object]:
    """A cloze text.

    Raises:
        UncarriedError: When a response is of a kind that no blank can be.
    """
    stem = " ".join(part for part in _flow(item) if part)
    gaps: list[Gap] = []
    for place, response in enumerate(item.responses, start=1):
        name = _name_in(stem, response)
        gap_id = _gap_id(name or str(place), [gap.id for gap in gaps])
        if name:
            stem = stem.replace(_marker(place), "").replace(f"[{escape(name, quote=False)}]", f"[[{gap_id}]]", 1)
        else:
            stem = stem.replace(_marker(place), f"[[{gap_id}]]")
        gaps.append(_gap(item, response, gap_id))
    gaps = [*map(_weighted, gaps, _weights(item))]
    return {"type": QuestionType.CLOZE, "stem": item.texts.linked(stem.strip()), "gaps": tuple(gaps)}


def _weights(item: Item) -> list[float]:
    """Shares of the mark, as multiples of the smallest."""
    scores = [best_score(item, response) for response in item.responses]
    least = min((score for score in scores if score > 0), default=1.0)
    return [unrounded(score / least, _SHARE_ROUNDING) if score > 0 else 1.0 for score in scores]


def _weighted(gap: Gap, weight: float) -> Gap:
    return gap.model_copy(update={"weight": weight})


def _flow(item: Item) -> Iterator[str]:
    """HTML of the materials in their order, with a mark where each response stands."""
    root = item.block("QUESTION_BLOCK")
    root = item.presentation if root is None else root
    places = {id(each.element): place for place, each in enumerate(item.responses, start=1)}
    seen: set[int] = set()
    for part in _parts(root) if root is not None else ():
        if local_name(part) == "material":
            yield material_html(part)
        elif (place := places.get(id(part))) is not None:
            seen.add(place)
            yield _marker(place)
    yield from (_marker(place) for place in places.values() if place not in seen)


def _parts(element: Element) -> Iterator[Element]:
    for part in children(element):
        if local_name(part) == "material" or local_name(part) in RESPONSES:
            yield part
        else:
            yield from _parts(part)


def _marker(place: int) -> str:
    """A noncharacter, which no text of a document can hold, marks the place of a response."""
    return f"\ufdd0{place}\ufdd1"


def _name_in(stem: str, response: Response) -> str | None:
    names = (response.ident.removeprefix("response_"), response.prompt, response.ident)
    return next((name for name in names if name and f"[{escape(name, quote=False)}]" in stem), None)


def _gap_id(name: str, taken: list[str]) -> str:
    wanted = name.replace("[", "(").replace("]", ")")[:_LONGEST_ID]
    return wanted if wanted not in taken else f"{wanted[: _LONGEST_ID - 4]}-{len(taken) + 1}"


def _gap(item: Item, response: Response, gap_id: str) -> Gap:
    match response.kind:
        case "response_num":
            return Gap(id=gap_id, kind="numeric", numeric=Numeric(answers=tuple(numeric_answers(item, response))))
        case "response_str":
            return Gap(id=gap_id, answers=text_answers(item, response))
        case "response_lid" if _is_written(item, response):
            feedback = label_feedback(item)
            return Gap(id=gap_id, answers=tuple(_accepted(label, feedback) for label in response.labels))
        case "response_lid":
            return Gap(id=gap_id, kind="choice", options=_offered(item, response))
    raise UncarriedError("composite")


def _is_written(item: Item, response: Response) -> bool:
    """Canvas lists accepted entries as if they were choices."""
    ways = {label.attributes.get("answer_type", "openEntry") for label in response.labels}
    return item.metadata.get("question_type") in _WRITTEN_CHOICES and ways <= {"openEntry"}


def _accepted(label: Label, feedback: dict[str, str]) -> Answer:
    way = label.attributes.get("scoring_algorithm", "").lower()
    value, match, typos = plain_text(label.html), MatchKind.EXACT, 0
    if way == _CONTAINS:
        value, match = f"*{value}*", MatchKind.WILDCARD
    elif way == _PATTERN:
        match = MatchKind.PATTERN
    elif way == _CLOSE:
        typos = min(_MOST_TYPOS, int(label.attributes.get("levenshtein_distance") or 1))
    return Answer(value=value, match=match, typo_tolerance=typos, feedback=feedback.get(label.ident, ""))


def _offered(item: Item, response: Response) -> tuple[Option, ...]:
    right = right_label(item, response)
    feedback = label_feedback(item)
    return tuple(
        Option(
            id=local_id(index),
            html=label.html,
            weight=float(label is right),
            feedback=feedback.get(label.ident, ""),
        )
        for index, label in enumerate(response.labels)
    )
