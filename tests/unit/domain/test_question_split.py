import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Gap, MediaRef, Option, OrderItem, Pair, Passage, QuestionDraft
from app.domain.question_split import join, split
from tests.unit.domain.question_samples import (
    choice_draft,
    cloze_draft,
    id_source,
    matching_draft,
    ordering_draft,
    parametric_draft,
    parted,
    sample_drafts,
)

SECRET = "canary"
IDS = st.sampled_from(["a", "b", "right", "00000001", "deadbeef", "0badc0de"])
TEXTS = st.sampled_from(["one", "two", "three", "<b>four</b>", ""])


def with_secrets(draft: QuestionDraft) -> QuestionDraft:
    """Every text of the key carries the canary, every weight is recognisable."""
    dumped: dict[str, Any] = draft.model_dump()
    for option in dumped["options"]:
        option.update(feedback=SECRET, weight=0.987654321)
    for gap in dumped["gaps"]:
        gap["options"] = [option | {"feedback": SECRET, "weight": 0.987654321} for option in gap["options"]]
        gap["answers"] = [{"value": SECRET, "feedback": SECRET} for _ in gap["answers"]]
    for pair in dumped["pairs"]:
        pair["feedback"] = SECRET
    dumped["answers"] = [{"value": SECRET, "feedback": SECRET} for _ in dumped["answers"]]
    return QuestionDraft.model_validate(
        dumped | {"hints": (SECRET,), "explanation": SECRET, "feedback": {"correct": SECRET}, "penalty": 0.123456789}
    )


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_content_holds_no_key(draft: QuestionDraft) -> None:
    shown = split(with_secrets(draft), new_id=id_source())[0].model_dump_json()
    assert SECRET not in shown
    assert "0.987654321" not in shown
    assert "0.123456789" not in shown
    assert draft.parametric is None or draft.parametric.expression not in shown


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_joined_draft_splits_into_the_same_parts(draft: QuestionDraft) -> None:
    content, key = parted(draft)
    joined = join(content, key, draft)
    assert parted(joined)[0].model_copy(update={"rights": ()}) == content.model_copy(update={"rights": ()})
    assert parted(joined)[1].model_copy(update={"pairs": {}}) == key.model_copy(update={"pairs": {}})


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_a_draft_with_opaque_ids_comes_back_whole(draft: QuestionDraft) -> None:
    opaque = join(*parted(draft), draft)
    base = QuestionDraft(type=QuestionType.ESSAY, stem="", skills=draft.skills)
    assert join(*parted(opaque), base) == opaque


def test_readable_ids_are_replaced_and_opaque_ones_stay() -> None:
    draft = choice_draft().model_copy(
        update={"options": (Option(id="correct", html="a", weight=1), Option(id="deadbeef", html="b"))}
    )
    content, key = parted(draft)
    assert re.fullmatch("[0-9a-f]{8}", content.options[0].id)
    assert content.options[1].id == "deadbeef"
    assert [key.options[option.id].weight for option in content.options] == [1, 0]


def test_a_new_id_never_meets_one_that_stays() -> None:
    ids = iter(["deadbeef", "deadbeef", "11111111"])
    draft = choice_draft().model_copy(update={"options": (Option(id="a", html="a"), Option(id="deadbeef", html="b"))})
    content, _ = split(draft, new_id=lambda: next(ids))
    assert [option.id for option in content.options] == ["11111111", "deadbeef"]


def test_gap_markers_follow_their_gaps() -> None:
    content, key = parted(cloze_draft())
    assert [gap.id for gap in content.gaps] == re.findall(r"\[\[(\w+)]]", content.stem) == [gap.id for gap in key.gaps]
    assert all(re.fullmatch("[0-9a-f]{8}", gap.id) for gap in content.gaps)


def test_a_choice_gap_shows_its_options_without_weights() -> None:
    content, key = parted(cloze_draft())
    assert [option.html for option in content.gaps[2].options] == ["big", "small"]
    assert {option.weight for option in key.gaps[2].options.values()} == {0, 1}


def test_equal_right_sides_share_an_id_and_repeated_distractors_disappear() -> None:
    content, key = parted(matching_draft())
    assert sorted(right.html for right in content.rights) == ["Bern", "Madrid", "Oslo", "Paris", "Rome"]
    assert key.pairs["00000002"] == key.pairs["00000003"]


def test_stored_orders_tell_nothing() -> None:
    rights = parted(matching_draft())[0].rights
    items = parted(ordering_draft())[0].items
    assert [right.id for right in rights] == sorted(right.id for right in rights)
    assert [item.id for item in items] == sorted(item.id for item in items)


def test_ids_that_ascend_in_the_right_order_do_not_stay() -> None:
    items = tuple(OrderItem(id=f"{place:08x}", html=str(place)) for place in range(4))
    content, key = parted(ordering_draft().model_copy(update={"order": items}))
    assert not {item.id for item in items} & set(key.order)
    assert {item.id for item in content.items} == set(key.order)


def test_distractors_keep_their_order() -> None:
    draft = matching_draft()
    assert join(*parted(draft), draft).distractors == ("Oslo", "Bern")


def test_parametric_stem_stays_a_template() -> None:
    draft = parametric_draft()
    content, key = parted(draft)
    assert content.stem == draft.stem
    assert key.parametric == draft.parametric


def test_files_of_the_explanation_are_not_shown() -> None:
    draft = choice_draft().model_copy(
        update={
            "stem": '<img src="map.png" alt="">',
            "explanation": '<img src="map.png"><img src="solution.png">',
            "passage": Passage(html='<img src="text.png">'),
            "media": tuple(MediaRef(name=name) for name in ("map.png", "solution.png", "text.png", "unused.png")),
        }
    )
    content, key = parted(draft)
    assert [media.name for media in content.media] == ["map.png", "text.png", "unused.png"]
    assert join(content, key, draft).media == draft.media


@given(
    options=st.lists(st.builds(Option, id=IDS, html=TEXTS, feedback=TEXTS), max_size=6),
    pairs=st.lists(st.builds(Pair, id=IDS, left=TEXTS, right=TEXTS), max_size=6),
    items=st.lists(st.builds(OrderItem, id=IDS, html=TEXTS), max_size=6),
    gaps=st.lists(st.builds(Gap, id=IDS, answers=st.just((Answer(value="x"),))), max_size=6),
)
def test_ids_are_unique_and_texts_stay_whatever_ids_a_source_wrote(
    options: list[Option], pairs: list[Pair], items: list[OrderItem], gaps: list[Gap]
) -> None:
    draft = QuestionDraft(
        type=QuestionType.CLOZE,
        stem=" ".join(f"[[{gap.id}]]" for gap in gaps),
        options=tuple(options),
        pairs=tuple(pairs),
        order=tuple(items),
        gaps=tuple(gaps),
    )
    content, key = parted(draft)
    groups = (content.options, content.lefts, content.rights, content.items, content.gaps)
    ids = [thing.id for group in groups for thing in group]
    joined = join(content, key, draft)
    assert len(set(ids)) == len(ids)
    assert [(pair.left, pair.right) for pair in joined.pairs] == [(pair.left, pair.right) for pair in pairs]
    assert [item.html for item in joined.order] == [item.html for item in items]
    assert [option.html for option in joined.options] == [option.html for option in options]
