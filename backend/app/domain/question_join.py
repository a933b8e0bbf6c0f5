"""The inverse of `question_split.split`."""

from collections.abc import Iterable

from app.domain.question_draft import Gap, Hotspot, Html, MediaRef, Option, OrderItem, Pair, QuestionDraft
from app.domain.question_parts import Choice, OptionKey, QuestionContent, QuestionKey


def join(content: QuestionContent, key: QuestionKey, base: QuestionDraft) -> QuestionDraft:
    """The draft again; title, skills, tags and all else that neither half holds are those of ``base``."""
    return base.model_copy(
        update={
            "type": content.type,
            "stem": content.stem,
            "options": _joined_options(content.options, key.options),
            "shuffle": content.shuffle,
            "answers": key.answers,
            "numeric": key.numeric,
            "pairs": _joined_pairs(content, key),
            "distractors": _joined_distractors(content, key),
            "order": _joined_order(content, key),
            "partial_order": key.partial_order,
            "gaps": _joined_gaps(content, key),
            "hotspot": _joined_hotspot(content, key),
            "parametric": key.parametric,
            "rubric": key.rubric,
            "hints": key.hints,
            "explanation": key.explanation,
            "feedback": key.feedback,
            "passage": content.passage,
            "points": content.points,
            "penalty": key.penalty,
            "language": content.language,
            "media": _joined_media(content.media, base.media),
        }
    )


def _joined_options(choices: Iterable[Choice], keys: dict[str, OptionKey]) -> tuple[Option, ...]:
    return tuple(
        Option(id=choice.id, html=choice.html, weight=keys[choice.id].weight, feedback=keys[choice.id].feedback)
        for choice in choices
    )


def _joined_pairs(content: QuestionContent, key: QuestionKey) -> tuple[Pair, ...]:
    rights = {right.id: right.html for right in content.rights}
    return tuple(
        Pair(id=left.id, left=left.html, right=rights[key.pairs[left.id]], feedback=key.pair_feedback.get(left.id, ""))
        for left in content.lefts
    )


def _joined_distractors(content: QuestionContent, key: QuestionKey) -> tuple[Html, ...]:
    matched = set(key.pairs.values())
    return tuple(right.html for right in content.rights if right.id not in matched)


def _joined_order(content: QuestionContent, key: QuestionKey) -> tuple[OrderItem, ...]:
    texts = {item.id: item.html for item in content.items}
    return tuple(OrderItem(id=item_id, html=texts[item_id]) for item_id in key.order)


def _joined_gaps(content: QuestionContent, key: QuestionKey) -> tuple[Gap, ...]:
    keys = {gap.id: gap for gap in key.gaps}
    return tuple(
        Gap(
            id=view.id,
            kind=view.kind,
            answers=keys[view.id].answers,
            numeric=keys[view.id].numeric,
            options=_joined_options(view.options, keys[view.id].options),
            weight=keys[view.id].weight,
        )
        for view in content.gaps
    )


def _joined_media(public: tuple[MediaRef, ...], base: tuple[MediaRef, ...]) -> tuple[MediaRef, ...]:
    known = {media.name for media in base}
    return (*base, *(media for media in public if media.name not in known)) if base else public


def _joined_hotspot(content: QuestionContent, key: QuestionKey) -> Hotspot | None:
    if content.hotspot is None:
        return None
    return Hotspot(image=content.hotspot.image, shapes=key.shapes, max_points=content.hotspot.max_points)
