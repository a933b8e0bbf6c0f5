import pytest

from app.domain.enums import QuestionType
from app.domain.publishing import publish_problems, structure_problems
from app.domain.question_draft import (
    Answer,
    Gap,
    MatchKind,
    MediaRef,
    Numeric,
    NumericAnswer,
    Option,
    Pair,
    Passage,
    QuestionDraft,
    Shape,
    ToleranceKind,
    Unit,
    Variable,
)
from tests.unit.domain.question_samples import (
    choice_draft,
    cloze_draft,
    hotspot_draft,
    matching_draft,
    numeric_draft,
    ordering_draft,
    parametric_draft,
    sample_drafts,
    text_draft,
)


def codes(draft: QuestionDraft) -> list[str]:
    return [problem.code.value for problem in structure_problems(draft)]


def publish_codes(draft: QuestionDraft) -> list[str]:
    return [problem.code.value for problem in publish_problems(draft)]


def changed(draft: QuestionDraft, **members: object) -> QuestionDraft:
    return draft.model_copy(update=members)


def with_options(*htmls: str) -> QuestionDraft:
    options = tuple(Option(id=str(place), html=html, weight=1) for place, html in enumerate(htmls))
    return changed(choice_draft(), options=options)


def with_gap(gap: Gap) -> QuestionDraft:
    return QuestionDraft(type=QuestionType.CLOZE, stem=f"[[{gap.id}]]", gaps=(gap,))


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_sound_questions_have_no_problems(draft: QuestionDraft) -> None:
    described = changed(draft, skills=("skill",), media=(MediaRef(name="body.png", alt="A body"),))
    assert publish_problems(described) == []


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (changed(choice_draft(), stem=" <p>&nbsp;</p> "), "E_EMPTY_STEM"),
        (choice_draft((0, 0)), "E_NO_CORRECT"),
        (choice_draft((1,)), "E_FEW_OPTIONS"),
        (with_options("same", "<b>same</b>"), "E_DUP_OPTION"),
        (with_options("one", " "), "E_EMPTY_OPTION"),
        (QuestionDraft(type=QuestionType.SHORT_ANSWER, stem="?"), "E_NO_CORRECT"),
        (text_draft(Answer(value=" ")), "E_NO_CORRECT"),
        (text_draft(Answer(value="("), Answer(value="(", match=MatchKind.PATTERN)), "E_PATTERN"),
        (QuestionDraft(type=QuestionType.NUMERICAL, stem="?"), "E_NO_CORRECT"),
        (numeric_draft(NumericAnswer(value=1, kind=ToleranceKind.SIGNIFICANT, tolerance=1.5)), "E_NUMBER"),
        (numeric_draft(units=(Unit(name="m", multiplier=0),)), "E_NUMBER"),
        (numeric_draft(unit_required=True), "E_NUMBER"),
        (changed(matching_draft(), pairs=()), "E_NO_CORRECT"),
        (changed(matching_draft(), pairs=(Pair(id="a", left="a", right="b"),), distractors=()), "E_FEW_OPTIONS"),
        (changed(matching_draft(), pairs=(Pair(id="a", left="", right="b"),)), "E_EMPTY_OPTION"),
        (changed(matching_draft(), pairs=(Pair(id="a", left="a", right="b"),) * 2), "E_DUP_OPTION"),
        (ordering_draft("a"), "E_FEW_OPTIONS"),
        (ordering_draft("a", "a"), "E_FEW_OPTIONS"),
        (ordering_draft("a", "b", ""), "E_EMPTY_OPTION"),
        (changed(cloze_draft(), stem="[[capital]]"), "E_BLANKS"),
        (QuestionDraft(type=QuestionType.CLOZE, stem="No blank"), "E_BLANKS"),
        (with_gap(Gap(id="g")), "E_NO_CORRECT"),
        (with_gap(Gap(id="g", kind="numeric")), "E_NO_CORRECT"),
        (with_gap(Gap(id="g", kind="choice", options=(Option(id="a", html="a", weight=1),))), "E_FEW_OPTIONS"),
        (hotspot_draft(Shape(id="a", kind="rect", coords=(0, 0, 1, 1), correct=False)), "E_NO_CORRECT"),
        (hotspot_draft(Shape(id="a", kind="circle", coords=(0, 0, 0))), "E_SHAPE"),
        (hotspot_draft(Shape(id="a", kind="polygon", coords=(0, 0, 1, 1))), "E_SHAPE"),
        (QuestionDraft(type=QuestionType.FLASHCARD, stem="Front"), "E_NO_CORRECT"),
        (QuestionDraft(type=QuestionType.PARAMETRIC, stem="?"), "E_NO_CORRECT"),
        (parametric_draft("a * unknown"), "E_EXPRESSION"),
        (parametric_draft("1 / (a - a)"), "E_EXPRESSION"),
        (parametric_draft("a +"), "E_EXPRESSION"),
        (parametric_draft("a", variables=(Variable(name="a"), Variable(name="a"))), "E_EXPRESSION"),
        (parametric_draft("a", variables=(Variable(name="a", low=9, high=1),)), "E_EXPRESSION"),
        (parametric_draft(units=({"name": "m", "multiplier": 0},)), "E_NUMBER"),
    ],
)
def test_what_makes_a_question_useless(draft: QuestionDraft, code: str) -> None:
    assert codes(draft) == [code]


@pytest.mark.parametrize(
    "draft",
    [
        changed(choice_draft(), stem='<img src="a.png">'),
        with_options("x<sup>2</sup>", "x<sub>2</sub>"),
        with_options("mm", "MM"),
        with_options('<img src="a.png">', '<img src="b.png">'),
        ordering_draft("a", "b", "a"),
        changed(hotspot_draft(), stem=""),
        QuestionDraft(type=QuestionType.ESSAY, stem="Discuss."),
    ],
)
def test_what_only_looks_odd(draft: QuestionDraft) -> None:
    assert codes(draft) == []


@pytest.mark.parametrize(
    "draft",
    [
        choice_draft((0.5, 0.5)),
        choice_draft((0.5, 0.3, -1), QuestionType.MULTIPLE_RESPONSE),
        text_draft(Answer(value="x", weight=0.9)),
        numeric_draft(NumericAnswer(value=1, weight=0.5)),
        with_gap(Gap(id="g", answers=(Answer(value="x", weight=0.5),))),
        with_gap(Gap(id="g", kind="numeric", numeric=Numeric(answers=(NumericAnswer(value=1, weight=0.5),)))),
    ],
)
def test_full_marks_must_be_within_reach(draft: QuestionDraft) -> None:
    assert codes(draft) == []
    assert publish_codes(changed(draft, skills=("skill",))) == ["E_NO_FULL_MARK"]


def test_three_thirds_are_full_marks() -> None:
    assert publish_codes(choice_draft((0.333, 0.333, 0.333), QuestionType.MULTIPLE_RESPONSE)) == []


def test_a_skill_is_needed_but_for_a_description() -> None:
    assert publish_codes(changed(choice_draft(), skills=())) == ["E_NO_SKILL"]
    assert publish_codes(QuestionDraft(type=QuestionType.DESCRIPTION, stem="Read.")) == []


@pytest.mark.parametrize(
    ("members", "problems"),
    [
        ({"stem": '<img src="a.png">'}, ["E_NO_ALT"]),
        ({"stem": '<img src="a.png" alt="">'}, ["E_NO_ALT"]),
        ({"stem": '<img alt=" " src="a.png">'}, ["E_NO_ALT"]),
        ({"stem": '<img src="a.png" alt="A map">'}, []),
        ({"stem": '<img src="a.png">', "media": (MediaRef(name="a.png", alt="A map"),)}, []),
        ({"stem": '<img src="a.png">', "media": (MediaRef(name="a.png"),)}, ["E_NO_ALT"]),
        ({"stem": '<img src="a.png" alt="A map">', "media": (MediaRef(name="a.png"),)}, []),
        ({"passage": Passage(html='<img src="a.png">')}, ["E_NO_ALT"]),
        ({"explanation": '<img src="a.png">'}, ["E_NO_ALT"]),
        ({"media": (MediaRef(name="a.JPG"),)}, ["E_NO_ALT"]),
        ({"media": (MediaRef(name="a", mime="image/png"),)}, ["E_NO_ALT"]),
        ({"media": (MediaRef(name="a.mp3"),)}, []),
    ],
)
def test_images_need_alternative_texts(members: dict[str, object], problems: list[str]) -> None:
    assert publish_codes(changed(choice_draft(), **members)) == problems


def test_the_image_of_a_hotspot_needs_one_too() -> None:
    assert publish_codes(changed(hotspot_draft(), skills=("skill",))) == ["E_NO_ALT"]


def test_messages_name_the_blank() -> None:
    assert structure_problems(with_gap(Gap(id="g")))[0].message == "Blank 1: No accepted answer is given."
