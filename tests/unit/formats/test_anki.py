import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Gap, MediaRef, QuestionDraft
from app.formats.anki import AnkiReader, AnkiWriter
from app.formats.anki.cloze import ClozeBlanks, hidden, revealed
from app.formats.anki.templates import Renderer, parse_template
from app.formats.anki.wire import WireError, wire_fields
from app.formats.drafts import weighted_options
from app.formats.pipeline import checked_events
from app.formats.reading import Limits, Problem, ProblemCode, ReadOptions, Source, WriteOptions
from tests.unit.formats.package_files import (
    BASIC,
    database,
    drafts,
    events_of,
    media,
    new_collection,
    new_package,
    old_collection,
    problems,
    unsupported,
    zipped,
)

CLOZE = {**BASIC, "type": 1}


def old_package(*notes: tuple[str, str], **settings: object) -> bytes:
    return zipped({"collection.anki2": old_collection(notes, **settings), "media": "{}"})  # type: ignore[arg-type]


def rendered(template: str, fields: dict[str, str]) -> str:
    return Renderer(fields, lambda _, text: hidden(text)).side(parse_template(template)).html


def test_old_package() -> None:
    (draft,) = drafts(events_of(old_package(("2 + 2?", "<b>4</b>"))))
    assert (draft.type, draft.stem, draft.explanation) == (QuestionType.FLASHCARD, "2 + 2?", "<b>4</b>")
    assert (draft.external_id, draft.tags, draft.category) == ("guid0", ("easy", "first"), ("Science", "Physics"))
    assert (draft.location.member, draft.location.row) == ("collection.anki2", 1)


def test_new_package_is_not_its_dummy() -> None:
    files = {"map 1.png": b"picture", "ton.mp3": b"sound", "unused.png": b""}
    data = new_package(new_collection([('<img src="map%201.png">', "Peru [sound:ton.mp3]")]), files)
    events = events_of(data)
    (draft,) = drafts(events)
    assert draft.stem == '<img src="map 1.png">'
    assert 'src="ton.mp3"' in draft.explanation
    assert draft.category == ("Science", "Physics")
    assert media(events) == {"map 1.png": b"picture", "ton.mp3": b"sound"}
    assert not problems(events)


def test_missing_and_remote_media_are_named() -> None:
    events = events_of(old_package(('<img src="gone.png">', 'b <img src="https://example.org/x.png">')))
    assert {(each.code, each.text) for each in problems(events)} == {
        (ProblemCode.MISSING_MEDIA, "gone.png"),
        (ProblemCode.MISSING_MEDIA, "https://example.org/x.png"),
    }


def test_cloze_note_is_one_text_with_blanks() -> None:
    text = "{{c1::Lima}} is the capital of {{c2::Peru::country}}, and {{c1::Lima}} it was."
    data = old_package((text, "More."), kind=CLOZE, front="{{cloze:Front}}", back="{{cloze:Front}}<br>{{Back}}")
    (draft,) = drafts(events_of(data))
    assert draft.stem == "[[c1]] is the capital of [[c2]] (country), and [[c1-2]] it was."
    assert [gap.answers[0].value for gap in draft.gaps] == ["Lima", "Peru", "Lima"]
    assert draft.explanation == "More."


@pytest.mark.parametrize(
    "text", ["{{c1::<img src='a.png'>}}", r"\( {{c1::x}}^2 \)", "no deletion", "{{c1::%s}}" % ("x" * 900)]
)
def test_cloze_that_nobody_can_type_is_a_card(text: str) -> None:
    data = old_package((text, "b"), kind=CLOZE, front="{{cloze:Front}}", back="{{cloze:Front}}")
    (draft,) = drafts(events_of(data))
    assert draft.type is QuestionType.FLASHCARD
    assert "c1" not in draft.stem


def test_image_occlusion_is_reported_by_name() -> None:
    text = "{{c1::image-occlusion:rect:left=.1:top=.2}}"
    events = events_of(old_package((text, ""), kind=CLOZE, front="{{cloze:Front}}", back=""))
    assert [(each.kind, each.location.row) for each in unsupported(events)] == [("anki:image_occlusion", 1)]


def test_typed_answers_hints_and_hidden_fields() -> None:
    (draft,) = drafts(
        events_of(old_package(("Front?", "Back"), front="Say: {{type:Back}}{{hint:Front}}", back="{{Back}}"))
    )
    assert draft.answers == (Answer(value="Back"),)
    assert draft.hints == ("Front?",)
    assert draft.stem == "Say:<br><small>Front?</small>"


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{A}} {{ B }}{{Gone}}!", "x !"),
        ("{{{A}}}{{! a note }}", "x"),
        ("{{#A}}has{{/A}}{{^A}}none{{/A}}{{^B}}no B{{/B}}", "hasno B"),
        ("{{#A}}{{#B}}both{{/A}} after", "after"),
        ("{{#A}}never closed", "never closed"),
        ("{{=<% %>=}}<%A%>{{A}}", "x{{A}}"),
        ("{{tts en_US:A}}{{text:C}}", "bold"),
        ("{{furigana:D}} {{kanji:D}} {{kana:D}}", "<ruby>子<rt>し</rt></ruby> 子 し"),
        ("{{A", "{{A"),
    ],
)
def test_templates(template: str, html: str) -> None:
    assert rendered(template, {"A": "x", "B": "", "C": "<b>bold</b>", "D": "子[し]"}) == html


@given(st.text(alphabet="{}#^/=<%> AB:!", max_size=80), st.text(alphabet="ab{}c1:<>", max_size=20))
def test_no_template_makes_the_renderer_raise(template: str, text: str) -> None:
    rendered(template, {"A": text, "B": ""})


@given(st.text(alphabet="{}c1:, ab\\()[]", max_size=60))
def test_deletions_are_either_hidden_or_shown(text: str) -> None:
    blanks = ClozeBlanks()
    blanks.blanked("field", text)
    assert (hidden(text) == text) == (revealed(text) == text) == (not blanks.gaps)


def test_nested_deletion_belongs_to_the_outer_answer() -> None:
    blanks = ClozeBlanks()
    assert blanks.blanked("f", "{{c1::a {{c2::b}} c}}!") == "[[c1]]!"
    assert blanks.gaps[0].answers[0].value == "a b c"


@given(st.binary(max_size=60))
def test_wire_format_of_any_bytes(data: bytes) -> None:
    with contextlib.suppress(WireError):
        assert all(number >= 0 for number, _ in wire_fields(data))


def test_an_endless_view_is_no_table() -> None:
    statements = [
        "CREATE TABLE col (models text, decks text); CREATE TABLE cards (id integer, nid integer, did integer);",
        (
            "CREATE VIEW notes AS WITH RECURSIVE c (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM c) "
            "SELECT id, 'g' guid, 1 mid, '' tags, 'a' flds FROM c"
        ),
    ]
    (found,) = problems(events_of(zipped({"collection.anki2": database(*statements), "media": "{}"})))
    assert found.code is ProblemCode.SYNTAX
    assert "tables" in found.text


def test_a_cut_database_is_one_typed_error() -> None:
    collection = old_collection([("a", "b")] * 400)
    data = zipped({"collection.anki2": collection[: len(collection) // 2], "media": "{}"})
    assert problems(events_of(data))[-1].code is ProblemCode.SYNTAX


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_database(content: bytes) -> None:
    (found,) = problems(events_of(zipped({"collection.anki2": content, "media": "{}"})))
    assert found.code is ProblemCode.SYNTAX


def test_a_compressed_bomb_is_refused() -> None:
    bomb = new_package(new_collection([("a", "b")]) + bytes(2_000_000))
    (found,) = problems(events_of(bomb, options=ReadOptions(limits=Limits(expanded_bytes=1_000_000))))
    assert found.code is ProblemCode.TOO_LARGE


def test_a_damaged_list_of_media_is_a_typed_error() -> None:
    (found,) = problems(events_of(zipped({"collection.anki2": old_collection([("a", "b")]), "media": b"\x0a\xff\xff"})))
    assert (found.code, found.location.member) == (ProblemCode.SYNTAX, "media")


def test_writing_cards() -> None:
    questions = [
        QuestionDraft(
            type=QuestionType.FLASHCARD,
            stem='<img src="a.png">',
            explanation="b",
            category=("X", "Y"),
            external_id="id",
            media=(MediaRef(name="a.png"),),
        ),
        QuestionDraft(
            type=QuestionType.CLOZE,
            stem="The [[1]] is [[2]].",
            gaps=(Gap(id="1", answers=(Answer(value="sky"),)), Gap(id="2", answers=(Answer(value="blue"),))),
        ),
        QuestionDraft(type=QuestionType.SINGLE_CHOICE, stem="q", options=weighted_options(["x", "y"], {0})),
        QuestionDraft(type=QuestionType.HOTSPOT, stem="q"),
    ]
    out = io.BytesIO()
    losses = AnkiWriter().write(questions, out, WriteOptions(media=lambda _: io.BytesIO(b"picture")))
    assert {(loss.position, loss.field) for loss in losses} == {
        *((3, name) for name in ("type", "stem", "options", "explanation")),
        (4, "type"),
    }
    events = list(checked_events(AnkiReader(), Source.of_bytes("f", out.getvalue())))
    card, cloze, choice = drafts(events)
    assert (card.stem, card.category, card.external_id) == ('<img src="a.png">', ("X", "Y"), "id")
    assert cloze.stem == "The [[c1]] is [[c2]]."
    assert (choice.stem, choice.explanation) == ("q<br>A. x<br>B. y", "A. x")
    assert media(events) == {"a.png": b"picture"}
    assert not [event for event in events if isinstance(event, Problem)]
