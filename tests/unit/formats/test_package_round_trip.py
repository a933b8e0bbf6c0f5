"""What packages and workbooks carry there and back, and that they name what they do not."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Gap,
    Hotspot,
    MediaRef,
    Numeric,
    NumericAnswer,
    OrderItem,
    Pair,
    QuestionDraft,
    Shape,
)
from app.domain.question_html import hidden_html, shown_html
from app.formats.drafts import weighted_options
from app.formats.losses import losses_of
from app.formats.pipeline import checked_events
from app.formats.reading import Event, Loss, ReadOptions, Source, WriteOptions
from app.formats.registry import reader_named, writer_named
from app.formats.xml_writing import xml_text
from tests.unit.formats.package_files import drafts, media, problems
from tests.unit.formats.question_strategies import any_drafts, simple_drafts

SOME = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
READER_OF = {"xlsx": "xlsx", "anki": "anki", "qti21": "qti", "qti30": "qti"}
QTI = ["qti21", "qti30"]
PICTURE = b"\x89PNG picture"
CLOZE = QuestionDraft(
    type=QuestionType.CLOZE,
    stem="<p>The [[a]] is [[b]], [[c]] times.</p>",
    gaps=(
        Gap(id="a", answers=(Answer(value="sky"), Answer(value="air", weight=0.5))),
        Gap(id="b", kind="choice", options=weighted_options(["blue", "green"], {0})),
        Gap(id="c", kind="numeric", numeric=Numeric(answers=(NumericAnswer(value=3, tolerance=0.5),))),
    ),
    points=3,
)
CORE = [
    QuestionDraft(
        type=QuestionType.SINGLE_CHOICE,
        stem='What is <b>2</b> + 2? <img src="maps/a b.png" alt="">',
        title="Sum & more",
        external_id="q-1",
        language="en",
        options=weighted_options(["3", "<i>4</i>"], {1}, ["no", "yes"]),
        shuffle=False,
        explanation="Count.",
        hints=("One", "Two"),
        feedback={"correct": "Right!", "partial": "Nearly", "incorrect": "Wrong"},
        points=2.5,
        media=(MediaRef(name="maps/a b.png"),),
    ),
    QuestionDraft(
        type=QuestionType.MULTIPLE_RESPONSE, stem="Which?", options=weighted_options(["a", "b", "c"], {0, 1}), points=2
    ),
    QuestionDraft(type=QuestionType.TRUE_FALSE, stem="So?", options=weighted_options(["True", "False"], {1})),
    QuestionDraft(
        type=QuestionType.SHORT_ANSWER,
        stem="Capital of Peru?",
        answers=(Answer(value="Lima"), Answer(value="LIM", weight=0.5, case_sensitive=True)),
    ),
    QuestionDraft(
        type=QuestionType.NUMERICAL,
        stem=r"\(\pi\)?",
        numeric=Numeric(answers=(NumericAnswer(value=3.14, tolerance=0.01),)),
    ),
    QuestionDraft(
        type=QuestionType.MATCHING,
        stem="Match.",
        pairs=(Pair(id="a", left="Peru", right="Lima"), Pair(id="b", left="Chile", right="Santiago")),
        distractors=("Quito",),
    ),
    QuestionDraft(
        type=QuestionType.ORDERING,
        stem="Sort.",
        order=(OrderItem(id="a", html="1"), OrderItem(id="b", html="2"), OrderItem(id="c", html="2")),
    ),
    CLOZE,
    QuestionDraft(type=QuestionType.ESSAY, stem="<p>Write.</p><p>At length.</p>", explanation="A model answer."),
    QuestionDraft(
        type=QuestionType.HOTSPOT,
        stem="Where?",
        hotspot=Hotspot(
            image="map.png",
            shapes=(
                Shape(id="a", kind="rect", coords=(1, 2, 3, 4), label="A"),
                Shape(id="b", kind="polygon", coords=(0, 0, 5, 0, 5, 5), correct=False, label="B"),
            ),
        ),
        media=(MediaRef(name="map.png"),),
    ),
    QuestionDraft(type=QuestionType.DESCRIPTION, stem="<math><mi>x</mi></math> stands for a number."),
]


def written(name: str, questions: Sequence[QuestionDraft]) -> tuple[bytes, list[Loss]]:
    out = io.BytesIO()
    losses = writer_named(name).write(questions, out, WriteOptions(media=lambda _: io.BytesIO(PICTURE)))
    return out.getvalue(), losses


def read_again(name: str, data: bytes) -> list[Event]:
    return list(checked_events(reader_named(READER_OF[name]), Source.of_bytes("file", data)))


@pytest.mark.parametrize("name", QTI)
def test_qti_carries_all_of_the_core_types(name: str) -> None:
    data, losses = written(name, CORE)
    assert losses == []
    events = read_again(name, data)
    again = drafts(events)
    assert not problems(events)
    assert media(events) == {"maps/a b.png": PICTURE, "map.png": PICTURE}
    for before, after in zip(CORE, again, strict=True):
        known = {"external_id": before.external_id, "media": before.media}
        assert losses_of(1, before, after.model_copy(update=known)) == []


@pytest.mark.parametrize("name", QTI)
def test_qti_names_what_it_cannot_carry(name: str) -> None:
    lost = [
        QuestionDraft(type=QuestionType.FLASHCARD, stem="a", explanation="b"),
        CORE[1].model_copy(
            update={"tags": ("x",), "category": ("y",), "penalty": 0.5, "external_id": "no identifier!"}
        ),
        CORE[9].model_copy(update={"media": (MediaRef(name="../map.png"),)}),
    ]
    _, losses = written(name, lost)
    fields = {(loss.position, loss.field) for loss in losses}
    assert fields == {
        (1, "type"),
        *((2, field) for field in ("tags", "category", "penalty", "external_id")),
        (3, "media"),
    }


def test_the_versions_differ_in_their_names() -> None:
    for name, root, kind in (("qti21", "assessmentItem", "v2p1"), ("qti30", "qti-assessment-item", "v3p0")):
        with zipfile.ZipFile(io.BytesIO(written(name, CORE[:1])[0])) as package:
            assert f"<{root} " in package.read("item00001.xml").decode()
            assert f"imsqti_item_xml{kind}" in package.read("imsmanifest.xml").decode()


@pytest.mark.parametrize("name", READER_OF)
def test_equal_questions_make_equal_questions(name: str) -> None:
    first, second = (drafts(read_again(name, written(name, CORE)[0])) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", READER_OF)
@given(draft=any_drafts)
@SOME
def test_no_question_is_lost_silently(name: str, draft: QuestionDraft) -> None:
    data, losses = written(name, [draft])
    fields = {loss.field for loss in losses}
    if not fields & {"type", "question"}:
        events = reader_named(READER_OF[name]).read(Source.of_bytes("file", data), ReadOptions())
        again = [event for event in events if isinstance(event, QuestionDraft)]
        assert [each.type for each in again] == [draft.type]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("xlsx", [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.ESSAY]),
        *((name, [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.ESSAY]) for name in QTI),
    ],
)
@given(data=st.data())
@SOME
def test_simple_questions_lose_nothing_else_than_their_spacing(
    name: str, kinds: list[QuestionType], data: st.DataObject
) -> None:
    draft = data.draw(simple_drafts(st.sampled_from(kinds)))
    assume(all(xml_text(html) == html for html in (*shown_html(draft), *hidden_html(draft))))
    _, losses = written(name, [draft])
    assert not losses, (losses, draft)
