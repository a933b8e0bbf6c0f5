import pytest
from hypothesis import given, settings

from app.domain.enums import QuestionType, Severity
from app.domain.question_draft import (
    MAX_HTML,
    Answer,
    Gap,
    Hotspot,
    Location,
    MatchKind,
    MediaRef,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    QuestionDraft,
)
from app.domain.question_structure import ProblemCode as StructureCode
from app.formats.cleaning import clean
from app.formats.drafts import build_draft, weighted_options
from app.formats.reading import Problem, ProblemCode
from app.formats.validation import Repetitions, draft_problems
from tests.unit.formats.question_strategies import any_drafts

TWO = weighted_options(["x", "y"], {0})


def draft(kind: QuestionType = QuestionType.ESSAY, stem: str = "Q?", **fields: object) -> QuestionDraft:
    return QuestionDraft.model_validate({"type": kind, "stem": stem, **fields})


def codes(question: QuestionDraft) -> list[ProblemCode]:
    return [problem.code for problem in draft_problems(question)]


@pytest.mark.parametrize(
    "good",
    [
        draft(),
        draft(QuestionType.SINGLE_CHOICE, options=TWO),
        draft(QuestionType.SHORT_ANSWER, answers=(Answer(value="x"),)),
        draft(QuestionType.NUMERICAL, numeric=Numeric(answers=(NumericAnswer(value=1),))),
        draft(QuestionType.MATCHING, pairs=(Pair(id="a", left="l", right="r"),), distractors=("d",)),
        draft(QuestionType.ORDERING, order=(OrderItem(id="a", html="1"), OrderItem(id="b", html="2"))),
        draft(QuestionType.CLOZE, stem="a [[g]] b", gaps=(Gap(id="g", answers=(Answer(value="x"),)),)),
        draft(QuestionType.FLASHCARD, explanation="back"),
        draft(stem='<img src="a.png">', media=(MediaRef(name="a.png"),)),
    ],
)
def test_whole_questions_have_no_problems(good: QuestionDraft) -> None:
    assert codes(good) == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (draft(stem="<p> </p>"), ProblemCode.EMPTY_STEM),
        (draft(QuestionType.SINGLE_CHOICE, options=TWO[:1]), ProblemCode.FEW_OPTIONS),
        (draft(QuestionType.SINGLE_CHOICE, options=weighted_options(["x", " x"], {0})), ProblemCode.DUPLICATE_OPTION),
        (draft(QuestionType.TRUE_FALSE, options=weighted_options(["x", "y"], ())), ProblemCode.ANSWER_MISSING),
        (draft(QuestionType.SHORT_ANSWER, answers=(Answer(value="x", weight=0),)), ProblemCode.ANSWER_MISSING),
        (draft(QuestionType.NUMERICAL), ProblemCode.ANSWER_MISSING),
        (draft(QuestionType.MATCHING, pairs=(Pair(id="a", left="l", right="r"),)), ProblemCode.FEW_OPTIONS),
        (draft(QuestionType.SINGLE_CHOICE, options=weighted_options(["x", ""], {0})), ProblemCode.EMPTY_OPTION),
        (draft(QuestionType.ORDERING, order=(OrderItem(id="a", html="1"),)), ProblemCode.FEW_OPTIONS),
        (draft(QuestionType.CLOZE, stem="a b", gaps=(Gap(id="g", answers=(Answer(value="x"),)),)), ProblemCode.BLANKS),
        (draft(QuestionType.CLOZE, stem="a [[g]]", gaps=(Gap(id="g"),)), ProblemCode.ANSWER_MISSING),
        (
            draft(QuestionType.HOTSPOT, hotspot=Hotspot(image="i"), media=(MediaRef(name="i"),)),
            ProblemCode.ANSWER_MISSING,
        ),
        (draft(QuestionType.FLASHCARD), ProblemCode.ANSWER_MISSING),
        (draft(QuestionType.PARAMETRIC), ProblemCode.ANSWER_MISSING),
        (
            draft(QuestionType.SHORT_ANSWER, answers=(Answer(value="(", match=MatchKind.PATTERN),)),
            ProblemCode.PATTERN,
        ),
        (draft(stem='<img src="a.png">'), ProblemCode.MISSING_MEDIA),
        (draft(hints=('<img src="a.png">',)), ProblemCode.MISSING_MEDIA),
        (draft(stem="caf\N{REPLACEMENT CHARACTER}"), ProblemCode.LOST_CHARACTERS),
    ],
)
def test_what_is_wrong_has_its_code(bad: QuestionDraft, code: ProblemCode) -> None:
    assert codes(bad) == [code]


def test_two_lefts_of_a_matching_must_differ() -> None:
    pairs = (Pair(id="a", left="l", right="r"), Pair(id="b", left="l", right="s"))
    assert codes(draft(QuestionType.MATCHING, pairs=pairs)) == [ProblemCode.DUPLICATE_OPTION]


def test_the_structure_rules_of_the_domain_all_have_an_import_code() -> None:
    assert {code.value for code in StructureCode} - {"E_NO_FULL_MARK", "E_NO_SKILL", "E_NO_ALT"} <= {
        code.value for code in ProblemCode
    }


def test_codes_say_their_severity() -> None:
    assert ProblemCode.EMPTY_STEM.severity is Severity.ERROR
    assert ProblemCode.DUPLICATE_ROW.severity is Severity.WARNING


def test_repetitions_see_through_option_order_and_name_conflicting_keys() -> None:
    seen = Repetitions()
    first = draft(QuestionType.SINGLE_CHOICE, options=TWO, location=Location(line=3))
    turned = draft(QuestionType.SINGLE_CHOICE, options=weighted_options(["y", "x"], {1}))
    contrary = draft(QuestionType.SINGLE_CHOICE, options=weighted_options(["x", "y"], {1}))
    other = draft(QuestionType.SINGLE_CHOICE, stem="R?", options=TWO)
    found = [[problem.code for problem in seen.problems(each)] for each in (first, turned, contrary, other)]
    assert found == [[], [ProblemCode.DUPLICATE_ROW], [ProblemCode.KEY_CONFLICT], []]


@given(any_drafts)
@settings(max_examples=40, deadline=None)
def test_cleaning_is_stable(question: QuestionDraft) -> None:
    once, _ = clean(question)
    assert isinstance(once, QuestionDraft)
    assert clean(once) == (once, [])


def test_every_html_field_is_cleaned_and_plain_fields_keep_their_signs() -> None:
    evil = "<b onclick='x'>a</b>\0"
    dirty = draft(
        stem=evil,
        title="<b>&",
        hints=(evil,),
        feedback={"correct": evil},
        options=(Option(id="a", html=evil, feedback=evil),),
        answers=(Answer(value="<b>\0", feedback=evil),),
        extensions={"k\0": ["<b>\0"]},
    )
    safe, warnings = clean(dirty)
    assert isinstance(safe, QuestionDraft)
    assert {safe.stem, *safe.hints, *safe.feedback.values(), safe.options[0].html, safe.answers[0].feedback} == {
        "<b>a</b>"
    }
    assert (safe.title, safe.answers[0].value, safe.extensions) == ("<b>&", "<b>", {"k": ["<b>"]})
    assert warnings == []


def test_a_remote_image_is_removed_and_named() -> None:
    safe, warnings = clean(draft(stem='Look: <img src="https://a.example/b.png">'))
    assert isinstance(safe, QuestionDraft)
    assert safe.stem == "Look: <img>"
    assert [(warning.code, warning.text) for warning in warnings] == [
        (ProblemCode.MISSING_MEDIA, "https://a.example/b.png")
    ]


def test_a_text_that_escaping_makes_too_long_is_a_problem() -> None:
    found, _ = clean(draft(stem="&" * (MAX_HTML - 1)))
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.TOO_LARGE


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"options": weighted_options([str(number) for number in range(27)], {0})}, ProblemCode.TOO_LARGE),
        ({"points": float("nan")}, ProblemCode.NUMBER),
        ({"points": -1}, ProblemCode.NUMBER),
        ({"title": "x" * 5_000}, ProblemCode.TOO_LARGE),
        ({"unknown": 1}, ProblemCode.SYNTAX),
    ],
)
def test_a_draft_beyond_its_bounds_is_a_problem(fields: dict[str, object], code: ProblemCode) -> None:
    found = build_draft({"type": QuestionType.ESSAY, "stem": "Q?"} | fields, Location(line=4))
    assert isinstance(found, Problem)
    assert (found.code, found.location.line) == (code, 4)
