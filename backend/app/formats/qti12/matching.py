"""Matching in QTI 1.2: a response for each left side."""

from app.domain.enums import QuestionType
from app.domain.question_draft import Pair
from app.formats.drafts import local_id
from app.formats.qti12.items import Item, Label, Response
from app.formats.qti12.keys import own_feedback, right_label
from app.formats.xml_reading import children

Fields = dict[str, object]

RIGHT_SIDES = "RIGHT_MATCH_BLOCK"  # the class that Blackboard gives to the part of a question with all right sides


def matching(item: Item) -> Fields:
    """Pairs of prompts and labels, where every response offers the same labels."""
    feedback = _pair_feedback(item)
    pairs: list[Pair] = []
    for response in item.responses:
        right = right_label(item, response)
        pairs.append(
            Pair(
                id=local_id(len(pairs)),
                left=response.prompt,
                right=right.html if right else "",
                feedback=feedback.get(response.ident, ""),
            )
        )
    return _fields(pairs, [label.html for response in item.responses[:1] for label in response.labels])


def _pair_feedback(item: Item) -> dict[str, str]:
    """What is shown for one left side alone."""
    found: dict[str, str] = {}
    for condition in item.conditions:
        asked = {term.response for term in condition.terms}
        if len(asked) == 1 and (own := own_feedback(item, condition)):
            found.setdefault(asked.pop(), own)
    return found


def blackboard_matching(item: Item) -> Fields:
    """The labels of a response are empty and mean, by their place, one of the texts that stand together at the end."""
    block = item.block(RIGHT_SIDES)
    rights = [item.texts.html(flow) for flow in children(block, "flow")] if block is not None else []
    pairs: list[Pair] = []
    for response in item.responses:
        right = _place(response, right_label(item, response))
        html = rights[right] if right is not None and right < len(rights) else ""
        pairs.append(Pair(id=local_id(len(pairs)), left=_left(item, response), right=html))
    return _fields(pairs, rights)


def _left(item: Item, response: Response) -> str:
    """The text stands beside the response, in the block that both share."""
    return response.prompt or item.texts.html(response.element.getparent())


def _place(response: Response, label: Label | None) -> int | None:
    return list(response.labels).index(label) if label else None


def _fields(pairs: list[Pair], rights: list[str]) -> Fields:
    used = {pair.right for pair in pairs}
    distractors = tuple(dict.fromkeys(html for html in rights if html and html not in used))
    return {"type": QuestionType.MATCHING, "pairs": tuple(pairs), "distractors": distractors}
