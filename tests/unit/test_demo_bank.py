"""The demo bank as a whole: complete, valid, gradable and safe to show."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from PIL import Image

from app.domain.enums import GradeState, QuestionStatus, QuestionType
from app.domain.grading import correct_response, grade
from app.domain.markup import gap_ids, images_without_alt, referred_files, visible_text
from app.domain.parametric import instantiate, placeholders, render
from app.domain.prerequisites import topological_order
from app.domain.question_draft import QuestionDraft
from app.domain.question_split import split
from app.domain.responses import Response
from app.utils.html import sanitize_html
from scripts.demo.bank import DemoBank, demo_bank
from scripts.demo.figures import FIGURES

NOT_GRADED_AT_ONCE = {QuestionType.ESSAY, QuestionType.DESCRIPTION}
TEX_COMMANDS = {
    *("approx", "cdot", "cdots", "circ", "dfrac", "div", "dots", "frac", "ge", "gt"),
    *("ldots", "le", "lt", "ne", "overline", "pi", "pm", "sqrt", "text"),
}


@pytest.fixture(scope="module")
def bank() -> DemoBank:
    return demo_bank()


def fresh_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{next(numbers):08x}"


def fragments(draft: QuestionDraft) -> Iterator[str]:
    """Every HTML text of a question."""
    yield from (draft.stem, draft.explanation, *draft.hints, *draft.distractors)
    for option in (*draft.options, *(option for gap in draft.gaps for option in gap.options)):
        yield from (option.html, option.feedback)
    for pair in draft.pairs:
        yield from (pair.left, pair.right)
    yield from (item.html for item in draft.order)
    yield from (answer.feedback for answer in draft.numeric.answers) if draft.numeric else ()
    yield draft.passage.html if draft.passage else ""


def test_the_bank_is_large_enough(bank: DemoBank) -> None:
    kinds = Counter(draft.type for draft in bank.drafts)
    assert len(bank.skills) == 14
    assert len(bank.drafts) >= 252
    assert set(kinds) == set(QuestionType)
    assert kinds[QuestionType.PARAMETRIC] >= 20
    assert kinds[QuestionType.FLASHCARD] >= 10


def test_every_skill_has_many_questions_of_many_types_and_difficulties(bank: DemoBank) -> None:
    for skill in bank.skills:
        own = [draft for draft in bank.drafts if draft.skills[0] == skill.code]
        difficulties = [draft.difficulty for draft in own if draft.difficulty is not None]
        assert len(own) >= 18
        assert len({draft.type for draft in own}) >= 8
        assert sum(draft.type is QuestionType.PARAMETRIC for draft in own) >= 2
        assert min(difficulties) <= -1.5
        assert max(difficulties) >= 1.5


def test_questions_are_distinct(bank: DemoBank) -> None:
    assert len({draft.external_id for draft in bank.drafts}) == len(bank.drafts)
    assert len({visible_text(draft.stem) for draft in bank.drafts}) == len(bank.drafts)


def test_questions_are_complete(bank: DemoBank) -> None:
    codes = {skill.code for skill in bank.skills}
    for draft in bank.drafts:
        assert draft.status is QuestionStatus.PUBLISHED
        assert draft.language == "en"
        assert draft.explanation
        assert draft.tags
        assert set(draft.skills) <= codes
        assert draft.difficulty is not None
        assert -2.5 <= draft.difficulty <= 2.5


def test_prerequisites_have_no_cycle_and_come_first(bank: DemoBank) -> None:
    edges = [(before, skill.code) for skill in bank.skills for before in skill.prerequisites]
    codes = [skill.code for skill in bank.skills]
    assert set(topological_order(codes, edges)) == set(codes)
    assert all(codes.index(before) < codes.index(after) for before, after in edges)


def test_drafts_survive_json(bank: DemoBank) -> None:
    for draft in bank.drafts:
        assert QuestionDraft.model_validate_json(draft.model_dump_json()) == draft


def test_html_is_what_the_sanitiser_lets_through(bank: DemoBank) -> None:
    for draft in bank.drafts:
        for html in fragments(draft):
            assert sanitize_html(html) == html


def test_tex_is_balanced_and_uses_known_commands(bank: DemoBank) -> None:
    for draft in bank.drafts:
        for html in fragments(draft):
            for start, end in (("\\(", "\\)"), ("\\[", "\\]")):
                assert html.count(start) == html.count(end), html
            assert set(re.findall(r"\\([A-Za-z]+)", html)) <= TEX_COMMANDS, html
            for formula in re.findall(r"\\[(\[](.*?)\\[)\]]", html):
                assert formula.count("{") == formula.count("}"), html


def test_no_text_shows_typing_slips(bank: DemoBank) -> None:
    for draft in bank.drafts:
        for html in fragments(draft):
            assert "  " not in html
            assert not re.search(r"\b(\w+) \1\b(?!-)", re.sub(r"\\\(.*?\\\)", "", html)), html
            assert html == html.strip()


def test_every_image_is_there_with_a_description(bank: DemoBank) -> None:
    used: set[str] = set()
    for draft in bank.drafts:
        html = draft.stem + (draft.passage.html if draft.passage else "")
        names = referred_files(html) | ({draft.hotspot.image} if draft.hotspot else set())
        assert not images_without_alt(html)
        assert {media.name for media in draft.media} == names
        assert all(len(media.alt) > 20 and media.sha256 for media in draft.media)
        used |= names
    assert used == set(bank.media)


def test_images_are_small_and_always_the_same(bank: DemoBank) -> None:
    assert {name: figure.draw() for name, figure in FIGURES.items()} == bank.media
    for content in bank.media.values():
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            image.load()
            assert max(image.size) <= 600
        assert len(content) < 30_000


def test_hotspots_lie_inside_their_images(bank: DemoBank) -> None:
    for draft in bank.drafts:
        if draft.hotspot is None:
            continue
        with Image.open(io.BytesIO(bank.media[draft.hotspot.image]), formats=["PNG"]) as image:
            for shape in draft.hotspot.shapes:
                assert 0 <= shape.coords[0] <= image.width
                assert 0 <= shape.coords[1] <= image.height
        assert len(draft.hotspot.shapes) == draft.hotspot.max_points


def test_a_passage_is_the_same_wherever_it_is_used(bank: DemoBank) -> None:
    passages = [draft.passage for draft in bank.drafts if draft.passage]
    assert len({passage.external_id for passage in passages}) == len({*passages}) == 2
    assert len(passages) >= 8


def test_blanks_stand_in_the_stem(bank: DemoBank) -> None:
    for draft in bank.drafts:
        assert gap_ids(draft.stem) == [gap.id for gap in draft.gaps]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_question_has_a_response_with_full_marks(bank: DemoBank, seed: int) -> None:
    for draft in bank.drafts:
        if draft.type in NOT_GRADED_AT_ONCE:
            continue
        content, key = split(draft, new_id=fresh_ids())
        response = correct_response(content, key, seed)
        assert response is not None, draft.external_id
        assert grade(content, key, response, seed=seed).fraction == 1.0


def test_exactly_one_choice_is_right_and_typical_mistakes_get_feedback(bank: DemoBank) -> None:
    for draft in bank.drafts:
        if draft.type is QuestionType.SINGLE_CHOICE:
            wrong = [option for option in draft.options if option.weight != 1]
            assert len(wrong) == len(draft.options) - 1 >= 3
            assert all(option.weight == 0 and option.feedback for option in wrong)


def test_the_right_choice_has_no_usual_place(bank: DemoBank) -> None:
    places = Counter(
        next(place for place, option in enumerate(draft.options) if option.weight == 1)
        for draft in bank.drafts
        if draft.type is QuestionType.SINGLE_CHOICE
    )
    assert max(places.values()) < 0.5 * places.total()


def test_slips_of_numerical_questions_are_wrong_and_explained(bank: DemoBank) -> None:
    for draft in bank.drafts:
        content, key = split(draft, new_id=fresh_ids())
        slips = [answer for answer in draft.numeric.answers if answer.weight == 0] if draft.numeric else []
        for slip in slips:
            result = grade(content, key, Response(text=repr(slip.value)))
            assert result.state is GradeState.WRONG, draft.external_id
            assert result.feedback == (slip.feedback,)


def test_parametric_stems_show_all_their_variables(bank: DemoBank) -> None:
    for draft in bank.drafts:
        if draft.parametric is None:
            continue
        names = {variable.name for variable in draft.parametric.variables}
        assert placeholders(draft.stem) == names
        shown = {render(draft.stem, instantiate(draft.parametric, seed)) for seed in range(40)}
        assert len(shown) >= 4
        assert not any("{{" in stem for stem in shown)
