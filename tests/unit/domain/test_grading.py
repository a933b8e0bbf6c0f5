import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.enums import GradeState, QuestionType
from app.domain.grading import correct_response, grade
from app.domain.grading.reveal import reveal
from app.domain.question_draft import Answer, Numeric, NumericAnswer, QuestionDraft, Shape
from app.domain.question_parts import QuestionContent
from app.domain.responses import Rating, Response
from tests.unit.domain.question_samples import (
    choice_draft,
    cloze_draft,
    hotspot_draft,
    matching_draft,
    numeric_draft,
    ordering_draft,
    parametric_draft,
    parted,
    sample_drafts,
    text_draft,
)

ESSAY = QuestionDraft(type=QuestionType.ESSAY, stem="Discuss.")
TEXTS = st.text(max_size=20) | st.sampled_from(["Paris", "3,14", "2.1", "nan", "1e999", "\0", "\ud800"])
COORDINATES = st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 100)


@st.composite
def any_responses(draw: st.DrawFn, known: Sequence[str]) -> Response:
    """Responses that the edge of the application would refuse included."""
    ids = st.sampled_from([*known, "foreign"])
    members: dict[str, Any] = {
        "choice": draw(st.none() | ids),
        "choices": draw(st.none() | st.lists(ids, max_size=5).map(tuple)),
        "text": draw(st.none() | TEXTS),
        "pairs": draw(st.none() | st.dictionaries(ids, ids, max_size=4)),
        "order": draw(st.none() | st.permutations([*known]) | st.lists(ids, max_size=5).map(tuple)),
        "gaps": draw(st.none() | st.dictionaries(ids, TEXTS | ids, max_size=4)),
        "points": draw(st.none() | st.lists(st.tuples(COORDINATES, COORDINATES), max_size=3).map(tuple)),
        "rating": draw(st.none() | st.sampled_from(Rating)),
    }
    return Response.model_construct(**members)


def ids_of(content: QuestionContent) -> list[str]:
    """Of the things of a response; blanks come with the options of their own."""
    groups = (content.options, content.lefts, content.rights, content.items, content.gaps)
    gap_options = [option.id for gap in content.gaps for option in gap.options]
    return [thing.id for group in groups for thing in group] + gap_options


@pytest.mark.parametrize("draft", [*sample_drafts(), ESSAY], ids=lambda draft: draft.type)
@settings(max_examples=40)
@given(data=st.data())
def test_no_response_raises_and_fractions_stay_within_bounds(draft: QuestionDraft, data: st.DataObject) -> None:
    content, key = parted(draft)
    result = grade(content, key, data.draw(any_responses(ids_of(content))), seed=3)
    assert 0 <= result.fraction <= 1
    assert (result.state is GradeState.RIGHT) == (result.fraction == 1)
    assert result.is_invalid == bool(result.message)


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_the_correct_response_gets_full_marks(draft: QuestionDraft) -> None:
    content, key = parted(draft)
    response = correct_response(content, key, seed=3)
    assert response is not None
    assert grade(content, key, response, seed=3).fraction == 1


@pytest.mark.parametrize(
    "draft",
    [
        ESSAY,
        choice_draft((0, 0)),
        choice_draft((0.5, 0.5)),
        choice_draft((0.5, 0), QuestionType.MULTIPLE_RESPONSE),
        QuestionDraft(type=QuestionType.SHORT_ANSWER, stem="?"),
        QuestionDraft(type=QuestionType.NUMERICAL, stem="?"),
        QuestionDraft(type=QuestionType.MATCHING, stem="?"),
        QuestionDraft(type=QuestionType.ORDERING, stem="?"),
        QuestionDraft(type=QuestionType.CLOZE, stem="?"),
        QuestionDraft(type=QuestionType.HOTSPOT, stem="?"),
        parametric_draft("1 / 0"),
    ],
    ids=lambda draft: draft.type,
)
def test_there_is_not_always_a_correct_response(draft: QuestionDraft) -> None:
    assert correct_response(*parted(draft), seed=1) is None


@pytest.mark.parametrize("draft", [*sample_drafts(), ESSAY], ids=lambda draft: draft.type)
def test_an_empty_response_is_invalid_except_where_nothing_is_asked(draft: QuestionDraft) -> None:
    state = grade(*parted(draft), Response(), seed=1).state
    assert state is (GradeState.RIGHT if draft.type is QuestionType.DESCRIPTION else GradeState.INVALID)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize("draft", [text_draft(), numeric_draft(), ESSAY], ids=lambda draft: draft.type)
def test_unstorable_texts_are_refused(draft: QuestionDraft, text: str) -> None:
    result = grade(*parted(draft), Response.model_construct(text=text))
    assert result.is_invalid
    assert "character" in result.message


@pytest.mark.parametrize(
    ("weight", "state", "fraction"),
    [
        (1, GradeState.RIGHT, 1),
        (0.999, GradeState.RIGHT, 1),
        (0.5, GradeState.PARTIAL, 0.5),
        (0, GradeState.WRONG, 0),
        (-0.5, GradeState.WRONG, 0),
    ],
)
def test_a_choice_earns_its_weight(weight: float, state: GradeState, fraction: float) -> None:
    result = grade(*parted(choice_draft((weight, 0))), Response(choice="00000000"))
    assert (result.state, result.fraction, result.feedback) == (state, fraction, ("Feedback 0",))


def test_feedback_of_the_whole_question_follows_that_of_its_parts() -> None:
    draft = choice_draft((1, 0)).model_copy(update={"feedback": {"correct": "Well done", "incorrect": "Read again"}})
    content, key = parted(draft)
    assert grade(content, key, Response(choice="00000000")).feedback == ("Feedback 0", "Well done")
    assert grade(content, key, Response(choice="00000001")).feedback == ("Feedback 1", "Read again")
    assert grade(content, key, Response(choice="ffffffff")).feedback == ()


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [((0, 2), 1), ((0,), 0.5), ((0, 1, 2), 0.5), ((1,), 0), ((0, 1), 0), ((0, 1, 2, 3), 0.5), ((3,), 0)],
)
def test_multiple_response_adds_up_and_is_clipped(chosen: Sequence[int], fraction: float) -> None:
    parts = parted(choice_draft((0.5, -0.5, 0.5, 0), QuestionType.MULTIPLE_RESPONSE))
    assert grade(*parts, Response(choices=tuple(f"{place:08x}" for place in chosen))).fraction == fraction


def test_three_thirds_are_a_whole() -> None:
    parts = parted(choice_draft((0.333, 0.333, 0.333), QuestionType.MULTIPLE_RESPONSE))
    assert grade(*parts, Response(choices=("00000000", "00000001", "00000002"))).state is GradeState.RIGHT


@given(st.permutations(["00000000", "00000001", "00000002", "00000003"]), st.integers(1, 4))
def test_the_order_of_choices_does_not_matter(order: list[str], count: int) -> None:
    parts = parted(choice_draft((0.4, 0.3, 0.3, -0.7), QuestionType.MULTIPLE_RESPONSE))
    chosen = order[:count]
    assert grade(*parts, Response(choices=tuple(chosen))) == grade(*parts, Response(choices=tuple(sorted(chosen))))


@pytest.mark.parametrize(
    ("draft", "response"),
    [
        (choice_draft(), Response(choice="ffffffff")),
        (choice_draft(kind=QuestionType.MULTIPLE_RESPONSE), Response(choices=("00000000", "ffffffff"))),
        (choice_draft(kind=QuestionType.MULTIPLE_RESPONSE), Response(choices=("00000000", "00000000"))),
        (matching_draft(), Response(pairs={"ffffffff": "00000001"})),
        (matching_draft(), Response(pairs={"00000001": "ffffffff"})),
        (matching_draft(), Response(pairs={"00000001": "00000002"})),
        (ordering_draft(), Response(order=("ffffffff",) * 2)),
        (ordering_draft(), Response(order=("ffffffff",))),
        (cloze_draft(), Response(gaps={"ffffffff": "x"})),
        (hotspot_draft(), Response(points=((1, 1), (2, 2)))),
    ],
    ids=lambda value: value.type if isinstance(value, QuestionDraft) else "",
)
def test_foreign_repeated_and_surplus_answers_are_invalid(draft: QuestionDraft, response: Response) -> None:
    assert grade(*parted(draft), response).is_invalid


def test_matching_earns_the_share_of_right_pairs() -> None:
    content, key = parted(matching_draft())
    lefts = [left.id for left in content.lefts]
    right = {left: key.pairs[left] for left in lefts}
    wrong = right | {lefts[0]: key.pairs[lefts[1]]}
    assert grade(content, key, Response(pairs=right)).fraction == 1
    assert grade(content, key, Response(pairs=wrong)).fraction == 0.75
    assert grade(content, key, Response(pairs={lefts[0]: right[lefts[0]]})).fraction == 0.25
    assert grade(content, key, Response(pairs=wrong)).parts == {left: float(left != lefts[0]) for left in lefts}
    assert grade(content, key, Response(pairs=right)).feedback == ("On the Seine",)


@pytest.mark.parametrize(
    ("order", "exact", "partial"),
    [("abcd", 1, 1), ("abdc", 0, 5 / 6), ("bacd", 0, 5 / 6), ("badc", 0, 4 / 6), ("dcba", 0, 0), ("dabc", 0, 0.5)],
)
def test_orders(order: str, exact: float, partial: float) -> None:
    for draft, fraction in ((ordering_draft(), exact), (ordering_draft(partial=True), partial)):
        content, key = parted(draft)
        named = dict(zip("abcd", key.order, strict=True))
        result = grade(content, key, Response(order=tuple(named[letter] for letter in order)))
        assert result.fraction == pytest.approx(fraction)


def test_an_order_needs_every_item() -> None:
    content, key = parted(ordering_draft())
    assert grade(content, key, Response(order=key.order[:3])).message == "Place every item."


@pytest.mark.parametrize("partial", [False, True])
def test_items_that_read_the_same_may_change_places(*, partial: bool) -> None:
    content, key = parted(ordering_draft("x", "y", "x", partial=partial))
    first, second, third = key.order
    assert grade(content, key, Response(order=(third, second, first))).fraction == 1
    assert grade(content, key, Response(order=(first, third, second))).fraction < 1


def test_reversing_an_order_turns_concordant_pairs_into_discordant_ones() -> None:
    content, key = parted(ordering_draft(partial=True))
    for order in permutations(key.order):
        forth = grade(content, key, Response(order=order)).fraction
        back = grade(content, key, Response(order=order[::-1])).fraction
        assert forth + back == pytest.approx(1)


@pytest.mark.parametrize(
    ("texts", "fraction"),
    [
        (("Paris", "2.1", "big"), 1),
        (("lutetia", "2,1", "big"), 0.75),
        (("Paris", "9", "small"), 0.5),
        (("", "2.1", ""), 0.25),
        (("Rome", "9", "small"), 0),
    ],
)
def test_blanks_count_by_their_weight(texts: Sequence[str], fraction: float) -> None:
    content, key = parted(cloze_draft())
    options = {option.html: option.id for option in content.gaps[2].options}
    given_texts = {gap.id: options.get(text, text) for gap, text in zip(content.gaps, texts, strict=True)}
    result = grade(content, key, Response(gaps=given_texts))
    assert result.fraction == fraction
    assert result.feedback == (("No",) if texts[2] == "small" else ())


def test_an_unreadable_blank_makes_the_response_invalid_and_is_named() -> None:
    content, key = parted(cloze_draft())
    result = grade(content, key, Response(gaps={content.gaps[0].id: "Paris", content.gaps[1].id: "many"}))
    assert result.message.startswith("Blank 2: ")
    assert grade(content, key, Response(gaps={content.gaps[2].id: "huge"})).is_invalid


RECT = Shape(id="rect", kind="rect", coords=(10, 10, 20, 10))
CIRCLE = Shape(id="circle", kind="circle", coords=(50, 50, 5))
CONCAVE = Shape(id="u", kind="polygon", coords=(0, 0, 30, 0, 30, 30, 20, 30, 20, 10, 10, 10, 10, 30, 0, 30))


@pytest.mark.parametrize(
    ("shape", "point", "inside"),
    [
        (RECT, (10, 10), True),
        (RECT, (30, 20), True),
        (RECT, (30.01, 20), False),
        (CIRCLE, (55, 50), True),
        (CIRCLE, (54, 54), False),
        (CONCAVE, (5, 25), True),
        (CONCAVE, (15, 20), False),
        (CONCAVE, (15, 10), True),
        (CONCAVE, (0, 0), True),
        (CONCAVE, (10, 20), True),
        (CONCAVE, (-1, 0), False),
        (CONCAVE, (31, 10), False),
        (Shape(id="odd", kind="polygon", coords=(0, 0, 9, 0, 9, 9, 0)), (1, 1), False),
        (Shape(id="short", kind="rect", coords=(0, 0, 9)), (1, 1), False),
    ],
)
def test_areas_include_their_edges(shape: Shape, point: tuple[float, float], *, inside: bool) -> None:
    assert (grade(*parted(hotspot_draft(shape)), Response(points=(point,))).fraction == 1) is inside


@pytest.mark.parametrize(
    ("points", "fraction"),
    [
        (((20, 15), (50, 50)), 1),
        (((20, 15),), 0.5),
        (((20, 15), (21, 15)), 0.5),
        (((20, 15), (50, 50), (99, 99)), 2 / 3),
        (((99, 99),), 0),
    ],
)
def test_areas_hit_over_points_set(points: tuple[tuple[float, float], ...], fraction: float) -> None:
    parts = parted(hotspot_draft(RECT, CIRCLE, max_points=3))
    assert grade(*parts, Response(points=points)).fraction == pytest.approx(fraction)


def test_the_first_of_overlapping_areas_counts() -> None:
    hole = Shape(id="hole", kind="rect", coords=(15, 12, 5, 5), correct=False)
    parts = parted(hotspot_draft(hole, RECT))
    assert grade(*parts, Response(points=((16, 13),))).fraction == 0
    assert grade(*parts, Response(points=((11, 11),))).fraction == 1


@given(st.lists(st.integers(0, 50), min_size=6, max_size=12).filter(lambda coords: len(coords) % 2 == 0))
def test_any_polygon_can_be_hit(coords: list[int]) -> None:
    shape = Shape(id="p", kind="polygon", coords=tuple(map(float, coords)))
    assert correct_response(*parted(hotspot_draft(shape))) is not None


def test_an_area_beyond_the_coordinates_of_a_response_cannot_be_hit() -> None:
    far = Shape(id="far", kind="rect", coords=(1e6, 1e6, 10, 10))
    assert correct_response(*parted(hotspot_draft(far))) is None


def test_essays_wait_for_a_teacher() -> None:
    assert grade(*parted(ESSAY), Response(text="Because …")).state is GradeState.NEEDS_GRADING


@pytest.mark.parametrize(("rating", "fraction"), [("again", 0), ("hard", 1), ("good", 1), ("easy", 1)])
def test_flashcards_are_rated(rating: str, fraction: float) -> None:
    parts = parted(QuestionDraft(type=QuestionType.FLASHCARD, stem="Front"))
    assert grade(*parts, Response(rating=Rating(rating))).fraction == fraction


@given(st.integers(0, 2**31))
def test_parametric_questions_are_graded_with_their_seed(seed: int) -> None:
    content, key = parted(parametric_draft("a + 100"))
    (answer,) = reveal(content, key, seed)
    assert 102 <= float(answer) <= 109
    assert grade(content, key, Response(text=answer), seed=seed).fraction == 1
    assert grade(content, key, Response(text="1"), seed=seed).fraction == 0


def test_parametric_questions_need_their_seed() -> None:
    with pytest.raises(ValueError, match="seed"):
        grade(*parted(parametric_draft()), Response(text="1"))


def test_a_parametric_question_without_a_value_is_not_held_against_the_student() -> None:
    parts = parted(parametric_draft("1 / 0"))
    assert grade(*parts, Response(text="1"), seed=1).is_invalid
    assert reveal(*parts, seed=1) == ()


def test_parametric_tolerance_and_units() -> None:
    parts = parted(
        parametric_draft("a * 0 + 2", tolerance=0.5, units=({"name": "m"}, {"name": "cm", "multiplier": 0.01}))
    )
    assert grade(*parts, Response(text="230 cm"), seed=1).fraction == 1


@pytest.mark.parametrize(
    ("draft", "lines"),
    [
        (choice_draft(), ("Option 0",)),
        (choice_draft((0.5, -0.5, 0.5, 0), QuestionType.MULTIPLE_RESPONSE), ("Option 0", "Option 2")),
        (choice_draft((1, 0.5)), ("Option 0",)),
        (choice_draft((0, 0)), ()),
        (text_draft(Answer(value="a < b"), Answer(value="c", weight=0.5), Answer(value="d")), ("a &lt; b", "d")),
        (numeric_draft(), ("3.14",)),
        (numeric_draft(NumericAnswer(value=42)), ("42",)),
        (matching_draft(), ("France → Paris", "Italy → Rome", "Latium → Rome", "Spain → Madrid")),
        (ordering_draft(), ("a", "b", "c", "d")),
        (cloze_draft(), ("Paris", "2.1", "big")),
        (hotspot_draft(RECT.model_copy(update={"label": "<heart>"})), ("&lt;heart&gt;",)),
        (ESSAY, ()),
        (QuestionDraft(type=QuestionType.FLASHCARD, stem="F", answers=(Answer(value="Back"),)), ("Back",)),
        (QuestionDraft(type=QuestionType.NUMERICAL, stem="?", numeric=Numeric()), ()),
    ],
)
def test_the_right_answer_is_shown_in_words(draft: QuestionDraft, lines: tuple[str, ...]) -> None:
    assert reveal(*parted(draft), seed=1) == lines


def test_points_that_are_not_finite_are_invalid() -> None:
    response = Response.model_construct(points=((math.nan, 1.0),))
    assert grade(*parted(hotspot_draft()), response).is_invalid
