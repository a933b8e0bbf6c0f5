"""What is written as Moodle XML is read again as the same question, or a loss says what is not."""

import io
import re
from typing import BinaryIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Gap,
    MatchKind,
    MediaRef,
    Numeric,
    NumericAnswer,
    OrderItem,
    QuestionDraft,
    Unit,
)
from app.formats.drafts import local_id, weighted_options
from app.formats.losses import losses_of
from app.formats.moodle_xml import MoodleXmlReader, MoodleXmlWriter
from app.formats.reading import Loss, MediaFile, ReadOptions, Source, WriteOptions
from tests.unit.formats.question_strategies import (
    any_drafts,
    filled_htmls,
    filled_texts,
    fractions,
    htmls,
    options,
    simple_drafts,
)

SOME = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
CORE = [
    QuestionType.SINGLE_CHOICE,
    QuestionType.MULTIPLE_RESPONSE,
    QuestionType.TRUE_FALSE,
    QuestionType.SHORT_ANSWER,
    QuestionType.NUMERICAL,
    QuestionType.MATCHING,
    QuestionType.ESSAY,
    QuestionType.DESCRIPTION,
]
# XML 1.0 has no way at all to hold these.
ESCAPED_NOT_XML = re.compile(r"\\u00[01]|\\[bf]|[\ufffe\uffff]")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def exported(*drafts: QuestionDraft, options: WriteOptions | None = None) -> tuple[bytes, list[Loss]]:
    out = io.BytesIO()
    losses = MoodleXmlWriter().write(drafts, out, options or WriteOptions())
    return out.getvalue(), losses


def read_again(data: bytes) -> list[QuestionDraft]:
    events = MoodleXmlReader().read(Source.of_bytes("file.xml", data), ReadOptions())
    return [event for event in events if isinstance(event, QuestionDraft)]


def lost(losses: list[Loss]) -> list[tuple[int, str]]:
    return [(loss.position, loss.field) for loss in losses]


def printable(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return strategy.filter(lambda text: NOT_XML.search(text) is None)


@given(simple_drafts(st.sampled_from(CORE)))
@SOME
def test_the_core_types_lose_nothing(draft: QuestionDraft) -> None:
    data, losses = exported(draft)
    if not ESCAPED_NOT_XML.search(draft.model_dump_json()):
        assert losses == []
        assert losses_of(1, draft, read_again(data)[0]) == []


@given(draft=any_drafts)
@SOME
def test_every_difference_is_on_the_list_of_losses(draft: QuestionDraft) -> None:
    data, losses = exported(draft)
    again = read_again(data)
    fields = {loss.field for loss in losses}
    if not fields & {"type", "question"} and draft.type is not QuestionType.CLOZE:
        assert {loss.field for loss in losses_of(1, draft, again[0])} == fields


text_gaps = st.lists(
    st.builds(
        Answer,
        value=printable(filled_texts).map(lambda text: " ".join(text.split())).filter(bool),
        weight=fractions,
        feedback=printable(htmls),
    ),
    min_size=1,
    max_size=3,
).map(lambda answers: Gap(id="x", answers=tuple(answers)))
choice_gaps = options.filter(
    lambda found: bool(found) and not any(NOT_XML.search(option.html + option.feedback) for option in found)
).map(lambda found: Gap(id="x", kind="choice", options=found))
number_gaps = st.builds(NumericAnswer, value=st.integers(-1000, 1000).map(float), tolerance=st.integers(0, 5)).map(
    lambda answer: Gap(id="x", kind="numeric", numeric=Numeric(answers=(answer,)))
)


@given(
    st.lists(st.tuples(printable(filled_htmls), st.one_of(text_gaps, choice_gaps, number_gaps)), min_size=1, max_size=3)
)
@SOME
def test_blanks_lose_nothing(parts: list[tuple[str, Gap]]) -> None:
    gaps = tuple(gap.model_copy(update={"id": str(place)}) for place, (_, gap) in enumerate(parts, start=1))
    stem = "".join(
        f"{html.replace('[', '(').replace('{', '(')} [[{place}]] " for place, (html, _) in enumerate(parts, 1)
    )
    draft = QuestionDraft(type=QuestionType.CLOZE, stem=stem, gaps=gaps, points=float(len(gaps)))
    data, losses = exported(draft)
    assert losses == []
    assert losses_of(1, draft, read_again(data)[0]) == []


def test_names_of_blanks_become_numbers() -> None:
    gaps = (Gap(id="b", answers=(Answer(value="2"),)), Gap(id="a", answers=(Answer(value="1"),)))
    draft = QuestionDraft(type=QuestionType.CLOZE, stem="[[a]] [[b]]", gaps=gaps, points=2)
    data, losses = exported(draft)
    assert losses == []
    assert b"{1:SHORTANSWER:=1} {1:SHORTANSWER:=2}" in data


def test_everything_around_a_question() -> None:
    draft = QuestionDraft(
        type=QuestionType.ORDERING,
        stem="Sort.",
        title="T",
        external_id="q-1",
        order=tuple(OrderItem(id=local_id(index), html=html) for index, html in enumerate(["a", "<b>b</b>"])),
        partial_order=True,
        hints=("One", "Two"),
        feedback={"correct": "Yes", "partial": "Almost", "incorrect": "No"},
        points=2.5,
        penalty=0.1,
        tags=("x, y", "z"),
        category=("a", "b/c"),
        extensions={"moodle": {"answernumbering": "none", "graderinfo": "<p>Be kind.</p>"}},
    )
    data, losses = exported(draft, draft.model_copy(update={"category": ()}))
    assert losses == []
    assert b"$course$/top/a/b//c" in data
    assert [again.category for again in read_again(data)] == [("a", "b/c"), ()]


def test_units_keep_their_meaning() -> None:
    numeric = Numeric(
        answers=(NumericAnswer(value=5000),),
        units=(Unit(name="W"), Unit(name="kW", multiplier=1000)),
        unit_required=True,
    )
    draft = QuestionDraft(type=QuestionType.NUMERICAL, stem="How much?", numeric=numeric, feedback={"incorrect": "No"})
    data, losses = exported(draft)
    assert losses == []
    assert b"<multiplier>0.001</multiplier>" in data


def test_losses_are_named() -> None:
    flashcard = QuestionDraft(type=QuestionType.FLASHCARD, stem="Front", explanation="Back")
    essay = QuestionDraft(type=QuestionType.ESSAY, stem="Why?\x0b", skills=("s",), language="en", difficulty=1)
    mixed = QuestionDraft(
        type=QuestionType.SHORT_ANSWER,
        stem="x",
        answers=(Answer(value="a", case_sensitive=True), Answer(value="b")),
    )
    _, losses = exported(flashcard, essay, mixed)
    assert lost(losses) == [
        (1, "type"), (2, "stem"), (2, "skills"), (2, "language"), (2, "difficulty"), (3, "answers"),
    ]  # fmt: skip


def test_ways_of_matching_that_moodle_does_not_have_come_back() -> None:
    answers = (Answer(value="a+", match=MatchKind.PATTERN), Answer(value="b", typo_tolerance=1))
    draft = QuestionDraft(type=QuestionType.SHORT_ANSWER, stem="x", answers=answers)
    data, losses = exported(draft)
    assert losses == []
    assert read_again(data)[0].answers == answers


def test_files_are_embedded_and_missing_ones_are_losses() -> None:
    def stored(ref: MediaRef) -> BinaryIO | None:
        return io.BytesIO(b"PNG") if ref.name == "a b/c&d.png" else None

    sha256 = "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"
    draft = QuestionDraft(
        type=QuestionType.SINGLE_CHOICE,
        stem='<img src="a b/c&amp;d.png" alt="A">',
        options=weighted_options(['<img src="a b/c&amp;d.png" alt="">', '<img src="gone.png" alt="">'], {0}),
        media=(MediaRef(name="a b/c&d.png", sha256=sha256), MediaRef(name="gone.png")),
    )
    data, losses = exported(draft, options=WriteOptions(media=stored))
    assert lost(losses) == [(1, "media")]
    events = list(MoodleXmlReader().read(Source.of_bytes("f.xml", data), ReadOptions()))
    assert [each.open().read() for each in events if isinstance(each, MediaFile)] == [b"PNG"]
    (again,) = [each for each in events if isinstance(each, QuestionDraft)]
    assert [ref.name for ref in again.media] == ["a b/c&d.png"]
    assert (again.stem, again.options[0].html) == (draft.stem, draft.options[0].html)


def test_equal_questions_make_equal_files() -> None:
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why?", extensions={"moodle": {"b": "1", "a": "2"}})
    assert exported(draft) == exported(draft)
