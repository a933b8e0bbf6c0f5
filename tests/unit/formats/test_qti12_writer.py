"""What is written as QTI 1.2 is read again as the same question, or a loss says what is not."""

import io
import zipfile
from typing import BinaryIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Gap,
    MediaRef,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    QuestionDraft,
    ToleranceKind,
)
from app.formats.drafts import local_id, weighted_options
from app.formats.losses import losses_of
from app.formats.qti12 import Qti12Reader, Qti12Writer
from app.formats.reading import Event, Loss, MediaFile, ReadOptions, Source, WriteOptions
from tests.unit.formats.question_strategies import any_drafts, simple_drafts
from tests.unit.formats.test_moodle_xml_writer import ESCAPED_NOT_XML

SOME = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
LOSSLESS = [
    QuestionType.SINGLE_CHOICE,
    QuestionType.MULTIPLE_RESPONSE,
    QuestionType.TRUE_FALSE,
    QuestionType.MATCHING,
    QuestionType.ESSAY,
    QuestionType.DESCRIPTION,
]
DROP_DOWN = tuple(Option(id=local_id(index), html=html, weight=float(index == 1)) for index, html in enumerate("xyz"))


def exported(*drafts: QuestionDraft, options: WriteOptions | None = None) -> tuple[bytes, list[Loss]]:
    out = io.BytesIO()
    losses = Qti12Writer().write(drafts, out, options or WriteOptions())
    return out.getvalue(), losses


def events(data: bytes) -> list[Event]:
    return list(Qti12Reader().read(Source.of_bytes("file.zip", data), ReadOptions()))


def read_again(data: bytes) -> list[QuestionDraft]:
    return [event for event in events(data) if isinstance(event, QuestionDraft)]


def lost(losses: list[Loss]) -> list[tuple[int, str]]:
    return [(loss.position, loss.field) for loss in losses]


@given(simple_drafts(st.sampled_from(LOSSLESS)))
@SOME
def test_most_types_lose_nothing(draft: QuestionDraft) -> None:
    data, losses = exported(draft)
    if not ESCAPED_NOT_XML.search(draft.model_dump_json()) and len({pair.left for pair in draft.pairs}) == len(
        draft.pairs
    ):
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


def test_what_every_type_keeps() -> None:
    drafts = (
        QuestionDraft(
            type=QuestionType.SHORT_ANSWER,
            stem="x",
            answers=(Answer(value="a", feedback="Yes."), Answer(value="b", case_sensitive=True, weight=0.5)),
        ),
        QuestionDraft(
            type=QuestionType.NUMERICAL,
            stem="x",
            numeric=Numeric(
                answers=(
                    NumericAnswer(value=0.3, tolerance=0.1, feedback="Near."),
                    NumericAnswer(value=5, kind=ToleranceKind.RANGE, tolerance=1, low=4, high=6, weight=0.5),
                )
            ),
        ),
        QuestionDraft(
            type=QuestionType.MULTIPLE_RESPONSE,
            stem="x",
            options=(
                Option(id="a", html="A", weight=0.75),
                Option(id="b", html="B", weight=0.25, feedback="Half."),
                Option(id="c", html="C", weight=-0.5),
            ),
        ),
        QuestionDraft(
            type=QuestionType.ORDERING,
            stem="x",
            order=tuple(OrderItem(id=local_id(index), html=html) for index, html in enumerate("cab")),
        ),
        QuestionDraft(
            type=QuestionType.MATCHING,
            stem="x",
            pairs=(Pair(id="a", left="1", right="A", feedback="No."), Pair(id="b", left="2", right="A")),
            distractors=("B",),
        ),
    )
    data, losses = exported(*drafts)
    assert losses == []
    assert [again.type for again in read_again(data)] == [draft.type for draft in drafts]


def test_blanks() -> None:
    written = (Answer(value="x < y", feedback="Good."), Answer(value="z", typo_tolerance=1))
    gaps = (
        Gap(id="one", answers=written, weight=3),
        Gap(id="2 3", kind="choice", options=DROP_DOWN),
    )
    mixed = QuestionDraft(type=QuestionType.CLOZE, stem="[one] [[one]] and [[2 3]]", gaps=gaps)
    drop_downs = QuestionDraft(type=QuestionType.CLOZE, stem="A [[b]]", gaps=(gaps[1].model_copy(update={"id": "b"}),))
    data, losses = exported(mixed, drop_downs)
    assert losses == []
    first, second = read_again(data)
    assert first.stem == "[one] [[blank1]] and [[blank2]]"
    assert [(gap.kind, gap.weight) for gap in first.gaps] == [("text", 3), ("choice", 1)]
    assert first.gaps[0].answers == written
    assert second.gaps == drop_downs.gaps


def test_everything_around_a_question() -> None:
    draft = QuestionDraft(
        type=QuestionType.ESSAY,
        stem="Why?",
        title="T & U",
        external_id="q-1",
        explanation="Because.",
        feedback={"correct": "Yes", "incorrect": "No"},
        hints=("One", "Two"),
        points=2.5,
        penalty=0.1,
        difficulty=-1.5,
        language="de",
        shuffle=False,
        tags=("x, y", "z"),
        skills=("s",),
        category=("a", "b/c"),
    )
    data, losses = exported(draft, QuestionDraft(type=QuestionType.ESSAY, stem="x"), options=WriteOptions(title="Q"))
    assert losses == []
    first, second = read_again(data)
    assert losses_of(1, draft, first) == []
    assert (second.external_id, second.category) == (None, ())


def test_losses_are_named() -> None:
    flashcard = QuestionDraft(type=QuestionType.FLASHCARD, stem="Front", explanation="Back")
    essay = QuestionDraft(type=QuestionType.ESSAY, stem="Why?", feedback={"partial": "Almost"})
    relative = NumericAnswer(value=200, kind=ToleranceKind.RELATIVE, tolerance=0.05)
    number = QuestionDraft(type=QuestionType.NUMERICAL, stem="x", numeric=Numeric(answers=(relative,)))
    forgotten = QuestionDraft(type=QuestionType.CLOZE, stem="[[a]]", gaps=(Gap(id="a"), Gap(id="b")))
    _, losses = exported(flashcard, essay, number, forgotten)
    assert lost(losses) == [(1, "type"), (2, "feedback"), (3, "numeric"), (4, "stem")]


def stored(ref: MediaRef) -> BinaryIO | None:
    return io.BytesIO(ref.alt.encode()) if ref.alt else None


def picture(name: str, content: str) -> QuestionDraft:
    return QuestionDraft(
        type=QuestionType.MULTIPLE_RESPONSE,
        stem=f'<img src="{name}" alt="A">',
        options=weighted_options(["x", "y"], {0, 1}),
        media=(MediaRef(name=name, alt=content, sha256=content * 64),),
    )


def test_files_are_members_of_the_package() -> None:
    first, second, missing = picture("img/a b.png", "1"), picture("img/a b.png", "2"), picture("gone.png", "3")
    missing = missing.model_copy(update={"media": (MediaRef(name="gone.png"),)})
    outside = picture("../a.png", "3")
    data, losses = exported(first, first, second, missing, outside, options=WriteOptions(media=stored))
    assert lost(losses) == [(3, "stem"), (4, "media"), (5, "media")]
    files = {each.name: each for each in events(data) if isinstance(each, MediaFile)}
    drafts = read_again(data)
    assert [files[ref.name].open().read() for draft in drafts for ref in draft.media] == [b"1", b"1", b"2"]
    assert drafts[0].stem == first.stem


def test_equal_questions_make_equal_packages() -> None:
    draft = picture("a.png", "1")
    first, second = (exported(draft, options=WriteOptions(title="T", media=stored))[0] for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert b'href="a.png"' in package.read("imsmanifest.xml")
        assert b"<title>T</title>" in package.read(
            next(n for n in package.namelist() if n.endswith("assessment_meta.xml"))
        )
