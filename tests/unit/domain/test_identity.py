import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.identity import content_hash, details_hash, stem_hash
from app.domain.question_draft import (
    Answer,
    Location,
    MatchKind,
    MediaRef,
    NumericAnswer,
    Option,
    Passage,
    QuestionDraft,
    Unit,
)
from app.domain.question_split import join
from tests.unit.domain.question_samples import (
    choice_draft,
    cloze_draft,
    matching_draft,
    numeric_draft,
    ordering_draft,
    parametric_draft,
    parted,
    sample_drafts,
    text_draft,
)


def changed(draft: QuestionDraft, **members: object) -> QuestionDraft:
    return draft.model_copy(update=members)


def with_options(*options: tuple[str, float]) -> QuestionDraft:
    made = tuple(Option(id=str(place), html=html, weight=weight) for place, (html, weight) in enumerate(options))
    return changed(choice_draft(), options=made)


@pytest.mark.parametrize(
    "stem",
    [
        "which one?",
        "  Which \n one? ",
        "<p>Which <b>one</b>?</p>",
        "Ｗｈｉｃｈ one?",
        "Which&#32;one?",
        "Which&nbsp;one?",
    ],
)
def test_spelling_of_the_stem_does_not_matter(stem: str) -> None:
    assert content_hash(changed(choice_draft(), stem=stem)) == content_hash(choice_draft())


@pytest.mark.parametrize(
    "member",
    [
        {"title": "T"},
        {"tags": ("t",)},
        {"skills": ("s",)},
        {"category": ("c",)},
        {"location": Location(line=3)},
        {"extensions": {"x": 1}},
        {"external_id": "7"},
        {"explanation": "because"},
        {"hints": ("think",)},
        {"points": 3.0},
    ],
)
def test_bookkeeping_does_not_matter(member: dict[str, object]) -> None:
    assert content_hash(changed(choice_draft(), **member)) == content_hash(choice_draft())


@pytest.mark.parametrize("draft", sample_drafts(), ids=lambda draft: draft.type)
def test_ids_do_not_matter(draft: QuestionDraft) -> None:
    kept = changed(draft, distractors=tuple(dict.fromkeys(html for html in draft.distractors if html != "Rome")))
    assert content_hash(join(*parted(draft), draft)) == content_hash(kept)


def test_order_of_options_does_not_matter() -> None:
    assert content_hash(with_options(("a", 1), ("b", 0))) == content_hash(with_options(("b", 0), ("a", 1)))


def test_a_third_is_a_third_however_it_is_written() -> None:
    assert content_hash(with_options(("a", 0.3333333))) == content_hash(with_options(("a", 1 / 3)))
    assert content_hash(with_options(("a", -0.0))) == content_hash(with_options(("a", 0)))


DIFFERENT = [
    choice_draft(),
    choice_draft((0, 1, 0)),
    choice_draft(kind=QuestionType.MULTIPLE_RESPONSE),
    changed(choice_draft(), stem="Which two?"),
    changed(choice_draft(), passage=Passage(html="About dogs.")),
    changed(choice_draft(), passage=Passage(html="About cats.")),
    changed(choice_draft(), media=(MediaRef(name="a.png", sha256="0" * 64),)),
    with_options(("mm", 1), ("MM", 0)),
    with_options(("mm", 0), ("MM", 1)),
    with_options(("x<sup>2</sup>", 1), ("x2", 0)),
    with_options(("x<sub>2</sub>", 1), ("x2", 0)),
    with_options(("<img src='a.png'>", 1), ("<img src='b.png'>", 0)),
    with_options(("<img src='a.png'>", 0), ("<img src='b.png'>", 1)),
    text_draft(),
    text_draft(Answer(value="Paris", case_sensitive=True)),
    text_draft(Answer(value="Paris", match=MatchKind.WILDCARD)),
    text_draft(Answer(value="Rome")),
    numeric_draft(),
    numeric_draft(NumericAnswer(value=3.14, tolerance=0.02)),
    numeric_draft(units=(Unit(name="m"),)),
    matching_draft(),
    changed(matching_draft(), distractors=()),
    ordering_draft(),
    ordering_draft(partial=True),
    ordering_draft("b", "a", "c", "d"),
    cloze_draft(),
    changed(cloze_draft(), gaps=cloze_draft().gaps[:2]),
    parametric_draft(),
    parametric_draft("a + b"),
    QuestionDraft(type=QuestionType.FLASHCARD, stem="Front", explanation="Back"),
    QuestionDraft(type=QuestionType.FLASHCARD, stem="Front", explanation="Other back"),
]


def test_what_is_asked_and_the_key_matter() -> None:
    hashes = [content_hash(draft) for draft in DIFFERENT]
    assert len(set(hashes)) == len(DIFFERENT)


def test_renamed_files_with_the_same_content_are_the_same() -> None:
    def of(name: str) -> QuestionDraft:
        media = (MediaRef(name=name, sha256="1" * 64),)
        return changed(choice_draft(), stem=f'<img src="{name}">', media=media)

    assert content_hash(of("a.png")) == content_hash(of("b.png"))


def test_another_key_keeps_the_stem_hash() -> None:
    first, second = choice_draft((1, 0, 0)), choice_draft((0, 1, 0))
    assert stem_hash(first) == stem_hash(second)
    assert stem_hash(first) != stem_hash(with_options(("a", 1)))


def test_details_are_noticed_apart_from_the_content() -> None:
    explained = changed(choice_draft(), explanation="because")
    assert details_hash(explained) != details_hash(choice_draft())
    assert details_hash(changed(explained, location=Location(line=9))) == details_hash(explained)


@given(st.text(), st.text())
def test_any_text_can_be_hashed(stem: str, option: str) -> None:
    draft = changed(with_options((option, 1)), stem=stem)
    assert content_hash(draft) == content_hash(draft)
    assert len(stem_hash(draft)) == 64


def test_a_lone_surrogate_can_be_hashed() -> None:
    assert content_hash(changed(choice_draft(), stem="\ud800"))
