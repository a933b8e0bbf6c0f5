"""A draft taken apart into what a student may see and the key."""

from collections.abc import Callable, Iterable

from app.domain.markup import referred_files
from app.domain.opaque_ids import Naming, with_opaque_ids
from app.domain.question_draft import Gap, Html, MediaRef, Option, OrderItem, QuestionDraft
from app.domain.question_html import hidden_html, shown_html
from app.domain.question_join import join
from app.domain.question_parts import Choice, GapKey, GapView, HotspotView, OptionKey, QuestionContent, QuestionKey

__all__ = ["join", "split"]


def split(draft: QuestionDraft, *, new_id: Callable[[], str]) -> tuple[QuestionContent, QuestionKey]:
    """Content and key of a draft. ``new_id`` returns random ids of eight hexadecimal digits.

    A distractor that repeats a right side or another distractor is the same choice and disappears.
    """
    naming = Naming(draft, new_id)
    draft = with_opaque_ids(draft, naming)
    right_ids = _right_ids(draft, naming)
    return _content(draft, right_ids), _key(draft, right_ids)


def _content(draft: QuestionDraft, right_ids: dict[Html, str]) -> QuestionContent:
    return QuestionContent(
        type=draft.type,
        stem=draft.stem,
        options=_choices(draft.options),
        shuffle=draft.shuffle,
        lefts=tuple(Choice(id=pair.id, html=pair.left) for pair in draft.pairs),
        rights=_in_id_order(Choice(id=right_id, html=html) for html, right_id in right_ids.items()),
        items=_in_id_order(_choices(draft.order)),
        gaps=tuple(GapView(id=gap.id, kind=gap.kind, options=_choices(gap.options)) for gap in draft.gaps),
        units=_unit_names(draft),
        hotspot=_hotspot_view(draft),
        passage=draft.passage,
        hint_count=len(draft.hints),
        points=draft.points,
        language=draft.language,
        media=_public_media(draft),
    )


def _key(draft: QuestionDraft, right_ids: dict[Html, str]) -> QuestionKey:
    return QuestionKey(
        options=_option_keys(draft.options),
        answers=draft.answers,
        numeric=draft.numeric,
        pairs={pair.id: right_ids[pair.right] for pair in draft.pairs},
        pair_feedback={pair.id: pair.feedback for pair in draft.pairs if pair.feedback},
        order=tuple(item.id for item in draft.order),
        partial_order=draft.partial_order,
        gaps=tuple(_gap_key(gap) for gap in draft.gaps),
        shapes=draft.hotspot.shapes if draft.hotspot else (),
        parametric=draft.parametric,
        rubric=draft.rubric,
        hints=draft.hints,
        explanation=draft.explanation,
        feedback=draft.feedback,
        penalty=draft.penalty,
    )


def _right_ids(draft: QuestionDraft, naming: Naming) -> dict[Html, str]:
    """Id of every different right side. Those of distractors ascend, so that `join` finds their order again."""
    matched = dict.fromkeys(pair.right for pair in draft.pairs)
    spare = [html for html in dict.fromkeys(draft.distractors) if html not in matched]
    ids = {html: naming.new() for html in matched}
    return ids | dict(zip(spare, sorted(naming.new() for _ in spare), strict=True))


def _choices(things: Iterable[Option | OrderItem]) -> tuple[Choice, ...]:
    return tuple(Choice(id=thing.id, html=thing.html) for thing in things)


def _in_id_order(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """So that the stored order tells nothing."""
    return tuple(sorted(choices, key=lambda choice: choice.id))


def _option_keys(options: Iterable[Option]) -> dict[str, OptionKey]:
    return {option.id: OptionKey(weight=option.weight, feedback=option.feedback) for option in options}


def _gap_key(gap: Gap) -> GapKey:
    return GapKey(
        id=gap.id,
        kind=gap.kind,
        answers=gap.answers,
        numeric=gap.numeric,
        options=_option_keys(gap.options),
        weight=gap.weight,
    )


def _unit_names(draft: QuestionDraft) -> tuple[str, ...]:
    source = draft.numeric or draft.parametric
    return tuple(unit.name for unit in source.units) if source else ()


def _hotspot_view(draft: QuestionDraft) -> HotspotView | None:
    if draft.hotspot is None:
        return None
    return HotspotView(image=draft.hotspot.image, max_points=draft.hotspot.max_points)


def _public_media(draft: QuestionDraft) -> tuple[MediaRef, ...]:
    """All but the files that only the key refers to: their alternative text may tell the answer."""
    if not draft.media:
        return ()
    public = _referred(shown_html(draft)) | ({draft.hotspot.image} if draft.hotspot else set())
    private = _referred(hidden_html(draft)) - public
    return tuple(media for media in draft.media if media.name not in private)


def _referred(fragments: Iterable[Html]) -> set[str]:
    return {name for html in fragments for name in referred_files(html)}
