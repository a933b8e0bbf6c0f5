"""How one student sees a question: options in an order of their own, variables filled in."""

import random
from typing import TypeVar

from app.domain.parametric import instantiate, render
from app.domain.question_parts import Choice, QuestionContent, QuestionKey

_Thing = TypeVar("_Thing", bound=Choice)


def present(content: QuestionContent, key: QuestionKey, seed: int) -> QuestionContent:
    """The content for the shown question with this seed; the same seed always gives the same view."""
    changes: dict[str, object] = {}
    if content.shuffle and len(content.options) > 1:
        changes["options"] = _shuffled(content.options, seed)
    if content.rights:
        changes["rights"] = _shuffled(content.rights, seed + 1)
    if content.items:
        changes["items"] = _shuffled(content.items, seed + 2)
    if key.parametric is not None:
        values = instantiate(key.parametric, seed)
        changes["stem"] = render(content.stem, values)
    return content.model_copy(update=changes) if changes else content


def _shuffled(things: tuple[_Thing, ...], seed: int) -> tuple[_Thing, ...]:
    order = list(things)
    random.Random(seed).shuffle(order)  # noqa: S311  # an order, not a secret
    return tuple(order)
